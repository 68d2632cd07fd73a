"""Whose figures they are: what offices, regions and reps come to together, and the figures that stand for reports."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.making import policy, report

DAY = ("--as-of", "2024-05-31")
OFFICES = ("HZ", "NB", "NJ", "SZ", "WX")
# Of no office, and no rep, in the region below.
ALONE = "C00003"
SOUTH = ("SZ", "WX")
SCOPED: Sequence[tuple[tuple[str, ...], tuple[str, ...]]] = (
    (("rebate", "accrue", "--month", "2024-05", *DAY), ("due", "estimate")),
    (("rebate", "gap", "--as-of", "2024-05-20"), ("rows", "worth")),
    (("rebate", "cost", "--month", "2024-05"), ("rebate",)),
    (("credit", "ageing", *DAY), ("not_due", "age_1", "age_2", "age_3", "age_4", "unapplied", "outstanding")),
    (("credit", "ageing", "--date", "document", *DAY), ("not_due", "age_1", "outstanding")),
    (("credit", "status", *DAY), ("exposure", "documents", "on_account", "overdue")),
    (("credit", "overdue", *DAY), ("open",)),
    (("credit", "dso", "--by", "customer", *DAY), ()),
    (("stock", "cover", *DAY), ("stock", "units", "excess")),
)
each_scoped = pytest.mark.parametrize(("words", "sums"), SCOPED, ids=[" ".join(words[:2]) for words, _sums in SCOPED])


@pytest.fixture
def regions(sample: Path, ch: Run) -> Run:
    """The sample with a second region, and a customer that owes, earns and counts but has no office and no rep."""
    assert ch("region", "add", "苏南", "code=SN").code == 0
    for office in SOUTH:
        assert ch("office", "set", office, "region=SN").code == 0
    assert ch("customer", "set", ALONE, "office=", "rep=").code == 0
    return ch


def listed(found: Any) -> Counter[str]:
    """The rows of a report, whatever their order."""
    return Counter(repr(sorted(row.items())) for row in found["rows"])


def alone(found: Any) -> Counter[str]:
    """The rows of the customer that is of no office."""
    return Counter(
        repr(sorted(row.items())) for row in found["rows"] if row.get("customer_code", row.get("code")) == ALONE
    )


@each_scoped
def test_the_offices_and_who_has_none_make_the_whole(regions: Run, words: tuple[str, ...], sums: Sequence[str]) -> None:
    whole = report(regions, *words)
    parts = [report(regions, *words, "--office", office) for office in OFFICES]
    assert sum(map(listed, parts), Counter()) + alone(whole) == listed(whole)
    assert len(alone(whole)) > 0
    assert sum(len(part["rows"]) > 0 for part in parts) > 1
    for part in parts:
        own = [name for name in sums if name != "rows" and part["rows"]]
        assert [part["totals"][name] for name in own] == [
            sum((row[name] for row in part["rows"] if row[name] is not None), D(0)) for name in own
        ]


@each_scoped
def test_a_region_is_its_offices(regions: Run, words: tuple[str, ...], sums: Sequence[str]) -> None:
    south = report(regions, *words, "--region", "苏南")
    offices = [report(regions, *words, "--office", office) for office in SOUTH]
    assert listed(south) == sum(map(listed, offices), Counter())
    assert south["params"]["region"] == "SN"
    assert "苏南" in south["title"]
    for name in sums:
        assert south["totals"][name] == sum(one["totals"].get(name, 0) for one in offices)


@each_scoped
def test_the_reps_and_who_has_none_make_the_whole(regions: Run, words: tuple[str, ...], sums: Sequence[str]) -> None:
    whole = report(regions, *words)
    reps = [row["code"] for row in report(regions, "rep", "list")["rows"]]
    parts = [report(regions, *words, "--rep", rep) for rep in reps]
    assert sum(map(listed, parts), Counter()) + alone(whole) == listed(whole)


@each_scoped
def test_office_and_rep_together_are_those_that_are_both(
    regions: Run, words: tuple[str, ...], sums: Sequence[str]
) -> None:
    found = report(regions, *words, "--office", "HZ", "--rep", "HZ01")
    assert listed(found) == listed(report(regions, *words, "--rep", "HZ01"))
    assert report(regions, *words, "--office", "NJ", "--rep", "HZ01")["rows"] == []


@pytest.mark.parametrize("words", [words for words, _sums in SCOPED])
def test_a_region_that_there_is_not(sample: Path, ch: Run, words: tuple[str, ...]) -> None:
    done = ch(*words, "--region", "nowhere")
    assert (done.code, done.out) == (2, "")
    assert "nowhere" in done.err


def test_days_of_sales_of_a_region_are_those_of_its_offices(regions: Run) -> None:
    south = report(regions, "credit", "dso", *DAY, "--region", "SN")["rows"]
    offices = report(regions, "credit", "dso", *DAY, "--by", "office")["rows"]
    own = [row for row in offices if row["code"] in SOUTH]
    assert len(south) == 1
    assert south[0]["name"] == "苏南"
    for name in ("receivable", "not_due", "sales"):
        assert south[0][name] == sum(row[name] for row in own)


def test_what_one_customer_has_overdue(sample: Path, ch: Run) -> None:
    done = ch("credit", "overdue", *DAY, "--customer", "C00004")
    assert (done.code, done.err) == (0, "")
    assert (
        done.out
        == """\
