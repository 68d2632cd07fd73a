"""How prices, and sales and stock beside them, are put before a person."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from channelctl.i18n import _, ngettext
from channelctl.money import show
from channelctl.period import Period
from channelctl.report import Report, Table
from channelctl.systems.prices.rules import ListedRow, PricePolicy, used
from channelctl.systems.prices.rules_audit import Audited, AuditRow, ProtectRow
from channelctl.systems.prices.rules_lint import LintRow, check_text
from channelctl.systems.prices.store_audit import signed

_LISTED: dict[str, bool] = {
    "product": True, "channel": True, "class_": False, "customer_code": False, "valid_from": True, "last_day": False,
    "distribution_price": False, "dealer_price": False, "consignment_price": False, "retail_price": False,
}  # fmt: skip
_OF_ONE = {name: always for name, always in _LISTED.items() if name != "product"}


def listed(rows: Sequence[ListedRow], day: dt.date, product: str | None, channel: str | None) -> Report:
    """The price list of a day, of one product where one is named."""
    text = ngettext("{count} row", "{count} rows", len(rows)).format(count=f"{len(rows):,}")
    title = [_("price list of {day}").format(day=day), *([product] if product is not None else []), text]
    return Report(
        "price_list",
        ListedRow,
        rows,
        " · ".join(title),
        params={"as_of": day, "product": product, "channel": channel},
        notes=[] if rows else [_("no price holds on {day}").format(day=day)],
        only=used(rows, _LISTED if product is None else _OF_ONE),
    )


def history(rows: Sequence[ListedRow], code: str, name: str, day: dt.date) -> Report:
    """All prices of a product, from when to when, and how many rows hold today."""
    now = sum(row.valid_from <= day and (row.last_day is None or day <= row.last_day) for row in rows)
    text = ngettext("{count} row holds on {day}", "{count} rows hold on {day}", now)
    return Report(
        "price_show",
        ListedRow,
        rows,
        " · ".join([_("prices of {product}").format(product=f"{code} {name}"), f"{len(rows):,}"]),
        params={"product": code, "as_of": day},
        notes=[] if rows else [_("{product} has no price").format(product=name)],
        closing=[text.format(count=now, day=day)] if rows else [],
        only=used(rows, {**_OF_ONE, "last_day": True, "announced_on": False, "remark": False}),
    )


def lint(rows: Sequence[LintRow], limits: PricePolicy) -> Report:
    """What is odd about the price list."""
    counts = {check: sum(row.check == check for row in rows) for check in dict.fromkeys(row.check for row in rows)}
    closing = [f"{check_text(check)}: {count:,}" for check, count in counts.items()]
    total = ngettext("{count} finding", "{count} findings", len(rows))
    closing.append(total.format(count=f"{len(rows):,}") if rows else _("no findings"))
    shown = {name: True for name in LintRow._fields if name != "product_code"}
    return Report(
        "price_lint",
        LintRow,
        rows,
        _("check of the price list"),
        params={"notice_days": limits.notice_days},
        closing=closing,
        only=used(rows, {**shown, "class_": False, "customer_code": False}),
        exit_code=1 if rows else 0,
    )


def audit(found: Audited, period: Period, labels: Sequence[str], params: Mapping[str, Any]) -> Report:
    """The sale lines off their list price, and what they come to."""
    above, below = ([row for row in found.rows if (row.difference > 0) is more] for more in (True, False))
    text = ngettext(
        "{off} of {count} line is off its list price: {above} above, {below} below; {effect} in all",
        "{off} of {count} lines are off their list prices: {above} above, {below} below; {effect} in all",
        found.compared,
    )
    said = text.format(
        off=f"{len(found.rows):,}", count=f"{found.compared:,}", above=f"{len(above):,}", below=f"{len(below):,}",
        effect=signed(found),
    )  # fmt: skip
    closing = [said]
    if any(row.quantity < 0 for row in found.rows):
        closing.append(_("Returns count the other way round: one below its list price brings the difference back."))
    notes = []
    if found.unlisted:
        text = ngettext(
            "{count} line has no list price to be held against (no channel, or no price): channelctl price lint",
            "{count} lines have no list price to be held against (no channel, or no price): channelctl price lint",
            found.unlisted,
        )
        notes.append(text.format(count=f"{found.unlisted:,}"))
    if found.anonymous:
        text = ngettext(
            "{count} line without a customer was not held against the price list: nobody knows its channel",
            "{count} lines without a customer were not held against the price list: nobody knows their channel",
            found.anonymous,
        )
        notes.append(text.format(count=f"{found.anonymous:,}"))
    return Report(
        "price_audit",
        AuditRow,
        found.rows,
        " · ".join([_("sales off their list prices"), period.label, *labels]),
        params={**params, "compared": found.compared, "unlisted": found.unlisted, "anonymous": found.anonymous},
        totals={"effect": found.effect},
        notes=notes,
        closing=closing,
        only=tuple(name for name in AuditRow._fields if name not in ("file", "sheet", "row")),
    )


def protect(rows: Sequence[ProtectRow], day: dt.date, product: str | None, days: int) -> Report:
    """What the fall of prices costs customers on what they still hold; whose stock is not known is told beside it."""
    known, unknown = ([row for row in rows if (row.protection is None) is none] for none in (False, True))
    total = sum((row.protection for row in known if row.protection is not None), Decimal("0.00"))
    customers = len({row.customer_code for row in known})
    text = ngettext(
        "{total} for the stock of {count} customer", "{total} for the stock of {count} customers", customers
    )
    notes = [] if rows else [_("no price fell on {day} of what customers hold or bought").format(day=day)]
    if unknown:
        others = len({row.customer_code for row in unknown})
        said = ngettext(
            "{count} customer bought in the {days} days before what became cheaper, and its stock is not known: "
            "channelctl stock add, or import a count",
            "{count} customers bought in the {days} days before what became cheaper, and their stock is not known: "
            "channelctl stock add, or import a count",
            others,
        )
        notes.append(said.format(count=f"{others:,}", days=days))
    return Report(
        "price_protect",
        ProtectRow,
        known,
        " · ".join([_("price protection"), f"{day}", *([product] if product else [])]),
        params={"date": day, "product": product},
        totals={"protection": total} if known else {},
        notes=notes,
        closing=[text.format(total=show(total), count=customers)] if rows else [],
        sections={"unknown": Table(ProtectRow, unknown, _("Stock not known"), data_only=True)},
    )
