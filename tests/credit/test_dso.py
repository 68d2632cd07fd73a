"""Days of sales outstanding."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.credit.rules_dso import Books, countback, effectiveness, row, simple, total
from tests.conftest import Run
from tests.credit.owed import deliveries, invoices, payments, take
from tests.making import holds_to_schema, policy, report, sheet

D = Decimal
JUNE = dt.date(2024, 6, 30)
MONTHS = {"2024-04": D(400), "2024-05": D(250), "2024-06": D(300)}


@pytest.mark.parametrize(
    ("receivable", "as_of", "days"),
    [
        ("600", JUNE, "64.75"),
        ("0", JUNE, "0"),
        ("150", JUNE, "15"),
        ("300", JUNE, "30"),
        ("550", JUNE, "61"),
        ("950", JUNE, "91"),
        ("951", JUNE, None),
        # The month of the day counts its days up to it only.
        ("300", dt.date(2024, 6, 10), "10"),
        ("425", dt.date(2024, 6, 10), "25.5"),
        # Months without sales count whole.
        ("300", dt.date(2024, 8, 15), "76"),
        ("425", dt.date(2024, 8, 15), "91.5"),
    ],
)
def test_count_back(receivable: str, as_of: dt.date, days: str | None) -> None:
    found = countback(D(receivable), MONTHS, as_of)
    assert found == (None if days is None else D(days))


@pytest.mark.parametrize(
    ("receivable", "as_of", "months", "days"),
    [
        # More credited than invoiced in March: what is open has to be found further back.
        (
            "200375.63",
            dt.date(2024, 5, 31),
            {"2024-01": "165809.90", "2024-02": "172272.47", "2024-03": "-50197.56", "2024-04": "32735.31",
             "2024-05": "32459.61"},
            "123.450",
        ),
        ("112623.63", dt.date(2024, 5, 31), {"2024-03": "150000", "2024-04": "-70000", "2024-05": "30332"}, None),
        ("80", JUNE, {"2024-05": "100", "2024-06": "-20"}, "61"),
        ("81", JUNE, {"2024-05": "100", "2024-06": "-20"}, None),
        ("0", JUNE, {"2024-06": "-20"}, "0"),
    ],
)  # fmt: skip
def test_a_month_of_more_credit_notes_leaves_more_to_count_back(
    receivable: str, as_of: dt.date, months: dict[str, str], days: str | None
) -> None:
    found = countback(D(receivable), {month: D(sales) for month, sales in months.items()}, as_of)
    assert (None if found is None else round(found, 3)) == (None if days is None else D(days))


def test_count_back_of_nothing_ever_sold() -> None:
    assert countback(D(5), {}, JUNE) is None
    assert countback(D(0), {}, JUNE) == 0


def test_the_vector() -> None:
    books = Books(D(600), D(380), D(500), D(950), MONTHS)
    found = row("", "", books, JUNE, 91)
    assert (found.simple, found.countback) == (D("57.473684210526"), D("64.75"))
    assert (found.best_possible, found.effectiveness) == (D("36.40"), D("0.794392523364"))


def published(real: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((real / "worked_examples" / "truth.json").read_text("utf-8"))
    return found


def test_published_days(real: Path) -> None:
    known = published(real)["dso"]
    assert isinstance(known, dict)
    for one in known["simple"]:
        found = simple(D(one["ar"]), D(one["sales"]), one["days"])
        assert found is not None
        assert round(found, 1) == D(str(one["published"]))
    back = known["countback"]
    ends = [dt.date(2024, 6, 30), dt.date(2024, 5, 31), dt.date(2024, 4, 30)]
    months = {f"{end:%Y-%m}": D(sales) for end, sales in zip(ends, back["sales_by_month_latest_first"], strict=True)}
    # The source takes 30 days for every month: May has one more.
    found = countback(D(back["receivables"]), months, JUNE)
    assert found is not None
    assert abs(found - 1 - D(back["exact"])) < D("0.0001")


@pytest.mark.parametrize(
    ("books", "share"),
    [
        (Books(D(100), D(100), D(100), D(50)), D(1)),
        (Books(D(150), D(0), D(100), D(50)), D(0)),
        (Books(D(50), D(0), D(100), D(0)), D("0.5")),
        (Books(), None),
        (Books(D(50), D(50), D(0), D(50)), None),
    ],
)
def test_effectiveness(books: Books, share: Decimal | None) -> None:
    assert effectiveness(books) == share


SALES = st.decimals(0, 1000, places=2)


@given(st.lists(SALES, min_size=1, max_size=12), st.decimals(0, 1, places=4))
def test_to_count_back_what_was_sold_gives_its_days(sales: list[Decimal], part: Decimal) -> None:
    months = {f"2024-{12 - place:02}": amount for place, amount in enumerate(sales)}
    found = countback(sum(sales, D(0)) * part, months, dt.date(2024, 12, 31))
    assert found is not None
    assert 0 <= found <= 366
    more = countback(sum(sales, D(0)), months, dt.date(2024, 12, 31))
    assert more is not None
    assert found <= more


def test_several_as_one() -> None:
    one = Books(D(1), D(2), D(3), D(4), {"2024-05": D(5)})
    other = Books(D(10), D(20), D(30), D(40), {"2024-05": D(50), "2024-06": D(60)})
    assert total([one, other]) == Books(D(11), D(22), D(33), D(44), {"2024-05": D(55), "2024-06": D(60)})


def test_the_vector_from_sheets(ch: Run) -> None:
    take(
        ch,
        invoices(
            ("C1", "F1", "2024-04-10", "发票", 400, "2024-05-10"),
            ("C1", "F2", "2024-05-10", "发票", 250, "2024-06-09"),
            ("C1", "F3", "2024-06-10", "发票", 280, "2024-07-10"),
            ("C2", "F4", "2024-06-10", "发票", 30, "2024-07-10"),
            ("C2", "F5", "2024-06-11", "红字发票", 10, "2024-06-11"),
            ("C2", "F6", "2024-07-01", "发票", 999, "2024-07-31"),
        ),
        payments(("C1", "P1", "2024-06-20", 350, "")),
    )
    words = ("credit", "dso", "--as-of", "2024-06-30", "--days", "91")
    holds_to_schema(ch, "credit_dso", *words)
    found = report(ch, *words)
    assert found["rows"] == [
        {
            "code": "", "name": "all customers", "receivable": D("600.00"), "not_due": D("300.00"),
            "sales": D("950.00"), "simple": D("57.473684210526"), "countback": D("64.75"),
            "best_possible": D("28.736842105263"), "effectiveness": D("0.538461538462"),
        }
    ]  # fmt: skip
    by = report(ch, *words, "--by", "customer")["rows"]
    assert [(one["code"], one["receivable"], one["sales"]) for one in by] == [
        ("C1", D("580.00"), D("930.00")),
        ("C2", D("20.00"), D("20.00")),
    ]
    assert [one["code"] for one in report(ch, *words, "--by", "office")["rows"]] == [""]


def test_a_delivery_that_is_invoiced_in_the_days_is_to_be_collected_once(ch: Run) -> None:
    policy("[credit]\nsale_documents = true\n")
    bill = "客户编码 客户 应收单号 单据日期 应收金额 到期日 关联单号"
    take(
        ch,
        deliveries(("2024-05-10", "D1", "S1", 1130), ("2024-05-11", "D2", "S2", 200), ("2024-05-12", "D3", "S2", 70)),
        sheet(
            "bills",
            bill,
            [
                ("S1", "客户S1", "F1", "2024-06-05", 1130, "2024-06-09", "D1"),
                ("S2", "客户S2", "F2", "2024-06-05", 300, "2024-06-09", "D2、D3"),
            ],
        ),
    )
    words = ("credit", "dso", "--as-of", "2024-06-12", "--days", "30")
    assert [one["effectiveness"] for one in report(ch, *words, "--by", "customer")["rows"]] == [D(0), D(0)]
    take(ch, payments(("S1", "P1", "2024-06-10", 1130, "F1"), ("S2", "P2", "2024-06-10", 150, "F2")))
    found = report(ch, *words, "--by", "customer")["rows"]
    assert [(one["code"], one["sales"], one["effectiveness"]) for one in found] == [
        ("S2", D("300.00"), D("0.5")),
        ("S1", D("1130.00"), D(1)),
    ]
    (whole,) = report(ch, *words)["rows"]
    assert whole["effectiveness"] == D("0.895104895105")


def test_days_without_sales_are_said(ch: Run) -> None:
    take(ch, invoices(("C1", "F1", "2024-01-10", "期初", 400, "2024-02-10")))
    done = ch("credit", "dso", "--as-of", "2024-05-31", "--days", "30")
    assert done.code == 0
    assert done.err.splitlines() == [
        "nothing was sold on credit from 2024-05-02 to 2024-05-31",
        "without a count-back: more is open than all invoices since the first come to",
    ]
    assert report(ch, "credit", "dso", "--as-of", "2024-05-31")["rows"][0]["simple"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--days", "0"), "error: --days is a whole number from 1 to 3660\n"),
        (("--days", "3661"), "error: --days is a whole number from 1 to 3660\n"),
        (("--by", "week"), "--by takes no “week”"),
    ],
)
def test_wrong_options(ch: Run, words: tuple[str, ...], said: str) -> None:
    take(ch, invoices(("C1", "F1", "2024-01-10", "期初", 400, "2024-02-10")))
    done = ch("credit", "dso", *words)
    assert done.code == 2
    assert said in done.err
