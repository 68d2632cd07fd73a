"""`channelctl progress` as it is run: what it prints, and what it leaves out."""

from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Run
from tests.making import exact, holds_to_schema, policy, report, sheet
from tests.progress import made

D = Decimal
AS_OF = ("--as-of", "2024-05-10")
SPANS = ("today", "month_to_date", "last_month", "last_year")


@pytest.fixture
def region(ch: Run) -> None:
    made.region(ch)


@pytest.fixture
def planned(ch: Run, region: None) -> None:
    """An office with a target of its own, one with its customers' only; a customer with that of its class."""
    made.plan(ch, ("HZ", "K1", "V1", 1000), ("HZ", "K2", "V2", ""), ("NJ", "K3", "V1", 500), ("HZ", "K4", "V4", ""))
    assert ch("import", sheet("classes", "规划等级 月份 默认目标", [("V2", "2024-01", 300)])).code == 0
    assert ch("target", "add", "2024-05", "HZ", "target=2000").code == 0


def rows(data: Any, *names: str) -> dict[str, tuple[Any, ...]]:
    return {row["code"]: tuple(row[name] for name in names) for row in data["rows"]}


@pytest.mark.usefixtures("planned")
def test_offices_against_their_targets(ch: Run) -> None:
    done = ch("progress", *AS_OF)
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "Progress of May 2024 · by office · as of 2024-05-10\n"
        "\n"
        "Code    Name   Today, CNY   Month to date, CNY   Target, CNY   Attained   Ahead "
        "  Forecast, CNY   Of target   On month    On year\n"
        f"{'─' * 129}\n"
        "HZ      杭州       -30.00               620.00      2,000.00      31.0%   ▲ 7.2   "
        "     2,604.00      130.2%   ▲ 210.0%   ▲ 106.7%\n"
        "NJ      南京         0.00               130.00        500.00      26.0%   ▲ 2.2          546.00      109.2%\n"
        "total              -30.00               750.00      2,500.00      30.0%   ▲ 6.2 "
        "       3,150.00      126.0%   ▲ 275.0%   ▲ 150.0%\n"
        "\n"
        "Time gone: 5 of 21 work days (23.8%).\n"
        "Attained: 30.0% of 2,500.00 CNY, ▲ 6.2 points on time gone.\n"
        "At this rate the month ends at 3,150.00 CNY, 126.0% of the target.\n"
    )


@pytest.mark.usefixtures("planned")
def test_figures_for_programs_are_exact(ch: Run) -> None:
    data = holds_to_schema(ch, "progress", "progress", *AS_OF)
    assert data["params"] == {"as_of": "2024-05-10", "by": "office", "measure": "amount"}
    found = report(ch, "progress", *AS_OF)
    assert rows(found, *SPANS, "target", "forecast") == {
        "HZ": (D(-30), D("620.0001"), D("200.005"), D(300), D(2000), D("2604.0004")),
        "NJ": (D(0), D(130), D(0), D(0), D(500), D(546)),
    }
    assert found["totals"]["month_to_date"] == D("750.0001")
    assert found["totals"]["attainment"] == D("0.300000040000")
    assert found["totals"]["time_gone"] == D("0.238095238095")


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("office", {"HZ": (D("620.0001"), D(2000)), "NJ": (D(130), D(500))}),
        # K3 bought from R1; K4 has no rep, nor has the line without a customer.
        ("rep", {"R1": (D("700.0001"), D(1300)), "": (D(50), None), "R2": (D(0), D(500))}),
        (
            "customer",
            {"K1": (D("350.0001"), D(1000)), "K2": (D(250), D(300)), "K3": (D(100), D(500)), "": (D(30), None),
             "K4": (D(20), None)},
        ),
        ("product", {"P": (D("370.0001"), None), "Q": (D(350), None), "": (D(30), None)}),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("planned")
