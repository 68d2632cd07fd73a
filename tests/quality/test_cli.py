"""`channelctl freshness` and `quality`, as they are typed."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from channelctl.packs.asking import ask
from tests.conftest import Result, Run
from tests.tables import is_there

HEAD = "日期,客户编码,客户,型号,数量,金额,办事处,业务员\n"


def imported(ch: Run, *rows: str) -> None:
    Path("s.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    done = ch("import", "s.csv", "--partial")
    assert done.code in (0, 1), done


FRESH = """\
How fresh the data are · on 2024-06-03

Data    Up to        Days ago   Last imported   Batch   State
───────────────────────────────────────────────────────────────────
sales   2024-05-31          3   2024-06-03          2   getting old

Getting old: sales
"""


def test_an_age_that_is_passed_is_said(ch: Run) -> None:
    ch("init")
    imported(ch, "2024-05-31,C1,一号,X1,1,100,南京,王")
    done = ch("freshness", "--warn", "2d", "--error", "4d")
    batch = json.loads(ch("freshness", "--format", "json").out)["rows"][0]["batch"]
    assert done == Result(0, FRESH.replace("    2   getting", f"    {batch}   getting"), "")


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("words", "code", "states"),
    [
        ("", 0, {None}),
        ("--error 3d", 0, {"ok"}),
        ("--error 2d", 1, {"error"}),
        ("--warn 2d", 0, {"warn"}),
        ("--warn 1d --error 2d", 1, {"error"}),
        ("--error 1wd", 0, {"ok"}),
        ("--error 0wd", 1, {"error"}),
        ("--error 0d --as-of 2024-05-31", 0, {"ok"}),
        ("--error 0d --as-of 2024-06-01", 1, {"error"}),
        ("--error 2d --by office --as-of 2024-06-10", 1, {"error"}),
        ("--error 0d --as-of 2020-01-01", 1, {"error"}),
    ],
)
def test_the_exit_code_tells_cron(ch: Run, words: str, code: int, states: set[str | None]) -> None:
    done = ch("freshness", *words.split(), "--format", "json")
    assert (done.code, done.err) == (code, "")
    assert {row["state"] for row in done.data["rows"] if row["kind"] == "sales"} == states


@pytest.mark.usefixtures("sample")
def test_nothing_later_than_the_day_is_seen(ch: Run) -> None:
    rows = ch("freshness", "--as-of", "2024-05-10", "--format", "json").data["rows"]
    assert rows and all(row["last_day"] is None or row["last_day"] <= "2024-05-10" for row in rows)
    assert all(row["days"] is None or row["days"] >= 0 for row in rows)


@pytest.mark.usefixtures("sample")
def test_what_is_watched_and_not_there_is_stale(ch: Run) -> None:
    words = ("freshness", "--kind", "sales,credit_writeoff", "--error", "9d")
    done = ch(*words, "--format", "json")
    assert done.code == 1
    states = {row["kind"]: (row["last_day"], row["state"]) for row in done.data["rows"] if row["state"]}
    assert states == {"sales": ("2024-05-31", "ok"), "credit_writeoff": (None, "error")}


def test_by_office_an_office_without_sales_is_stale(ch: Run) -> None:
    ch("init")
    ch("office", "add", "code=NJ", "name=南京")
    ch("office", "add", "code=HZ", "name=杭州")
    imported(ch, "2024-05-31,C1,一号,X1,1,100,南京,王", "2024-05-20,C2,二号,X1,1,100,南京,王")
    done = ch("freshness", "--by", "office", "--error", "5d")
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines()[2:] == [
        "Data    Office   Up to        Days ago   State",
        "──────────────────────────────────────────────",
        "sales   杭州                             stale",
        "sales   南京     2024-05-31          3   fresh",
        "",
        "Stale: 杭州",
    ]


def test_an_empty_database_is_stale_only_where_an_age_is_given(ch: Run) -> None:
    ch("init")
    assert ch("freshness").code == 0
    done = ch("freshness", "--error", "4d")
    assert (done.code, done.err) == (1, "")
    assert done.out.endswith("\nStale: sales\n")


def test_without_a_database_it_says_so(ch: Run) -> None:
    assert ch("freshness", "--error", "4d").code == 4
    assert ch("quality").code == 4


@pytest.mark.usefixtures("sample")
def test_in_chinese(ch: Run) -> None:
    done = ch("--lang", "zh", "freshness", "--error", "2d")
    assert done.code == 1
    assert "销售" in done.out and "过期" in done.out and "2024-05-31" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--warn 2", "--warn takes an age, not “2”\n2d is two days, 3wd three work days, 1w a week.\n"),
        ("--by rep", "--by is kind or office, not “rep”\n"),
        ("--as-of 2024-02-30", "“2024-02-30” is not a date"),
    ],
)
def test_wrong_usage(ch: Run, sample: Path, words: str, said: str) -> None:
    assert is_there(sample)
    done = ch("freshness", *words.split())
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"channelctl: error: {said}"), done.err


QUALITY = """\
Quality of the data · May 2024

