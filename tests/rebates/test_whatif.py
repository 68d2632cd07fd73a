"""`channelctl whatif --rebates`: what other rules would have cost, with nothing stored."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from channelctl.period import Period
from channelctl.systems.rebates.rules import Base, Breakpoint, Earned, Rule
from channelctl.systems.rebates.rules_whatif import as_if_in, by_policy, costs, months
from tests.conftest import Run
from tests.making import holds_to_schema, report
from tests.rebates.regions import MONTHLY, RULES, SAMPLE, region

NEW = (*SAMPLE[:11], "300/1200", "30/80", *SAMPLE[13:])
PICKUP = ("TH", 1, 1, "", "提货返利", *MONTHLY, "", "5", "A108", "", "", "", "")
MAY = Period.month("2024-05")


def book(name: str, *rules: tuple[object, ...]) -> Path:
    """A workbook of rules."""
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = "返利政策"
    for row in [RULES.split(), *rules]:
        page.append(row)
    made.save(name)
    return Path(name)


def asked(ch: Run, *rules: tuple[object, ...]) -> Any:
    return report(ch, "whatif", "--rebates", book("new.xlsx", *rules), "rebate", "--month", "2024-05")


def test_on_the_screen(ch: Run) -> None:
    region(ch)
    book("new.xlsx", NEW)
    said = ch("whatif", "--rebates", "new.xlsx", "rebate", "--from", "2024-05", "--to", "2024-05")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "What if: new.xlsx instead of the rules in force · Rebates · May 2024\n"
        "\n"
        "What differs in the policy\n"
        "Section   Setting      In force   New\n"
        "──────────────────────────────────────────\n"
        "DL 1 1    Thresholds   400/1000   300/1200\n"
        "DL 1 1    Rates        20/80      30/80\n"
        "\n"
        "What it comes to\n"
        "Rebate   Count   Rebate, CNY   New rebate, CNY   Change in rebate, CNY\n"
        "──────────────────────────────────────────────────────────────────────\n"
        "rises        2     19,980.00         40,770.00               20,790.00\n"
        "stays        1          0.00              0.00                    0.00\n"
        "\n"
        "Code    Customer   Rebate, CNY   New rebate, CNY   Change in rebate, CNY\n"
        "────────────────────────────────────────────────────────────────────────\n"
        "C1      恒达通讯     19,980.00         29,970.00                9,990.00\n"
        "C2      信通电讯          0.00         10,800.00               10,800.00\n"
        "C3      远方手机          0.00              0.00                    0.00\n"
        "total                19,980.00         40,770.00               20,790.00\n"
        "\n"
        "Changed: 2 of 3 (rebate 2).\n"
    )


@pytest.mark.parametrize(
    ("rules", "new", "differing"),
    [
        ([SAMPLE], {"C1": 19980, "C2": 0, "C3": 0}, []),
        ([NEW], {"C1": 29970, "C2": 10800, "C3": 0}, ["thresholds", "rates"]),
        ([PICKUP], {"C2": 300, "C3": 100, "C1": None}, ["", ""]),
        ([SAMPLE, PICKUP], {"C1": 19980, "C2": 300, "C3": 100}, [""]),
        ([(*SAMPLE[:8], "", "", "", *SAMPLE[11:])], {"C1": 19980, "C2": 0, "C3": 0}, ["basis", "method", "unit"]),
    ],
)
def test_each_side_is_what_its_rules_pay(
    rules: list[tuple[object, ...]], new: dict[str, int | None], differing: list[str], ch: Run
) -> None:
    region(ch)
    found = asked(ch, *rules)
    assert {row["customer_code"]: row["new_rebate"] for row in found["rows"]} == new
    assert {row["customer_code"]: row["rebate"] for row in found["rows"]} == {"C1": 19980, "C2": 0, "C3": 0}
    assert [row["setting"] for row in found["settings"]] == differing
    assert found["totals"]["change_rebate"] == sum(value or 0 for value in new.values()) - 19980
    assert found["params"]["rebates"] == "new.xlsx"


def test_fields_are_named_by_their_headings(ch: Run) -> None:
    region(ch)
    book("new.xlsx", NEW)
    done = ch("--lang", "zh", "whatif", "--rebates", "new.xlsx", "rebate", "--month", "2024-05")
    assert [line.split() for line in done.out.splitlines() if line.startswith("DL 1 1")] == [
        ["DL", "1", "1", "达量门槛", "400/1000", "300/1200"],
        ["DL", "1", "1", "返利", "20/80", "30/80"],
    ]


def test_nothing_is_stored(ch: Run) -> None:
    region(ch)
    before = [report(ch, *words) for words in (("batch", "list"), ("rebate", "rule", "list"), ("audit", "list"))]
    asked(ch, NEW, PICKUP)
    after = [report(ch, *words) for words in (("batch", "list"), ("rebate", "rule", "list"), ("audit", "list"))]
    assert after == before
    assert report(ch, "rebate", "cost", "--month", "2024-05")["totals"] == {"rebate": 19980}


def test_rules_of_other_days_are_taken_as_if_they_held(ch: Run) -> None:
    region(ch)
    later = (*NEW[:5], "2025-01-01", "2025-12-31", *NEW[7:])
    book("new.xlsx", later)
    said = ch("whatif", "--rebates", "new.xlsx", "rebate", "--month", "2024-05")
    assert said.err == "DL holds on no day of the period: counted as if it held in all of it\n"
    assert asked(ch, later)["totals"]["new_rebate"] == 40770


def test_the_option_may_stand_after_the_report(ch: Run) -> None:
    region(ch)
    book("new.xlsx", NEW)
    words = ["rebate", "--month", "2024-05"]
    before = ch("whatif", "--rebates", "new.xlsx", *words)
    assert before.code == 0
    assert ch("whatif", *words, "--rebates", "new.xlsx") == before


def test_under_another_policy_file_as_other_reports(ch: Run) -> None:
    region(ch, (*SAMPLE[:15], "是", "", ""))
    Path("new.toml").write_text('[rebates]\npaid_statuses = ["已付款", "部分"]\n', "utf-8")
    found = report(ch, "whatif", "--policy", "new.toml", "rebate", "--month", "2024-05")
    assert [row["setting"] for row in found["settings"]] == ["paid_statuses"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("--rebates nix.xlsx rebate --month 2024-05", 3, "there is no file nix.xlsx"),
        ("--rebates bad.xlsx rebate --month 2024-05", 3, "  bad.xlsx!返利政策!M3  E342  "),
        (
            "--rebates twice.xlsx rebate --month 2024-05",
            3,
            "twice.xlsx!返利政策!3: the same record stands in twice.xlsx!",
        ),
        ("--rebates sales.csv rebate --month 2024-05", 3, "sales.csv holds sales, not rebate rules\n"),
        ("--rebates new.xlsx tier --month 2024-05", 2, "tier does not go by rebate rules"),
        ("--policy new.toml --rebates new.xlsx rebate --month 2024-05", 2, "--policy and --rebates ask two questions"),
        (
            "rebate --month 2024-05",
            2,
            "whatif needs other rebate rules, or the other policy\nchannelctl whatif --rebates ",
        ),
        ("--rebates new.xlsx rebate", 2, "the months are missing, or said twice"),
        ("--rebates new.xlsx rebate --month 2024-05 --from 2024-04", 2, "the months are missing, or said twice"),
        ("--rebates new.xlsx rebate --from 2024-05 --to 2024-04", 2, "the period ends (2024-04-30) before it starts"),
    ],
)
def test_what_is_refused(words: str, code: int, said: str, ch: Run) -> None:
    region(ch)
    book("new.xlsx", NEW)
    book("bad.xlsx", NEW, (*PICKUP[:11], "100/200", *PICKUP[12:]))
    book("twice.xlsx", NEW, SAMPLE)
    Path("new.toml").write_text("", "utf-8")
    done = ch("whatif", *words.split())
    assert done.code == code
    assert said in done.err
    assert done.out == ""


def test_cost_by_policy_and_customer(ch: Run) -> None:
    region(ch, SAMPLE, PICKUP)
    found = report(ch, "rebate", "cost", "--month", "2024-05")
    assert [(row["policy"], row["customers"], row["rebate"]) for row in found["policies"]] == [
        ("DL", 1, 19980),
        ("TH", 2, 400),
    ]
    assert [(row["customer_code"], row["rebate"]) for row in found["rows"]] == [("C1", 19980), ("C2", 300), ("C3", 100)]
    one = report(ch, "rebate", "cost", "--month", "2024-05", "--office", "宁波")
    assert one["totals"]["rebate"] == 400
    cut = report(ch, "rebate", "cost", "--month", "2024-05", "--as-of", "2024-05-03")
    assert cut["totals"]["rebate"] == 12000


@pytest.mark.parametrize("name", ["rebate", "whatif_rebate"])
def test_json_holds_to_its_schema(name: str, ch: Run) -> None:
    region(ch)
    book("new.xlsx", NEW)
    words = ["rebate", "cost"] if name == "rebate" else ["whatif", "--rebates", "new.xlsx", "rebate"]
    holds_to_schema(ch, name, *words, "--month", "2024-05")


# --- the rules --------------------------------------------------------------------------------------------------------

PARTS = st.builds(
    lambda policy, version, month: _rule(policy, version, month),
    st.sampled_from("AB"),
    st.sampled_from(["1", "2", "10"]),
    st.integers(1, 12),
)


def _rule(policy: str, version: str, month: int) -> Rule:
    span = Period.month(f"2024-{month}")
    points = (Breakpoint(Decimal(0), Decimal(1)),)
    return Rule(
        *(policy, version, "1", policy, "pickup", span.start, span.end, "month", "quantity", "all_units", "per_unit"),
        points,
    )


@given(st.lists(PARTS, unique_by=lambda rule: (rule.policy, rule.version), max_size=6))
def test_every_policy_holds_on_some_day_of_the_period(rules: list[Rule]) -> None:
    kept, moved = as_if_in(rules, MAY)
    assert {rule.policy for rule in kept} == {rule.policy for rule in rules}
    for rule in kept:
        if rule.policy in moved:
            assert rule.spans == ((MAY.start, MAY.end),)
            assert int(rule.version) == max(int(one.version) for one in rules if one.policy == rule.policy)
        else:
            assert rule in rules


def test_costs_add_up_by_customer_and_by_policy() -> None:
    def row(policy: str, code: str, sum_: int, instead: str = "") -> Earned:
        return Earned(_rule(policy, "1", 5), MAY, 1, code, f"店{code}", Base(), Decimal(sum_), instead)

    found = [row("A", "C1", 5), row("B", "C1", 7), row("A", "C2", 20), row("B", "C2", 9, "A"), row("A", "C3", 0)]
    assert [(one.customer_code, int(one.rebate)) for one in costs(found)] == [("C2", 20), ("C1", 12), ("C3", 0)]
    assert [(one.policy, one.customers, int(one.rebate)) for one in by_policy(found)] == [("A", 2, 25), ("B", 1, 7)]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [("2024-01", "2024-03", "2024-01-01 2024-03-31"), ("2024-02", "2024-02", "2024-02-01 2024-02-29")],
)
def test_months(first: str, last: str, days: str) -> None:
    found = months(first, last)
    assert f"{found.start} {found.end}" == days
