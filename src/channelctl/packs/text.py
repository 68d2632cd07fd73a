"""A pack as plain text, for a terminal or a pipe."""

from dataclasses import replace

from channelctl.i18n import _
from channelctl.packs import Pack, Part
from channelctl.packs.figures import said
from channelctl.report import safe, table
from channelctl.report.ansi import BOLD, styled
from channelctl.report.width import pad, width

_GAP = "   "


def render(pack: Pack, page: table.Page) -> str:
    """The title, what the parts come to, then the parts one below the other."""
    blocks = [
        styled(safe.shown(pack.title), BOLD, page.colour),
        *_figures(pack, page),
        *(_part(part, page) for part in pack.parts),
    ]
    if pack.absent:
        lines = [f"{_('Left out')}:", *(f"  {safe.shown(f'{one.title}: {one.reason}')}" for one in pack.absent)]
        blocks.append("\n".join(lines))
    blocks.append("\n".join(safe.shown(f"{label}: {text}") for label, text in pack.origin))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _figures(pack: Pack, page: table.Page) -> list[str]:
    """A line each: what it is, its value, its change."""
    rows = [said(figure, page.unit) for _part, figure in pack.figures]
    if not rows:
        return []
    labels, values, changes = (max(map(width, texts)) for texts in list(zip(*rows, strict=True))[:3])
    lines = []
    for row in rows:
        value = " " * (values - width(row.value)) + row.value
        lines.append(_GAP.join([pad(row.label, labels), value, pad(row.change, changes), row.remark]).rstrip())
    return ["\n".join(lines)]


def _part(part: Part, page: table.Page) -> str:
    report = replace(part.report, title="")
    limit = part.most if page.limit is None else min(page.limit, part.most or page.limit)
    body = table.body(report, page._replace(limit=limit, more=safe.shown(part.command))).rstrip("\n")
    head = styled(safe.shown(part.title), BOLD, page.colour)
    said_of = part.report.title
    if said_of and said_of != part.title:
        head += f"\n{safe.shown(said_of)}"
    ending = "\n".join(safe.shown(line) for line in (*report.notes, *report.closing))
    return "\n\n".join(text for text in (head, body, ending) if text)
