"""What is said of sheets that cannot be read, and of columns that are not: what they may be, and what to type."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from channelctl.errors import RefusedError
from channelctl.i18n import _, either, listed
from channelctl.records import Kind
from channelctl.sheets import line
from channelctl.sheets.layout import Layout, Unrecognised
from channelctl.sheets.problems import letters
from channelctl.sheets.read import Sheet
from channelctl.sheets.recognise import recognise
from channelctl.sheets.results import FileResult, Options, SuggestedRow
from channelctl.sheets.subject import is_of_balances
from channelctl.sheets.suggesting.known import Known
from channelctl.sheets.suggesting.suggest import Guess, Suggestion, guess, unread

_COLUMNS, _HEADINGS = 12, 20


class Unknown(NamedTuple):
    """A sheet that was not recognised, or as what it hardly is; its first rows, the file's and its own name."""

    sheet: Sheet
    what: Unrecognised | Layout
    rows: Sequence[Sequence[Any]]
    names: Sequence[str]

    @property
    def headings(self) -> Sequence[str]:
        """The texts of its likeliest heading."""
        return self.what.found if isinstance(self.what, Unrecognised) else self.what.words

    @property
    def other(self) -> str:
        """The word that speaks against its being sales."""
        return self.what.other if isinstance(self.what, Unrecognised) else ""


def is_doubtful(
    rows: Sequence[Sequence[Any]], layout: Layout, names: Sequence[str], options: Options, known: Known
) -> bool:
    """Whether a sheet passes for records by a few of its columns, while the others look like those of sales."""
    if options.kind or not layout.kind.named or len(layout.unread) < len(layout.columns):
        return False
    found = guess(rows, names[-1], known, "sales", names)
    return found is not None and found.complete


def refusal(result: FileResult, options: Options, sheets: Sequence[Unknown], known: Known) -> RefusedError:
    """No sheet of a file can be read: what its likeliest sheet may be, and the line to type if that is right."""
    file = result.file
    if not sheets:
        return RefusedError(_("{file} holds no rows").format(file=file), _("Is it the right file?"))
    likeliest = max(sheets, key=lambda one: len(one.headings))
    if not likeliest.headings:
        return RefusedError(
            _("{file} holds no headings").format(file=file), _("channelctl template sales makes a sheet to fill in.")
        )
    if likeliest.other:
        return _of_payments(result, options, likeliest)
    for one in sheets:
        if isinstance(one.what, Unrecognised) and one.what.why:
            where = _where(one.sheet.name)
            return RefusedError(f"{file}{where}: {one.what.why}", one.what.hint)
    if is_of_balances(likeliest.headings) and not options.kind and not options.mapping:
        return RefusedError(
            _("{file}{where}: balances or an ageing, no list of documents: there is nothing in it to import").format(
                file=file, where=_where(likeliest.sheet.name)
            ),
            _(
                "Documents and payments are imported, a row each: channelctl template receivable|payment. Balances of"
                " before are documents too: 期初 with customer, day and amount."
            ),
        )
    guesses = [(one, found) for one in sheets if (found := _guess(one, options, known))]
    if not guesses:
        return _not_recognised(file, likeliest.sheet.name, likeliest.headings, "")
    for _one, found in guesses:
        result.suggestions += [suggested(file, found.sheet, found.kind.name, each) for each in found.chosen]
    one, best = max(guesses, key=lambda pair: (pair[1].complete, pair[1].weight))
    result.guess = best
    headings = [sample.heading for sample in best.samples]
    return _not_recognised(file, best.sheet, headings, "\n".join(_proposal(one, best, result, options)))


def _guess(one: Unknown, options: Options, known: Known) -> Guess | None:
    """What a sheet may be; with --kind where its headings and that guess would still be taken for something else."""
    found = guess(one.rows, one.sheet.name, known, options.kind, one.names)
    if found is None or not found.complete or options.kind:
        return found
    would = recognise(one.rows, {**options.mapping, **found.sufficient}, None, one.names)
    as_guessed = isinstance(would, Layout) and would.kind.name == found.kind.name
    against = would.other if isinstance(would, Unrecognised) else ""
    return found if as_guessed else replace(found, by_kind=True, against=against)


def _not_recognised(file: str, sheet: str, headings: Sequence[str], hint: str) -> RefusedError:
    return RefusedError(
        _("{file}{where}: no heading row was recognised; the likeliest holds: {headings}").format(
            file=file, where=_where(sheet), headings=listed(headings[:_HEADINGS])
        ),
        hint,
    )


def _of_payments(result: FileResult, options: Options, one: Unknown) -> RefusedError:
    return RefusedError(
        _("{file}{where}: looks like sales, but its word “{word}” says payments or stock").format(
            file=result.file, where=_where(one.sheet.name), word=one.other
        ),
        _("If its rows are sale lines all the same: {line}").format(line=line.again(result, options, kind="sales")),
    )


def _where(sheet: str) -> str:
    return either(f"（{sheet}）", f" ({sheet})") if sheet else ""