def test_each_way_of_looking_adds_up_to_the_same(ch: Run, by: str, expected: dict[str, tuple[D, D | None]]) -> None:
    found = report(ch, "progress", "--by", by, *AS_OF)
    names = {"X1": "P", "X2": "Q"}
    told = {names.get(row["name"], row["code"]): (row["month_to_date"], row["target"]) for row in found["rows"]}
    assert told == expected
    assert found["totals"]["month_to_date"] == D("750.0001")
    net = report(ch, "tier", "--from", "2024-05-01", "--to", "2024-05-10")["totals"]["net_sales"]
    assert found["totals"]["month_to_date"] == net
    without = [row["name"] for row in found["rows"] if not row["code"]]
    assert without == ([] if by == "office" else [f"without a {by}"])


@pytest.mark.parametrize(
    ("scope", "net", "target"),
    [
        (("--office", "杭州"), "620.0001", "2000"),
        (("--office", "NJ"), "130", "500"),
        (("--region", "江东"), "620.0001", "2000"),
        (("--rep", "R1"), "700.0001", "1300"),
        (("--rep", "R2"), "0", "500"),
        (("--channel", "直供"), "600.0001", "1300"),
        (("--channel", "分销"), "120", "500"),
        (("--office", "HZ", "--rep", "R1"), "600.0001", "1300"),
        (("--product", "X1"), "370.0001", None),
    ],
)
@pytest.mark.usefixtures("planned")
def test_a_scope_narrows_sales_and_targets_alike(ch: Run, scope: tuple[str, ...], net: str, target: str | None) -> None:
    for by in ("office", "rep", "customer"):
        totals = report(ch, "progress", "--by", by, *scope, *AS_OF)["totals"]
        own = D(1300) if by != "office" and target == "2000" else None if target is None else D(target)
        assert (totals["month_to_date"], totals["target"]) == (D(net), own)


@pytest.mark.usefixtures("region")
def test_quantities_have_no_target_and_say_what_is_missing(ch: Run) -> None:
    done = ch("progress", "--measure", "quantity", *AS_OF)
    assert done.err == "1 line of the month has no quantity: it counts as 0\n"
    found = exact(ch("progress", "--measure", "quantity", *AS_OF, "--format", "json"))
    assert rows(found, "month_to_date", "last_month", "forecast", "target") == {
        "HZ": (6, 2, D("25.2"), None), "NJ": (1, 0, D("4.2"), None),
    }  # fmt: skip
    assert [column["kind"] for column in found["columns"] if column["name"] == "today"] == ["quantity"]


@pytest.mark.usefixtures("region")
def test_without_a_target_it_is_said(ch: Run) -> None:
    done = ch("progress", *AS_OF)
    assert done.err == "no target is set for the month: channelctl target add, or channelctl template plan\n"
    assert "Attain" not in done.out.replace("Attained   Ahead", "")


@pytest.mark.parametrize(
    ("day", "gone", "forecast"),
    [("2024-05-01", "0 of 21 work days (0.0%)", None), ("2024-05-06", "1 of 21 work days (4.8%)", D("8400.0021"))],
)
@pytest.mark.usefixtures("planned")
def test_before_the_first_work_day_there_is_no_forecast(ch: Run, day: str, gone: str, forecast: D | None) -> None:
    assert f"Time gone: {gone}.\n" in ch("progress", "--as-of", day).out
    assert report(ch, "progress", "--as-of", day)["totals"]["forecast"] == forecast


@pytest.mark.usefixtures("region")
def test_the_calendar_decides_the_time_gone(ch: Run) -> None:
    before = report(ch, "progress", *AS_OF)["totals"]["time_gone"]
    assert ch("calendar", "add", "2024-05-04", "working=上班").code == 0
    assert (before, report(ch, "progress", *AS_OF)["totals"]["time_gone"]) == (D("0.238095238095"), D("0.272727272727"))
    said = "the public holidays of 2027 are not known: Monday to Friday are counted as worked"
    assert said in ch("progress", "--as-of", "2027-05-10").err


