"""Where the program starts: `--version` is answered before anything else is imported."""

import gc
import os
import sys

from channelctl import __version__

_INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit."""
    words = sys.argv[1:]
    if words in (["--version"], ["-V"]) and _said_version():
        return
    # A command is short and leaves few cycles; looking for them after every 700 objects costs a fifth of an import.
    gc.set_threshold(1_000_000)
    try:
        from channelctl.cli import run

        # All is written and closed by now; taking the interpreter to pieces would cost a tenth of a short command.
        os._exit(run(words))
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except Exception as error:
        from channelctl import errors

        if not errors.out_of_memory(error):
            raise
        os.write(2, b"channelctl: error: there is not enough memory\n")
        sys.exit(errors.REFUSED)


def _said_version() -> bool:
    if sys.stdout is None:
        return True
    try:
        sys.stdout.write(f"channelctl {__version__}\n")
        sys.stdout.flush()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
