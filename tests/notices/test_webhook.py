"""Notices to a webhook: what is posted, what is tried again, and how long."""

import time
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.notices.conftest import Policy
from tests.notices.servers import Answer, web

PLAIN = "json+http" + "://"


def test_title_text_and_the_files_name_are_posted_as_json(ch: Run, file: Path, notify: Policy) -> None:
    with web() as server:
        to = f"{PLAIN}me:pw@127.0.0.1:{server.port}/hook/日?key=K%2F1&x=日"
        assert ch("report", "send", file, "--notify", to, "--title", "五月 “x”") == (0, "", "")
    ((path, headers, _body),) = server.asked
    assert server.said == [{"title": "五月 “x”", "text": file.name, "file": file.name}]
    assert path == "/hook/%E6%97%A5?key=K%2F1&x=%E6%97%A5"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Authorization"] == "Basic bWU6cHc="


BUSY = Answer(429, {"Retry-After": "0"})


@pytest.mark.parametrize(
    ("answers", "asked", "reason"),
    [
        ([Answer(503), Answer(502), Answer(204)], 3, ""),
        ([BUSY, Answer()], 2, ""),
        ([Answer(500)], 3, "the service answers 500 Internal Server Error (3 tries)"),
        ([Answer(429, {"Retry-After": "4000"})], 1, "the service answers 429 Too Many Requests"),
        ([Answer(429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), Answer()], 2, ""),
        ([Answer(404)], 1, "the service answers 404 Not Found"),
        ([Answer(401)], 1, "the service answers 401 Unauthorized"),
        ([Answer(599)], 3, "the service answers 599 (3 tries)"),
        ([Answer(302, {"Location": "/else"}), Answer()], 1, "the service answers 302 Found"),
        ([Answer(307, {"Location": "/else"}), Answer()], 1, "the service answers 307 Temporary Redirect"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_was_not_taken_is_tried_again_and_told(
    ch: Run, file: Path, notify: Policy, answers: list[Answer], asked: int, reason: str
) -> None:
    with web(*answers) as server:
        notify(hook=f"{PLAIN}127.0.0.1:{server.port}/s3cret?key=s3cret")
        code, out, err = ch("report", "send", file, "--notify", "hook")
        where = f"hook ({PLAIN}127.0.0.1:{server.port})"
    assert (len(server.asked), code, out) == (asked, 1 if reason else 0, "")
    assert err == (
        f"not sent: {file} to {where}: {reason}\n"
        f"The file stands; to send it: channelctl report send '{file}' --notify hook\n"
        if reason
        else ""
    )


def test_between_tries_is_waited_longer_and_longer_and_as_long_as_a_service_says(
    ch: Run, file: Path, notify: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    with web(Answer(500), Answer(500), Answer(429, {"Retry-After": "7"}), Answer(500), Answer()) as server:
        notify("tries = 5", "longest_pause = 9", hook=f"{PLAIN}127.0.0.1:{server.port}")
        text = Path("policy.toml").read_text().replace("pause = 0\n", "pause = 3\n", 1)
        Path("policy.toml").write_text(text)
        assert ch("report", "send", file, "--notify", "hook").code == 0
    assert waited == [3, 6, 7, 9]


def test_an_answer_that_does_not_come_is_waited_for_once(ch: Run, file: Path, notify: Policy) -> None:
    with web(Answer(0)) as server:
        notify("timeout = 1", hook=f"{PLAIN}127.0.0.1:{server.port}")
        began = time.monotonic()
        code, _out, err = ch("report", "send", file, "--notify", "hook")
        took = time.monotonic() - began
    assert (code, len(server.asked)) == (1, 1)
    assert ": no answer within 1 seconds; it may have arrived all the same\n" in err
    assert 1 <= took < 10


def test_nobody_there_is_tried_three_times(ch: Run, file: Path, notify: Policy) -> None:
    with web() as server:
        pass
    notify(hook=f"{PLAIN}127.0.0.1:{server.port}")
    code, _out, err = ch("report", "send", file, "--notify", "hook")
    assert code == 1
    assert ": the connection was refused (3 tries)\n" in err


def test_one_that_fails_keeps_the_others_from_nothing(ch: Run, file: Path, tmp_path: Path, notify: Policy) -> None:
    (tmp_path / "b.md").write_text("b")
    with web(Answer(400)) as bad, web() as good:
        notify(bad=f"{PLAIN}127.0.0.1:{bad.port}", good=f"{PLAIN}127.0.0.1:{good.port}")
        words = ["--notify", "bad", "--notify", "good", "--notify", "good"]
        code, _out, err = ch("report", "send", file, "b.md", *words)
    assert code == 1
    assert [said["file"] for said in good.said] == [file.name, "b.md"]
    assert err.count("not sent: ") == 2
    assert err.endswith(f"The files stand; to send one: channelctl report send '{file}' --notify bad\n")


@pytest.mark.parametrize("host", ["", ":80", "[::1", "127.0.0.1:x"])
def test_an_address_without_a_host_is_none(ch: Run, file: Path, host: str) -> None:
    code, _out, err = ch("report", "send", file, "--notify", f"json+https://{host}/s3cret")
    assert code == 2
    assert err.endswith("is no address\nWrite it as json+https://HOST/PATH.\n")
    assert "s3cret" not in err
