"""What the data say of rebate policies."""

import datetime as dt
import difflib
from collections.abc import Sequence

from sqlmodel import Session

from channelctl import policy
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.period import Period
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.rebates import store_accrual, store_rules
from channelctl.systems.rebates.rules import Rule
from channelctl.systems.rebates.rules_lint import Seen
from channelctl.systems.rebates.rules_windows import windows
from channelctl.systems.rebates.rules_words import no_rules_text
from channelctl.systems.rebates.store_scope import Buyer, Scopes
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy


def rules_of(session: Session, code: str) -> list[Rule]:
    """The rules of all versions of a policy.

    Raises:
        UsageError: there is no such policy.
    """
    rules = store_rules.in_force(session)
    found = [one for one in rules if one.policy.casefold() == code.strip().casefold()]
    if found:
        return found
    known = sorted({one.policy for one in rules})
    near = difflib.get_close_matches(code, known, 1)
    if near:
        hint = _("Did you mean {word}?").format(word=near[0])
    elif known:
        hint = _("There are: {words}").format(words=listed(known))
    else:
        hint = _("There is none yet: channelctl rebate policy import FILE")
    raise UsageError(_("no rebate policy “{name}”").format(name=code), hint)


def seen(session: Session, rules: Sequence[Rule]) -> dict[Rule, Seen]:
    """Of each rule the words that mean nothing here, and whether any sale counts for it so far.

    Of whoever sees only a part, any may.
    """
    scopes = Scopes.of(session)
    counting = _counting(session, rules) if scopes.whole else set(rules)
    return {
        one: Seen({field: words for field, words in scopes.unknown(one).items() if words}, one in counting)
        for one in rules
    }


def lint_notes(session: Session) -> list[str]:
    """What is not looked at where only a part of the customers and sales is seen."""
    if Scopes.of(session).whole:
        return []
    return [_("whether there are customers and sales for each rule is checked by whoever sees all of the database")]


def _counting(session: Session, rules: Sequence[Rule]) -> set[Rule]:
    """The rules that anything counts for, up to the last day with sales."""
    last = sales.last_date(session, policy.section("sales", SalesPolicy).no_sale_statuses)
    first = min((span[0] for one in rules for span in one.spans), default=dt.date.max)
    if last is None or last < first:
        return set()
    return {row.rule for row in store_accrual.earned(session, rules, first, last)}


def through(session: Session, month: Period, asked: dt.date | None) -> dt.date:
    """The day through which sales are counted: the one asked for, else the last with sales; the month's if earlier."""
    if asked is not None:
        return asked
    last = sales.last_date(session, policy.section("sales", SalesPolicy).no_sale_statuses)
    return month.end if last is None or last < month.start else last


def customer(session: Session, word: str | None) -> Buyer | None:
    """The customer of a code or name that a person typed.

    Raises:
        UsageError: there is none, or the name fits several.
    """
    return None if word is None else Scopes.of(session).buyers[own_customer(session, word)]


def notes(session: Session, rules: Sequence[Rule], period: Period) -> list[str]:
    """What is to be known of the rules of a period: that there is none, and words of theirs that mean nothing."""
    if not rules:
        return [no_rules_text()]
    running = [one for one in rules if windows(one, period.start, period.end)]
    if not running:
        return [_("no rebate rule holds in {period}: channelctl rebate policy list").format(period=period.label)]
    scopes, found = Scopes.of(session), list[str]()
    for rule in running:
        words = [word for own in scopes.unknown(rule).values() for word in own]
        if words:
            text = _("{policy}, rule {rule}: nothing is called {words} here (channelctl rebate policy lint)")
            found.append(text.format(policy=rule.policy, rule=rule.rule, words=listed(words)))
    return found