What is amiss                       Count    Of   Share   Net sales, CNY   What to do
─────────────────────────────────────────────────────────────────────────────────────
lines without a customer                3   462    0.6%         1,029.93   they count in totals, not in tiers; name the customer there
lines whose status is no sale           4                      77,484.10   they count for nothing: channelctl policy show, sales.no_sale_statuses
customers with sales but no class      27    78   34.6%                    channelctl customer set CODE FIELD=…

3 things to look at
"""  # noqa: E501


@pytest.mark.usefixtures("sample")
def test_what_is_amiss_with_the_sample(ch: Run) -> None:
    assert ch("quality", "--month", "2024-05") == (0, QUALITY, "")


@pytest.mark.usefixtures("sample")
def test_the_offices_and_lines_without_one_come_to_the_whole(ch: Run) -> None:
    def lacking(*words: str) -> tuple[int, int, Decimal]:
        rows = ch("quality", "--month", "2024-05", *words, "--format", "json")
        found = {row["name"]: row for row in json.loads(rows.out, parse_float=str)["rows"]}
        row = found.get("lines_not_counted", {"found": 0, "net_sales": "0"})
        people = found.get("customers_without_class", {"found": 0})
        return row["found"], people["found"], Decimal(row["net_sales"])

    offices = [lacking("--office", code) for code in ("HZ", "NB", "NJ", "SZ", "WX")]
    whole = [sum(column) for column in zip(*offices, strict=True)]
    assert whole == list(lacking()) == list(lacking("--region", "JD"))


AMISS = {
    "lines_without_customer": ("2024-05-02,,,X1,1,100,南京,王", 1),
    "lines_without_product": ("2024-05-02,C1,一号,,1,100,南京,王", 1),
    "lines_without_quantity": ("2024-05-02,C1,一号,X1,,100,南京,王", 1),
    "lines_without_office": ("2024-05-02,C9,九号,X1,1,100,,王", 1),
    "lines_without_rep": ("2024-05-02,C8,八号,X1,1,100,南京,", 1),
    "reps_of_one_name": ("2024-05-02,C1,一号,X1,1,100,杭州,王", 2),
    "customers_by_name_only": ("2024-05-02,,无编码,X1,1,100,南京,王", 1),
    "rows_refused": ("2024-05-02,C1,一号,X1,1,abc,南京,王", 1),
}


@pytest.mark.parametrize("name", AMISS)
def test_each_thing_amiss_is_found(ch: Run, name: str) -> None:
    row, count = AMISS[name]
    imported(ch, "2024-05-01,C1,一号,X1,1,100,南京,王", row)
    found = {row["name"]: row["found"] for row in ch("quality", "--month", "2024-05", "--format", "json").data["rows"]}
    assert found.get(name) == count, found
    assert name not in {row["name"] for row in ch("quality", "--month", "2024-04", "--format", "json").data["rows"]}


def test_offices_that_fell_silent_are_counted_within_the_region(ch: Run) -> None:
    ch("init")
    for code, region in (("A", "R1"), ("B", "R1"), ("C", "R2")):
        ch("region", "add", f"code={region}", f"name={region}")
        ch("office", "add", f"code={code}", f"name=办{code}", f"region={region}")
    imported(
        ch, "2024-05-31,C1,一号,X1,1,100,A,王", "2024-05-20,C2,二号,X1,1,100,B,王", "2024-05-10,C3,三号,X1,1,9,C,李"
    )

    def silent(*words: str) -> tuple[int, int] | None:
        rows = ch("quality", "--month", "2024-05", *words, "--format", "json").data["rows"]
        return next(((row["found"], row["of"]) for row in rows if row["name"] == "silent_offices"), None)

    assert silent() == (2, 3)
    assert silent("--region", "R1") == (1, 2)
    assert silent("--region", "R2") is None


def test_what_is_in_order_is_said(ch: Run) -> None:
    ch("init")
    ch("office", "add", "code=NJ", "name=南京")
    Path("c.csv").write_text("客户编码,客户名称,办事处,业务员,渠道,等级\nC1,一号,NJ,王,direct,V1\n", encoding="utf-8")
    assert ch("import", "c.csv").code in (0, 1)
    imported(ch, "2024-05-01,C1,一号,X1,1,100,NJ,王")
    done = ch("quality", "--month", "2024-05")
    assert (done.code, done.err) == (0, "nothing is amiss\n"), done


@pytest.mark.usefixtures("sample")
def test_of_a_period_without_lines_nothing_is_said_to_be_in_order(ch: Run) -> None:
    words = ["quality", "--month", "2023-12"]
    done = ch(*words)
    assert (done.code, done.err) == (0, "there are no sale lines: Dec 2023\n")
    assert [one for one in ask(words).figures if one.value is None] == []
    assert ch("quality", "--month", "2024-05").err == ""


def test_lines_that_count_for_nothing_are_lines(ch: Run) -> None:
    Path("s.csv").write_text(
        "日期,客户编码,客户名称,型号,数量,金额,状态\n2024-05-02,C1,一号,X1,1,100,作废\n", encoding="utf-8"
    )
    assert ch("import", "s.csv", "--partial").code in (0, 1)
    done = ch("quality", "--month", "2024-05")
    assert "no sale lines" not in done.err and "lines whose status is no sale" in done.out
