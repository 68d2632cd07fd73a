"""What an import was asked to do, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from channelctl import errors
from channelctl.columns import Col
from channelctl.errors import ChannelctlError
from channelctl.i18n import _
from channelctl.records import kind_label
from channelctl.sheets.layout import Layout
from channelctl.sheets.problems import Problem
from channelctl.sheets.suggesting.suggest import Guess

if TYPE_CHECKING:
    from channelctl.sheets.target import Target


@dataclass(frozen=True)
class Options:
    """What the command line asked of an import."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    save_map: str = ""
    kind: str | None = None
    create: bool = True
    partial: bool = False
    dry_run: bool = False
    dates: str | None = None
    encoding: str | None = None
    overlap: str = "skip"


class ImportRow(NamedTuple):
    """What became of one sheet."""

    file: Annotated[str, Col("文件", "File")]
    sheet: Annotated[str, Col("工作表", "Sheet")]
    kind: Annotated[str | None, Col("类型", "Kind", words=kind_label)]
    rows: Annotated[int, Col("行数", "Rows", kind="count")]
    new: Annotated[int, Col("新增", "New", kind="count")]
    changed: Annotated[int, Col("更正", "Changed", kind="count")]
    existing: Annotated[int, Col("已存在", "Known", kind="count")]
    rejected: Annotated[int, Col("退回", "Rejected", kind="count")]
    skipped: Annotated[int, Col("略过", "Skipped", kind="count")]
    net_sales: Annotated[Decimal | None, Col("净销售额", "Net sales", kind="money")]
    batch: Annotated[int | None, Col("批次", "Batch", kind="count", wide=True)]
    removed: Annotated[int, Col("终止", "Ended", kind="count")] = 0
    net_change: Annotated[Decimal | None, Col("净销售额变动", "Change in net sales", kind="money")] = None


def how_text(how: str) -> str:
    """How a column was read, as a person reads it."""
    said = {
        "name": _("its name"), "alias": _("alias"), "likely": _("likely"), "map": "--map", "kept": _("kept mapping"),
        "made": _("made"), "across": _("a line for each column"), "unread": _("not read"),
    }  # fmt: skip
    return said.get(how, how)


class ColumnRow(NamedTuple):
    """How a column of a sheet was read: by its name, an alias, a likely word, --map (map), a kept mapping, or not."""

    file: Annotated[str, Col("文件", "File")]
    sheet: Annotated[str, Col("工作表", "Sheet")]
    column: Annotated[str, Col("列", "Column")]
    heading: Annotated[str, Col("表头", "Heading")]
    field: Annotated[str | None, Col("字段", "Field")]
    how: Annotated[str, Col("方式", "How", words=how_text)]
    factor: Annotated[Decimal | None, Col("倍数", "Factor", kind="quantity")]
    example: Annotated[str, Col("首个值", "First value")]


class SuggestedRow(NamedTuple):
    """What a column that no heading explains may be; nothing was read by it."""

    file: Annotated[str, Col("文件", "File")]
    sheet: Annotated[str, Col("工作表", "Sheet")]
    kind: Annotated[str, Col("类型", "Kind", words=kind_label)]
    column: Annotated[str, Col("列", "Column")]
    heading: Annotated[str, Col("表头", "Heading")]
    field: Annotated[str, Col("字段", "Field")]
    confidence: Annotated[float, Col("把握", "Confidence", kind="share")]
    reason: Annotated[str, Col("理由", "Reason")]
    example: Annotated[str, Col("首个值", "First value")]


class CreatedRow(NamedTuple):
    """Records made because a file's sheets name them and the database lacked them."""

    file: Annotated[str, Col("文件", "File")]
    kind: Annotated[str, Col("类型", "Kind", words=kind_label)]
    records: Annotated[int, Col("条数", "Records", kind="count")]


@dataclass
class FileResult:
    """What became of one file: its sheets, problems, remarks, and the records it made besides.

    `mapping` is what a person answered when asked; `guess` what a file that was refused may be; `doubtful` are its
    sheets with remarks that later files may settle.
    """

    file: str
    rows: list[ImportRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    layouts: list[tuple[str, Layout, Sequence[Any]]] = field(default_factory=list)
    created: dict[str, int] = field(default_factory=dict)
    error: ChannelctlError | None = None
    batch: int | None = None
    known_since: tuple[int, str] | None = None
    refused: bool = False
    path: Path = Path()
    rejected_file: Path | None = None
    piped: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    suggestions: list[SuggestedRow] = field(default_factory=list)
    guess: Guess | None = None
    doubtful: list["Target"] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """3 where the file was refused, 1 where rows were, else 0."""
        if self.error is not None or self.refused:
            return errors.REFUSED
        return errors.FINDINGS if any(problem.is_error for problem in self.problems) else errors.DONE
