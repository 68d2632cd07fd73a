"""The decorator on a real Typer app, where results go, and files written whole or not at all."""

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

import channelctl
from channelctl.errors import RefusedError, UsageError
from channelctl.report import SCHEMAS, Report, Shape, deliver, emit, files, reports
from tests.report.conftest import Screens
from tests.report.rows import LINES, bare, report

OfficeOption = Annotated[str | None, typer.Option("--office", help="Sales of this office.", metavar="OFFICE")]
calls: list[Any] = []
ENDINGS = "Endings: .txt .json .csv .xlsx .html .htm .md; or add --format."


def names() -> list[str]:
    return [path.name for path in Path().iterdir()]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    calls.clear()
    monkeypatch.delitem(SCHEMAS, "lines", raising=False)
    made = typer.Typer()

    @made.command()
    @reports("lines", "tests.report.rows:Line", sections={"tiers": "tests.report.rows:Sum"})
    def lines(context: typer.Context, office: OfficeOption = None, code: int = 0) -> Report:
        """Show the lines.

        Example: channelctl lines
        """
        calls.append((context.info_name, office, code))
        return report(exit_code=code)

    @made.command()
    @reports("lines", "tests.report.rows:Sum")
    def nothing() -> None:
        calls.append("nothing")

    return made


def run(app: typer.Typer, *words: str) -> Any:
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "120", "TERM": "dumb"})


def test_the_command_keeps_its_options_and_gains_those_of_reports(app: typer.Typer) -> None:
    text = run(app, "lines", "--help").stdout
    assert "Show the lines." in text and "Sales of this office." in text
    for option in ("--format", "-f", "--output", "-o", "--all", "--unit", "--office"):
        assert option in text


def test_the_command_gets_its_own_arguments(app: typer.Typer) -> None:
    found = run(app, "lines", "--office", "南京", "-f", "json")
    assert found.exit_code == 0
    assert json.loads(found.stdout)["report"] == "lines"
    assert calls == [("lines", "南京", 0)]


@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_exit_code_is_the_reports(code: int, app: typer.Typer) -> None:
    found = run(app, "lines", "--code", str(code))
    assert found.exit_code == code
    assert found.stdout.endswith("\n\nAll is said.\n")
    assert found.stderr == "1 line names no customer\n"


def test_a_command_without_a_report_passes_through(app: typer.Typer) -> None:
    found = run(app, "nothing", "-f", "json")
    assert (found.exit_code, found.stdout, calls) == (0, "", ["nothing"])


def test_the_rows_of_all_commands_with_one_report_are_known(app: typer.Typer) -> None:
    assert app.registered_commands
    assert SCHEMAS["lines"] == Shape(
        ("tests.report.rows:Line", "tests.report.rows:Sum"), {"tiers": "tests.report.rows:Sum"}
    )


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["-f", "exel"], "“exel” is not a format", "One of: table, json, csv, xlsx, html, md."),
        (["-f", "xls"], "“xls” is not a format", "Did you mean xlsx?"),
        (["--unit", "wam"], "“wam” is not a unit", "Did you mean wan?"),
        (["-o", "a.pdf"], "the ending of a.pdf names no format", ENDINGS),
        (["-o", "a"], "the ending of a names no format", ENDINGS),
    ],
)
def test_a_mistyped_option_stops_the_command_before_it_runs(
    words: list[str], message: str, hint: str, app: typer.Typer
) -> None:
    error = run(app, "lines", *words).exception
    assert isinstance(error, UsageError)
    assert (error.message, error.hint, calls) == (message, hint, [])


@pytest.mark.parametrize("output", ["nowhere/a.json", "folder", "x" * 300 + ".json"])
def test_an_impossible_file_stops_the_command_before_it_runs(output: str, app: typer.Typer) -> None:
    Path("folder").mkdir()
    error = run(app, "lines", "-f", "json", "-o", output).exception
    assert isinstance(error, RefusedError)
    assert error.exit_code == 3 and calls == []


