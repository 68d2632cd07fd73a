"""The commands that every kind of record has: list, show, find, add, set, remove."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.report import Report, reports

_EXTRA = {"allow_extra_args": True, "ignore_unknown_options": True}
WordsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FIELD=VALUE]...", help=_("Only those, like office=杭州; --no-FIELD: blank ones.")),
]
KeyArgument = Annotated[list[str], typer.Argument(metavar="KEY...", help=_("A code or a unique name."))]
AddArgument = Annotated[
    list[str], typer.Argument(metavar="NAME [FIELD=VALUE]...", help=_("The name, and fields like office=杭州."))
]
SetArgument = Annotated[
    list[str],
    typer.Argument(metavar="KEY... FIELD=VALUE...", help=_("Which one, and fields like class=V1; class= clears it.")),
]
FindArgument = Annotated[
    str, typer.Argument(metavar="WORD", help=_("A part of a name, its pinyin or initials (hzsn), or a code."))
]
ToldOption = Annotated[
    str | None,
    typer.Option("--as-of", help=_("What is told beside it, as of that day; default: today."), metavar="DAY"),
]


def noun(name: str, row: str, fields: str | None = None) -> typer.Typer:
    """The commands of one kind; `row` is "module:Class" of its row, `fields` tells on help pages what may be given."""
    app = typer.Typer(no_args_is_help=True)

    @app.command("list", help=_("List them."), context_settings=_EXTRA)
    @reports(name, row, known=True)
    def list_(context: typer.Context, words: WordsArgument = None) -> Report:
        from channelctl import db
        from channelctl.records import kinds, store

        kind = kinds()[name]
        key, fields = parse(kind, [*(words or []), *context.args], blanks=True)
        if key:
            search = _("To search: channelctl {kind} find {word}").format(kind=name, word=key[0])
            raise UsageError(_("“{word}” is not FIELD=VALUE").format(word=key[0]), search if kind.named else "")
        with db.session() as session:
            rows = store.filtered(session, kind, fields)
        return Report(name, kind.row, rows, f"{kind.label} · {len(rows)}", params=_params(fields))

    @reports(name, row, known=True)
    def show(key: KeyArgument) -> Report:
        return _shown(name, key)

    @reports(name, row)
    def show_told(key: KeyArgument, as_of: ToldOption = None) -> Report:
        return _shown(name, key, options.day_of(as_of))

    app.command("show", help=_("Show one with every field."))(show_told if name == "customer" else show)

    @app.command("find", help=_("Search by a part of the name, pinyin, initials or code."))
    @reports(name, row, known=True)
    def find(word: FindArgument) -> Report:
        from channelctl import db
        from channelctl.records import kinds, store

        kind = kinds()[name]
        with db.session() as session:
            rows = store.find(session, kind, word)
        notes = [] if rows else [_("nothing like “{word}” was found").format(word=word)]
        return Report(name, kind.row, rows, f"{kind.label} · {word} · {len(rows)}", params={"find": word}, notes=notes)

    @app.command("add", help=_("Add one."), epilog=fields, context_settings=_EXTRA)
    @reports(name, row)
    def add(context: typer.Context, words: AddArgument) -> Report:
        from channelctl import db
        from channelctl.records import kinds, store

        kind = kinds()[name]
        key, fields = parse(kind, [*words, *context.args])
        given = {**_named(kind, key), **{field: value for field, value in fields.items() if value}}
        with db.session(write=True) as session:
            done = store.add(session, kind, given)
        return _done(kind, done.row, _("added"), done.remarks)

    @app.command("set", help=_("Change fields of one."), epilog=fields, context_settings=_EXTRA)
    @reports(name, row)
    def set_(context: typer.Context, words: SetArgument) -> Report:
        from channelctl import db
        from channelctl.records import kinds, store

        kind = kinds()[name]
        key, fields = parse(kind, [*words, *context.args])
        if not fields:
            raise UsageError(_("nothing to change was given"), _("Write it as FIELD=VALUE, for example class=V1"))
        with db.session(write=True) as session:
            done = store.change(session, kind, key, {field: value or "" for field, value in fields.items()})
            if not done.changed:
                session.rollback()
        what = _("changed") if done.changed else _("nothing to change: it is so already")
        return _done(kind, done.row, what, done.remarks)

    @app.command("remove", help=_("Remove one that nothing refers to."))
    @reports(name, row)
    def remove(key: KeyArgument) -> Report:
        from channelctl import db
        from channelctl.records import kinds, store

        kind = kinds()[name]
        with db.session(write=True) as session:
            gone = store.remove(session, kind, key)
        return _done(kind, gone.row, _("removed"), gone.remarks)

    return app


def _shown(name: str, key: list[str], day: dt.date | None = None) -> Report:
    """A record, and what there is to tell of it on a day."""
    from channelctl import db, records
    from channelctl.records import kinds, store

    kind = kinds()[name]
    with db.session() as session:
        _id, found = store.one(session, kind, key)
        told = records.told(session, day, {found.code}) if day is not None else {}
    notes = [one.text for one in told.values()]
    return Report(name, kind.row, [found], _title(kind, found), notes=notes, card=True)


def parse(kind: Any, words: Sequence[str], blanks: bool = False) -> tuple[list[str], dict[str, str | None]]:
    """Words into key parts and fields: office=杭州, --office 杭州; with `blanks` --no-office for a blank one."""
    from channelctl.records import store

    key: list[str] = []
    fields: dict[str, str | None] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if blanks and not equals and name.startswith("no-"):
                fields[store.field_named(kind, name.removeprefix("no-"))] = None
                continue
            field = store.field_named(kind, name)
            if not equals:
                if not rest:
                    raise UsageError(_("option --{name} needs a value").format(name=name))
                value = rest.pop(0)
            fields[field] = value
        elif "=" in word and word.partition("=")[0]:
            name, _equals, value = word.partition("=")
            fields[store.field_named(kind, name)] = value
        else:
            key.append(word)
    return key, fields


def _named(kind: Any, key: Sequence[str]) -> dict[str, str]:
    """What the plain words of `add` are: the name, or code and name; or the parts of the key."""
    names = (["name"] if len(key) == 1 else ["code", "name"]) if kind.named else list(kind.key)
    if len(key) > len(names):
        raise UsageError(
            _("too many words: {words}").format(words=" ".join(key)), _("Put a name with blanks in quotation marks.")
        )
    return dict(zip(names, key, strict=False))


def _title(kind: Any, row: Any) -> str:
    """What a record is, its code and its name."""
    if kind.named:
        words = [row.code, row.name]
    else:
        words = [str(part) for name in kind.key if (part := getattr(row, name)) not in (None, "")]
    return f"{kind.one} · {' '.join(words)}"


def _done(kind: Any, row: Any, what: str, remarks: Sequence[str]) -> Report:
    return Report(kind.name, kind.row, [row], f"{_title(kind, row)} · {what}", notes=remarks, card=True)


def _params(fields: Mapping[str, str | None]) -> dict[str, Any]:
    return {name.rstrip("_"): value for name, value in fields.items()}
