"""The tour that `channelctl demo` gives: import the sample region, show tiers and scores."""

import shutil
import tempfile
from pathlib import Path

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


def run(keep: Path | None) -> None:
    """Give the tour, on a database of its own."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="channelctl-demo-") as passing:
            _tour(Path(passing))
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
    _tour(keep)
    out.remark(
        _("Kept in {path}. Go on: channelctl --db {db} tier --month 2024-04").format(path=keep, db=keep / "demo.db")
    )


def _tour(where: Path) -> None:
    sheets = [file for file in sorted(folder().iterdir()) if file.suffix in (*_ENDINGS, ".toml")]
    for file in sheets:
        shutil.copy(file, where / file.name)
    settings.current.database = str(where / "demo.db")
    settings.current.policy = where / "policy.toml"
    files = [str(where / file.name) for file in _in_order(sheets)]
    for words in (["import", *files], ["tier", "--month", MONTH], ["score", "--month", MONTH]):
        shown = [Path(word).name if word in files else word for word in words]
        out.tell(f"$ channelctl {' '.join(shown)}")
        from channelctl.cli import command

        command(words)
        out.tell("")
    db.check_version()


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
