"""`channelctl whatif`: a report under another policy beside itself, with nothing written."""

import csv
import io
import json
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from channelctl.report import OFFERS
from channelctl.report.whatif import SettingRow, compared
from tests.conftest import Run
from tests.making import holds_to_schema, policy, report, sheet
from tests.tables import everything

D = Decimal
SALES = "日期 客户编码 客户名称 办事处 金额 状态"
LINES = [("C1", 60, ""), ("C2", 25, ""), ("C3", 15, ""), ("C3", 40, "作废"), ("C4", 5, "作废")]


@pytest.fixture
def region(ch: Run) -> None:
    """Sales of 60, 25 and 15; 40 and 5 more are no sale as long as the policy says so."""
    lines = [("2024-05-03", code, f"店{code}", "杭州", amount, status) for code, amount, status in LINES]
    assert ch("import", sheet("sales", SALES, lines)).code == 0
    plans = [("2024-05", "杭州", "C1", 100), ("2024-05", "杭州", "C2", 20), ("2024-05", "宁波", "C3", 30)]
    assert ch("import", sheet("plan", "月份 办事处 客户编码 目标", plans)).code == 0


def other(text: str, name: str = "new.toml") -> Path:
    """The policy to ask about."""
    path = Path(name)
    path.write_text(text, "utf-8")
    return path


def asked(ch: Run, text: str, *words: object) -> Any:
    return report(ch, "whatif", "--policy", other(text), *words, "--month", "2024-05")


def moves(found: Any) -> str:
    return " ".join(f"{row['customer_code']}:{row['tier']}{row['new_tier']}" for row in found["rows"])


# --- tiers -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("region")
def test_on_the_screen(ch: Run) -> None:
    other('[tiers]\na_until = "0.50"\n')
    said = ch("whatif", "--policy", "new.toml", "tier", "--month", "2024-05")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "What if: new.toml instead of the defaults · ABC by net sales · May 2024 · 3 customers with sales\n"
        "\n"
        "What differs in the policy\n"
        "Section   Setting   In force   New\n"
        "───────────────────────────────────\n"
        "tiers     a_until   0.80       0.50\n"
        "\n"
        "What it comes to\n"
        "From   To   Count   Net sales, CNY\n"
        "──────────────────────────────────\n"
        "A      B        1            25.00\n"
        "A      A        1            60.00\n"
        "B      B        1            15.00\n"
        "\n"
        "Code    Customer   Tier   New tier   Net sales, CNY\n"
        "───────────────────────────────────────────────────\n"
        "C2      店C2       A      B                   25.00\n"
        "C1      店C1       A      A                   60.00\n"
        "C3      店C3       B      B                   15.00\n"
        "total                                        100.00\n"
        "\n"
        "Changed: 1 of 3 (tier 1).\n"
    )


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize(
    ("text", "expected", "settings"),
    [
        ("", "C1:AA C2:AA C3:BB", []),
        ('[tiers]\na_until = "0.80"\n', "C1:AA C2:AA C3:BB", []),
        ('[tiers]\na_until = "0.60"\n', "C2:AB C1:AA C3:BB", ["a_until"]),
        ('[tiers]\nb_until = "0.85"\n', "C3:BC C1:AA C2:AA", ["b_until"]),
        ('[tiers]\nboundary = "within"\n', "C2:AB C3:BC C1:AA", ["boundary"]),
        ('[tiers]\na_until = "0.95"\nb_until = "0.99"\n', "C3:BA C1:AA C2:AA", ["a_until", "b_until"]),
        ("[sales]\nno_sale_statuses = []\n", "C4:NoneC C3:BA C1:AA C2:AA", ["no_sale_statuses"]),
        ('[scores]\nmode = "binary"\n', "C1:AA C2:AA C3:BB", ["mode"]),
    ],
)
def test_who_changes_comes_first(text: str, expected: str, settings: list[str], ch: Run) -> None:
    found = asked(ch, text, "tier")
    order = moves(found).split()
    assert sorted(order) == sorted(expected.split())
    changed = [row["customer_code"] for row in found["rows"] if row["changed"]]
    assert [row["customer_code"] for row in found["rows"]][: len(changed)] == changed
    assert [row["setting"] for row in found["settings"]] == settings


