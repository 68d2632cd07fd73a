"""What each setting of the policy means, and why a value of it is impossible, in the language in force."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from channelctl.i18n import _, listed

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# In which a secret may stand.
_ADDRESS = re.compile(r"(://|mailto:)\S+")
_TOML = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


def meaning(section: str, name: str) -> str:
    """What a setting means; one of several under a name of their own (province.VKA) means what that does."""
    words, place = _meanings(), f"{section}.{name}"
    while place not in words and "." in place:
        place = place.rpartition(".")[0]
    return words.get(place, "")


def _meanings() -> dict[str, str]:
    return {
        "import.heading_within_rows": _("a sheet's heading is looked for in so many rows"),
        "import.max_members": _("the most parts a workbook may be packed of"),
        "import.max_unpacked_mib": _("MiB a workbook may unpack to, whatever its ratio"),
        "import.max_ratio": _("beyond that, how many times its size it may unpack to"),
        "import.keep_files": _("whether imported files are kept in the database"),
        "notify.names": _("where this name sends notices to"),
        "notify.smtp": _("the server that mail goes by: smtp://USER@HOST:587"),
        "notify.sender": _("from whom mail comes, where that is not the server's user"),
        "notify.netrc": _("the file with the mail server's password, as netrc is written"),
        "notify.tries": _("how often a notice is tried, where nothing of it was taken"),
        "notify.pause": _("seconds before the second try; before each further one twice as many"),
        "notify.longest_pause": _("the most seconds that are waited, whatever a service asks for"),
        "notify.timeout": _("seconds within which a server must answer"),
        "sender.company": _("the company that statements to customers come from"),
        "sender.address": _("its address at the head of statements"),
        "sender.phone": _("its phone at the head of statements"),
        "sender.bank": _("the bank that customers pay to"),
        "sender.account": _("the account that customers pay to"),
        "customers.channels": _("the words that mean this channel"),
        "customers.classes": _("the classes a customer can be planned at, the best first"),
        "customers.market_levels": _("the levels of markets, the first first"),
        "customers.near": _("what two names may differ in and still be near"),
        "customers.company_words": _("words for a company, which tell no names apart"),
        "customers.trade_words": _("words for a trade, which tell no names apart"),
        "customers.branch_words": _("words for a branch, which tell no names apart"),
        "customers.sound_from": _("signs from which names that sound alike are near"),
        "customers.letter_from": _("letters from which names with one other letter are near"),
        "quality.silent_after": _("days behind the others after which an office's sales count as late"),
        "prices.types": _("the price type at which this channel buys"),
        "prices.social_words": _("words that in a price list mean every channel that buys at the distribution price"),
        "prices.tolerance": _("how far from its list price a sale may be and still be on it"),
        "prices.notice_days": _("days before it holds that a rise is to be announced"),
        "prices.stock_days": _("days for which a stock count speaks"),
        "stock.weeks": _("the weeks that the sell-out of a week is the mean of"),
        "stock.low": _("weeks of cover below which stock is low"),
        "stock.over": _("weeks of cover above which stock is too much"),
        "stock.count_days": _("days for which a stock count, with what came and went since, tells the stock"),
        "credit.terms": _("terms where neither document nor customer has any"),
        "credit.sale_documents": _("whether sale documents that no receivable names are owed for"),
        "credit.sale_documents_from": _("the day from which sale documents are owed for"),
        "credit.no_document_statuses": _("statuses of sale lines that are owed for by nobody"),
        "credit.tax_rate": _("the tax rate of sale lines that name no tax"),
        "credit.near": _("the share of the limit from which a customer is near it"),
        "credit.no_limit": _("what a customer without a limit may do: cash only, or buy without one"),
        "credit.grace_days": _("days past due that count as none for status and check"),
        "credit.block_overdue_days": _("days past due beyond which a customer is blocked"),
        "credit.block_overdue_amount": _("yuan past due beyond which a customer is blocked"),
        "credit.buckets": _("the days past due at which the buckets of ageing end"),
        "credit.dunning": _("the days past due from which reminders have their next level"),
        "credit.authority": _("the limit up to which this role may approve"),
        "credit.approvers": _("the role of this user"),
        "credit.complete_from": _("the share of a survey's fields that must be filled in"),
        "credit.investigation_days": _("days for which a survey is fresh"),
        "credit.suggest_months": _("months whose mean a suggested limit goes by"),
        "credit.risk_documents": _("paid documents from which a customer's own history tells its risk"),
        "credit.risk_unknown": _("the factor of a suggested limit where history is too short"),
        "credit.risk_floor": _("the smallest factor of a suggested limit"),
        "credit.handler_share": _("the share of a loss inside the limit that its handler bears"),
        "credit.approver_share": _("the share of a loss inside the limit that its approver bears"),
        "rebates.paid_statuses": _("statuses that say a document is paid"),
        "rebates.overstock_days": _("days of purchases that a dealer's shelf should hold at most"),
        "rebates.purchase_days": _("the days that the purchases of a day are the mean of"),
        "sales.no_sale_statuses": _("statuses whose lines are kept but not counted"),
        "sales.return_words": _("words in a document's type that make its lines returns"),
        "tiers.a_until": _("abc: the cumulative share of sales at which A ends"),
        "tiers.b_until": _("abc: the cumulative share of sales at which B ends"),
        "tiers.boundary": _("abc: reach judges the share before a customer, within the one with it"),
        "tiers.ties": _("share gives equal customers the better tier, split goes by code"),
        "tiers.share_a": _("share: A from this share of sales on"),
        "tiers.share_b": _("share: B from this share of sales on"),
        "tiers.share_edge": _("whether a share of exactly the cut belongs above it"),
        "tiers.share_raises": _("whether a customer's own share raises its tier by abc and curve"),
        "tiers.rule_of_thumb.customers": _("the shares of customers that A, B and C are expected to have"),
        "tiers.rule_of_thumb.sales": _("the shares of sales that A, B and C are expected to have"),
        "tiers.rfm.recency": _("four cuts in days for the scores 5 to 1; none: fifths of the customers"),
        "tiers.rfm.frequency": _("four cuts in purchases for the scores 1 to 5; none: fifths"),
        "tiers.rfm.monetary": _("four cuts in yuan for the scores 1 to 5; none: fifths"),
        "tiers.segments": _("rfm: who belongs to this segment, and its tier"),
        "tiers.hold": _("how far a share must pass a cut before --apply moves a customer"),
        "tiers.alarms.drop": _("the part of its sales that a customer must lose for an alarm"),
        "tiers.alarms.days": _("the days that alarms compare with as many before"),
        "tiers.alarms.silent_days": _("days without a purchase that are too many for A, B and C"),
        "progress.stopped_after": _("days without a purchase after which a customer has stopped buying"),
        "progress.stopped_months": _("months within which a customer that has stopped must have bought"),
        "progress.top": _("how many rises and falls are listed"),
        "progress.trend_months": _("the months of a trend"),
        "plans.classes": _("the classes of plans, the best first"),
        "plans.core_classes": _("the classes whose planned customers are core customers"),
        "plans.province": _("customers that the province plans of this class"),
        "plans.direct_to": _("the last market level to be planned direct"),
        "scores.mode": _("how sales against target become a score: ratio, binary or stepped"),
        "scores.floor": _("the part of the target below which the score is 0"),
        "scores.steps": _("stepped: parts of the target and the score from there on"),
        "scores.core_base": _("what core quality is divided by: all planned customers or the core ones"),
        "scores.sales_of": _("whose sales count: those of the planning office or the customer's in all"),
        "scores.covered": _("the market levels whose coverage is told"),
    }


def as_fraction(found: "ErrorDetails") -> str:
    """How a number written in percent is to be written; empty where it is none."""
    percent = re.fullmatch(r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*[%％]\s*", str(found["input"]))
    if percent is None or not found["type"].startswith(("decimal", "int", "float")):
        return ""
    return _("Write {percent} as {value}, without quotation marks.").format(
        percent=f"{percent[1]}%", value=f"{Decimal(percent[1]).scaleb(-2):f}"
    )


def reason(found: "ErrorDetails") -> str:
    """Why a value is impossible."""
    kind, bounds, value = found["type"], found.get("ctx", {}), text(found["input"])
    if kind == "value_error":
        return str(bounds["error"])
    if kind == "missing":
        return _("it is missing")
    if kind == "literal_error":
        choices = listed(re.findall("'([^']*)'", bounds["expected"]))
        return _("“{value}” is none of {choices}").format(value=value, choices=choices)
    if kind == "greater_than_equal":
        return _("{value} is below {bound}").format(value=value, bound=bounds["ge"])
    if kind == "less_than_equal":
        return _("{value} is above {bound}").format(value=value, bound=bounds["le"])
    if kind == "greater_than":
        return _("{value} is not above {bound}").format(value=value, bound=bounds["gt"])
    if kind == "less_than":
        return _("{value} is not below {bound}").format(value=value, bound=bounds["lt"])
    if kind.startswith(("decimal", "int", "float", "finite")):
        return _("“{value}” is not a number that fits here").format(value=value)
    if kind.startswith("bool"):
        return _("“{value}” is neither true nor false").format(value=value)
    if kind == "too_long":
        return _("it takes {count} values, not {given}").format(count=bounds["max_length"], given=len(found["input"]))
    if kind in ("tuple_type", "list_type"):
        return _("“{value}” is not a list").format(value=value)
    if kind in ("dict_type", "model_type"):
        return _("“{value}” is not a section of its own").format(value=value)
    if kind == "string_type":
        return _("“{value}” is not text in quotation marks").format(value=value)
    return _("“{value}” does not fit here").format(value=value)


def not_toml(said: str, source: str) -> str:
    """Where a text is no TOML, and the line that is meant; `said` is what the reader of TOML said."""
    found = _TOML.fullmatch(said)
    twice = _twice(said)
    if found is None or (found[2] is None and not twice):
        return _("something is missing at its end: a quotation mark or a bracket")
    lines = source.splitlines() or [""]
    place = min(int(found[2] or len(lines)), len(lines))
    cause = twice or _("this is not “name = value”")
    return _("line {line}, column {column}: {reason}: {text}").format(
        line=place,
        column=found[3] or len(lines[place - 1]) + 1,
        reason=cause,
        text=_ADDRESS.sub(r"\1…", lines[place - 1].strip()),
    )


def _twice(said: str) -> str:
    """That a name stands twice, if that is the cause."""
    return _("the name stands twice") if said.startswith(("Cannot overwrite", "Cannot declare", "Duplicate")) else ""


def text(value: Any) -> str:
    """A value as a person writes it."""
    if isinstance(value, list | tuple):
        nested = any(isinstance(item, list | tuple) for item in value)
        return "; ".join(" → ".join(map(text, item)) for item in value) if nested else ", ".join(map(text, value))
    if isinstance(value, dict):
        return "; ".join(f"{key} {text(item)}" for key, item in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
