"""The packs that can be made."""

from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.packs import definition
from channelctl.report import Report


class PackRow(NamedTuple):
    """A pack that can be made; `reports` is blank where its file cannot be read."""

    name: Annotated[str, Col("名称", "Name", kind="code")]
    title: Annotated[str, Col("标题", "Title")]
    reports: Annotated[int | None, Col("报表数", "Reports", kind="count")]
    file: Annotated[str, Col("定义文件", "Defined in")]


def report() -> Report:
    """Ours, and a user's own; a file that cannot be read is named with the reason."""
    ours, mine = definition.shipped(), definition.own()
    rows, notes = [], []
    for name, where in [*((name, None) for name in ours), *mine.items()]:
        if where is not None and name in ours:
            notes.append(_("{path} has the name of one of ours: name it by its path").format(path=where))
            continue
        try:
            plan = definition.read(where or definition.source(name))
        except RefusedError as error:
            notes.append(error.message)
            rows.append(PackRow(name, "", None, str(where)))
        else:
            rows.append(PackRow(name, definition.said(plan.title), len(plan.part), str(where or "")))
    closing = [_("Make one: channelctl report new NAME")]
    return Report("packs", PackRow, rows, _("Packs of reports"), notes=notes, closing=closing)