@pytest.mark.usefixtures("region")
def test_what_it_does_to_the_sums(ch: Run) -> None:
    found = asked(ch, "[sales]\nno_sale_statuses = []\n", "tier")
    assert found["settings"] == [
        {"section": "sales", "setting": "no_sale_statuses", "value": "作废, 已作废", "new_value": ""}
    ]
    totals = found["totals"]
    assert [totals[name] for name in ("net_sales", "new_net_sales", "change_net_sales")] == [100, 145, 45]
    assert [totals[name] for name in ("customers", "new_customers", "change_customers")] == [3, 4, 1]
    by_code = {row["customer_code"]: row for row in found["rows"]}
    assert [by_code["C3"][name] for name in ("net_sales", "new_net_sales", "change_net_sales")] == [15, 55, 40]
    assert [by_code["C4"][name] for name in ("net_sales", "new_net_sales", "change_net_sales")] == [None, 5, 5]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("words", ["tier --month 2024-05", "tier --all-time --office 杭州", "tier --method share"])
def test_each_side_is_the_report_under_that_policy(words: str, ch: Run) -> None:
    text = '[tiers]\na_until = "0.6"\nb_until = "0.9"\nshare_a = "0.05"\nshare_b = "0.02"\n'
    text += "[sales]\nno_sale_statuses = []\n"
    found = report(ch, "whatif", "--policy", other(text), *words.split())
    old, new = report(ch, *words.split()), report(ch, *words.split(), "--policy", "new.toml")
    for side, start in ((old, ""), (new, "new_")):
        there = {row["customer_code"]: (row["tier"], row["net_sales"]) for row in side["rows"]}
        here = {
            row["customer_code"]: (row[f"{start}tier"], row[f"{start}net_sales"])
            for row in found["rows"]
            if row[f"{start}tier"] is not None
        }
        assert here == there
        assert found["totals"][f"{start}net_sales"] == side["totals"]["net_sales"]
    pairs = Counter((row["tier"], row["new_tier"]) for row in found["rows"])
    assert {(row["from"], row["to"]): row["rows"] for row in found["summary"]} == pairs
    assert len(pairs) > 3
    for start in ("", "new_", "change_"):
        assert sum(row[f"{start}net_sales"] for row in found["summary"]) == sum(
            row[f"{start}net_sales"] or 0 for row in found["rows"]
        )


@pytest.mark.usefixtures("sample")
def test_channel_words_are_those_of_each_policy(ch: Run) -> None:
    text = '[customers.channels]\ndirect = ["直供"]\ndistribution = ["分销", "街边"]\n'
    found = report(ch, "whatif", "--policy", other(text), "tier", "--channel", "直供", "--month", "2024-05")
    old = report(ch, "tier", "--channel", "直供", "--month", "2024-05")
    assert found["totals"]["net_sales"] == old["totals"]["net_sales"] > 0
    assert found["params"]["channel"] == "direct"


# --- scores ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("region")
def test_scores_with_the_total_of_all_offices(ch: Run) -> None:
    found = asked(ch, '[scores]\nmode = "binary"\n', "score")
    names = ("office", "cooperation_rate", "new_cooperation_rate", "change_cooperation_rate", "rank", "new_rank")
    rows = [tuple(row[name] for name in names) for row in found["rows"]]
    assert sorted(rows) == [
        ("宁波", D("0"), D("0"), D("0"), 2, 2),
        ("杭州", D("0.8"), D("0.5"), D("-0.3"), 1, 1),
    ]
    total = [found["totals"][f"{start}cooperation_rate"] for start in ("", "new_", "change_")]
    assert [round(figure, 6) for figure in total] == [D("0.533333"), D("0.333333"), D("-0.2")]
    said = ch("whatif", "--policy", "new.toml", "score", "--month", "2024-05").out
    assert [line.split()[1:] for line in said.splitlines() if line.startswith("total")] == [
        ["53.3%", "33.3%", "▼", "20.0"]
    ]
    assert [(row["direction"], row["rows"], row["change_achieved"]) for row in found["summary"]] == [
        ("falls", 1, D("-0.6")),
        ("stays", 1, D("0")),
    ]


