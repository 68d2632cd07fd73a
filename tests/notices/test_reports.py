"""Packs that are sent when they stand: whose goes where, and nothing before."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.notices.conftest import Policy
from tests.notices.servers import Answer, post, web

PLAIN = "json+http" + "://"
DAILY = ("report", "daily", "--as-of", "2024-05-20")


def test_a_pack_is_sent_with_its_figures_and_its_file(
    ch: Run, sample: Path, notify: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    with post() as server, web() as hook:
        monkeypatch.setenv("CHANNELCTL_SMTP", f"smtp://127.0.0.1:{server.port}")
        notify('sender = "reports@example.com"', boss="mailto:boss@example.com", hook=f"{PLAIN}127.0.0.1:{hook.port}")
        words = ["--output", "daily.xlsx", "--notify", "boss", "--notify", "hook"]
        assert ch(*DAILY, "--office", "NJ", *words) == (0, "", "")
    (message,) = server.messages
    assert message["Subject"] == "Daily follow-up · 南京 · 2024-05-20"
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("daily.xlsx", Path("daily.xlsx").read_bytes())
    body = message.get_body()
    assert body is not None
    (said,) = hook.said
    figures = [line for line in body.get_content().splitlines() if ": " in line]
    assert said["title"] == message["Subject"]
    assert figures and all(line.startswith("- ") for line in said["text"].splitlines()[: len(figures)])
    shown = ch(*DAILY, "--office", "NJ", "--format", "json").data["figures"]
    assert len(figures) == len(shown)


def test_each_office_gets_its_own_and_the_others_the_whole(ch: Run, sample: Path, notify: Policy) -> None:
    with web() as server:
        to = f"{PLAIN}127.0.0.1:{server.port}"
        notify(branch=f"{to}/{{office}}", boss=f"{to}/boss")
        words = ["--all-offices", "--format", "md", "--output", "packs", "--notify", "branch", "--notify", "boss"]
        assert ch(*DAILY, *words) == (0, "", "")
    went = {path: said["file"] for (path, _headers, _body), said in zip(server.asked, server.said, strict=True)}
    assert went == {
        "/boss": "2024-05-20-all.md",
        "/HZ": "2024-05-20-HZ-杭州.md",
        "/NB": "2024-05-20-NB-宁波.md",
        "/NJ": "2024-05-20-NJ-南京.md",
        "/SZ": "2024-05-20-SZ-苏州.md",
        "/WX": "2024-05-20-WX-无锡.md",
    }
    assert len(server.asked) == 6
    assert {path.name for path in Path("packs").iterdir()} == set(went.values())


def test_what_was_not_sent_stands_and_is_told(ch: Run, sample: Path, notify: Policy) -> None:
    with web(Answer(400)) as server:
        notify(hook=f"{PLAIN}127.0.0.1:{server.port}")
        code, out, err = ch(*DAILY, "--output", "daily.md", "--notify", "hook")
    assert (code, out) == (1, "")
    assert err == (
        f"not sent: daily.md to hook ({PLAIN}127.0.0.1:{server.port}): the service answers 400 Bad Request\n"
        "The file stands; to send it: channelctl report send daily.md --notify hook\n"
    )
    assert Path("daily.md").read_text("utf-8").startswith("# Daily follow-up")


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["--output", "a.md", "--notify", "nobody"], 2, "“nobody” is neither an address nor the name of one"),
        (["--output", "a.md", "--notify", "branch"], 2, "an address with {office} needs an office"),
        (["--notify", "hook"], 2, "what is sent is a file"),
        (["--output", "a.md", "--notify", "mailto:wang@example.com"], 3, "no server is named to send mail by"),
        (["--output", "a.md", "--notify", "mailto:wang"], 2, "“mailto:…” is no address"),
        (["--output", "p", "--all-offices", "--notify", "{office}"], 2, "“HZ” is neither an address nor the name"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_anything_is_made(
    ch: Run, sample: Path, notify: Policy, words: list[str], code: int, reason: str
) -> None:
    notify(branch="mailto:{office}@example.com", hook="json+https://hooks.example.com")
    found, out, err = ch(*DAILY, *words)
    assert (found, out) == (code, "")
    assert err.startswith(f"channelctl: error: {reason}")
    assert not Path("a.md").exists()
    assert not Path("p").exists()


def test_a_pack_that_cannot_be_written_is_not_told_of(ch: Run, sample: Path, notify: Policy) -> None:
    with web() as server:
        notify(hook=f"{PLAIN}127.0.0.1:{server.port}")
        Path("packs").mkdir()
        (Path("packs") / "2024-05-20-NJ-南京.md").mkdir()
        words = ["--all-offices", "--format", "md", "--output", "packs", "--notify", "hook"]
        assert ch(*DAILY, *words).code == 3
    assert server.asked == []


def test_of_several_regions_each_whole_is_sent(ch: Run, sample: Path, notify: Policy) -> None:
    assert ch("region", "add", "R2", "二区").code == 0
    assert ch("office", "set", "NJ", "region=R2").code == 0
    with web() as server:
        notify(hook=f"{PLAIN}127.0.0.1:{server.port}")
        words = ["--all-offices", "--format", "md", "--output", "packs", "--notify", "hook"]
        assert ch(*DAILY, *words).code == 0
    assert len(server.asked) == 2
    assert all("-R2-" in said["file"] or said["file"].count("-") == 4 for said in server.said)


def test_a_file_that_is_not_there_is_refused_before_any_is_sent(ch: Run, file: Path, notify: Policy) -> None:
    with web() as server:
        notify(hook=f"{PLAIN}127.0.0.1:{server.port}")
        assert ch("report", "send", file, "none.xlsx", "--notify", "hook") == (
            3,
            "",
            "channelctl: error: none.xlsx cannot be read: No such file or directory\nCheck the path of the file.\n",
        )
    assert server.asked == []
