"""What a command says, cut to a screen: beginning and end, each line on the stream it was for."""

import sys

import pytest

from channelctl.report import out
from channelctl.report.window import window


@pytest.mark.parametrize(
    ("said", "most", "shown"),
    [
        (3, 10, ["0", "1", "2"]),
        (10, 10, [str(line) for line in range(10)]),
        (11, 10, ["0", "1", "2", "3", "4", "… 2 more lines", "7", "8", "9", "10"]),
        (200, 10, ["0", "1", "2", "3", "4", "… 191 more lines", "196", "197", "198", "199"]),
        (200, None, [str(line) for line in range(200)]),
        (0, 10, []),
    ],
)
def test_beginning_and_end(said: int, most: int | None, shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with window(most):
        for line in range(said):
            out.tell(str(line))
        assert capsys.readouterr() == ("", "")
    assert capsys.readouterr().out.splitlines() == shown


def test_each_line_goes_where_it_was_said(capsys: pytest.CaptureFixture[str]) -> None:
    streams = sys.stdout, sys.stderr
    with window(10):
        out.tell("result")
        out.remark("remark")
        assert not out.is_terminal(sys.stdout)
        assert not out.is_terminal(sys.stderr)
    assert (sys.stdout, sys.stderr) == streams
    assert capsys.readouterr() == ("result\n", "remark\n")


def test_what_goes_wrong_does_not_hide_what_was_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), window(10):
        out.tell("so far")
        raise ZeroDivisionError
    assert capsys.readouterr().out == "so far\n"