@pytest.mark.usefixtures("region")
def test_the_planned_customers_of_an_office(ch: Run) -> None:
    found = asked(ch, '[scores]\nmode = "binary"\n', "score", "--office", "杭州", "--explain")
    assert [(row["customer_code"], row["achieved"], row["new_achieved"]) for row in found["rows"]] == [
        ("C1", D("0.6"), D("0")),
        ("C2", D("1"), D("1")),
    ]
    said = ch("whatif", "--policy", "new.toml", "score", "--month", "2024-05", "--explain").out
    assert said.endswith("Changed: 1 of 3 (score 1).\n")


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tier", "tier"),
        ("tier", "tier --method rfm"),
        ("tier", "tier --by office"),
        ("score", "score"),
        ("score", "score --explain"),
        ("score", "score --office 杭州"),
    ],
)
def test_it_holds_to_its_schema(name: str, words: str, ch: Run) -> None:
    other('[scores]\nmode = "binary"\n[tiers]\na_until = "0.3"\n')
    found = holds_to_schema(
        ch, f"whatif_{name}", "whatif", "--policy", "new.toml", *words.split(), "--month", "2024-05"
    )
    assert found["report"] == f"whatif_{name}"
    assert found["rows"]
    assert len(found["settings"]) == 2


# --- which policies --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("region")
def test_beside_the_policy_in_force(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    policy('[tiers]\na_until = "0.3"\n')
    other("")
    words = ("whatif", "tier", "--month", "2024-05", "--policy", "new.toml")
    found = report(ch, *words)
    assert found["title"].startswith("What if: new.toml instead of policy.toml · ")
    assert (found["params"]["policy"], found["params"]["new_policy"]) == ("policy.toml", "new.toml")
    assert [(row["value"], row["new_value"]) for row in found["settings"]] == [("0.3", "0.80")]
    monkeypatch.setenv("CHANNELCTL_POLICY", str(other('[tiers]\na_until = "0.2"\n', "env.toml")))
    assert report(ch, *words)["params"]["policy"] == "env.toml"


@pytest.mark.usefixtures("region")
def test_the_same_policy_changes_nothing(ch: Run) -> None:
    said = ch("whatif", "--policy", other(""), "score", "--month", "2024-05").out
    assert said.endswith("\nThe two policies do not differ.\nChanged: none of 2.\n")
    assert "New" not in said


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tiers]\na_untl = 1\n", "policy new.toml: [tiers] has no setting a_untl"),
        ("[scores]\nmode = 'x'\n", "policy new.toml: [scores] mode: “x” is none of"),
        ("[nonsense]\n", "policy new.toml: there is no section [nonsense]"),
        ("a = [", "policy new.toml: "),
    ],
)
@pytest.mark.parametrize("command", ["tier", "score"])
def test_a_policy_that_cannot_be_is_refused_whole(text: str, said: str, command: str, ch: Run) -> None:
    found = ch("whatif", "--policy", other(text), command, "--month", "2024-05")
    assert (found.code, found.out) == (3, "")
    assert found.err.startswith(f"channelctl: error: {said}")


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ["whatif", "tier"],
            2,
            "whatif needs the other policy\nchannelctl whatif --policy new.toml tier --month 2024-05",
        ),
        (["whatif", "--policy", "absent.toml", "tier"], 3, "policy absent.toml: "),
        (
            ["whatif", "--policy", "new.toml", "customer", "list"],
            2,
            "no command “customer”. There are: tier, score, rebate\nFor help: channelctl whatif --help",
        ),
        (["whatif", "--policy", "new.toml", "tier", "--method", "x"], 2, "“x” is not a method"),
        (["whatif", "--policy", "new.toml", "tier", "--apply"], 2, "no option --apply"),
        (["whatif", "--policy", "new.toml", "tier", "--known", "99"], 2, "there is no batch 99"),
        (["whatif", "--policy", "new.toml", "tier", "--format", "doc"], 2, "“doc” is not a format"),
        (["whatif", "--policy", "new.toml", "score", "--month", "2031-01"], 3, "there is no plan for 2031-01"),
    ],
)
def test_what_cannot_be_compared_is_refused(words: list[str], code: int, said: str, ch: Run) -> None:
    other("")
    found = ch(*words)
    assert (found.code, found.out) == (code, "")
    assert found.err.startswith(f"channelctl: error: {said}"), found.err