Past due · as of 2024-05-31 · C00004 南京晟澜电讯有限公司

Level   Document   Due          Days late    Open, CNY
──────────────────────────────────────────────────────
    3   FP240413   2024-04-20          41   175,742.02
    1   FP240513   2024-05-20          11   396,709.56
        total                               572,451.58

2 documents of 1 customer past due, 572,451.58 in all: 1 of level 3, 1 of level 1.
"""
    )
    assert report(ch, "credit", "overdue", *DAY, "--customer", "C00004", "--office", "HZ")["rows"] == []


def test_the_score_of_a_region_is_that_of_its_offices(regions: Run) -> None:
    every = report(regions, "score", "--month", "2024-05")
    south = report(regions, "score", "--month", "2024-05", "--region", "苏南")
    assert south["rows"] == [row for row in every["rows"] if row["office_code"] in SOUTH]
    by_office = [report(regions, "score", "--month", "2024-05", "--office", one)["classes"] for one in SOUTH]
    for place, class_ in enumerate(south["classes"]):
        for name in ("planned", "customers", "buying", "achieved"):
            same = [one for rows in by_office for one in rows if one["class"] == class_["class"]]
            assert class_[name] == sum(one[name] for one in same), (place, name)
    done = regions("score", "--month", "2024-05", "--region", "SN")
    assert done.out.splitlines()[0].startswith("苏南, 2 offices with a plan · May 2024")
    achieved = sum(row["achieved"] for row in south["rows"])
    rate = achieved / sum(row["planned"] for row in south["rows"])
    assert done.out.splitlines()[-1] == f"苏南: {rate * 100:.1f}%   all offices 73.9%"


def test_the_score_of_a_region_that_is_closed(regions: Run) -> None:
    before = report(regions, "score", "--month", "2024-05", "--region", "SN")
    assert regions("score", "close", "--month", "2024-05").code == 0
    after = report(regions, "score", "--month", "2024-05", "--region", "SN")
    assert [row["cooperation_rate"] for row in after["rows"]] == [row["cooperation_rate"] for row in before["rows"]]
    assert after["classes"] == before["classes"]
    done = regions("score", "--month", "2024-05", "--region", "SN")
    assert f"From what is stored today: {_rate(before):.1f}%" in done.out


def _rate(found: Any) -> D:
    rows = found["rows"]
    achieved, planned = (D(sum(row[name] for row in rows)) for name in ("achieved", "planned"))
    return 100 * achieved / planned


def test_the_trend_of_a_region(regions: Run) -> None:
    every = report(regions, "score", "trend")["rows"]
    south = report(regions, "score", "trend", "--region", "SN")
    assert south["rows"] == [row for row in every if row["office_code"] in SOUTH]
    done = regions("score", "trend", "--region", "SN")
    whole = report(regions, "score", "--month", "2024-05", "--region", "SN")
    assert done.out.splitlines()[-1] == f"苏南 in 2024-05: {_rate(whole):.1f}%"


@pytest.mark.parametrize("words", [("score", "--month", "2024-05"), ("score", "trend")])
def test_a_region_without_a_plan_has_no_score(regions: Run, words: tuple[str, ...]) -> None:
    assert regions("region", "add", "陆北", "code=LB").code == 0
    done = regions(*words, "--region", "LB")
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(
        "channelctl: error: 陆北 has no plan for 2024-05, so there is no score\nOffices with one: "
    )


OURS = {"score", "tier", "tier-migration", "rebate-accrue", "rebate-gap", "credit-ageing", "credit-status"}


def figures(ch: Run, *words: object) -> dict[str, Any]:
    """The figures of a pack of the sample's month, by part and name."""
    found = report(ch, "report", "month", "--month", "2024-05", *words)
    return {f"{one['part']}.{one['name']}": one for one in found["figures"]}


