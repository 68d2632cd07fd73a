"""`channelctl schema`, `policy` and `explain`: what the tool knows about itself."""

import sys
from typing import Annotated, NamedTuple

import typer

from channelctl.columns import Col
from channelctl.i18n import _, listed
from channelctl.options import CARE
from channelctl.report import Report, out, reports

app = typer.Typer()
policy_app = typer.Typer(no_args_is_help=True)
app.add_typer(policy_app, name="policy", help=_("The numbers a business may change."), rich_help_panel=CARE)
ReportArgument = Annotated[str, typer.Argument(metavar="REPORT", help=_("tier, score, import, customer …"))]
CodeArgument = Annotated[list[str], typer.Argument(metavar="CODE...", help=_("An error or warning code: E204."))]


def origin_text(origin: str) -> str:
    """Where a value comes from, as a person reads it."""
    return _("default") if origin == "default" else origin


class PolicyRow(NamedTuple):
    """One setting, its place in the policy file as `name`."""

    section: Annotated[str, Col("部分", "Section")]
    setting: Annotated[str, Col("设置", "Setting")]
    name: Annotated[str, Col("设置", "Setting", kind="code")]
    origin: Annotated[str, Col("来源", "Origin", words=origin_text)]
    meaning: Annotated[str, Col("含义", "Meaning")]
    value: Annotated[str, Col("值", "Value")]


@app.command("schema", rich_help_panel=CARE)
def schema(name: ReportArgument) -> None:
    """Print the JSON schema of a report."""
    import json

    from channelctl import report

    out.tell(json.dumps(report.schema(name), ensure_ascii=not out.is_utf8(sys.stdout), indent=2))


@policy_app.command("show")
@reports("policy", "channelctl.commands.knowing:PolicyRow")
def policy_show() -> Report:
    """Show every number a business may change, its value and where it comes from."""
    from channelctl import policy

    rows = [
        PolicyRow(one.section, one.name, f"{one.section}.{one.name}", one.origin, one.meaning, one.value)
        for one in policy.in_force()
    ]
    where = policy.file()
    title = _("policy {path}").format(path=where) if where else _("policy: the defaults")
    return Report(
        "policy",
        PolicyRow,
        rows,
        title,
        params={"file": str(where) if where else None},
        only=("name", "origin", "meaning", "value"),
        wrapped=True,
    )


@app.command("explain", rich_help_panel=CARE)
def explain(codes: CodeArgument) -> None:
    """Say what an error or warning code means and what to do."""
    import difflib

    from channelctl.errors import UsageError
    from channelctl.sheets.problems import explanations

    known = explanations()
    wrong = next((code for code in codes if code.upper() not in known), None)
    if wrong is not None:
        near = difflib.get_close_matches(wrong.upper(), list(known), 3, 0.8)
        hint = _("Did you mean {names}?") if near else _("There are: {names}")
        raise UsageError(_("there is no code “{code}”").format(code=wrong), hint.format(names=listed(near or known)))
    for code in dict.fromkeys(map(str.upper, codes)):
        meaning, remedy = known[code]
        out.tell(f"{code}  {meaning}\n{remedy}")