@pytest.mark.parametrize(
    "words",
    [
        *(("progress", "--by", by) for by in ("office", "rep", "customer", "product")),
        ("progress", "movers"),
        ("progress", "stopped", "--days", "2"),
        ("progress", "trend"),
        ("progress", "trend", "--customer", "K3"),
    ],
)
@pytest.mark.usefixtures("planned")
def test_a_day_past_never_sees_later_lines(ch: Run, words: tuple[str, ...]) -> None:
    before = ch(*words, *AS_OF, "--format", "json")
    known = report(ch, "batch", "list")["rows"][0]["batch"]
    made.sold(ch, "later", [(f"2024-05-{day}", "HZ", "K3", "R2", "X1", 7, day * 1000) for day in range(11, 32)])
    assert ch(*words, *AS_OF, "--format", "json") == before
    made.sold(ch, "earlier", [("2024-05-10", "HZ", "K3", "R2", "X1", 7, 5000)])
    assert report(ch, *words, *AS_OF)["rows"] != before.data["rows"]
    assert report(ch, *words, *AS_OF, "--known", known)["rows"] == exact(before)["rows"]


@pytest.mark.usefixtures("region")
def test_the_day_is_the_last_with_sales(ch: Run) -> None:
    assert report(ch, "progress")["params"]["as_of"] == "2024-05-20"


@pytest.mark.usefixtures("region")
def test_movers(ch: Run) -> None:
    done = ch("progress", "movers", *AS_OF, "--by", "office")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "Largest rises and falls · by office · 2024-05-01 – 2024-05-10 against 2024-04-01 – 2024-04-10 · "
        "as of 2024-05-10\n"
        "\n"
        "Direction   Rank   Code   Name   Month to date, CNY   Same days last month, CNY   Difference, CNY     Change\n"
        "────────────────────────────────────────────────────────────────────────────────────────────────────────────\n"
        "rise           1   HZ     杭州               620.00                      200.01            420.00   ▲ 210.0%\n"
        "rise           2   NJ     南京               130.00                        0.00            130.00\n"
        "\n"
        "Rises: 2 (550.00 CNY); falls: 0 (0.00 CNY); together 550.00 CNY.\n"
    )
    found = holds_to_schema(ch, "progress_movers", "progress", "movers", "--as-of", "2024-05-31", "--top", "1")
    assert [(row["direction"], row["rank"], row["code"], row["difference"]) for row in found["rows"]] == [
        ("up", 1, "K3", 500.0)
    ]
    policy("[progress]\ntop = 2\n")
    found = report(ch, "progress", "movers", "--as-of", "2024-05-31")
    assert [row["code"] for row in found["rows"]] == ["K3", "K2"]


@pytest.mark.usefixtures("region")
def test_who_has_stopped_buying(ch: Run) -> None:
    done = ch("progress", "stopped", "--as-of", "2024-06-08")
    assert (done.code, done.err) == (
        0,
        "the data end on 2024-05-20: 14 work days up to 2024-06-08 are without data, and count as days without sales\n",
    )
    assert done.out == (
        "Stopped buying · bought in the 12 months before, nothing for 30 days · as of 2024-06-08\n"
        "\n"
        "Code    Customer   Office   Rep    Last purchase   Days since   Usual gap   Net sales, CNY\n"
        "──────────────────────────────────────────────────────────────────────────────────────────\n"
        "K1      甲         杭州     王伟   2024-05-06              33          28           550.01\n"
        "K2      乙         杭州     王伟   2024-05-07              32                       250.00\n"
        "total                                                                               800.01\n"
        "\n"
        "2 customers have bought nothing since 2024-05-10; in the months before net sales of 800.01 CNY.\n"
    )