def _proposal(one: Unknown, found: Guess, result: FileResult, options: Options) -> Iterator[str]:
    """What a sheet lacks, what its columns may be, and the line to type."""
    if found.kind.name != "sales":
        yield _("It looks more like {kind} than like sales.").format(kind=found.kind.label)
    if found.against:
        yield speaks_against(found)
    missing = [needed(found.kind, group) for group in found.lacking()]
    if missing:
        yield _("As {kind} it lacks: {missing}.").format(kind=found.kind.label, missing=listed(missing))
    for each in sorted(found.chosen, key=lambda each: each.sample.index)[:_COLUMNS]:
        yield "  " + proposed(each)
    guessed = {each.sample.index for each in found.chosen}
    rest = [each.heading for each in found.samples if each.index not in guessed and each.index not in found.sure]
    if rest:
        yield _("Headings not understood: {unknown}").format(unknown=listed(rest[:_COLUMNS]))
    open_ = [(either("表头", "HEADING"), group[0].rstrip("_")) for group in found.lacking(found.sufficient)]
    typed = line.again(result, options, found.sufficient, found.kind.command if found.by_kind else "")
    if open_:
        yield _("Say which of them it is: {map}").format(map=line.mapped(open_))
        if found.sufficient:
            yield _("With what is likely: {line}").format(line=f"{typed} {line.mapped(open_)}")
    else:
        yield _("If that is right: {line}").format(line=typed)
    if isinstance(one.what, Layout):
        kind = one.what.kind
        typed = line.again(result, options, kind=kind.command)
        yield _("If it holds {kind} all the same: {line}").format(kind=kind.label, line=typed)


def speaks_against(found: Guess) -> str:
    """That a sheet says itself to be none of what it looks like."""
    return _("Its word “{word}” says payments or stock; --kind {kind} reads it all the same.").format(
        word=found.against, kind=found.kind.command
    )


def needed(kind: Kind, group: Sequence[str]) -> str:
    """What a sheet needs one heading for, in words."""
    said = {
        "date": _("a date"),
        "amount": _("an amount, or quantity and price"),
        "customer": _("a customer, product, document or office"),
    }
    whole = kind.name == "sales" and said.get(group[0])
    return whole or _(" or ").join(kind.columns[name].label for name in group)


def proposed(one: Suggestion) -> str:
    """A 开单日 → date 92 %: why, and its first value."""
    place = f"{letters(one.sample.index)} {one.sample.heading}"
    why = either("：", ": ") + one.why if one.reasons else ""
    return f"{place} → {one.name} {one.confidence} %{why}  {one.example}".rstrip()


def suggested(file: str, sheet: str, kind: str, one: Suggestion) -> SuggestedRow:
    """A suggestion as data."""
    sample = one.sample
    return SuggestedRow(
        file, sheet, kind, letters(sample.index), sample.heading, one.name, one.confidence / 100, one.why, one.example
    )


def why_not(one: Unknown, result: FileResult, options: Options, known: Known) -> str:
    """Why a sheet beside others was not read, and what it would take."""
    sheet, what = one.sheet.name, one.what
    if isinstance(what, Unrecognised) and what.flags_returns:
        return _("sheet {sheet} marks documents as returned but has no amounts: nothing was booked from it").format(
            sheet=sheet
        )
    if isinstance(what, Unrecognised) and what.why:
        return _("sheet {sheet} was not read: {why}").format(sheet=sheet, why=what.why)
    if one.other:
        return _("sheet {sheet}: no sales by its word “{word}”, not read (--kind sales reads it)").format(
            sheet=sheet, word=one.other
        )
    if is_of_balances(one.headings):
        return _("sheet {sheet}: balances or an ageing, no list of documents, not read").format(sheet=sheet)
    found = _guess(one, options, known)
    if found is not None and found.complete and not found.by_kind:
        result.suggestions += [suggested(result.file, sheet, found.kind.name, each) for each in found.chosen]
        return _("sheet {sheet}: its headings are not known, not read; it may be {kind}: {line}").format(
            sheet=sheet, kind=found.kind.label, line=line.again(result, options, found.sufficient)
        )
    return _("sheet {sheet}: no heading that channelctl knows, not read (found: {headings})").format(
        sheet=sheet, headings=listed(one.headings[:8])
    )


def left_out(
    rows: Sequence[Sequence[Any]], sheet: str, layout: Layout, result: FileResult, options: Options, known: Known
) -> None:
    """Remarks on columns of a sheet of sales that are not read but look plainly like what it lacks."""
    if layout.kind.name != "sales" or not layout.unread:
        return
    columns = {name: column.index for name, column in layout.columns.items()}
    told: Mapping[str, str] = options.mapping
    for one in unread(rows, layout.row, columns, known):
        if one.sample.heading not in told and one.sample.index in layout.unread:
            result.suggestions.append(suggested(result.file, sheet, "sales", one))
            text = _("{file}{where}: a column is not read that may be what the sheet lacks: {column}\n  If so: {line}")
            typed = line.again(result, options, {one.sample.heading: one.name})
            result.remarks.append(text.format(file=result.file, where=_where(sheet), column=proposed(one), line=typed))
