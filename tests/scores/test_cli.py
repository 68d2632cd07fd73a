"""`channelctl score` from the sheets to the screen."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.conftest import Run
from tests.making import EXPECTED, holds_to_schema, policy, report, sheet

D = Decimal
MAY = EXPECTED["score"]["2024-05"]
ROW = (
    "office_code office month planned achieved cooperation_rate core_planned core_achieved core_quality"
    " core_only_quality rank on_month on_year restated_rate restated_change"
)
EXPLAINED = "customer_code customer class core target net_sales achieved rule restated"
PLAN = "月份 办事处 客户编码 客户 规划等级 核心客户 月度目标"
SALES = "日期 客户编码 客户名称 办事处 金额 状态"
TARGETS = "等级 生效月份 月度目标"


def ten(value: Decimal | int) -> str:
    """A rate to the ten decimals that expected.json has."""
    return f"{D(value).quantize(D('1e-10'), ROUND_HALF_UP):f}"


def planned(*rows: tuple[object, ...], name: str = "plan", office: str = "杭州", month: str = "2024-05") -> object:
    """A plan of (code, class, core, target)."""
    lines = [(month, office, code, f"客户{code}", class_, core, target) for code, class_, core, target in rows]
    return sheet(name, PLAN, lines)


def sold(*rows: tuple[object, ...], name: str = "sales") -> object:
    """Sales of (day, code, office, amount), perhaps with a status."""
    return sheet(
        name,
        SALES,
        [(day, code, f"客户{code}", office, amount, *(status or [""])) for day, code, office, amount, *status in rows],
    )


def one(ch: Run, *words: object) -> dict[str, Any]:
    rows: list[dict[str, Any]] = report(ch, "score", *words)["rows"]
    assert len(rows) == 1
    return rows[0]


def points(ch: Run, *words: object) -> list[tuple[str, Decimal, str]]:
    rows = report(ch, "score", "--explain", *words)["rows"]
    return [(row["customer_code"], row["achieved"], row["rule"]) for row in rows]


FIVE = [
    ("K1", "V2", "", 100),
    ("K2", "V1", "", 100),
    ("K3", "V3", "是", 100),
    ("K4", "V4", "", 100),
    ("K5", "V4", "", 100),
]
BOUGHT = [
    ("2024-05-01", "K1", "杭州", 100),
    ("2024-05-15", "K2", "杭州", 250),
    ("2024-05-31", "K3", "杭州", 50),
    ("2024-05-31", "K5", "杭州", 100),
    ("2024-04-30", "K4", "杭州", 100),
    ("2024-06-01", "K4", "杭州", 100),
]  # fmt: skip


@pytest.fixture
def five(ch: Run) -> None:
    """Five planned customers of one office, achieved 1, 1, 0.5, 0, 1; the second and third are core."""
    assert ch("import", planned(*FIVE), sold(*BOUGHT)).code == 0


# --- the sample region -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
def test_every_office_is_what_was_counted_without_channelctl(ch: Run) -> None:
    rows = {row["office"]: row for row in report(ch, "score", "--month", "2024-05")["rows"]}
    assert {
        office: {
            "planned": row["planned"],
            "core": row["core_planned"],
            **{name: ten(row[name]) for name in ("achieved", "cooperation_rate", "core_quality")},
        }
        for office, row in rows.items()
    } == {
        office: {
            **{name: found[name] for name in ("planned", "core")},
            **{name: str(D(found[name])) for name in ("achieved", "cooperation_rate", "core_quality")},
        }
        for office, found in MAY.items()
    }
    best = sorted(MAY, key=lambda office: -D(MAY[office]["cooperation_rate"]))
    assert list(rows) == best
    assert [row["rank"] for row in rows.values()] == [1, 2, 3, 4, 5]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("office", sorted(MAY))
def test_every_planned_customer_is_what_was_counted_without_channelctl(office: str, ch: Run) -> None:
    found = report(ch, "score", "--month", "2024-05", "--office", office, "--explain")
    assert {row["customer_code"]: ten(row["achieved"]) for row in found["rows"]} == MAY[office]["customers"]
    alone = one(ch, "--month", "2024-05", "--office", office)
    assert sum(row["achieved"] for row in found["rows"]) == pytest.approx(alone["achieved"], abs=D("1e-9"))


@pytest.mark.usefixtures("sample")
def test_a_class_default_holds_from_its_month(ch: Run) -> None:
    rows = report(ch, "score", "--month", "2024-05", "--explain")["rows"]
    defaults = {row["class"]: row["target"] for row in rows if row["rule"] == "class_target"}
    assert defaults == {"V2": 100_000, "V3": 40_000, "V4": 15_000}, "the V4 of June does not hold in May"
    found = report(ch, "class-target", "list")["rows"]
    assert [(row["month"], row["target"]) for row in found if row["class"] == "V4"] == [
        ("2024-01", 15_000),
        ("2024-06", 18_000),
    ]


@pytest.mark.usefixtures("sample")
def test_a_customer_planned_by_two_offices_scores_in_each_by_that_offices_sales(ch: Run) -> None:
    nets = {}
    for office in ("南京", "苏州"):
        rows = report(ch, "score", "--office", office, "--explain")["rows"]
        nets[office] = {row["customer_code"]: row["net_sales"] for row in rows}
    for office, found in nets.items():
        sales = report(ch, "tier", "--month", "2024-05", "--office", office)["rows"]
        assert [row["net_sales"] for row in sales if row["customer_code"] == "C00001"] == [found["C00001"]]
    assert nets["南京"]["C00001"] != nets["苏州"]["C00001"]


# --- the vectors -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("five")
def test_five_planned_customers(ch: Run) -> None:
    row = one(ch, "--month", "2024-05", "--office", "杭州")
    assert row == {
        "office_code": "N00001",
        "office": "杭州",
        "month": "2024-05",
        "planned": 5,
        "achieved": D("3.5"),
        "cooperation_rate": D("0.70"),
        "core_planned": 2,
        "core_achieved": D("1.5"),
        "core_quality": D("0.30"),
        "core_only_quality": D("0.75"),
        "rank": 1,
        "on_month": None,
        "on_year": None,
        "restated_rate": None,
        "restated_change": None,
    }
    screen = ch("score", "--month", "2024-05", "--office", "杭州").out
    assert [line.split()[-3] for line in screen.splitlines() if "channel cooperation" in line] == ["█" * 11 + "▎"]
    assert "Score 70.0%   rank 1 of 1   all offices 70.0%" in screen
    policy('[scores]\ncore_base = "core"\n')
    assert one(ch, "--month", "2024-05")["core_quality"] == D("0.75")
    core = next(line for line in ch("score", "--office", "杭州").out.splitlines() if "core quality" in line)
    assert core.split()[:8] == "core quality, 2 core customers 1.50 2 75.0%".split()


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ('mode = "ratio"', "1 1 0.5 0 1"),
        ('mode = "ratio"\nfloor = "0.5"', "1 1 0.5 0 1"),
        ('mode = "ratio"\nfloor = "0.51"', "1 1 0 0 1"),
        ('mode = "binary"', "1 1 0 0 1"),
        ('mode = "stepped"', "1 1 0.5 0 1"),
        ('mode = "stepped"\nsteps = [[0.6, 0.4], [1, 0.9]]', "0.9 0.9 0 0 0.9"),
        ('mode = "stepped"\nsteps = [[0.3, 0.2], [1, 1]]', "1 1 0.2 0 1"),
    ],
)
def test_the_policy_says_how_sales_become_a_score(text: str, scores: str, ch: Run) -> None:
    policy(f"[scores]\n{text}\n")
    assert [float(score) for _code, score, _rule in points(ch, "--month", "2024-05")] == [
        float(score) for score in scores.split()
    ]
    assert one(ch)["achieved"] == sum(D(score) for score in scores.split())


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    "text",
    ['mode = "best"', "floor = 2", "steps = [[1, 1], [0.5, 0.5]]", 'core_base = "all"', "unknown = 1"],
)
def test_an_impossible_policy_is_refused_with_its_place(text: str, ch: Run) -> None:
    policy(f"[scores]\n{text}\n")
    found = ch("score")
    assert (found.code, found.out) == (3, "")
    assert "policy policy.toml: [scores]" in found.err
    assert text.split()[0] in found.err


def test_a_target_of_its_own_then_of_its_class_then_any_purchase(ch: Run) -> None:
    plan = planned(
        ("K1", "V1", "", 200), ("K2", "V1", "", ""), ("K3", "V1", "", 0), ("K4", "V9", "", ""), ("K5", "", "", "")
    )
    targets = sheet("targets", TARGETS, [("V1", "2024-01", 50), ("V1", "2024-05", 100), ("V1", "2024-06", 1)])
    assert ch("import", plan, targets, sold(*(("2024-05-03", f"K{n}", "杭州", 40) for n in range(1, 6)))).code == 0
    assert points(ch) == [
        ("K1", D("0.2"), "own_target"),
        ("K2", D("0.4"), "class_target"),
        ("K3", D("0.4"), "class_target"),
        ("K4", D(1), "purchase"),
        ("K5", D(1), "purchase"),
    ]
    assert "2 planned customers have no target" in ch("score").out


def test_returns_and_voided_lines_take_away(ch: Run) -> None:
    lines = [
        ("2024-05-03", "K1", "杭州", 100),
        ("2024-05-04", "K1", "杭州", -50),
        ("2024-05-05", "K2", "杭州", 100, "作废"),
        ("2024-05-06", "K3", "杭州", -10),
    ]
    plan = planned(*((f"K{n}", "V1", "", 100) for n in range(1, 4)))
    assert ch("import", plan, sold(*lines)).code == 0
    assert [score for _code, score, _rule in points(ch)] == [D("0.5"), 0, 0]
    policy("[sales]\nno_sale_statuses = []\n")
    assert [score for _code, score, _rule in points(ch)] == [D("0.5"), 1, 0]


def test_equal_offices_share_a_rank(ch: Run) -> None:
    offices = [("杭州", "HZ"), ("宁波", "NB"), ("无锡", "WX")]
    org = sheet("offices", "办事处编码 办事处", [(code, name) for name, code in offices])
    plans = [planned((f"K{n}", "V1", "", 100), name=f"plan{n}", office=name) for n, (name, _code) in enumerate(offices)]
    sales = sold(("2024-05-03", "K0", "杭州", 20), ("2024-05-03", "K1", "宁波", 90), ("2024-05-03", "K2", "无锡", 90))
    assert ch("import", org, *plans, sales).code == 0
    found = [(row["office_code"], row["rank"]) for row in report(ch, "score")["rows"]]
    assert found == [("NB", 1), ("WX", 1), ("HZ", 3)]
    assert one(ch, "--office", "HZ")["rank"] == 3, "the rank is among all offices with a plan"


# --- whose sales -----------------------------------------------------------------------------------------------------


def test_sales_count_for_the_office_of_the_sale_else_for_the_customers_own(ch: Run) -> None:
    customers = sheet("customers", "客户编码 客户名称 办事处", [("K1", "客户K1", "杭州"), ("K2", "客户K2", "南京")])
    plan = planned(("K1", "V1", "", 100), ("K2", "V1", "", 100))
    sales = sold(
        ("2024-05-03", "K1", "", 30),
        ("2024-05-03", "K1", "南京", 40),
        ("2024-05-03", "K2", "", 30),
        ("2024-05-03", "K2", "杭州", 15),
    )
    assert ch("import", customers, plan, sales).code == 0
    assert [score for _code, score, _rule in points(ch)] == [D("0.3"), D("0.15")]
    policy('[scores]\nsales_of = "customer"\n')
    assert [score for _code, score, _rule in points(ch)] == [D("0.7"), D("0.45")]


def test_customers_of_one_name_stay_apart(ch: Run) -> None:
    plan = sheet("plan", PLAN, [("2024-05", "杭州", code, "华通", "V1", "", 100) for code in ("K1", "K2")])
    sales = sheet("sales", SALES, [("2024-05-03", "K2", "华通", "杭州", 50, "")])
    assert ch("import", plan, sales).code == 0
    assert [(code, score) for code, score, _rule in points(ch)] == [("K1", 0), ("K2", D("0.5"))]


# --- a plan is frozen ------------------------------------------------------------------------------------------------


def test_what_becomes_of_a_customer_afterwards_changes_no_score(ch: Run) -> None:
    customers = sheet(
        "customers",
        "客户编码 客户名称 办事处 规划等级 核心客户",
        [("K1", "客户K1", "杭州", "V1", ""), ("K2", "客户K2", "杭州", "V3", "是"), ("K3", "客户K3", "杭州", "", "")],
    )
    targets = sheet("targets", TARGETS, [("V1", "2024-01", 200), ("V3", "2024-01", 100), ("V4", "2024-01", 50)])
    plan = planned(("K1", "", "", ""), ("K2", "", "", ""), ("K3", "", "", ""))
    assert ch("import", customers, targets, plan).code == 0
    assert ch("import", sold(*(("2024-05-03", f"K{n}", "杭州", 50) for n in range(1, 4)))).code == 0
    before = report(ch, "score", "--month", "2024-05", "--explain")["rows"]
    assert [(row["class"], row["core"], row["achieved"]) for row in before] == [
        ("V1", True, D("0.25")),
        ("V3", True, D("0.5")),
        (None, False, D(1)),
    ]
    row = one(ch, "--month", "2024-05")
    for words in (
        ["K1", "class=V4"],
        ["K1", "core=否"],
        ["K2", "class=", "core="],
        ["K2", "closed_on=2024-05-01"],
        ["K3", "class=V1", "core=是", "office="],
    ):
        assert ch("customer", "set", *words).code == 0
    assert report(ch, "score", "--month", "2024-05", "--explain")["rows"] == before
    assert one(ch, "--month", "2024-05") == row


def test_changing_a_planned_target_leaves_class_and_core_as_planned(ch: Run) -> None:
    customers = sheet("customers", "客户编码 客户名称 规划等级", [("K1", "客户K1", "V1")])
    assert ch("import", customers, planned(("K1", "", "", 100))).code == 0
    assert ch("customer", "set", "K1", "class=V4", "core=是").code == 0
    assert ch("plan", "set", "2024-05", "杭州", "K1", "target=80").code == 0
    again = planned(("K1", "", "", 90), ("K2", "", "", 10), name="plan-again")
    assert ch("import", again).code == 0
    found = report(ch, "plan", "list")["rows"]
    assert [(row["customer_code"], row["class"], row["core"], row["target"]) for row in found] == [
        ("K1", "V1", None, 90),
        ("K2", None, None, 10),
    ]


def test_a_planned_customer_nobody_knew_counts_nothing_and_stays_in_the_denominator(ch: Run) -> None:
    assert (
        ch(
            "import", planned(("K1", "V1", "", 100), ("K9", "V1", "", 100)), sold(("2024-05-03", "K1", "杭州", 100))
        ).code
        == 0
    )
    assert points(ch) == [("K1", D(1), "own_target"), ("K9", D(0), "own_target")]
    assert one(ch)["cooperation_rate"] == D("0.5")


# --- months ----------------------------------------------------------------------------------------------------------


def test_the_month_is_the_latest_planned_one_that_has_begun(ch: Run) -> None:
    plans = [
        planned(("K1", "V1", "", 100), name=f"plan{month}", month=month) for month in ("2024-04", "2024-05", "2024-06")
    ]
    sales = sold(("2024-04-03", "K1", "杭州", 20), ("2024-05-03", "K1", "杭州", 50))
    assert ch("import", *plans, sales).code == 0
    assert [(row["month"], row["achieved"]) for row in report(ch, "score")["rows"]] == [("2024-05", D("0.5"))]
    assert one(ch, "--as-of", "2024-04-30")["month"] == "2024-04"
    assert one(ch, "--as-of", "2024-04-02")["achieved"] == 0
    assert one(ch, "--as-of", "2024-07-15")["month"] == "2024-06"
    early = ch("score", "--as-of", "2024-03-31")
    assert early.code == 3
    assert "there is no plan for 2024-03" in early.err
    june = ch("score", "--month", "2024-06")
    assert june.code == 0
    assert "no planned customer bought anything: Jun 2024" in june.err


@pytest.mark.usefixtures("five")
def test_as_of_cuts_the_month(ch: Run) -> None:
    assert one(ch, "--month", "2024-05", "--as-of", "2024-05-15")["achieved"] == 2
    found = report(ch, "score", "--month", "2024-05", "--as-of", "2024-05-15")
    assert (found["params"]["from"], found["params"]["to"]) == ("2024-05-01", "2024-05-15")
    assert "data to 2024-05-15" in found["title"]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--month", "2024-04"], 3, ["there is no plan for 2024-04, so there is no score", "plans for: 2024-05"]),
        (["--month", "2024-13"], 2, ["“2024-13” is not a month"]),
        (["--month", ""], 2, ["“” is not a month"]),
        (["--office", "杭洲"], 2, ["no office “杭洲”", "Did you mean 杭州?"]),
        (["--office", ""], 2, ["no office “”"]),
        (["--office", "GZ", "--month", "2024-05"], 2, ["no office “GZ”"]),
        (["--as-of", "soon"], 2, ["“soon” is not a date"]),
    ],
)
def test_what_has_no_score_is_an_error(words: list[str], code: int, said: list[str], ch: Run) -> None:
    found = ch("score", *words)
    assert (found.code, found.out) == (code, "")
    for text in said:
        assert text in found.err


@pytest.mark.usefixtures("sample")
def test_an_office_without_a_plan_has_no_score(ch: Run) -> None:
    assert ch("office", "add", "GZ", "赣州").code == 0
    found = ch("score", "--office", "赣州", "--month", "2024-05")
    assert (found.code, found.out) == (3, "")
    assert "赣州 has no plan for 2024-05, so there is no score" in found.err
    assert all(office in found.err for office in MAY)


def test_without_any_plan_there_is_no_score(ch: Run) -> None:
    assert ch("import", sold(("2024-05-03", "K1", "杭州", 20))).code == 0
    for words in ([], ["--month", "2024-05"]):
        found = ch("score", *words)
        assert (found.code, found.out) == (3, "")
        assert "there is no plan yet, so there is no score\nchannelctl template plan" in found.err


# --- the contract with scripts, and the screen -----------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
def test_the_rows_are_the_contract(ch: Run) -> None:
    for words in ([], ["--office", "HZ"]):
        found = holds_to_schema(ch, "score", "score", "--month", "2024-05", *words)
        assert {" ".join(row) for row in found["rows"]} == {ROW}
        assert " ".join(column["name"] for column in found["columns"]) == ROW
        explained = holds_to_schema(ch, "score", "score", "--month", "2024-05", "--explain", *words)
        assert {" ".join(row) for row in explained["rows"]} == {EXPLAINED}
        assert {row["rule"] for row in explained["rows"]} == {"own_target", "class_target", "purchase"}
    assert ch("score", "--format", "csv").out.count("\n") == 1 + len(MAY)


@pytest.mark.usefixtures("sample")
def test_classes_stand_against_the_provinces_plan(ch: Run) -> None:
    found = report(ch, "score", "--month", "2024-05")["classes"]
    assert [(row["class"], row["province_plan"]) for row in found] == [
        ("VKA", 9), ("V1", 19), ("V2", 25), ("V3", 30), ("V4", 91), ("distribution", 2), (None, None),
    ]  # fmt: skip
    assert sum(row["planned"] for row in found) == 55
    assert sum(row["customers"] for row in found) == 90
    assert ch("customer", "set", "C00002", "closed_on=2024-05-31").code == 0
    assert sum(row["customers"] for row in report(ch, "score", "--month", "2024-05")["classes"]) == 89
    earlier = report(ch, "score", "--month", "2024-05", "--as-of", "2024-05-30")["classes"]
    assert sum(row["customers"] for row in earlier) == 90


@pytest.mark.usefixtures("sample")
def test_one_office_reads_line_by_line(ch: Run) -> None:
    lines = ch("score", "--office", "HZ", "--month", "2024-05").out.splitlines()
    assert lines[0] == "杭州 HZ · May 2024 · plan 2024-05 · data to 2024-05-31"
    assert [line.split() for line in lines[4:13]] == [
        ["channel", "cooperation", "8.72", "13", "67.1%", "██████████▊", "22", "12"],
        ["VKA", "0.91", "1", "91.4%", "██████████████▋", "1", "1"],
        ["V1", "1.67", "2", "83.3%", "█████████████▍", "2", "2"],
        ["V2", "1.55", "2", "77.6%", "████████████▍", "2", "2"],
        ["V3", "1.22", "2", "61.0%", "█████████▊", "2", "2"],
        ["V4", "0.76", "2", "38.0%", "██████▏", "4", "2"],
        ["distribution", "platforms", "1.61", "2", "80.6%", "████████████▉", "2", "2"],
        ["no", "class", "1.00", "2", "50.0%", "████████", "9", "1"],
        ["core", "quality,", "4", "core", "customers", "3.58", "13", "27.5%", "████▍"],
    ]
    assert lines[-1] == "Score 67.1%   rank 3 of 5   all offices 73.9%"
    assert max(map(len, lines)) <= 100


@pytest.mark.usefixtures("sample")
def test_all_offices_fit_on_a_terminal_and_explain_says_rules_in_words(ch: Run) -> None:
    lines = ch("score", "--month", "2024-05").out.splitlines()
    offices = lines[lines.index(next(line for line in lines if line.startswith("Code"))) :]
    assert offices[0].split("   ")[0] == "Code"
    assert max(map(len, offices)) <= 100
    assert [line.split()[0] for line in offices[2:7]] == ["SZ", "NJ", "HZ", "NB", "WX"]
    assert lines[-1] == "All offices together: 73.9%"
    explained = ch("score", "--office", "HZ", "--explain").out
    assert "class target" in explained
    assert "class_target" not in explained
    assert "class_target" in ch("score", "--office", "HZ", "--explain", "--format", "csv").out
