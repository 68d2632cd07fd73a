"""Where the program starts: `--version` is answered before anything else is imported."""

import gc
import sys

from channelctl import __version__


def main() -> None:
    """Run the command line and exit."""
    words = sys.argv[1:]
    if words in (["--version"], ["-V"]):
        sys.stdout.write(f"channelctl {__version__}\n")
        return
    # A command is short and leaves few cycles; looking for them after every 700 objects costs a fifth of an import.
    gc.set_threshold(1_000_000)
    from channelctl.cli import run

    sys.exit(run(words))


if __name__ == "__main__":
    main()