@pytest.mark.parametrize(
    ("as_of", "days", "codes"),
    [
        ("2024-06-05", 30, ["K1"]),
        ("2024-06-04", 30, []),
        ("2024-05-20", 10, ["K1", "K2", "K4"]),
        ("2024-05-20", 11, ["K1", "K2"]),
        ("2025-05-06", 30, ["K3", "K2", "K4"]),
        ("2025-05-05", 30, ["K3", "K1", "K2", "K4"]),
    ],
)
@pytest.mark.usefixtures("region")
def test_when_a_customer_has_stopped(ch: Run, as_of: str, days: int, codes: list[str]) -> None:
    """A return is no purchase: K1 last bought on 6 May; what lies more than 12 months back counts no more."""
    found = report(ch, "progress", "stopped", "--as-of", as_of, "--days", days)
    assert [row["code"] for row in found["rows"]] == codes


def test_closed_customers_have_not_stopped(ch: Run) -> None:
    made.region(ch, ("2024-04-01", "HZ", "K5", "", "X1", 1, "10"))
    for day, there in (("2024-05-01", False), ("2024-04-30", True)):
        found = report(ch, "progress", "stopped", "--as-of", day, "--days", "5")
        assert ("K5" in {row["code"] for row in found["rows"]}) is there


@pytest.mark.usefixtures("region")
def test_the_scope_of_those_who_stopped(ch: Run) -> None:
    def codes(*words: str) -> list[str]:
        return [row["code"] for row in report(ch, "progress", "stopped", "--as-of", "2024-06-30", *words)["rows"]]

    assert codes() == ["K3", "K1", "K2", "K4"]
    assert codes("--rep", "R1") == ["K1", "K2", "K3"]
    assert codes("--channel", "分销") == ["K3", "K4"]
    assert codes("--office", "HZ") == ["K1", "K2", "K4"]
    assert codes("--product", "X2") == ["K3", "K2"]


@pytest.mark.usefixtures("region")
def test_the_trend(ch: Run) -> None:
    done = ch("progress", "trend", *AS_OF, "--office", "HZ", "--months", "2")
    assert done.err == "2024-05 is up to 2024-05-10, and beside it stand the same days of last year\n"
    assert done.out.endswith(
        "Month     Net sales, CNY                      Same month last year, CNY    On year\n"
        "──────────────────────────────────────────────────────────────────────────────────\n"
        "2024-04           200.01   █████▏\n"
        "2024-05           620.00   ████████████████                      300.00   ▲ 106.7%\n"
        "\n"
        "2024-05: 620.00 CNY, ▲ 106.7% on last year.\n"
    )
    whole = report(ch, "progress", "trend", "--as-of", "2024-05-31")
    assert [(row["month"], row["net_sales"], row["last_year"]) for row in whole["rows"]][-2:] == [
        ("2024-04", D("700.005"), None), ("2024-05", D("1650.0001"), D(377)),
    ]  # fmt: skip
    assert len(whole["rows"]) == 13 and whole["rows"][0]["month"] == "2023-05"
    one = holds_to_schema(ch, "progress_trend", "progress", "trend", "--customer", "丙", "--as-of", "2024-05-31")
    assert (one["params"]["customer"], one["rows"][-1]["net_sales"]) == ("K3", 1000.0)


ENDED = "the data end on 2024-05-20: {days} up to {day} {are} without data, and {count} without sales"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2024-05-20", None),
        ("2024-05-10", None),
        ("2024-05-21", ("1 work day", "is", "counts as a day")),
        ("2024-05-26", ("4 work days", "are", "count as days")),
        ("2024-06-30", ("28 work days", "are", "count as days")),
    ],
)
@pytest.mark.parametrize("words", [(), ("movers",), ("stopped",), ("trend",)])
@pytest.mark.usefixtures("region")
def test_where_the_data_end_before_the_day_it_is_said(
    ch: Run, words: tuple[str, ...], day: str, said: tuple[str, str, str] | None
) -> None:
    notes = report(ch, "progress", *words, "--as-of", day)["notes"]
    told = [note for note in notes if note.startswith("the data end")]
    assert told == ([ENDED.format(day=day, days=said[0], are=said[1], count=said[2])] if said else [])


