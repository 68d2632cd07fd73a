"""A progress bar where stderr is a terminal, else nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from channelctl.sheets.load import Progress


@contextmanager
def bar() -> Iterator[Progress | None]:
    """What an import tells how far it is; None where nobody looks."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, object] = {}

        def tell(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = shown.add_task(name, total=total)
            shown.update(tasks[name], completed=done)  # type: ignore[arg-type]

        yield tell
