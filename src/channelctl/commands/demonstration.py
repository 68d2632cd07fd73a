"""The sample region: what `channelctl demo` shows of it, and where `demo` and `tour` play."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import NamedTuple

from channelctl import db, settings
from channelctl.errors import RefusedError
from channelctl.i18n import _, reason
from channelctl.report import out

MONTH = "2024-05"
_ENDINGS = (".xlsx", ".xls", ".csv")


def folder() -> Path:
    """The sample region's sheets: inside the installed package, else beside the source tree."""
    installed = Path(__file__).parents[1] / "_sample_data"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "sample_data"


class Stand(NamedTuple):
    """Where the sample's sheets lie, and their names, those first that others refer to."""

    folder: Path
    files: list[str]


def run(keep: Path | None) -> None:
    """Import the sample region and show its tiers and scores, on a database of its own."""
    from channelctl.cli import command

    with stage(keep) as stand:
        for words in (["import", *stand.files], ["tier", "--month", MONTH], ["score", "--month", MONTH]):
            out.tell(f"$ channelctl {' '.join(words)}")
            command(words)
            out.tell("")
        db.check_version()
    if keep is not None:
        kept(keep)


def kept(keep: Path) -> None:
    """Say where it all is."""
    out.remark(
        _("Kept in {path}. Go on: channelctl --db {db} tier --month 2024-04").format(path=keep, db=keep / "demo.db")
    )


@contextmanager
def stage(keep: Path | None) -> Iterator[Stand]:
    """The sample's sheets in the folder at hand, with a database and a policy beside them, until it is over.

    Raises:
        RefusedError: the folder to keep it in cannot be used.
    """
    held = settings.current.database, settings.current.policy
    with _room(keep) as where:
        sheets = [file for file in sorted(folder().iterdir()) if file.suffix in (*_ENDINGS, ".toml")]
        for file in sheets:
            shutil.copy(file, where / file.name)
        settings.current.database = str(where / "demo.db")
        settings.current.policy = where / "policy.toml"
        try:
            with chdir(where):
                yield Stand(where, [file.name for file in _in_order(sheets)])
        finally:
            settings.current.database, settings.current.policy = held


@contextmanager
def _room(keep: Path | None) -> Iterator[Path]:
    """The folder to keep, new or empty, else one that passes."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="channelctl-demo-") as passing:
            yield Path(passing)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
        empty = not any(keep.iterdir())
    except OSError as error:
        raise RefusedError(
            _("cannot use the folder {path}: {reason}").format(path=keep, reason=reason(error)),
            _("Name a new folder: --keep demo"),
        ) from error
    if not empty:
        raise RefusedError(_("{path} is not empty").format(path=keep), _("Name a new folder: --keep demo"))
    yield keep.absolute()


def _in_order(sheets: list[Path]) -> list[Path]:
    """Organisation, products and customers before what refers to them."""
    first = ("组织", "产品", "客户档案", "联系人", "等级目标", "规划", "销售", "价格", "库存", "返利", "合约")
    return sorted(
        (file for file in sheets if file.suffix in _ENDINGS),
        key=lambda file: (
            next((n for n, word in enumerate(first) if file.name.startswith(word)), len(first)),
            file.name,
        ),
    )
