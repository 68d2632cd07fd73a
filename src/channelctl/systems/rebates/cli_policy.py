"""`channelctl rebate policy`."""

from pathlib import Path
from typing import Annotated

import typer

from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.report import Report, reports

_ROWS = "channelctl.systems.rebates.rules_policy"
app = typer.Typer(no_args_is_help=True)

CodeArgument = Annotated[str, typer.Argument(metavar="CODE", help=_("A rebate policy: its code."))]
VersionOption = Annotated[
    str | None, typer.Option("--version", metavar="VERSION", help=_("This version; default: the highest."))
]
FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE...", help=_("Sheets with rebate rules."))]
PartialOption = Annotated[bool, typer.Option("--partial", help=_("Take the rows without errors, leave the others."))]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("Say what would be written, and write nothing."))]


@app.command("import")
@reports("import", "channelctl.sheets.results:ImportRow")
def import_(files: FilesArgument, partial: PartialOption = False, dry_run: DryRunOption = False) -> Report:
    """Import sheets of rebate rules, as `channelctl import` does.

    Example: channelctl rebate policy import 返利政策.xlsx
    """
    from channelctl.commands import importing

    return importing.take(files, "rebate-rule", partial=partial, dry_run=dry_run)


@app.command("list")
@reports("rebate_policy", f"{_ROWS}:PolicyRow", known=True)
def list_() -> Report:
    """List the versions of all rebate policies: their days, whom they are about, how many rules they have.

    Example: channelctl rebate policy list
    """
    from channelctl import db
    from channelctl.systems.rebates import screen_policy, store_accrual

    with db.session() as session:
        rules = store_accrual.in_force(session)
    return screen_policy.listed(rules)


@app.command("show")
@reports("rebate_policy_show", f"{_ROWS}:RuleShown", known=True)
def show(code: CodeArgument, version: VersionOption = None) -> Report:
    """Say in words what a policy pays, to whom and when.

    Example: channelctl rebate policy show DL2024
    """
    from channelctl import db
    from channelctl.systems.rebates import screen_policy, store_policy

    with db.session() as session:
        rules = store_policy.rules_of(session, code)
    known = list(dict.fromkeys(rule.version for rule in rules))
    if version is not None and version not in known:
        raise UsageError(
            _("policy {code} has no version {version}").format(code=rules[0].policy, version=version),
            _("It has: {versions}").format(versions=", ".join(known)),
        )
    return screen_policy.one(rules, version or known[-1])


@app.command("versions")
@reports("rebate_policy_versions", f"{_ROWS}:VersionRow", known=True)
def versions(code: CodeArgument) -> Report:
    """List the versions of a policy: on which days each counts, and what it changed.

    Example: channelctl rebate policy versions DL2024
    """
    from channelctl import db
    from channelctl.systems.rebates import screen_policy, store_policy

    with db.session() as session:
        rules = store_policy.rules_of(session, code)
    return screen_policy.changed(rules)


@app.command("lint")
@reports("rebate_policy_lint", "channelctl.systems.rebates.rules_lint:LintRow", known=True)
def lint() -> Report:
    """Find brackets that fall, versions that overlap, words that mean nothing, and rules that no sale counts for.

    Example: channelctl rebate policy lint
    """
    from channelctl import db
    from channelctl.systems.rebates import rules_lint, screen_policy, store_accrual, store_policy

    with db.session() as session:
        rules = store_accrual.in_force(session)
        rows = rules_lint.lint(rules, store_policy.seen(session, rules))
        notes = store_policy.lint_notes(session)
    return screen_policy.lint(rows, len(rules), notes)
