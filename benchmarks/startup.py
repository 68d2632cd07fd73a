"""How long the program takes to say anything: `--help` and `--version` against the least a program can be."""

import sys
import tempfile
from pathlib import Path

from benchmarks.measure import PYTHON, environment, ratio, show, side_by_side

ONE_COMMAND = """
import typer

app = typer.Typer(add_completion=False)


@app.command()
def hello(name: str = "you") -> None:
    "Say hello."
    print(name)


app()
"""


def main() -> int:
    """Print the ratios; 1 where one misses its limit."""
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.py"
        one.write_text(ONE_COMMAND)
        costs = side_by_side(
            {
                "channelctl --help": (PYTHON, "-m", "channelctl", "--help"),
                "help of a one-command Typer app": (PYTHON, str(one), "--help"),
                "channelctl --version": (PYTHON, "-m", "channelctl", "--version"),
                "python -c pass": (PYTHON, "-c", "pass"),
            },
            15,
            environment(),
        )
    show(costs)
    help_, one_help, version, nothing = costs.values()
    met = ratio("--help against a one-command Typer app", help_.wall, one_help.wall, 1.5)
    return 0 if ratio("--version against python -c pass", version.wall, nothing.wall, 3) and met else 1


if __name__ == "__main__":
    sys.exit(main())