def test_the_figures_of_a_region_are_what_its_commands_say(regions: Run) -> None:
    found = figures(regions, "--region", "SN")
    scope = ("--region", "SN")
    accrued = report(regions, "rebate", "accrue", "--month", "2024-05", *DAY, *scope)["totals"]
    gaps = [row for row in report(regions, "rebate", "gap", *DAY, *scope)["rows"] if row["days_left"] != 0]
    aged = report(regions, "credit", "ageing", *DAY, *scope)["totals"]
    status = report(regions, "credit", "status", *DAY, *scope)["rows"]
    tiers = report(regions, "tier", "--month", "2024-05", *DAY, *scope)["rows"]
    moved = report(regions, "tier", "migration", "--from", "2024-04", "--to", "2024-05", *scope)["rows"]
    assert {name: one["value"] for name, one in found.items() if name.partition(".")[0] in OURS} == {
        "score.score": pytest.approx(_rate(report(regions, "score", "--month", "2024-05", *scope)) / 100),
        "tier.a_customers": sum(row["tier"] == "A" for row in tiers),
        "tier.first_share": tiers[0]["share"],
        "tier-migration.tiers_up": sum(row["move"] == "rose" for row in moved),
        "tier-migration.tiers_down": sum(row["move"] == "fell" for row in moved),
        "rebate-accrue.rebates_due": accrued["due"],
        "rebate-accrue.rebates_estimate": accrued["estimate"],
        "rebate-gap.break_points": len(gaps),
        "rebate-gap.break_points_worth": sum(row["worth"] or 0 for row in gaps),
        "credit-ageing.outstanding": aged["outstanding"],
        "credit-ageing.past_due": sum(aged[f"age_{place}"] for place in range(1, 5)),
        "credit-status.over_limit": sum(row["available"] is not None and row["available"] < 0 for row in status),
        "credit-status.blocked": sum(row["status"] == "blocked" for row in status),
    }
    assert found["tier.first_share"]["remark"] == tiers[0]["customer"]


def test_an_offices_score_stands_beside_its_rank(sample: Path, ch: Run) -> None:
    one = figures(ch, "--office", "HZ")["score.score"]
    row = next(row for row in report(ch, "score", "--month", "2024-05")["rows"] if row["office_code"] == "HZ")
    assert (one["value"], one["remark"], one["before"]) == (row["cooperation_rate"], "rank 3 of 5", None)


def test_the_score_of_the_month_before_is_that_of_its_own_report(sample: Path, ch: Run) -> None:
    """With May's plan for June too."""
    assert ch("plan", "copy", "--month", "2024-05", "--to", "2024-06").code == 0
    for words in ((), ("--office", "HZ")):
        found = report(ch, "report", "run", _june(), "--month", "2024-06", *words)
        one = next(one for one in found["figures"] if one["name"] == "score")
        may = report(ch, "score", "--month", "2024-05", *words)["rows"]
        rate = D(sum(row["achieved"] for row in may)) / sum(row["planned"] for row in may)
        assert one["before"] == pytest.approx(rate)


def _june() -> Path:
    """A pack of scores alone."""
    file = Path("june.toml")
    file.write_text('title = "Scores"\n[[part]]\nreport = "score"\n', "utf-8")
    return file


def test_a_picture_of_what_is_open_by_age(sample: Path, ch: Run) -> None:
    assert ch("credit", "ageing", *DAY, "--output", "age.html").code == 0
    page = Path("age.html").read_text("utf-8")
    assert "Open documents by age: Not due 10,881,018.43; 1–30 days 4,555,131.20; 31–60 days 175,742.02" in page
    policy("[credit]\nbuckets = [10, 20]\n")
    assert ch("credit", "ageing", *DAY, "--output", "age2.html").code == 0
    assert "; &gt; 20 days " in Path("age2.html").read_text("utf-8")


def test_a_pack_names_the_figures_of_its_summary(sample: Path, ch: Run) -> None:
    shown = {
        "": ["month_to_date", "attainment", "forecast"],
        "figures = []": [],
        'figures = ["forecast"]': ["forecast"],
    }
    for line, names in shown.items():
        Path("own.toml").write_text(f'title = "Own"\n[[part]]\nreport = "progress --by office"\n{line}\n', "utf-8")
        found = report(ch, "report", "run", "own.toml", "--month", "2024-05")
        assert [one["name"] for one in found["figures"] if one["name"] not in ("today", "time_gone")] == names


def test_the_months_summary_says_nothing_twice(sample: Path, ch: Run) -> None:
    for words in ((), ("--office", "HZ")):
        values = [one["value"] for one in figures(ch, *words).values() if one["kind"] == "money"]
        assert len(values) == len(set(values)) > 5