@pytest.mark.parametrize(
    ("output", "start"),
    [
        ("a.json", b'{\n  "report": "lines",'),
        ("a.JSON", b'{\n  "report": "lines",'),
        ("a.csv", b"\xef\xbb\xbf#,Code,Customer,"),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.html", b"<!DOCTYPE html>"),
        ("a.htm", b"<!DOCTYPE html>"),
        ("a.md", b"# Lines"),
        ("a.txt", b"Lines \xc2\xb7 May 2024\n\nTiers\n"),
    ],
)
def test_the_ending_of_the_output_picks_the_form(output: str, start: bytes, app: typer.Typer) -> None:
    found = run(app, "lines", "-o", output)
    remark = "1 line names no customer\n" if output in ("a.csv", "a.txt") else ""
    assert (found.exit_code, found.stdout, found.stderr) == (0, "", f"{remark}written: {output} (3 rows)\n")
    assert Path(output).read_bytes().startswith(start)


def test_csv_in_a_file_is_as_spreadsheets_want_it() -> None:
    emit(bare(*LINES), output=Path("a.csv"))
    data = Path("a.csv").read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") == 4


def test_csv_on_stdout_has_no_mark_and_plain_line_ends(streams: Screens) -> None:
    out, _err = streams()
    emit(bare(*LINES), "csv")
    assert out.raw_bytes.startswith(b"#,Code") and b"\r" not in out.raw_bytes


def test_unit_does_not_touch_data(streams: Screens) -> None:
    for format in ("json", "csv"):
        first, _err = streams()
        emit(bare(*LINES), format)
        second, _err = streams()
        emit(bare(*LINES), format, unit="wan")
        assert first.raw_bytes == second.raw_bytes


def test_a_workbook_goes_to_a_pipe_but_not_to_a_terminal(streams: Screens) -> None:
    out, _err = streams()
    emit(report(), "xlsx")
    assert out.raw_bytes.startswith(b"PK\x03\x04")
    streams(terminal=True)
    with pytest.raises(UsageError) as caught:
        emit(report(), "xlsx")
    assert caught.value.hint == "Add --output FILE.xlsx"


def test_html_and_json_lose_nothing_on_an_ascii_stream(streams: Screens) -> None:
    for format, said in (("html", "&#21335;&#20140;"), ("json", "\\u5357\\u4eac")):
        out, err = streams("ascii")
        emit(report(), format)
        assert said in out.text and "?" not in out.text
        assert err.text == ""


def test_closed_streams_are_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    for format in ("table", "json", "xlsx"):
        emit(report(), format)
    emit(report(), output=Path("a.json"))
    assert Path("a.json").is_file()


def test_a_file_is_for_its_owner_only_and_replaces_the_old_one() -> None:
    path = Path("a.json")
    path.write_text("old")
    path.chmod(0o644)
    before = os.umask(0)
    try:
        emit(report(), output=path)
    finally:
        os.umask(before)
    assert json.loads(path.read_bytes())["report"] == "lines"
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names() == ["a.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_draft(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("a.json")
    path.write_bytes(b"old")

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path if step == "replace" else os, step, full)
    with pytest.raises(RefusedError, match=r"a\.json cannot be written: No space left on device"):
        files.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert names() == ["a.json"]


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(RefusedError, match="cannot be written"):
        files.write_whole(Path("a\0b.json"), b"new")
    assert names() == []


def test_a_device_is_no_file() -> None:
    if os.name != "nt":
        with pytest.raises(RefusedError, match="/dev/null is not a file"):
            deliver.target("json", Path("/dev/null"), False, "yuan")


def test_names_from_outside_never_steer_the_terminal(streams: Screens) -> None:
    _out, err = streams()
    emit(report(), output=Path("a\x1b[2J.json"))
    assert err.text == "written: a·[2J.json (3 rows)\n"


def test_the_top_of_a_command_module_loads_no_writer() -> None:
    code = "import sys, channelctl.report; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(channelctl.__file__).parents[1])}
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()
    assert "channelctl.report" in loaded
    assert not {"rich", "jinja2", "xlsxwriter", "channelctl.report.deliver", "channelctl.columns"} & set(loaded)
