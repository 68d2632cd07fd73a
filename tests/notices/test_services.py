"""Notices by apprise: files where a service takes them, texts as long as it takes, and what it says."""

import json
import logging
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.notices.conftest import Policy
from tests.notices.servers import Answer, web

pytest.importorskip("apprise")


@pytest.fixture(autouse=True)
def here_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chats are on this machine only, and need no rest between two messages."""
    from apprise.plugins.base import NotifyBase
    from apprise.plugins.dingtalk import NotifyDingTalk
    from apprise.plugins.wecombot import NotifyWeComBot

    monkeypatch.setattr(NotifyBase, "request_rate_per_sec", 0)
    monkeypatch.setattr(NotifyDingTalk, "notify_url", "nowhere")
    monkeypatch.setattr(NotifyWeComBot, "notify_url", "nowhere")


@pytest.fixture
def dingtalk(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have DingTalk at a port of this machine."""

    def at(port: int) -> str:
        from apprise.plugins.dingtalk import NotifyDingTalk

        url = "http" + f"://127.0.0.1:{port}/robot/send?access_token={{token}}"
        monkeypatch.setattr(NotifyDingTalk, "notify_url", url)
        return "dingtalk://s3crettoken"

    return at


@pytest.fixture
def wecom(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have WeCom at a port of this machine."""

    def at(port: int) -> str:
        from apprise.plugins.wecombot import NotifyWeComBot

        monkeypatch.setattr(NotifyWeComBot, "notify_url", "http" + f"://127.0.0.1:{port}/send?key={{key}}")
        return "wecombot://s3cretkey"

    return at


OK = Answer(body=b'{"errcode": 0, "errmsg": "ok"}')


def test_a_service_that_takes_files_gets_it_whole(ch: Run, file: Path, notify: Policy) -> None:
    import base64

    with web() as server:
        to = f"json://127.0.0.1:{server.port}/s3cret"
        assert ch("report", "send", file, "--notify", to, "--title", "日跟进") == (0, "", "")
    ((path, _headers, _body),) = server.asked
    (said,) = server.said
    assert path == "/s3cret"
    assert said["title"] == "日跟进"
    (attached,) = said["attachments"]
    assert attached["filename"] == file.name
    assert base64.b64decode(attached["base64"]) == file.read_bytes()


def test_a_chat_that_takes_none_is_told_the_files_name(ch: Run, notify: Policy, dingtalk: Any) -> None:
    Path("五月.md").write_text("# 五月\n\n- 净销售额: **1**\n", encoding="utf-8")
    with web(OK) as server:
        assert ch("report", "send", "五月.md", "--notify", dingtalk(server.port)) == (0, "", "")
    (said,) = server.said
    assert said["msgtype"] == "markdown"
    assert said["markdown"]["title"] == "五月"
    assert "- 净销售额: **1**" in said["markdown"]["text"]
    assert said["markdown"]["text"].endswith("五月.md")


LINES = "".join(f"{number}. 客户{number} 净销售额 1,234.00\n" for number in range(2000))


def test_a_long_text_is_cut_at_a_line_to_what_wecom_takes(ch: Run, notify: Policy, wecom: Any) -> None:
    Path("all.md").write_text(LINES, encoding="utf-8")
    with web(OK) as server:
        assert ch("report", "send", "all.md", "--notify", wecom(server.port)).code == 0
    (said,) = server.said
    text = said["text"]["content"]
    assert 1200 < len(text.encode()) <= 2048
    assert text.endswith("1,234.00\n…")


def test_a_long_text_is_cut_to_what_dingtalk_takes(ch: Run, notify: Policy, dingtalk: Any) -> None:
    Path("all.md").write_text(LINES, encoding="utf-8")
    with web(OK) as server:
        assert ch("report", "send", "all.md", "--title", "题" * 60, "--notify", dingtalk(server.port)).code == 0
    ((_path, _headers, body),) = server.asked
    assert 15_000 < len(body) <= 20_000
    assert json.loads(body)["markdown"]["text"].endswith("…")


@pytest.mark.parametrize(
    ("answers", "asked", "reason"),
    [
        ([Answer(503), OK], 2, ""),
        ([Answer(429, {"Retry-After": "0"}), OK], 2, ""),
        ([Answer(500)], 3, "the service answers 500 Internal Server Error (3 tries)"),
        ([Answer(403)], 1, "the service answers 403 Forbidden"),
        ([Answer(429, {"Retry-After": "9999"})], 1, "the service answers 429 Too Many Requests"),
        (
            [Answer(body=b'{"errcode": 310000, "errmsg": "keywords not in content, s3crettoken"}')],
            1,
            "the service answers 310000 keywords not in content, …",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_a_chat_did_not_take_is_tried_again_and_told(
    ch: Run, file: Path, notify: Policy, dingtalk: Any, answers: list[Answer], asked: int, reason: str
) -> None:
    with web(*answers) as server:
        notify(group=dingtalk(server.port))
        code, out, err = ch("report", "send", file, "--notify", "group")
    assert (len(server.asked), code, out) == (asked, 1 if reason else 0, "")
    assert err == (
        f"not sent: {file} to group (dingtalk://…): {reason}\n"
        f"The file stands; to send it: channelctl report send '{file}' --notify group\n"
        if reason
        else ""
    )


def test_nobody_there_is_tried_again_and_no_answer_is_not(
    ch: Run, file: Path, notify: Policy, dingtalk: Any
) -> None:  # fmt: skip
    notify("timeout = 1")
    with web(Answer(0)) as server:
        silent = ch("report", "send", file, "--notify", dingtalk(server.port))
    assert (silent.code, len(server.asked)) == (1, 1)
    assert ": no answer within 1 seconds; it may have arrived all the same\n" in silent.err
    gone = ch("report", "send", file, "--notify", dingtalk(server.port))
    assert gone.code == 1
    assert ": the connection was refused (3 tries)\n" in gone.err
    assert "s3cret" not in silent.err + gone.err


def test_nothing_is_left_behind(ch: Run, file: Path, notify: Policy, dingtalk: Any) -> None:
    import requests

    asking, logger = requests.Session.request, logging.getLogger("apprise")
    before = [*logger.handlers], logger.propagate
    with web(Answer(500)) as server:
        assert ch("report", "send", file, "--notify", dingtalk(server.port)).code == 1
    assert requests.Session.request is asking
    assert ([*logger.handlers], logger.propagate) == before


@pytest.mark.parametrize("to", ["nosuch://s3crettoken", "dingtalk://", "slack://s3crettoken"])
def test_an_address_that_no_service_has_is_refused(ch: Run, file: Path, to: str) -> None:
    code, out, err = ch("report", "send", file, "--notify", to)
    assert (code, out) == (2, "")
    assert "s3cret" not in err
    assert err.startswith("channelctl: error: ")


def test_without_the_extra_it_is_said_how_to_install_it(ch: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name: None if name == "apprise" else find(name))
    assert ch("report", "send", file, "--notify", "dingtalk://s3crettoken") == (
        3,
        "",
        "channelctl: error: dingtalk://… needs the extra “notify”, which is not installed\n"
        "Install channelctl[notify]; mailto: and json+https: go without it.\n",
    )
