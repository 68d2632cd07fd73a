"""A pack as Markdown: whole, or as short as a chat takes it."""

import re
from dataclasses import replace

from channelctl.i18n import _, ngettext
from channelctl.packs import Pack, Part
from channelctl.packs.figures import said
from channelctl.report import markdown
from channelctl.report.safe import markdown as esc
from channelctl.report.safe import markdown_line as esc_line

_MOST = 10
_LEVEL = re.compile(r"^(?=##? )", re.MULTILINE)


def render(pack: Pack, unit: str = "yuan") -> str:
    """The figures, then each part with its first rows."""
    blocks = [_head(pack, unit), *(_part(part, unit) for part in pack.parts)]
    if pack.absent:
        lines = [f"- {esc_line(one.title)}: {esc_line(one.reason)}" for one in pack.absent]
        blocks.append("\n".join([f"## {_('Left out')}", "", *lines]))
    blocks.append("\n".join(f"- {esc_line(label)}: {esc_line(text)}" for label, text in pack.origin))
    return "\n\n".join(block for block in blocks if block) + "\n"


def brief(pack: Pack, unit: str = "yuan") -> str:
    """The figures alone, and where they come from."""
    origin = [esc_line(text) for _label, text in pack.origin[:1]]
    return "\n\n".join([_head(pack, unit), *origin]) + "\n"


def _head(pack: Pack, unit: str) -> str:
    lines = []
    for _of, figure in pack.figures:
        row = said(figure, unit)
        rest = " · ".join(esc(text) for text in (row.change, row.remark) if text)
        lines.append(f"- {esc_line(row.label)}: **{esc(row.value)}**" + (f" ({rest})" if rest else ""))
    return "\n".join([f"# {esc_line(pack.title)}", "", *lines]).rstrip()


def _part(part: Part, unit: str) -> str:
    """A part without its own title, cut to what a chat shows."""
    most = min(part.most or _MOST, _MOST)
    left = 0 if part.report.data_only else len(part.report.rows) - most
    report = replace(part.report, title=part.title, rows=part.report.rows[:most])
    text = _LEVEL.sub("#", markdown.render(report, unit).strip())
    if left <= 0:
        return text
    more = ngettext("{count} more row: {command}", "{count} more rows: {command}", left)
    return f"{text}\n\n{esc_line(more.format(count=f'{left:,}', command=part.command))}"
