"""What cron runs: the lines of its page in a bare environment, and the same bytes as in anybody's."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib import util
from pathlib import Path

import pytest

from channelctl import policy
from tests.conftest import ROOT
from tests.notices.servers import Answer, Web, web
from tests.pages import blocks
from tests.processes import SOURCE
from tests.tables import Kept, address, put

PAGES = [ROOT / "docs" / "cron.md", ROOT / "docs" / "cron.zh-CN.md"]
DATABASE = "srv/channelctl/channel.db"
PLAIN = "json+http" + "://"
BARE = {"LANG": "C", "CHANNELCTL_TODAY": "2024-06-03"}
WARM = {**BARE, "LANG": "zh_CN.UTF-8", "HOME": "/tmp", "TERM": "xterm-256color", "COLUMNS": "60"}
MINE = 'title = "Monday"\n\n[[part]]\nreport = "tier"\n\n[[part]]\nreport = "customer list city=南京"\n'

pytestmark = pytest.mark.skipif(os.name == "nt", reason="cron is not on Windows")


@pytest.fixture
def machine(tmp_path: Path, sample_database: Kept) -> Path:
    """A folder in the place of /: the database, a pack of one's own, and programs by the name that cron knows."""
    for folder in ("bin", "srv/channelctl", "srv/reports", "srv/sheets"):
        (tmp_path / folder).mkdir(parents=True)
    put(sample_database, tmp_path / DATABASE)
    (tmp_path / "srv/channelctl/monday.toml").write_text(MINE, encoding="utf-8")
    shutil.copy(ROOT / "sample_data" / "产品.xlsx", tmp_path / "srv/sheets")
    program(tmp_path, "channelctl", f'PYTHONPATH="{SOURCE}" exec "{sys.executable}" -B -m channelctl "$@"')
    program(tmp_path, "date", "echo 2024-05")
    return tmp_path


def program(machine: Path, name: str, text: str) -> None:
    where = machine / "bin" / name
    where.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    where.chmod(0o755)


