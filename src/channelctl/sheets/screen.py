"""What an import says when it is done."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from channelctl import errors
from channelctl.columns import columns as column_map
from channelctl.i18n import _, either, listed, ngettext
from channelctl.places import Place
from channelctl.records import kinds
from channelctl.report import Report, Table
from channelctl.sheets import line
from channelctl.sheets.layout import Column, place
from channelctl.sheets.problems import Problem, letters
from channelctl.sheets.results import ColumnRow, CreatedRow, FileResult, ImportRow, Options, SuggestedRow
from channelctl.sheets.wording import text

_SHOWN = 10
_EXPLAINED = 5
_ALIKE = 3
_COLUMNS_SHOWN = 8
# What a column of the table says where it says nothing.
_NOTHING = {"sheet": "", "changed": 0, "existing": 0, "rejected": 0, "skipped": 0, "net_sales": None, "removed": 0}


def report(
    results: Sequence[FileResult],
    options: Options,
    made: Place | None,
    columns: bool,
    warnings: bool,
    remarks: Sequence[str] = (),
) -> Report:
    """A row per sheet; what stands behind it said in lines below. `remarks` are on what is no file to read."""
    rows = [row for result in results for row in result.rows]
    problems = [problem for result in results for problem in result.problems]
    created = [CreatedRow(one.file, *made) for one in results if not one.refused for made in one.created.items()]
    notes = [*remarks, *(remark for result in results for remark in result.remarks)]
    if options.overlap == "replace" and any(row.kind not in (None, "sales") for row in rows):
        notes.append(_("--overlap replace is for sales; records of other kinds are known by their codes"))
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
            "mapping": Table(ColumnRow, [row for result in results for row in _columns(result)], data_only=True),
            "suggestions": Table(SuggestedRow, [row for one in results for row in one.suggestions], data_only=True),
            "problems": Table(Problem, problems, data_only=True),
            "created": Table(CreatedRow, created, data_only=True),
        },
        exit_code=max((result.exit_code for result in results), default=errors.DONE),
        only=_worth_seeing(rows),
    )


def _worth_seeing(rows: Sequence[ImportRow]) -> list[str]:
    """The columns for people: those that say nothing in any row are left out, so that names are not cut."""
    known = [name for name, column in column_map(ImportRow).items() if not column.wide]
    if not any(row.net_change != row.net_sales and (row.new or row.changed or row.removed) for row in rows):
        known.remove("net_change")
    return [name for name in known if name not in _NOTHING or any(getattr(row, name) != _NOTHING[name] for row in rows)]


def _totals(rows: Sequence[ImportRow]) -> dict[str, object]:
    if len(rows) < 2:
        return {}
    names = ("rows", "new", "changed", "existing", "rejected", "skipped", "removed")
    sums: dict[str, object] = {name: sum(getattr(row, name) for row in rows) for name in names}
    for name in ("net_sales", "net_change"):
        amounts = [getattr(row, name) for row in rows if getattr(row, name) is not None]
        sums |= {name: sum(amounts, Decimal("0.00"))} if amounts else {}
    return sums


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
    lines = [*_layouts(result, columns), *problem_lines(result, warnings)]
    if result.refused:
        good = sum(row.rows - row.rejected for row in result.rows)
        bad = sum(row.rejected for row in result.rows)
        text = ngettext(
            "{file}: {bad} row of {rows} has errors; nothing was written.",
            "{file}: {bad} rows of {rows} have errors; nothing was written.",
            bad,
        )
        if bad:
            lines.append(text.format(file=result.file, bad=f"{bad:,}", rows=f"{good + bad:,}"))
        else:
            lines.append(_("{file}: for what is said above, nothing was written.").format(file=result.file))
            again = line.again(result, options)
            lines.append(_("Correct the sheet, or take its rows as they are: {line} --partial").format(line=again))
        if good and bad:
            text = ngettext(
                "Correct the sheet, or take the other {good} row: {line} --partial",
                "Correct the sheet, or take the other {good} rows: {line} --partial",
                good,
            )
            lines.append(text.format(good=f"{good:,}", line=line.again(result, options)))
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


def _with_file(result: FileResult) -> str:
    """The error's text with the file's name, which mostly stands in it anyway."""
    message = result.error.message if result.error is not None else ""
    if result.file in message:
        return message
    return _("{name}: {reason}").format(name=result.file, reason=message)


def _layouts(result: FileResult, every: bool) -> list[str]:
    lines: list[str] = []
    for sheet, layout, first in result.layouts:
        where = _("{file} · sheet {sheet}").format(file=result.file, sheet=sheet) if sheet else result.file
        read, all_ = layout.count, layout.count + len(layout.unread)
        lines.append(
            _("{where} · heading in row {row} · read as {kind} ({read} of {all} columns)").format(
                where=where, row=layout.row + 1, kind=layout.kind.label, read=read, all=all_
            )
        )
        named = [
            column
            for column in layout.columns.items()
            if column[1].matched != "made"
            and (every or column[1].matched in ("--map", "kept", "hint", "across") or column[1].factor)
        ]
        for name, column in named:
            cell = first[column.index] if column.index < len(first) else ""
            factor = f" ×{column.factor:f}" if column.factor else ""
            matched = _matched(name, column)
            how = either(f"（{matched}）", f" ({matched})")
            lines.append(f"  {place(column)} → {name.rstrip('_')}{factor}{how}  {text(cell) or ''}".rstrip())
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


def _matched(name: str, column: Column) -> str:
    """By what a column was known, or how its values come about."""
    if column.matched == "across":
        if name == "date":
            return _("from the headings")
        return _("figures to date") if column.where.isalpha() else _("a line for each column")
    said = {"name": _("its name"), "alias": _("alias"), "hint": _("likely"), "kept": _("kept mapping")}
    return said.get(column.matched, column.matched)


_HOW = {"hint": "likely", "--map": "map"}


def _columns(result: FileResult) -> Iterator[ColumnRow]:
    """Every column of every sheet that was read, as it stands in the sheet."""
    for sheet, layout, first in result.layouts:
        fields = {column.index: (name.rstrip("_"), column) for name, column in layout.columns.items()}
        for index in sorted({*fields, *layout.unread}):
            name, column = fields.get(index, (None, None))
            heading = column.heading if column else layout.unread[index]
            how = _HOW.get(column.matched, column.matched) if column else "unread"
            example = text(first[index]) if index < len(first) else None
            factor = column.factor if column else None
            place = (column and column.where) or letters(index)
            yield ColumnRow(result.file, sheet, place, heading, name, how, factor, example or "")


def _explained(codes: Sequence[str]) -> str:
    """How to look up what codes mean: the first of many."""
    if len(codes) == 1:
        return _("  What a code means: channelctl explain {code}").format(code=codes[0])
    return _("  What the codes mean: channelctl explain {codes}").format(codes=" ".join(codes[:_EXPLAINED]))


def problem_lines(result: FileResult, warnings: bool = False) -> list[str]:
    """What is wrong with its rows, a line each, equal ones together; the first ten, and which code to look up."""
    wrong = [problem for problem in result.problems if problem.is_error]
    warned = [problem for problem in result.problems if not problem.is_error]
    groups = _alike(wrong)
    lines = [_group(group) for group in groups[:_SHOWN]]
    if more := sum(map(len, groups[_SHOWN:])):
        lines.append(_("  and {count} more (all of them: --format json)").format(count=more))
    if wrong:
        codes = sorted({problem.code for problem in wrong})
        lines.append(_explained(codes))
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


def _alike(problems: Sequence[Problem]) -> list[list[Problem]]:
    """A column that is wrong all the way down is said once; a few rows of it are said each."""
    alike: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.code, problem.sheet, problem.column, problem.message), []).append(problem)
    groups = {id(group[0]): group for group in alike.values() if len(group) > _ALIKE}
    told = {id(problem) for group in groups.values() for problem in group[1:]}
    return [groups.get(id(problem), [problem]) for problem in problems if id(problem) not in told]


def _group(problems: Sequence[Problem]) -> str:
    line = _line(problems[0])
    if len(problems) == 1:
        return line
    return _("{line} (and {count} rows more like this)").format(line=line, count=f"{len(problems) - 1:,}")


def _line(problem: Problem) -> str:
    sheet = f"!{problem.sheet}" if problem.sheet else ""
    column, _blank, heading = problem.column.partition(" ")
    if not (heading and column.isascii() and column.isupper()):
        column, heading = "", problem.column
    cell = f"!{column}{problem.row}" if problem.row and problem.sheet else f":{problem.row}" if problem.row else ""
    said = _("{name}: {reason}").format(name=heading, reason=problem.message) if heading else problem.message
    return f"  {problem.file}{sheet}{cell}  {problem.code}  {said}"
