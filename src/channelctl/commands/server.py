"""`channelctl db grant`, `revoke` and `users`: who may do what in a database on a server."""

from typing import Annotated

import typer

from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.report import Report, out, reports

UserOption = Annotated[str, typer.Option("--user", metavar="USER", help=_("A login of the server."))]
RoleOption = Annotated[
    str,
    typer.Option(
        "--role",
        metavar="reader|operator|approver|manager",
        help=_("What it may do: read; write records; read and approve; all of these."),
    ),
]
SomeRoleOption = Annotated[
    str | None,
    typer.Option("--role", metavar="reader|operator|approver|manager", help=_("Only this role; default: all it has.")),
]
OfficesOption = Annotated[
    list[str] | None,
    typer.Option("--office", metavar="OFFICE", help=_("Only for this office: code or name. Repeatable.")),
]
RegionsOption = Annotated[
    list[str] | None,
    typer.Option("--region", metavar="REGION", help=_("Only for the offices of this region. Repeatable.")),
]
CreateOption = Annotated[
    bool, typer.Option("--create", help=_("Make the login where there is none; its password is asked for."))
]


def mount(app: typer.Typer) -> None:
    """Add the commands to those of the database."""
    app.command("grant")(grant)
    app.command("revoke")(revoke)
    app.command("users")(users)


def grant(
    role: RoleOption,
    user: UserOption,
    office: OfficesOption = None,
    region: RegionsOption = None,
    create: CreateOption = False,
) -> None:
    """Let a login see and write what is an office's, a region's, or all; only whoever owns the database may.

    Example: channelctl db grant --role operator --office 杭州 --user wang
    """
    from channelctl import members

    done = members.grant(role, user, office or [], region or [], (lambda: _password(user)) if create else None)
    if done.made:
        out.tell(_("new login: {user}").format(user=user))
    elif create:
        out.tell(_("{user} was there already and keeps its password").format(user=user))
    where = listed([*(office or []), *(region or [])]) or _("everywhere")
    text = _("{user}: {role}, {where}") if done.changed else _("nothing to do: {user} is {role}, {where}")
    out.tell(text.format(user=user, role=members.role_text(role), where=where))


def revoke(user: UserOption, role: SomeRoleOption = None) -> None:
    """Take a role from a login, or all it may do here; the login itself stays.

    Example: channelctl db revoke --user wang
    """
    from channelctl import members

    taken = members.revoke(user, role)
    out.tell(_("{user} is no longer {roles}").format(user=user, roles=listed(map(members.role_text, taken))))


@reports("users", "channelctl.members:UserRow")
def users() -> Report:
    """List who may do what, and where: the owner all, others themselves and the owner."""
    from channelctl import members

    rows = members.users()
    return Report("users", members.UserRow, rows, _("roles · {count}").format(count=len(rows)))


def _password(user: str) -> str:
    """A new login's password: typed twice without being shown, or the first line of a pipe."""
    import getpass
    import sys

    if out.can_ask():
        first = getpass.getpass(_("Password of {user}: ").format(user=user))
        if first != getpass.getpass(_("Once more: ")):
            raise UsageError(_("the two are not the same; nothing was changed"))
    else:
        first = sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""
    if not first:
        raise UsageError(
            _("a login needs a password; nothing was changed"), _("Type it at a terminal, or send it by a pipe.")
        )
    return first
