"""`channelctl plan show`, `versions`, `freeze`, `approve`, `check` and `copy`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.records.cli import noun
from channelctl.report import Report, reports

_SHEETS, _ROWS = "channelctl.systems.plans.sheets", "channelctl.systems.plans.rules_show"
app = noun("plan", f"{_SHEETS}:PlanRow")

MonthOption = Annotated[str, typer.Option("--month", metavar="MONTH", help=_("The plan's month: 2024-05."))]
OfficeOption = Annotated[
    str | None, typer.Option("--office", metavar="OFFICE", help=_("Of this office: code or name; default: all."))
]
PlanOfOption = Annotated[
    str | None,
    typer.Option("--office", metavar="OFFICE", help=_("Whose plan; default: the office that plans the customer.")),
]
VersionOption = Annotated[
    int | None, typer.Option("--version", metavar="VERSION", help=_("As it was frozen or approved as this version."))
]
LineArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[MONTH OFFICE CUSTOMER]", help=_("One planned customer in full."))
]
CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A customer: code or unique name."))]
ClassOption = Annotated[str | None, typer.Option("--class", metavar="CLASS", help=_("The class from now on: V2."))]
CoreOption = Annotated[
    str | None, typer.Option("--core", metavar="yes|no", help=_("Whether it is a core customer from now on."))
]
TargetOption = Annotated[
    str | None, typer.Option("--target", metavar="AMOUNT", help=_("The monthly target from now on."))
]
AddOption = Annotated[bool, typer.Option("--add", help=_("Plan a customer that the plan lacks."))]
RemoveOption = Annotated[bool, typer.Option("--remove", help=_("Plan the customer no more."))]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why it was approved."))]
OnOption = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help=_("The day it was approved; default: today."))
]
ToOption = Annotated[str, typer.Option("--to", metavar="MONTH", help=_("The month to plan: 2024-06."))]
TargetsOption = Annotated[
    str, typer.Option("--targets", metavar="keep|none", help=_("Whether the targets are copied as well."))
]
FillOption = Annotated[bool, typer.Option("--fill", help=_("Add what is missing to a plan that is there already."))]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("Say what would be written, and write nothing."))]


@app.command("show", help=_("Show a month's plan, or one planned customer with every field."))
@reports(
    "plan_show",
    f"{_ROWS}:ShownRow",
    sections={"classes": f"{_ROWS}:ClassTotal"},
    known=True,
)
def show(
    line: LineArgument = None,
    month: options.MonthOption = None,
    office: OfficeOption = None,
    version: VersionOption = None,
) -> Report:
    """Show a month's plan; default: that of the latest month with one.

    Example: channelctl plan show --month 2024-05 --office 杭州
    """
    from channelctl import db, policy
    from channelctl.records import kinds
    from channelctl.records import store as records
    from channelctl.systems.plans import screen, store, store_versions
    from channelctl.systems.plans.rules import PlanPolicy

    if line and (month, office, version) != (None, None, None):
        raise UsageError(_("a planned customer and a whole plan cannot be shown at once"), _("Leave one of them out."))
    own = policy.section("plans", PlanPolicy)
    with db.session() as session:
        if line:
            kind = kinds()["plan"]
            _id, found = records.one(session, kind, line)
            key = " ".join(str(getattr(found, name)) for name in kind.key)
            return Report("plan", kind.row, [found], f"{kind.one} · {key}", card=True)
        latest = next(iter(store.months(session)), f"{options.day_of(None):%Y-%m}")
        wanted = store_versions.month_of(month if month is not None else latest)
        if version is None:
            plans = store_versions.planned(session, wanted, office, own)
        else:
            plans = store_versions.plans_at(session, wanted, office, version)
        versions = {place[1]: one.number for place, one in store_versions.latest(session).items() if place[0] == wanted}
        targets = store.class_targets(session, wanted)
    return screen.plan(wanted, plans, versions if version is None else {}, targets, own, version)


@app.command("versions")
@reports("plan_versions", f"{_ROWS}:VersionRow", known=True)
def versions(month: options.MonthOption = None, office: OfficeOption = None) -> Report:
    """List the versions of frozen plans: who approved what, when and why.

    Example: channelctl plan versions --month 2024-05
    """
    from channelctl import db
    from channelctl.systems.plans import screen, store_versions

    with db.session() as session:
        rows = store_versions.versions(session, month, office)
    return screen.versions(rows, month, office)


@app.command("freeze")
@reports("plan_versions", f"{_ROWS}:VersionRow")
def freeze(month: MonthOption, office: OfficeOption = None) -> Report:
    """Freeze a month's plan: from then on it is changed with an approval only.

    Example: channelctl plan freeze --month 2024-05
    """
    from channelctl import db, policy
    from channelctl.systems.plans import screen, store_versions
    from channelctl.systems.plans.rules import PlanPolicy

    with db.session(write=True) as session:
        found = store_versions.freeze(session, month, office, policy.section("plans", PlanPolicy))
        rows = store_versions.versions(session, month, office)
    return screen.frozen(found, [row for row in rows if found.batch in (None, row.batch)])


@app.command("approve")
@reports("plan", f"{_SHEETS}:PlanRow")
def approve(
    customer: CustomerArgument,
    month: MonthOption,
    reason: ReasonOption,
    office: PlanOfOption = None,
    class_: ClassOption = None,
    core: CoreOption = None,
    target: TargetOption = None,
    add: AddOption = False,
    remove: RemoveOption = False,
    on: OnOption = None,
) -> Report:
    """Change a frozen plan with an approval; an empty word clears a class, core mark or target.

    Example: channelctl plan approve C00012 --month 2024-05 --class V2 --reason 省公司批复
    """
    from channelctl import db, policy
    from channelctl.records import kinds
    from channelctl.systems.plans import screen, store_approve
    from channelctl.systems.plans.rules import PlanPolicy

    if add and remove:
        raise UsageError(_("--add and --remove contradict each other"), _("Give one of them."))
    action = store_approve.ADD if add else store_approve.REMOVE if remove else store_approve.CHANGE
    given = {"class_": class_, "core": core, "target": target}
    fields = {name: word for name, word in given.items() if word is not None}
    asked = store_approve.Approval(action, fields, reason, options.day_of(on))
    kind = kinds()["plan"]
    with db.session(write=True) as session:
        done = store_approve.approve(session, customer, month, office, asked, policy.section("plans", PlanPolicy))
    row = done.row
    return screen.approved(done, kind.row, f"{kind.one} · {row.month} {row.office} {row.customer}")


@app.command("check")
@reports(
    "plan_check",
    "channelctl.systems.plans.rules_check:Finding",
    sections={
        "classes": "channelctl.systems.plans.rules_check:ClassCheck",
        "offices": "channelctl.systems.plans.rules_check:OfficeCheck",
        "per_class": "channelctl.systems.plans.rules_check:OfficeClasses",
        "office_classes": "channelctl.systems.plans.rules_check:OfficeClass",
    },
    known=True,
)
def check(month: MonthOption) -> Report:
    """Hold a month's plans against the province's numbers, the offices' targets and the customers' files.

    Example: channelctl plan check --month 2024-05
    """
    from channelctl import db, policy
    from channelctl.systems.plans import screen_check, store_check
    from channelctl.systems.plans.rules import PlanPolicy

    with db.session() as session:
        found = store_check.checked(session, month, policy.section("plans", PlanPolicy))
    return screen_check.report(found)


@app.command("copy")
@reports("plan_copy", f"{_ROWS}:CopiedRow", sections={"closed": f"{_ROWS}:ClosedRow"})
def copy(
    month: MonthOption,
    to: ToOption,
    office: OfficeOption = None,
    targets: TargetsOption = "keep",
    fill: FillOption = False,
    dry_run: DryRunOption = False,
) -> Report:
    """Copy a month's plan to another month, without customers that are closed by then.

    Example: channelctl plan copy --month 2024-05 --to 2024-06
    """
    from channelctl import db, policy
    from channelctl.systems.plans import screen, store_copy
    from channelctl.systems.plans.rules import PlanPolicy

    own = policy.section("plans", PlanPolicy)
    with db.session(write=not dry_run) as session:
        found = store_copy.copy(session, month, to, office, own, targets, fill, write=not dry_run)
    return screen.copied(found, dry_run)