def bare(machine: Path, line: str, env: Mapping[str, str] = BARE, end: str = "<&-") -> tuple[int, str, str]:
    """A line as cron runs it: by sh, in /, with nothing to read and nothing known but what it says."""
    file, there = str(machine / DATABASE), address(machine / DATABASE)
    given = {"PATH": f"{machine}/bin", "CHANNELCTL_DB": there, **env}
    given, line = {name: value.replace(file, there) for name, value in given.items()}, line.replace(file, there)
    done = subprocess.run(
        ["/bin/sh", "-c", f"{{ {line}\n}} {end}"], env=given, cwd="/", capture_output=True, timeout=120
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def crontab(page: Path, machine: Path) -> tuple[dict[str, str], list[str]]:
    """The variables and the commands of a page's crontab, its paths those of the machine."""
    lines = [line for block in blocks(page.read_text("utf-8")) if block.language == "crontab" for line in block.lines]
    env, commands = {}, []
    for line in lines:
        line = line.replace("/srv/", f"{machine}/srv/").replace("\\%", "%")
        assigned = re.fullmatch(r"([A-Z_]+)=(.*)", line)
        if assigned:
            env[assigned[1]] = assigned[2]
        elif line and not line.startswith("#"):
            commands.append(line.split(maxsplit=5)[5])
    return {**env, **BARE, "PATH": f"{machine}/bin"}, commands


def names(machine: Path, hook: Web) -> None:
    """A policy whose names are a webhook of this machine."""
    to = f"{PLAIN}127.0.0.1:{hook.port}"
    text = f'[notify]\npause = 0\n[notify.names]\nboss = "{to}/boss"\nbranch = "{to}/{{office}}"\n'
    (machine / "srv/channelctl/policy.toml").write_text(text, encoding="utf-8")


def test_the_lines_of_the_crontab_run_and_say_nothing(machine: Path) -> None:
    env, commands = crontab(PAGES[0], machine)
    assert len(commands) == 6
    with web() as hook:
        names(machine, hook)
        for line in commands:
            if not util.find_spec("weasyprint"):
                line = line.replace(".pdf", ".html")
            assert bare(machine, line, env) == (0, "", ""), line
    assert [path for path, _headers, _body in hook.asked][:6] == ["/boss", "/HZ", "/NB", "/NJ", "/SZ", "/WX"]
    made = {path.name for path in (machine / "srv/reports").rglob("*") if path.is_file()}
    assert {"2024-05-31-全部.xlsx", "2024-05-31-NJ-南京.xlsx", "2024-05-全部.xlsx", "2024-05-WX-无锡.xlsx"} <= made
    assert all("全部" in said["file"] or "-" in said["file"] for said in hook.said if said["file"] != "monday.md")


def test_both_pages_have_the_same_lines() -> None:
    (env, commands), (other_env, others) = (crontab(page, Path("/")) for page in PAGES)
    assert other_env == env
    assert others == commands[:3]


def test_where_data_are_stale_cron_has_something_to_mail_and_no_pack_is_made(machine: Path) -> None:
    env, commands = crontab(PAGES[0], machine)
    (line,) = [line for line in commands if "freshness" in line]
    with web() as hook:
        names(machine, hook)
        code, out, err = bare(machine, line, {**env, "CHANNELCTL_TODAY": "2024-07-01", "CHANNELCTL_LANG": "en"})
    assert (code, err, hook.asked) == (0, "", [])
    assert out.endswith("Stale: sales\n")
    assert list((machine / "srv/reports").iterdir()) == []


def test_a_notice_that_does_not_go_is_what_cron_mails(machine: Path) -> None:
    env, commands = crontab(PAGES[0], machine)
    (line,) = [line for line in commands if "--all-offices" in line and "daily" in line]
    with web(Answer(500), Answer(500), Answer(400)) as hook:
        names(machine, hook)
        code, out, err = bare(machine, line, {**env, "CHANNELCTL_LANG": "en"})
    assert (code, out) == (1, "")
    assert err.count("not sent: ") == 6
    assert len(list((machine / "srv/reports/daily").iterdir())) == 6


def test_the_line_to_try_it_runs(machine: Path) -> None:
    (line,) = [line for block in blocks(PAGES[0].read_text("utf-8")) if block.language == "sh" for line in block.lines]
    line = line.replace("PATH=/usr/local/bin:", f"PATH={machine}/bin:").replace("/srv/", f"{machine}/srv/")
    assert bare(machine, line, {"PATH": f"{machine}/bin:/usr/bin:/bin"}) == (0, "", "")
    assert (machine / "srv/reports/daily.html").read_text("utf-8").lower().startswith("<!doctype html>")


def test_the_units_of_systemd_say_what_runs(machine: Path) -> None:
    found = [text for text in texts() if text.startswith("[Unit]")]
    service, timer = (configparser.ConfigParser(strict=False, interpolation=None) for _both in range(2))
    service.optionxform = timer.optionxform = str  # type: ignore[assignment,method-assign]
    service.read_string(found[0])
    timer.read_string(found[1])
    assert service["Service"]["Type"] == "oneshot"
    assert timer["Timer"]["OnCalendar"] == "Mon..Fri 06:30"
    assert timer["Install"]["WantedBy"] == "timers.target"
    text = found[0].replace("/srv/", f"{machine}/srv/").replace("/usr/local/bin/", f"{machine}/bin/")
    env = dict(re.findall(r"^Environment=(\w+)=(.*)$", text, re.M))
    with web() as hook:
        names(machine, hook)
        before, start = re.findall(r"^ExecStart(?:Pre)?=(.*)$", text, re.M)
        assert any(start.removeprefix(f"{machine}/bin/") in line for line in crontab(PAGES[0], machine)[1])
        assert bare(machine, before, {**env, **BARE})[::2] == (0, "")
        assert bare(machine, before, {**env, **BARE, "CHANNELCTL_TODAY": "2024-07-01"})[0] == 1


def test_the_commands_of_the_windows_task_run(machine: Path) -> None:
    (script,) = [text for text in texts() if text.startswith("@echo off")]
    (task,) = [text for text in texts() if text.startswith("schtasks ")]
    assert task.endswith(r"/TR C:\channelctl\daily.cmd")
    script = script.replace("C:\\channelctl\\", f"{machine}/srv/channelctl/")
    env = dict(re.findall(r"^set (\w+)=(.*)$", script, re.M))
    first, second = [line for line in script.splitlines() if line.startswith("channelctl ")]
    with web() as hook:
        names(machine, hook)
        assert bare(machine, first.partition(" || ")[0], {**env, **BARE}) == (0, "", "")
        assert bare(machine, second, {**env, **BARE}) == (0, "", "")
    assert [said["file"] for said in hook.said] == ["2024-05-31-全部.xlsx"]


def texts() -> list[str]:
    return ["\n".join(block.lines) for block in blocks(PAGES[0].read_text("utf-8")) if block.language == "text"]


PACKS = [
    ("en", "report daily --as-of 2024-05-20", "xlsx"),
    ("zh", "report daily --as-of 2024-05-20 --office NJ", "html"),
    ("zh", "report month --month 2024-05", "md"),
    ("zh", "report month --month 2024-05 --office 杭州", "xlsx"),
    ("zh", "report customer C00012", "json"),
    ("zh", "report customer C00012", "pdf"),
    ("en", "report run srv/channelctl/monday.toml", "html"),
    ("zh", "report run srv/channelctl/monday.toml", "txt"),
]
STREAMS = [("bare", BARE, "<&-"), ("warm", WARM, "")]


@pytest.mark.parametrize(("language", "line", "ending"), PACKS)
def test_a_bare_environment_gives_the_bytes_of_any(machine: Path, line: str, ending: str, language: str) -> None:
    if ending == "pdf" and not util.find_spec("weasyprint"):
        pytest.skip("weasyprint is not on this machine")
    made = []
    for name, env, end in STREAMS:
        file = machine / f"{name}.{ending}"
        words = f"channelctl --lang {language} {line} --output '{file}'".replace("srv/", f"{machine}/srv/")
        assert bare(machine, words, env, end) == (0, "", "")
        made.append(file.read_bytes())
    assert made[0] == made[1]
    assert len(made[0]) > 200


def test_with_all_streams_closed_a_pack_is_written_all_the_same(machine: Path) -> None:
    for end in ("<&-", "0<&- 1>&- 2>&-"):
        assert bare(machine, f"channelctl report customer C00012 --output {machine}/x.md", BARE, end) == (0, "", "")
        (machine / "x.md").rename(machine / f"{len(end)}.md")
    assert (machine / "3.md").read_bytes() == (machine / "14.md").read_bytes()


def test_a_pack_on_standard_output_is_the_same_there_too(machine: Path) -> None:
    line = "channelctl --lang zh report daily --as-of 2024-05-20 --format "
    for form in ("text", "md", "json", "html"):
        found = bare(machine, line + form)
        assert (found[0], found[2]) == (0, "")
        assert found == bare(machine, line + form, WARM, "")


def test_without_a_database_it_is_said_which_one_is_missing(machine: Path) -> None:
    code, out, err = bare(machine, f"channelctl report daily --output {machine}/x.md", {**BARE, "CHANNELCTL_DB": ""})
    assert (code, out) == (4, "")
    assert err.startswith("channelctl: error: ")


def test_of_two_at_once_the_second_waits_or_exits_with_75(machine: Path) -> None:
    from channelctl.locking import locked

    folder = machine / "srv/reports"
    with locked(folder, 0):
        code, out, err = bare(machine, f"channelctl report daily --all-offices --wait 0 --output {folder}")
    assert (code, out) == (75, "")
    assert err.startswith(f"channelctl: error: {folder} is being written by another channelctl\n")
    assert bare(machine, f"channelctl report daily --all-offices --wait 0 --output {folder}") == (0, "", "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_policy_of_the_page_names_whom_the_crontab_tells(page: Path) -> None:
    import tomllib

    (block,) = [block for block in blocks(page.read_text("utf-8")) if block.language == "toml"]
    given = policy.all_models()["notify"](**tomllib.loads("\n".join(block.lines))["notify"])
    named = set(re.findall(r"--notify (\w+)", page.read_text("utf-8")))
    assert named - {"ADDRESS"} <= set(given.names)  # type: ignore[attr-defined]
