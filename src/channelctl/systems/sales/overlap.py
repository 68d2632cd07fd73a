"""Lines that a file shares with what is there: left, standing as a new version, beside it, or in place of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from channelctl import db, policy
from channelctl.i18n import _, listed, ngettext
from channelctl.money import from_units, show
from channelctl.sheets.problems import REPEATED, Flaw
from channelctl.sheets.target import Target
from channelctl.systems.sales import earlier
from channelctl.systems.sales.earlier import Known
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.sales.store import LINE

if TYPE_CHECKING:
    from sqlmodel import Session

_VERSIONS_SAID = _ROWS_SAID = 3
# One line may well be the same in two sheets; two and more are a copy.
_LEAST_REPEATED = 2
# Places in a line as it is stored.
_DATE, _DOCUMENT, _LINE_NO, _OFFICE, _CUSTOMER, _PRODUCT, _AMOUNT, _STATUS = 3, 4, 5, 7, 8, 10, 13, 17


class Overlap:
    """The lines of one file, over all of its sheets, against those of earlier batches: each of these is met once.

    `mode` is skip, replace or keep, as --overlap has it.
    """

    def __init__(self, session: "Session", batch: int, mode: str) -> None:
        self._session, self._batch, self.mode = session, batch, mode
        self.compares = mode != "keep" and earlier.has_lines(session, batch)
        self._keys: set[int] = set()
        self._used: set[int] = set()
        self._days: list[str] = []
        self._offices: set[int | None] = set()
        self._targets: list[Target] = []
        self._indexes = db.take_indexes(session, LINE)
        self._no_sale = policy.section("sales", SalesPolicy).no_sale_statuses

    @classmethod
    def of(cls, target: Target) -> "Overlap":
        """The one of the target's file."""
        found: Overlap | None = target.shared.get("overlap")
        if found is None:
            found = target.shared["overlap"] = cls(target.session, target.batch_id, target.overlap)
            target.closing.append(found.close)
        found._targets.append(target)
        return found

    def line_key(self, key: int) -> int | None:
        """The key of a document and line number; None for one that stands in the file before: it says nothing then."""
        if key in self._keys:
            return None
        self._keys.add(key)
        return key

    def cover(self, days: Sequence[str], offices: Sequence[int | None]) -> None:
        """Note what days and offices the file's lines are of."""
        if self.mode == "replace" and days:
            self._days = [min((*self._days, *days)), max((*self._days, *days))]
            self._offices.update(offices)

    def new_lines(self, target: Target, lines: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The lines that are not in the database yet; of a changed line the old version ends."""
        days = [line[_DATE] for line in lines]
        by_line, by_content = earlier.like_lines(
            self._session,
            self._batch,
            [line[-2] for line in lines if line[-2] is not None],
            [line[-1] for line in lines],
            # A server looks through the months of these days only; a file has one index for all.
            (min(days), max(days)) if days and db.on_server(self._session) else None,
        )
        if not by_line and not by_content:
            return lines
        out: list[tuple[Any, ...]] = []
        ended: list[int] = []
        for line in lines:
            known = self._match(line, by_line, by_content, bool(target.layout.series))
            if known is None:
                out.append(line)
                continue
            self._used.add(known.id)
            version = None if _is_older(target, line, known) else known.version_of(line)
            target.counts.change_units -= self._units(line[_AMOUNT], line[_STATUS])
            if version is None:
                target.counts.existing += 1
            else:
                ended.append(known.id)
                out.append(version)
                target.counts.changed += 1
                target.counts.new -= 1
                self._note_version(target, version)
                self._count_change(target, known, version)
        earlier.end_lines(self._session, self._batch, ended)
        return out

    def _units(self, amount: int, status: str | None) -> int:
        """What a line counts in net sales."""
        return 0 if status in self._no_sale else amount

    def _count_change(self, target: Target, known: Known, version: Sequence[Any]) -> None:
        """What a changed line was and is."""
        before = self._units(known.amount, known.status)
        after = self._units(version[_AMOUNT], version[_STATUS])
        target.counts.before_units += before
        target.counts.after_units += after
        target.counts.change_units += after - before

    def _note_version(self, target: Target, line: Sequence[Any]) -> None:
        """How a changed line is called: by its document, or in a table by its customer; one more than is said."""
        if len(target.versions) > _VERSIONS_SAID:
            return
        if target.layout.series:
            whose = "customer" if line[_CUSTOMER] is not None else "product"
            word = target.resolver(whose).name_of(line[_CUSTOMER] if whose == "customer" else line[_PRODUCT])
        else:
            word = " ".join(str(word) for word in (line[_DOCUMENT], line[_LINE_NO]) if word)
        word = word or str(line[_DATE])
        if word not in target.versions:
            target.versions.append(word)

    def _match(
        self,
        line: tuple[Any, ...],
        by_line: Mapping[int, list[Known]],
        by_content: Mapping[int, list[Known]],
        sums_up: bool,
    ) -> Known | None:
        """The stored line this one is: by document and line number, else by content, each stored one once.

        All three the same comes first: of the lines that share a number in their sheet only one has the key. So does
        the content of a line that `sums_up` sales: its key is not the same where its file has another name.
        """
        line_no, line_key, content_key = line[_LINE_NO], line[-2], line[-1]
        if line_no is not None or sums_up:
            for known in by_content.get(content_key, ()):
                if known.id not in self._used and known.line_no == line_no:
                    return known
        if line_key is not None:
            for known in by_line.get(line_key, ()):
                if known.id not in self._used:
                    return known
        for known in by_content.get(content_key, ()):
            if known.id not in self._used and (line_key is None or known.line_key is None):
                return known
        return None

    def say(self, target: Target) -> None:
        """What a sheet's lines are to those that were there: new versions, and new ones beside earlier ones."""
        counts = target.counts
        if counts.changed:
            more = " …" if len(target.versions) > _VERSIONS_SAID else ""
            text = ngettext(
                "{count} line has changed since it was imported: {lines}",
                "{count} lines have changed since they were imported: {lines}",
                counts.changed,
            )
            said = text.format(count=counts.changed, lines=listed(target.versions[:_VERSIONS_SAID]) + more)
            if counts.before_units != counts.after_units:
                before, after = (show(from_units(units)) for units in (counts.before_units, counts.after_units))
                sums = _("{said}; their net sales go from {before} to {after}")
                said = sums.format(said=said, before=before, after=after)
            target.report(Flaw("W113", said), None, "")
        if self.compares and self.mode == "skip" and target.layout.series:
            if counts.new and (count := earlier.sold_before(self._session, self._batch, target.sheet_id, self._used)):
                text = ngettext(
                    "in {count} case a customer has other sales in a month of this table: both count",
                    "in {count} cases a customer has other sales in a month of this table: both count",
                    count,
                )
                target.report(Flaw("W116", text.format(count=count)), None, "")
        elif self.compares and self.mode == "skip" and counts.new:
            db.look_over(self._session)
            if count := earlier.stand_beside(self._session, self._batch, self._used, bool(counts.existing)):
                text = ngettext(
                    "{count} new line stands beside an earlier one of the same day, customer and product",
                    "{count} new lines stand beside earlier ones of the same day, customer and product",
                    count,
                )
                target.report(Flaw("W109", text.format(count=count)), None, "")

    def _say_repeated(self) -> None:
        """A sheet that holds the lines of another, or of all the others, counts them once more: an error."""
        filled = [one for one in self._targets if one.counts.new and one.sheet_id is not None]
        said: set[int | None] = set()
        for target in reversed(filled):
            others = [one for one in filled if one is not target and one.sheet_id not in said]
            for group in ([one] for one in others), [others]:
                for part in group:
                    if part and self._repeats(target, part) and target.sheet_id not in said:
                        said.add(target.sheet_id)
                        names = listed(one.sheet for one in part)
                        text = _("the sheet holds the same {count} lines as {sheets}: they would count twice")
                        flaw = Flaw(REPEATED, text.format(count=f"{target.counts.new:,}", sheets=names))
                        target.report(flaw, None, "")

    def _repeats(self, target: Target, others: Sequence[Target]) -> bool:
        """Whether a sheet's lines are those of others; the sums are compared first, which costs nothing."""
        own, theirs = target.counts, [one.counts for one in others]
        if (
            own.new < _LEAST_REPEATED
            or own.new != sum(one.new for one in theirs)
            or own.net_units != sum(one.net_units for one in theirs)
        ):
            return False
        ids = [one.sheet_id for one in others if one.sheet_id is not None]
        return earlier.same_lines(self._session, target.sheet_id or 0, ids)

    def close(self) -> None:
        """Make the indexes again; in the mode replace, end what the file lacks of the days and offices it covers."""
        db.make_indexes(self._session, self._indexes)
        self._say_repeated()
        self._say_lost()
        if not self._days or not self.compares:
            return
        target, (first, last) = self._targets[-1], self._days
        if any(one.counts.rejected for one in self._targets):
            text = _("--overlap replace: lines the file does not hold were left, because rows of it were refused")
            target.report(Flaw("W115", text), None, "")
            return
        gone = earlier.lines_within(self._session, self._batch, _day(first), _day(last), self._offices, self._used)
        target.counts.change_units -= earlier.units_of(self._session, gone, self._no_sale)
        earlier.end_lines(self._session, self._batch, gone)
        target.counts.removed += len(gone)
        if gone:
            target.report(Flaw("W115", self._ended(first, last, len(gone))), None, "")

    def _say_lost(self) -> None:
        """Which lines take goods back from a document that their customer does not have."""
        naming = [one for one in self._targets if "original_document" in one.layout.columns]
        found = earlier.lost_returns(self._session, self._batch) if naming else []
        for target in naming:
            lines = [(number, document) for sheet, number, document in found if sheet == target.sheet_id]
            if not lines:
                continue
            text = ngettext(
                "{count} line names a document that its customer does not have (row {rows}): a rebate counts it on its"
                " own day",
                "{count} lines name documents that their customers do not have (rows {rows}): a rebate counts them on"
                " their own day",
                len(lines),
            )
            rows = ", ".join(f"{number} ({document})" for number, document in lines[:_ROWS_SAID])
            rows += " …" if len(lines) > _ROWS_SAID else ""
            said = text.format(count=f"{len(lines):,}", rows=rows)
            target.report(Flaw("W122", said), None, "original_document")

    def _ended(self, first: str, last: str, count: int) -> str:
        """How many lines were ended, of which days and offices."""
        names = earlier.office_names(self._session, [one for one in self._offices if one is not None])
        if not names:
            text = ngettext(
                "{first} – {last}, lines without an office: {count} that the file no longer holds was ended",
                "{first} – {last}, lines without an office: {count} that the file no longer holds were ended",
                count,
            )
        else:
            text = ngettext(
                "{first} – {last}, offices {offices}: {count} line that the file no longer holds was ended",
                "{first} – {last}, offices {offices}: {count} lines that the file no longer holds were ended",
                count,
            )
        if names and None in self._offices:
            names = [*names, _("lines without an office")]
        return text.format(first=first, last=last, offices=listed(names), count=count)


def _is_older(target: Target, line: tuple[Any, ...], known: Known) -> bool:
    """Whether a figure to date is of an earlier day, which it has for a number, than the one that is there."""
    number = line[_LINE_NO]
    return bool(target.layout.series and number and known.line_no and number < known.line_no)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