# --- the mechanism ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("region")
def test_from_what_was_known_then(ch: Run) -> None:
    words = ("whatif", "--policy", other('[tiers]\na_until = "0.5"\n'), "tier", "--month", "2024-05", "--known", "2")
    before = ch(*words)
    assert "as known on 2024-06-03, batch 2" in before.out
    assert ch("import", sheet("more", SALES, [("2024-05-04", "C1", "店C1", "杭州", 900, "")])).code == 0
    assert ch(*words) == before


def test_nothing_is_written(ch: Run, region: None, tmp_path: Path) -> None:
    before = everything(tmp_path / "channel.db")
    for command in OFFERS:
        assert ch("whatif", "--policy", other('[tiers]\na_until = "0.5"\n'), command, "--month", "2024-05").code == 0
    assert everything(tmp_path / "channel.db") == before
    assert ch("customer", "set", "C1", "class=V1").code == 0


@pytest.mark.usefixtures("region")
def test_it_comes_in_every_form(ch: Run) -> None:
    words = ("whatif", "--policy", other('[tiers]\na_until = "0.5"\n'), "tier", "--month", "2024-05")
    first = next(iter(csv.DictReader(io.StringIO(ch(*words, "--format", "csv").out))))
    assert (first["Code"], first["Tier"], first["New tier"], first["Changed"]) == ("C2", "A", "B", "yes")
    assert "| C2 | 店C2 | A | B | 25.00 |" in ch(*words, "--format", "md").out.replace("  ", " ").replace("  ", " ")
    assert '<td class="k">店C2</td>' in ch(*words, "--format", "html").out
    assert ch(*words, "--output", "out.xlsx").code == 0
    assert "xl/workbook.xml" in zipfile.ZipFile("out.xlsx").namelist()
    assert json.loads(ch(*words, "--format", "json").out)["rows"][0]["changed"] is True


@pytest.mark.usefixtures("region")
def test_in_chinese_headings_say_which_is_new(ch: Run) -> None:
    words = ("whatif", "--policy", other('[tiers]\na_until = "0.5"\n'), "tier", "--month", "2024-05")
    heads = {
        head["name"]: head["label"] for head in json.loads(ch("--lang", "zh", *words, "-f", "json").out)["columns"]
    }
    assert (heads["tier"], heads["new_tier"]) == ("级", "新级")
    assert (heads["new_net_sales"], heads["change_net_sales"]) == ("新净销售额", "净销售额变化")


def test_rows_of_one_key_are_told_apart_by_their_order(ch: Run) -> None:
    from typing import Annotated, NamedTuple

    from channelctl.columns import Col
    from channelctl.report import Compared, Report

    class Row(NamedTuple):
        code: Annotated[str, Col("编码", "Code")]
        figure: Annotated[Decimal | None, Col("数", "Figure", kind="money")]

    before = Report("x", Row, [Row("a", D(1)), Row("a", D(2)), Row("b", None)], "one · two")
    after = Report("x", Row, [Row("a", D(1)), Row("a", D(5)), Row("c", D(7))], "one · three")
    way = Compared(key=("code",), figures=("figure",))
    found = compared(before, after, way, [SettingRow("s", "k", "1", "2")], (None, "new.toml"))
    rows = [(row.code, row.figure, row.new_figure, row.change_figure, row.changed) for row in found.rows]
    assert rows == [
        ("a", D(2), D(5), D(3), True),
        ("b", None, None, D(0), True),
        ("c", None, D(7), D(7), True),
        ("a", D(1), D(1), D(0), False),
    ]
    assert found.title == "What if: new.toml instead of the defaults · one"
