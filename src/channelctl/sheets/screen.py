"""What an import says when it is done."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from channelctl import errors
from channelctl.columns import columns as column_map
from channelctl.i18n import _, either, listed, ngettext
from channelctl.records import kinds
from channelctl.report import Report, Table
from channelctl.sheets.problems import Problem, letters
from channelctl.sheets.results import CreatedRow, FileResult, ImportRow, Options

_SHOWN = 10
_COLUMNS_SHOWN = 8
# What a column of the table says where it says nothing.
_NOTHING = {"sheet": "", "changed": 0, "existing": 0, "rejected": 0, "skipped": 0, "net_sales": None}


def report(results: Sequence[FileResult], options: Options, made: Path | None, columns: bool, warnings: bool) -> Report:
    """A row per sheet; what stands behind it said in lines below."""
    rows = [row for result in results for row in result.rows]
    problems = [problem for result in results for problem in result.problems]
    created = [CreatedRow(one.file, *made) for one in results if not one.refused for made in one.created.items()]
    notes = [remark for result in results for remark in result.remarks]
    if made is not None:
        notes.insert(0, _("new database: {path}").format(path=made))
    lines: list[str] = []
    for result in results:
        lines += _file(result, options, columns, warnings)
    return Report(
        "import",
        ImportRow,
        rows,
        _("Dry run, nothing was written") if options.dry_run else _("Import") if rows else "",
        params={"files": [result.file for result in results], "partial": options.partial, "dry_run": options.dry_run},
        totals=_totals(rows),
        notes=notes,
        closing=lines,
        sections={
            "problems": Table(Problem, problems, data_only=True),
            "created": Table(CreatedRow, created, data_only=True),
        },
        exit_code=max((result.exit_code for result in results), default=errors.DONE),
        only=_worth_seeing(rows),
    )


def _worth_seeing(rows: Sequence[ImportRow]) -> list[str]:
    """The columns for people: those that say nothing in any row are left out, so that names are not cut."""
    known = [name for name, column in column_map(ImportRow).items() if not column.wide]
    return [name for name in known if name not in _NOTHING or any(getattr(row, name) != _NOTHING[name] for row in rows)]


def _totals(rows: Sequence[ImportRow]) -> dict[str, object]:
    if len(rows) < 2:
        return {}
    names = ("rows", "new", "changed", "existing", "rejected", "skipped")
    sums: dict[str, object] = {name: sum(getattr(row, name) for row in rows) for name in names}
    amounts = [row.net_sales for row in rows if row.net_sales is not None]
    return {**sums, "net_sales": sum(amounts, Decimal("0.00"))} if amounts else sums


def _file(result: FileResult, options: Options, columns: bool, warnings: bool) -> list[str]:
    if result.error is not None:
        hint = [f"  {line}" for line in result.error.hint.splitlines()]
        return [_("{message}; nothing was written").format(message=_with_file(result)), *hint]
    if result.known_since is not None:
        batch, day = result.known_since
        return [
            _("{file}: imported before as batch {batch} on {day} (same content). Nothing to do.").format(
                file=result.file, batch=batch, day=day
            )
        ]
    lines = [*_layouts(result, columns), *_problems(result, warnings)]
    if result.refused:
        good = sum(row.rows - row.rejected for row in result.rows)
        bad = sum(row.rejected for row in result.rows)
        text = ngettext(
            "{file}: {bad} row of {rows} has errors; nothing was written.",
            "{file}: {bad} rows of {rows} have errors; nothing was written.",
            bad,
        )
        lines.append(text.format(file=result.file, bad=f"{bad:,}", rows=f"{good + bad:,}"))
        if good:
            text = ngettext(
                "Correct the sheet, or take the other {good} row: channelctl import {file} --partial",
                "Correct the sheet, or take the other {good} rows: channelctl import {file} --partial",
                good,
            )
            lines.append(text.format(good=f"{good:,}", file=_again(result, options)))
        return lines
    if result.created:
        made = [f"{kinds()[name].label} {count:,}" for name, count in result.created.items()]
        lines.append(_("made because the sheet names them: {made}").format(made=listed(made)))
    if result.rejected_file is not None:
        name = result.rejected_file.name
        lines.append(_("Rejected rows: {file}. Correct them there and import that file.").format(file=name))
    if result.batch is not None:
        lines.append(_("{file}: batch {batch}").format(file=result.file, batch=result.batch))
    elif not any(row.rows > row.rejected for row in result.rows):
        lines.append(_("{file}: no row of it could be taken; nothing was written.").format(file=result.file))
    elif any(row.rejected for row in result.rows):
        lines.append(_("{file}: its other rows are there already; nothing was written.").format(file=result.file))
    elif not options.dry_run:
        lines.append(_("{file}: everything in it is there already. Nothing to do.").format(file=result.file))
    return lines


def _again(result: FileResult, options: Options) -> str:
    """The file and the options it was read with, as they are typed."""
    words = [result.file]
    for heading, field in options.mapping.items():
        words += ["--map", f"{heading}={field}"]
    given = {"--save-map": options.save_map, "--kind": options.kind, "--new": None if options.create else "reject"}
    given |= {"--dates": options.dates, "--encoding": options.encoding}
    for name, value in given.items():
        words += [name, value] if value else []
    return " ".join(f'"{word}"' if " " in word else word for word in words)


def _with_file(result: FileResult) -> str:
    """The error's text with the file's name, which mostly stands in it anyway."""
    message = result.error.message if result.error is not None else ""
    return message if result.file in message else f"{result.file}: {message}"


def _layouts(result: FileResult, every: bool) -> list[str]:
    lines: list[str] = []
    for sheet, layout, first in result.layouts:
        where = _("{file} · sheet {sheet}").format(file=result.file, sheet=sheet) if sheet else result.file
        read, all_ = len(layout.columns), len(layout.columns) + len(layout.unread)
        lines.append(
            _("{where} · heading in row {row} · read as {kind} ({read} of {all} columns)").format(
                where=where, row=layout.row + 1, kind=layout.kind.label, read=read, all=all_
            )
        )
        named = [
            column
            for column in layout.columns.items()
            if every or column[1].matched in ("--map", "hint") or column[1].factor
        ]
        for name, column in named:
            cell = first[column.index] if column.index < len(first) else ""
            factor = f" ×{column.factor:f}" if column.factor else ""
            how = either(f"（{_matched(column.matched)}）", f" ({_matched(column.matched)})")
            lines.append(f"  {letters(column.index)} {column.heading} → {name.rstrip('_')}{factor}{how}  {cell}")
        left = list(layout.unread.items())
        if left:
            shown = left if every else left[:_COLUMNS_SHOWN]
            names = listed(f"{letters(index)} {heading}" for index, heading in shown)
            more = (
                _(" and {count} more (--columns)").format(count=len(left) - len(shown))
                if len(shown) < len(left)
                else ""
            )
            lines.append(_("  not read: {names}{more}").format(names=names, more=more))
    return lines


def _matched(how: str) -> str:
    return {"name": _("its name"), "alias": _("alias"), "hint": _("likely"), "--map": "--map"}[how]


def _problems(result: FileResult, warnings: bool) -> list[str]:
    wrong = [problem for problem in result.problems if problem.is_error]
    warned = [problem for problem in result.problems if not problem.is_error]
    lines = [line for problem in wrong[:_SHOWN] for line in [_line(problem)]]
    if len(wrong) > _SHOWN:
        lines.append(_("  and {count} more (all of them: --format json)").format(count=len(wrong) - _SHOWN))
    if wrong:
        codes = sorted({problem.code for problem in wrong})
        lines.append(_("  What a code means: channelctl explain {code}").format(code=codes[0]))
    alike: dict[tuple[str, str], list[Problem]] = {}
    for problem in warned:
        alike.setdefault((problem.code, problem.message), []).append(problem)
    for (code, message), group in alike.items():
        if warnings or len(group) == 1:
            lines += [_line(problem) for problem in group]
        else:
            lines.append(
                _("  {code}  {message} ({count} times; --warnings shows them)").format(
                    code=code, message=message, count=len(group)
                )
            )
    return lines


def _line(problem: Problem) -> str:
    sheet = f"!{problem.sheet}" if problem.sheet else ""
    column, _blank, heading = problem.column.partition(" ")
    if not (heading and column.isascii() and column.isupper()):
        column, heading = "", problem.column
    cell = f"!{column}{problem.row}" if problem.row and problem.sheet else f":{problem.row}" if problem.row else ""
    said = _("{name}: {reason}").format(name=heading, reason=problem.message) if heading else problem.message
    return f"  {problem.file}{sheet}{cell}  {problem.code}  {said}"
