"""Questions to the sale lines."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlmodel import Session

from channelctl import db
from channelctl.errors import UsageError
from channelctl.period import Period
from channelctl.systems.sales import store
from channelctl.systems.sales.store import Scope
from tests.conftest import Run
from tests.making import EXPECTED, sheet

D = Decimal
VOID = ("作废",)
MAY = Period.month("2024-05")
SALES = "日期 单号 行号 客户编码 客户名称 办事处 金额 状态"
LINES = [
    ("2024-04-30", "A1", 1, "K1", "甲", "杭州", "1.0001", ""),
    ("2024-05-01", "A2", 1, "K1", "甲", "杭州", "10.0002", "已审核"),
    ("2024-05-31", "A3", 1, "K1", "甲", "南京", "20.005", ""),
    ("2024-05-31", "A3", 2, "K2", "乙", "", "-5", ""),
    ("2024-05-31", "A3", 3, "", "", "杭州", "7", ""),
    ("2024-06-02", "A4", 1, "K2", "乙", "杭州", "100", "作废"),
]


@pytest.fixture
def session(ch: Run) -> Iterator[Session]:
    """Two offices of a region each, two customers, six lines."""
    org = sheet("offices", "办事处编码 办事处 区域", [("HZ", "杭州", "江东"), ("NJ", "南京", "江北")])
    customers = sheet(
        "customers",
        "客户编码 客户名称 办事处 渠道 开户日期 停用日期",
        [
            ("K1", "甲", "杭州", "直供", "", ""),
            ("K2", "乙", "南京", "分销", "", ""),
            ("K3", "丙", "杭州", "直供", "2024-05-10", "2024-05-20"),
        ],
    )
    assert ch("import", org, customers, sheet("sales", SALES, LINES)).code == 0
    with db.session() as opened:
        yield opened


def nets(
    session: Session, period: Period, scope: Scope | None = None, no_sale: tuple[str, ...] = VOID
) -> dict[str, Decimal]:
    """Net sales by customer code, "" for lines without one."""
    names = store.customer_names(session)
    return {
        names[one.id].code if one.id is not None else "": one.net
        for one in store.net_by_customer(session, period, scope or Scope(), no_sale)
    }


def test_net_sales_by_customer_are_exact(session: Session) -> None:
    assert nets(session, MAY) == {"K1": D("30.0052"), "K2": D(-5), "": D(7)}
    assert nets(session, Period.all_time()) == {"K1": D("31.0053"), "K2": D(-5), "": D(7)}
    assert nets(session, Period.all_time(), no_sale=()) == {"K1": D("31.0053"), "K2": D(95), "": D(7)}
    assert nets(session, Period.month("2023-05")) == {}
    lines = {one.id: one.lines for one in store.net_by_customer(session, MAY, Scope(), VOID)}
    assert sorted(lines.values()) == [1, 1, 2]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"office": "HZ"}, {"K1": D("10.0002"), "": D(7)}),
        ({"office": "南京"}, {"K1": D("20.005"), "K2": D(-5)}),
        ({"region": "江东"}, {"K1": D("10.0002"), "": D(7)}),
        ({"region": "江北"}, {"K1": D("20.005"), "K2": D(-5)}),
        ({"channel": "分销"}, {"K2": D(-5)}),
        ({"channel": "direct", "office": "杭州"}, {"K1": D("10.0002")}),
    ],
)
def test_a_scope_takes_part_of_the_lines(asked: dict[str, str], expected: dict[str, Decimal], session: Session) -> None:
    assert nets(session, MAY, store.scope(session, **asked)) == expected


def test_a_scope_knows_how_it_is_called(session: Session) -> None:
    scope = store.scope(session, region=None, office="杭州", channel="直供")
    assert scope.params() == {"office": "HZ", "channel": "direct"}
    assert scope.labels == ["杭州", "direct"]
    with pytest.raises(UsageError, match="industry"):
        store.scope(session, industry="农业")


def test_the_last_day_with_a_sale(session: Session) -> None:
    assert store.last_date(session, VOID) == dt.date(2024, 5, 31)
    assert store.last_date(session, ()) == dt.date(2024, 6, 2)


@pytest.mark.parametrize(
    ("day", "codes"),
    [("2024-05-09", "K1 K2"), ("2024-05-10", "K1 K2 K3"), ("2024-05-19", "K1 K2 K3"), ("2024-05-20", "K1 K2")],
)
def test_a_customer_is_on_file_from_its_opening_to_the_day_before_it_closes(
    day: str, codes: str, session: Session
) -> None:
    names = store.customer_names(session)
    found = store.customers_in(session, Scope(), dt.date.fromisoformat(day))
    assert sorted(names[id_].code for id_ in found) == codes.split()


def test_nets_for_scores_go_by_the_office_of_the_sale_or_by_customer(session: Session) -> None:
    names = store.customer_names(session)
    offices = {"HZ": 1, "NJ": 2}
    by_office = store.net_of_customers(session, MAY, VOID, by_office=True)
    assert {(office, names[id_].code): net for (office, id_), net in by_office.items()} == {
        (offices["HZ"], "K1"): D("10.0002"),
        (offices["NJ"], "K1"): D("20.005"),
        (offices["NJ"], "K2"): D(-5),
    }
    everywhere = store.net_of_customers(session, MAY, VOID, by_office=False)
    assert {names[id_].code: net for (_none, id_), net in everywhere.items()} == {"K1": D("30.0052"), "K2": D(-5)}


@pytest.mark.parametrize("counted", [True, False])
def test_the_lines_behind_a_customer_are_those_of_its_net_sales(counted: bool, session: Session) -> None:
    codes = {person.code: id_ for id_, person in store.customer_names(session).items()}
    lines = {
        (code, period.label): store.lines_of_customer(session, codes[code], period, Scope(), VOID, counted)
        for code in ("K1", "K2", "K3")
        for period in (MAY, Period.all_time())
    }
    found = {place: [(line.document, line.amount) for line in rows] for place, rows in lines.items() if rows}
    if counted:
        assert found == {
            ("K1", "May 2024"): [("A2", D("10.0002")), ("A3", D("20.005"))],
            ("K1", "all time"): [("A1", D("1.0001")), ("A2", D("10.0002")), ("A3", D("20.005"))],
            ("K2", "May 2024"): [("A3", D(-5))],
            ("K2", "all time"): [("A3", D(-5))],
        }
    else:
        assert found == {("K2", "all time"): [("A4", D(100))]}


def test_a_line_says_where_it_stands_and_for_which_office_it_counts(session: Session) -> None:
    codes = {person.code: id_ for id_, person in store.customer_names(session).items()}
    (line,) = store.lines_of_customer(session, codes["K2"], MAY, Scope(), VOID)
    assert line[:6] == ("K2", "乙", dt.date(2024, 5, 31), "南京", "A3", "2")
    assert line[9:] == (D(-5), None, "sales.csv", None, 5, 3, None)


@pytest.mark.parametrize(
    ("office", "found"), [("HZ", ["A2"]), ("NJ", ["A3", "A3"]), (None, ["A2", "A3", "A3"])], ids=str
)
def test_the_lines_behind_a_plan_are_those_of_its_office(
    office: str | None, found: list[str], session: Session
) -> None:
    codes = {person.code: id_ for id_, person in store.customer_names(session).items()}
    at = {"HZ": 1, "NJ": 2, None: None}[office]
    lines = store.lines_of_planned(session, [codes["K1"], codes["K2"]], at, MAY, VOID)
    assert [line.document for line in lines] == found
    nets = store.net_of_customers(session, MAY, VOID, by_office=office is not None)
    assert sum(line.amount for line in lines) == sum(net for (place, _customer), net in nets.items() if place == at)


def test_more_planned_customers_than_fit_into_one_query(session: Session) -> None:
    codes = {person.code: id_ for id_, person in store.customer_names(session).items()}
    many = [codes["K2"], *range(10_000, 12_000), codes["K1"]]
    lines = store.lines_of_planned(session, many, None, MAY, VOID)
    assert [line.customer_code for line in lines] == ["K2", "K1", "K1"]


def test_customers_add_up_to_the_sample(sample: object) -> None:
    with db.session() as opened:
        for month, expected in EXPECTED["months"].items():
            found = store.net_by_customer(opened, Period.month(month), Scope(), VOID)
            assert sum(one.net for one in found) == D(expected["net_sales"])
            assert sum(one.lines for one in found) == expected["lines"] - expected["void_lines"]
            assert [one.lines for one in found if one.id is None] == [expected["lines_without_customer"]]
        assert store.span(opened) == (dt.date(2024, 3, 1), dt.date(2024, 5, 31))
