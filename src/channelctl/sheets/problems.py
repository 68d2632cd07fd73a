"""What can be wrong with a row: a stable code, where it stands, and what would be right."""

from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _


class Problem(NamedTuple):
    """A row that cannot be taken, or a remark (code W…) about one that was."""

    code: Annotated[str, Col("代码", "Code", kind="code")]
    file: Annotated[str, Col("文件", "File")]
    sheet: Annotated[str, Col("工作表", "Sheet")]
    row: Annotated[int | None, Col("行", "Row", kind="count")]
    column: Annotated[str, Col("列", "Column")]
    value: Annotated[str, Col("值", "Value")]
    message: Annotated[str, Col("问题", "Problem")]

    @property
    def is_error(self) -> bool:
        """Whether the row was refused."""
        return self.code.startswith("E")


class Flaw(NamedTuple):
    """What is wrong with one cell, before it is known where the cell stands."""

    code: str
    message: str


def letters(index: int) -> str:
    """The spreadsheet letters of a 0-based column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def explanations() -> dict[str, tuple[str, str]]:
    """Code -> what it means, what to do about it."""
    return {
        "E100": (
            _("the file as a whole cannot be taken; nothing of it was written"),
            _("What it says of the file tells what to do."),
        ),
        "E201": (
            _("a needed cell is blank"),
            _(
                "Fill it in, or delete the row if it is no record. If Excel shows something there, the cell holds a"
                " formula whose result was not saved, or an error: open the workbook in Excel, save it, import again."
            ),
        ),
        "E202": (
            _("a cell is not a date, or names a day that does not exist"),
            _("Write it as 2024-05-03, 2024.5.3, 2024年5月3日 or 20240503, or as a real date cell."),
        ),
        "E203": (
            _("day and month of the dates cannot be told apart"),
            _("Import again with --dates dmy (3/5/2024 is 3 May) or --dates mdy (3/5/2024 is 5 March)."),
        ),
        "E204": (
            _("a cell is not a number"),
            _("Write digits with at most a minus, commas every three digits and a decimal point."),
        ),
        "E205": (
            _("a number is too large to be kept exactly"),
            _("Check the cell; amounts up to 900 thousand million are possible."),
        ),
        "E206": (
            _("a yes-or-no cell holds something else"),
            _("Write 是 or 否, yes or no, 1 or 0, or leave it blank."),
        ),
        "E207": (_("a cell is not a month"), _("Write it as 2024-05.")),
        "E208": (
            _("a cell holds the error of a formula, such as #N/A, where a name or code belongs"),
            _("Mend the formula in the workbook, or write the name in its place."),
        ),
        "E301": (
            _("a name fits several records"),
            _("Add the code column to the sheet, or write the code in place of the name."),
        ),
        "E302": (
            _("the same record stands twice in the sheet with different contents"),
            _("Keep one of the rows."),
        ),
        "E311": (
            _("a record that is not known, and --new reject was given"),
            _("Add it first (channelctl customer add …), correct the name, or import without --new reject."),
        ),
        "W101": (
            _("an amount has more than four decimals and was rounded half up to 1/10,000"),
            _("Nothing to do; the workbook holds more digits than it shows."),
        ),
        "W102": (
            _("an unknown channel, class or level was kept as text"),
            _("Add the word to [customers] in the policy file if it should map to a known one."),
        ),
        "W103": (
            _("lines without a customer: they count in totals, not in tiers"),
            _("Fill the customer in if it is known, and import again."),
        ),
        "W104": (
            _("amount and quantity × price differ by more than a fen"),
            _("The amount was taken. Check which of them is right."),
        ),
        "W106": (
            _("no amount column was read: amounts are quantity × price"),
            _('If one of the columns not read holds the amount: --map "HEADING=amount"'),
        ),
        "W107": (
            _("the sheet's own total is not the sum of its rows"),
            _("Look for rows that were left out or not read, and for columns mapped wrongly (--columns)."),
        ),
        "W108": (
            _("a new customer has the name of another with another code"),
            _("If they are the same: take the batch back, give both sheets the same code, import again."),
        ),
        "W109": (
            _("a new line stands beside an earlier one of the same day, customer and product; both count"),
            _("If it corrects the earlier one: take back the batch that brought that, then import again."),
        ),
        "W105": (
            _("lines whose status is no sale, such as 作废: kept, not counted"),
            _("no_sale_statuses in [sales] of the policy file names them."),
        ),
    }
