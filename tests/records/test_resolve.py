"""From typed words to records: exact ones, ambiguous ones, near ones."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from channelctl import db
from channelctl.errors import UsageError
from channelctl.records import kinds
from channelctl.records.likeness import Likeness
from channelctl.records.resolve import Resolver, lookup, names
from channelctl.sheets.problems import Flaw

OFFICES = {"NJ": "南京", "HZ": "杭州", "SZ": "苏州", "NB": "宁波", "WX": "无锡"}
CUSTOMERS = {"C00001": "杭州苏宁电器有限公司", "C00002": "苏州苏宁电器有限公司", "C00003": "华通", "C00004": "华通"}


@pytest.fixture
def session(sample: object) -> Iterator[Session]:
    with db.session() as opened:
        yield opened


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("杭洲", ["杭州"]),
        ("HangZhou", ["杭州"]),
        ("宁坡", ["宁波"]),
        ("南京办", ["南京"]),
        ("北海", []),
        ("", []),
        ("?!", []),
    ],
)
def test_a_short_name_is_near_by_its_sound(word: str, near: list[str]) -> None:
    assert Likeness.of(OFFICES).nearest(word) == near


@pytest.mark.parametrize(
    ("word", "first"),
    [("苏宁", "杭州苏宁电器有限公司"), ("苏州苏宁", "苏州苏宁电器有限公司"), ("C0001", "C00001"), ("华同", "C00003")],
)
def test_the_likest_is_first_and_equal_names_are_told_by_code(word: str, first: str) -> None:
    found = Likeness.of(CUSTOMERS).nearest(word)
    assert found[0] == first
    assert len(found) <= 3


def test_nothing_is_near_among_nothing() -> None:
    assert Likeness.of({}).nearest("杭州") == []


@pytest.mark.parametrize("word", ["HZ", "hz", " HZ ", "杭州", "杭州办事处", "杭 州"])
def test_an_office_is_found_by_code_or_name(word: str, session: Session) -> None:
    assert lookup(session, "office", word) == lookup(session, "office", "HZ")


def test_a_name_of_several_is_refused_with_their_codes(session: Session) -> None:
    with pytest.raises(UsageError) as caught:
        lookup(session, "customer", "禾汀手机大卖场")
    assert caught.value.message == "“禾汀手机大卖场” fits several: C00037, C00059"
    assert caught.value.hint == "Give the code instead of the name."


def test_a_code_that_looks_like_a_number_is_text(session: Session) -> None:
    assert lookup(session, "customer", "00123") > 0
    with pytest.raises(UsageError, match="no customer “123”"):
        lookup(session, "customer", "123")


def test_a_resolver_that_may_not_create_says_what_is_near(session: Session) -> None:
    resolver = Resolver(session, kinds()["office"], create=False)
    assert resolver.resolve("HZ", None) == resolver.resolve(None, "杭州办事处") == resolver.find("杭州")
    assert resolver.resolve(None, "杭洲") == Flaw("E311", "no office “杭洲”; nearest: 杭州")
    assert resolver.resolve("GZ", "赣州") == Flaw("E311", "no office “GZ”; nearest: 杭州") or resolver.created == 0
    assert resolver.resolve(None, None) is None
    assert resolver.created == 0


def test_a_resolver_that_may_makes_each_name_once(session: Session) -> None:
    resolver = Resolver(session, kinds()["product"], batch_id=1)
    first = resolver.resolve(None, "新机 X1")
    assert first == resolver.resolve(None, "新机ｘ１")
    assert resolver.resolve("P999", "新机 X2") != first
    assert resolver.resolve("P999", None) == resolver.resolve(None, "新机 X2")
    assert resolver.created == 2
    assert resolver.by_code["N00001"] == first
    assert resolver.new_code() == "N00002"


def test_names_come_by_code(session: Session) -> None:
    assert names(session, "office") == [OFFICES[code] for code in sorted(OFFICES)]