@pytest.mark.usefixtures("region")
def test_the_last_saturday_is_no_day_without_data(ch: Run) -> None:
    made.sold(ch, "friday", [("2024-05-24", "HZ", "K1", "", "X1", 1, "10")])
    assert ch("progress", "movers", "--as-of", "2024-05-26").err == ""


@pytest.mark.parametrize(
    ("day", "scope", "nobody"),
    [
        ("2024-06-18", (), False),
        ("2024-06-19", (), True),
        ("2024-06-08", ("--office", "HZ"), False),
        ("2024-06-09", ("--office", "HZ"), True),
        ("2025-06-30", (), False),
    ],
)
@pytest.mark.usefixtures("region")
def test_where_nobody_has_bought_since_it_is_said(ch: Run, day: str, scope: tuple[str, ...], nobody: bool) -> None:
    """With nobody who bought in the months before there is nothing to be said."""
    notes = report(ch, "progress", "stopped", "--as-of", day, *scope)["notes"]
    assert any(note.startswith("no customer at all has bought since") for note in notes) is nobody


def test_a_year_before_of_which_nothing_is_known_is_no_column(ch: Run) -> None:
    """For people; programs have it."""
    made.region(ch)
    for words in ((), ("trend",)):
        for day, there in (("2024-04-10", False), ("2024-05-10", True)):
            asked = ("progress", *words, "--office", "HZ", "--as-of", day)
            assert ("On year" in ch(*asked).out) is there
            assert {"on_year", "change"} & set(report(ch, *asked)["rows"][0])
    assert "last year" not in ch("progress", "trend", "--office", "HZ", "--as-of", "2024-04-10", "--months", "1").out


@pytest.mark.usefixtures("region")
def test_sentences_are_in_yuan_whatever_the_unit(ch: Run) -> None:
    for words in ((), ("movers",), ("stopped", "--days", "10"), ("trend",)):
        yuan, wan = (ch("progress", *words, "--unit", unit).out for unit in ("yuan", "wan"))
        assert yuan.splitlines()[-1] == wan.splitlines()[-1] and "CNY" in wan.splitlines()[-1]


@pytest.mark.parametrize("words", [("movers",), ("stopped",), ("trend",), ()])
def test_a_database_without_sales_says_so(ch: Run, words: tuple[str, ...]) -> None:
    assert ch("init").code == 0
    done = ch("progress", *words)
    assert done.code == 0
    assert done.err.splitlines()[-1] in (
        "there are no sales and no targets in the days that are compared",
        "nothing has changed on the same days of last month",
        "no customer has stopped buying",
        "there are no sales in these months",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "region"), "--by is one of office, rep, customer, product, not “region”"),
        (("--measure", "profit"), "--measure is one of amount, quantity, not “profit”"),
        (("--as-of", "0001-01-01"), "“0001-01-01” is not a date"),
        (("--as-of", "9999-12-31"), "“9999-12-31” is not a date"),
        (("--office", "没有"), "no office “没有”"),
        (("movers", "--by", "region"), "--by is one of office, rep, customer, product, not “region”"),
        (("trend", "--customer", "K9"), "no customer “K9”"),
    ],
)
@pytest.mark.usefixtures("region")
def test_what_there_is_not_is_refused(ch: Run, words: tuple[str, ...], said: str) -> None:
    done = ch("progress", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[0].partition("; ")[0] == f"channelctl: error: {said}"


@pytest.mark.usefixtures("sample")
def test_options_before_a_verb_are_its_defaults(ch: Run) -> None:
    one, other = ch("progress", *AS_OF, "trend"), ch("progress", "trend", *AS_OF)
    assert one == other and one.code == 0


@pytest.mark.parametrize("format", ["html", "md", "csv"])
@pytest.mark.usefixtures("sample")
def test_every_form_holds_the_offices(ch: Run, format: str) -> None:
    done = ch("progress", "--as-of", "2024-05-20", "--format", format)
    assert done.code == 0
    for word in ("南京", "杭州", "苏州", "宁波", "无锡", "Attained"):
        assert word in done.out
