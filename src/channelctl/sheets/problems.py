"""What can be wrong with a row: a stable code, where it stands, and what would be right."""

from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _

# The sheet's own total contradicts its rows: wrong in the sheet as a whole, not in the row that says it.
CONTROL, REPEATED, RETURNS, SECTION, MIXED = "E401", "E402", "E403", "E404", "E405"
COUNTED, UNIT = "E406", "E407"
NET, ITEMS = "E409", "E408"
OF_SHEET = (CONTROL, REPEATED, RETURNS, SECTION, MIXED, COUNTED, UNIT, NET, ITEMS)


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
        """Whether the row, or the sheet for what the row says of it, was refused."""
        return self.code.startswith("E")

    @property
    def is_of_row(self) -> bool:
        """Whether the row was refused."""
        return self.is_error and self.code not in OF_SHEET


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
            _("a cell holds the error of a formula, such as #N/A"),
            _("Mend the formula in the workbook, or write the value in its place."),
        ),
        "E209": (
            _("a cell holds a formula, and the file does not hold its result"),
            _("Open the workbook in Excel, save it, and import it again: the program that wrote it left results out."),
        ),
        "E210": (
            _("a code or name was kept as a number and has lost all digits after the fifteenth"),
            _(
                "What is lost is not in the file: in the program it comes from, export the column as text. (In Excel,"
                " format the column as text before the codes go in.)"
            ),
        ),
        "E211": (_("a cell is not a tier"), _("Write A, B or C.")),
        "E212": (_("a cell is not a score"), _("Write it from 0 to 1, or with a percent sign: 0.8, 80%.")),
        "E301": (
            _("a name fits several records"),
            _("Add the code column to the sheet, or write the code in place of the name."),
        ),
        "E302": (
            _("the same record stands twice in the sheet with different contents"),
            _("Keep one of the rows."),
        ),
        "E303": (
            _("a record names itself as its superior"),
            _("Write the code or name of another, or leave the cell blank."),
        ),
        "E311": (
            _("a record that is not known, and --new reject was given"),
            _("Add it first (channelctl customer add …), correct the name, or import without --new reject."),
        ),
        "E312": (
            _("a customer without a code whose name is not known, but near that of a known one"),
            _(
                "Say once which it is, with one of the two commands that the message names, then import again."
                " [customers] in the policy file says what near means."
            ),
        ),
        "E313": (
            _("an alias that is itself the code of a customer"),
            _("Leave the row out; if both are the same customer: channelctl customer merge CODE CUSTOMER."),
        ),
        "E314": (
            _("a row whose customer is the word for returns behind or before a customer's name"),
            _(
                "Write the customer's own name, and its returns as 退货 into a column 单据类型 (Document type) or with"
                " a minus. If a customer is really called so: add it with channelctl customer add, then import again."
            ),
        ),
        "E315": (
            _("a tier set by hand that ends before it begins"),
            _("Mend one of the two days: it holds from the first to the last of them."),
        ),
        "E316": (
            _("the code of a customer, contact or rep of another office, which this login does not see"),
            _("Leave the row out, or have it imported by whoever writes for that office."),
        ),
        "E317": (
            _("a row of an office that this login does not write for"),
            _("Leave the row out, or have it imported by whoever writes for that office: channelctl db grant."),
        ),
        "E321": (
            _("a score set by hand for a month that is closed"),
            _("Leave the row out, or open the month first: channelctl batch undo N, with the batch that closed it."),
        ),
        "E322": (
            _("a score set by hand for a customer that is not on the plan of that office and month"),
            _("Correct month, office or customer; channelctl plan list shows who is planned."),
        ),
        "E331": (
            _("a planned customer of an office whose plan for that month is frozen, or a class target it goes by"),
            _(
                "Leave the row out. A frozen plan is changed with an approval: channelctl plan approve CUSTOMER; or"
                " undo the batch that froze it."
            ),
        ),
        "E332": (_("a target is negative"), _("Write it as 0 or more, or leave the cell blank.")),
        "E333": (
            _("a sprint or challenge target is below the one before it"),
            _("Each level is at least the one before: target, sprint, challenge."),
        ),
        "E341": (
            _("a word of a rebate policy or payout that is none of those its column has"),
            _("Write one of the words that the message lists."),
        ),
        "E342": (
            _("thresholds or rates of a rebate rule that cannot be read side by side"),
            _("Write as many rates as thresholds, with / between them: 400/1000 and 20/80, or 2%/4%; 2% not as 0.02."),
        ),
        "E343": (
            _("a rebate rule that contradicts itself"),
            _("Mend the cell that the message names."),
        ),
        "E346": (
            _("a rule of a version of a rebate policy that was settled"),
            _("Leave the row out, or give the policy's rules a higher version with the days from which that holds."),
        ),
        "E347": (
            _("a payout above what is payable to the customer: what was settled less what was paid or is planned"),
            _("Settle the month first, or pay out less: channelctl rebate statement CUSTOMER shows the balance."),
        ),
        "E348": (
            _("a change of a payout that is issued, paid out or void"),
            _("Make an issued one void and add another; what was entered wrongly: channelctl batch undo N."),
        ),
        "E349": (
            _("a payout of nothing or less, of parts of a fen, or dated before anything was settled"),
            _("Write an amount above 0 with two decimals at most, and a date on or after the first settlement's."),
        ),
        "E351": (
            _("a price that ends before it begins"),
            _("Mend one of the two days: it holds from the first to the last of them."),
        ),
        "E352": (
            _("a price of 0 or less"),
            _("Write the price, or - where the product is not offered at it."),
        ),
        "E353": (
            _("a limit of a customer that has one already: limits there before are imported once"),
            _("Leave the row out; a limit changes by application: channelctl credit apply CUSTOMER AMOUNT."),
        ),
        "E354": (
            _("a credit application that is decided, or that somebody else applied for"),
            _("Leave the row out, or apply anew: channelctl credit apply CUSTOMER AMOUNT."),
        ),
        "E355": (
            _("a credit investigation that a decision stands on"),
            _("Leave the row out, or make a new one: channelctl credit investigate CUSTOMER FIELD=VALUE."),
        ),
        "E356": (
            _("a word for the type of a receivable that is none of those the column has"),
            _("Write 发票, 红字发票 or 期初, or leave it blank: a negative amount is a credit note."),
        ),
        "E357": (
            _("a payment applied to a document beyond what it has left or what is open, or to one that is not there"),
            _("Apply less, or free it first: channelctl payment unapply; documents and payments are imported before."),
        ),
        "E358": (
            _("a write-off of nothing or less, or above what is open on its day and has not been paid since"),
            _("Write off less: channelctl credit statement CUSTOMER shows what is open."),
        ),
        "E359": (
            _("a recovery above what is lost, before the write-off or for none; or a write-off below its recoveries"),
            _("Mend the amount, the day or the number of the write-off: channelctl credit writeoffs list."),
        ),
        "E360": (
            _("a credit limit, or one applied for, below 0"),
            _("Write 0 for cash only, or leave the cell blank where no limit is said."),
        ),
        "E361": (
            _("a hold or a limit that ends before it begins"),
            _("Mend one of the two days: it holds from the first to the last of them."),
        ),
        "E362": (
            _("a promise to pay by a day before it was made"),
            _("Mend one of the two days."),
        ),
        "E363": (
            _("a payment of nothing, or a promise of nothing or less"),
            _("Write the amount, or take the row out; money that went back is a payment below 0."),
        ),
        "E364": (
            _("a cell of a price list names several channels, and some of them are none"),
            _("Mend the word, or write a row for each channel; [customers] in the policy file says which there are."),
        ),
        "E365": (
            _("two sheets of a file give different prices of the same product, channel, class, customer and day"),
            _(
                "Keep one of the two. If they are of different channels: say so in a column 渠道类型 (Channel), or in"
                " the name of each sheet."
            ),
        ),
        "E366": (
            _("a payout to a customer that is not on file"),
            _("Write the code or name that the customer's file has: channelctl customer list."),
        ),
        "E367": (
            _("an open order of which less than nothing is undelivered"),
            _("Write what is still to be delivered, 0 where nothing is; a return is a sale document."),
        ),
        "E369": (
            _("terms of payment that cannot be read"),
            _("Write 30, net 30, 月结, 月结30天, 次月25日, 每月25日 or 现款, or leave the cell blank."),
        ),
        "E370": (
            _("a receivable or payment is void in the sheet, and in the books"),
            _("Take it out of the books with the command that the message names, then import again."),
        ),
        CONTROL: (
            _("the sheet's own total is not the sum of its rows"),
            _(
                "Look for rows that were left out or not read, and for columns mapped wrongly (--columns). If the"
                " total is what is wrong: correct it or delete its row; --partial takes the rows as they are."
            ),
        ),
        REPEATED: (
            _("a sheet holds the same lines as another, or as the others together"),
            _(
                "Take the copy or the summary out, hide it, or call it 汇总 (Summary). If the sales are really there"
                " twice: --partial takes the sheets as they are."
            ),
        ),
        RETURNS: (
            _("a column of returns holds figures and is not read"),
            _(
                'Say what it holds: --map "HEADING=returned" (amounts) or --map "HEADING=returned_quantity"; if it says'
                ' only which part of the figures are returns: --map "HEADING=-".'
            ),
        ),
        SECTION: (
            _("a row names an office for the rows below it, which is not read"),
            _(
                "Write the office into a column 办事处 (Office), or keep a sheet for each office; --partial takes the"
                " rows without it."
            ),
        ),
        MIXED: (
            _("a sheet named for returns holds positive and negative figures"),
            _(
                "Write all returns of it with one sign, and put what is no return on another sheet; --partial books"
                " every line of it as a return."
            ),
        ),
        COUNTED: (
            _("a column says how much came back, and none for how much money"),
            _(
                "Add a column 退货金额 (Returned amount). If the amounts are without the returns already:"
                ' --map "HEADING=returned_quantity"; if it says only which part of the figures are returns:'
                ' --map "HEADING=-".'
            ),
        ),
        UNIT: (
            _("the amounts are quantity × price only without the unit in their heading, such as 万元"),
            _(
                "Write the unit that the cells hold into the heading: 金额(元). If the heading is right, mend quantity"
                " or price; --partial takes the amounts by the heading."
            ),
        ),
        ITEMS: (
            _("a column says row by row what the figures are, such as 销售额, 退货额, 净额"),
            _(
                "Keep the rows of one figure (净额, or 销售额 where there are no returns), or put the others into"
                " columns beside it: 销售额, 退货金额, 数量. Where it says only 销售 and 退货:"
                ' --map "HEADING=document_type". --partial adds all rows up as they are.'
            ),
        ),
        NET: (
            _("two columns of amounts, one of them net by its heading, hold different figures"),
            _("Say which of them counts, with one of the two --map that the message names."),
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
        "W105": (
            _("lines whose status is no sale, such as 作废: kept, not counted"),
            _("no_sale_statuses in [sales] of the policy file names them."),
        ),
        "W106": (
            _("no amount column was read: amounts are quantity × price"),
            _('If one of the columns not read holds the amount: --map "HEADING=amount"'),
        ),
        "W108": (
            _("a new customer has the name of another with another code"),
            _("If they are the same: channelctl customer merge CODE OTHER-CODE."),
        ),
        "W109": (
            _("a new line stands beside an earlier one of the same day, customer and product; both count"),
            _("If it is that one, or corrects it: take back the batch that brought that, then import again."),
        ),
        "W110": (
            _("two new customers without codes have names near each other"),
            _("If they are the same: channelctl customer merge CODE OTHER-CODE, as the message says."),
        ),
        "W111": (
            _("a row about a customer goes by an alias, and the customer's file was left as it is"),
            _("To change the file, write the customer's own code or name in the row."),
        ),
        "W112": (
            _("returns that the sheet writes as positive figures were booked as negative"),
            _("Nothing to do, if they are returns. The words that say so are [sales] return_words in the policy file."),
        ),
        "W113": (
            _("lines with the same document and line number but other content: they stand as a new version"),
            _("Nothing to do; batch undo brings the earlier version back."),
        ),
        "W114": (
            _("the amount without tax was worked out from the amount with tax and the tax rate"),
            _('If the sheet holds it: --map "HEADING=amount"'),
        ),
        "W115": (
            _("--overlap replace: lines of the days and offices covered that the sheet no longer holds were ended"),
            _("Nothing to do; batch undo brings them back."),
        ),
        "W116": (
            _("a table of months or of figures to date sums up sales that may be there already; both count"),
            _("If they are the same sales: take the batch back, or import with --overlap replace."),
        ),
        "W117": (
            _("a new record's code differs from that of another only by case"),
            _("If they are the same: channelctl customer merge CODE OTHER-CODE, as the message says."),
        ),
        "W118": (
            _("sale lines off their list price"),
            _("channelctl price audit lists them; [prices] tolerance in the policy file says what is off."),
        ),
        "W119": (
            _("the day from which prices hold was taken from the title, or the name of the sheet or file"),
            _("Nothing to do, if it is that day; else add a column 生效日期 (From), or set it right in the name."),
        ),
        "W120": (
            _("a column that is not read as the document type calls lines with positive amounts returns"),
            _('If they are: --map "HEADING=document_type"; if not, nothing to do: --map "HEADING=-" says so.'),
        ),
        "W121": (
            _("a rebate rule names a product, customer, channel, class or category that is not on file"),
            _("Import what is missing, or mend the word; 、 stands between several: channelctl rebate policy lint"),
        ),
        "W122": (
            _("returns that name an original document which their customer does not have"),
            _("Right the number, or import that document's sales; until then rebates count them on their own day."),
        ),
        "W123": (
            _("the signs of quantity and amount contradict each other: one is negative, the other positive"),
            _(
                "The amount was taken as it stands. If the line is a return, write both as negative and import again:"
                " channelctl batch undo N takes this batch back."
            ),
        ),
        "W124": (
            _("a remark speaks of a return in words of its own; its line counts as a sale"),
            _(
                "If it is a return: write 退货 alone into the cell, or add the whole remark to [sales] return_words in"
                ' the policy file, and import with --map "HEADING=document_type".'
            ),
        ),
        "W125": (
            _("the name of the sheet or file, or a title, says returns: positive lines were booked as negative"),
            _(
                "Nothing to do, if they are returns. If they are sales: take the word out of the place that the message"
                " names and import again; channelctl batch undo N takes this batch back."
            ),
        ),
        "W126": (
            _("the name of the sheet or file, or a title, speaks of returns, and no line is told to be one"),
            _(
                "If all lines are returns: call the sheet 退货. If some are: write 退货 into a column 单据类型"
                " (Document type), or a minus before them. If none is, or they are off already: nothing to do."
            ),
        ),
        "W127": (
            _("the outstanding amount of a receivable is not its amount less what was received"),
            _("Amount and received amount were taken. Right the sheet and import it again."),
        ),
        "W128": (
            _("an invoice or opening balance with a negative amount: it was taken as a credit note"),
            _("Nothing to do, if it is one. If not, mend the sign and import the sheet again."),
        ),
        "W129": (
            _("receivables come with amounts received before, without a day"),
            _("They count from the day of the document. Do not import those payments again as payments of their own."),
        ),
        "W130": (
            _("a receivable is due before its own day"),
            _("It is overdue at once. If the year is wrong, mend it and import the sheet again."),
        ),
        "W132": (
            _("the title, or the name of the sheet or file, speaks of the channel that prices hold for"),
            _(
                "Nothing to do, if the message names the right one; else add a column 渠道类型 (Channel; blank: any)"
                " and import again; channelctl batch undo N takes this batch back."
            ),
        ),
        "W133": (
            _("a word such as 停产 in place of a price was read as not offered"),
            _("Nothing to do; - says the same."),
        ),
        "W134": (
            _("registrations or sell-out of one day, customer and product in several rows of a sheet: they add up"),
            _("Nothing to do, if each row is units of its own; take out a row that is there twice, and import again."),
        ),
        "W135": (
            _("rows of a sheet have one receipt number and different documents: each became a payment of its own"),
            _("Nothing to do: the further ones are numbered P7#2, P7#3; the same sheet again adds nothing."),
        ),
        "W136": (
            _("payments name documents that the customer does not have, or several in one cell"),
            _(
                "They pay what is oldest due. Import the documents, or write a row for each document; or say what they"
                " are for: channelctl payment apply CUSTOMER PAYMENT DOCUMENT AMOUNT."
            ),
        ),
        "W137": (
            _("credit applications came with their decisions"),
            _("Nothing to do: they cannot be decided again. Limits in force are imported as opening limits."),
        ),
        "W138": (
            _("invoices with a row for each item: rows of one number, customer and day were added up"),
            _("Nothing to do, if each row has its own amount; take out a row that is there twice, and import again."),
        ),
        "W139": (
            _("payments without numbers stand beside earlier ones of the same customer and day, or amount; both count"),
            _(
                "If they are other payments: nothing to do. If they correct those: channelctl payment remove CUSTOMER"
                " NUMBER, or channelctl batch undo N, then import the sheet again. Numbers (回款单号) spare this."
            ),
        ),
        "W140": (
            _("receivables or payments whose status says that they are void"),
            _("Nothing to do: they are left out. no_document_statuses in [credit] of the policy file names the words."),
        ),
        "W141": (
            _("more was received for a receivable than it is of, or less than nothing, or before its own day"),
            _("It was taken as it stands: what is too much is on account. If it is wrong, mend it and import again."),
        ),
        "W142": (
            _("an amount that is to be with tax stands beside a tax, and nothing says that it is"),
            _(
                "It was read as with tax. If it is not, undo the batch, put a column 价税合计 with the sum of both"
                " beside it, and import again."
            ),
        ),
        "W150": (
            _("a stock sheet's opening + received - sold is not its closing stock"),
            _(
                "The count was taken as it stands. If it is right, something is missing from what came or went:"
                " channelctl stock check"
            ),
        ),
    }
