"""Tiers that are kept: `tier --apply`, what is held back, and taking it back."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.tiers import rules
from channelctl.systems.tiers.rules import CustomerSales, Tier, TierPolicy
from channelctl.systems.tiers.rules_history import HELD, held
from tests.conftest import Run
from tests.making import policy, report
from tests.tables import contents
from tests.tiers.made import month, region

D = Decimal
APRIL = {"K1": 70, "K2": 20, "K3": 10}


@pytest.fixture
def filled(ch: Run) -> None:
    """Four customers on file, three with sales in April, two in May."""
    assert ch("import", region()).code == 0
    assert ch("import", month("2024-04", APRIL)).code == 0
    assert ch("import", month("2024-05", {"K1": 70, "K3": 30})).code == 0


def history(ch: Run, code: str, *more: str) -> list[dict[str, Any]]:
    return list(report(ch, "tier", "history", code, *more)["rows"])


def in_force(ch: Run, *more: str) -> str:
    return " ".join(
        str(report(ch, "tier", "history", code, *more)["params"]["in_force"]) for code in ("K1", "K2", "K3", "K4")
    )


@pytest.mark.usefixtures("filled")
def test_applying_prints_the_report_and_then_the_batch(ch: Run) -> None:
    plain = ch("tier", "--month", "2024-05")
    done = ch("tier", "--month", "2024-05", "--apply")
    assert (done.code, done.err) == (0, plain.err)
    assert done.out == plain.out + (
        "4 customers have their tier from now on, 2 of them without sales.\n"
        "applied: batch 4. Undo: channelctl batch undo 4\n"
    )


@pytest.mark.usefixtures("filled")
def test_everybody_on_file_has_a_grade_and_who_bought_nothing_its_c(ch: Run) -> None:
    assert report(ch, "tier", "--month", "2024-04", "--apply")["params"]["applied"] == 4
    assert in_force(ch) == "A A B C"
    assert report(ch, "tier", "--month", "2024-05", "--apply")["params"]["applied"] == 5
    assert in_force(ch) == "A C A C"
    assert [(row["computed"], row["reason"], row["net_sales"]) for row in history(ch, "K2")] == [
        ("A", None, 20),
        ("C", "no_sales", 0),
    ]
    assert [row["reason"] for row in history(ch, "K4")] == ["no_sales", "no_sales"]


@pytest.mark.usefixtures("filled")
def test_applying_the_same_again_writes_nothing_and_says_so(ch: Run, tmp_path: Path) -> None:
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    before = contents(tmp_path / "channel.db")
    again = ch("tier", "--month", "2024-05", "--apply")
    assert (again.code, again.out.splitlines()[-1]) == (
        0,
        "applied before: batch 4 holds the same tiers; nothing was written",
    )
    assert contents(tmp_path / "channel.db") == before


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "change",
    [
        ["import", "late.csv"],
        ["tier", "--month", "2024-05", "--boundary", "within", "--apply"],
        ["tier", "--month", "2024-05", "--method", "share", "--apply"],
        ["customer", "add", "K9", "新来的"],
    ],
)
def test_another_result_or_a_run_that_overtook_it_is_applied_anew(change: list[str], ch: Run) -> None:
    month("2024-05", {"K2": 500}, "late")
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    assert ch(*change).code == 0
    assert report(ch, "tier", "--month", "2024-05", "--apply")["params"]["applied"] == 6
    assert report(ch, "tier", "--month", "2024-05", "--apply")["params"]["applied"] == 6


@pytest.mark.usefixtures("filled")
def test_undoing_a_run_brings_back_what_held_before(ch: Run, tmp_path: Path) -> None:
    assert ch("tier", "--month", "2024-04", "--apply").code == 0
    before = {name: rows for name, rows in contents(tmp_path / "channel.db").items() if name.startswith("tier")}
    told = ch("tier", "history", "K2", "--format", "json").out
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    undone = ch("batch", "undo", 5)
    assert (undone.code, undone.out.splitlines()[4].split()) == (0, ["gradings", "1", "0", "0"])
    after = {name: rows for name, rows in contents(tmp_path / "channel.db").items() if name.startswith("tier")}
    assert (after, ch("tier", "history", "K2", "--format", "json").out) == (before, told)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--month", "2024-01"], 3, "no sales from 2024-01-01 to 2024-01-31: nothing was applied"),
        (["--all-time"], 2, "a run is kept by its last day, and --all-time has none"),
        (["--month", "2024-05", "--known", "2"], 2, "nothing can be written"),
        (["--month", "2024-05", "--by", "office"], 2, "--apply"),
    ],
)
def test_what_cannot_be_kept_is_refused(words: list[str], code: int, said: str, ch: Run, tmp_path: Path) -> None:
    before = contents(tmp_path / "channel.db")
    found = ch("tier", *words, "--apply")
    assert (found.code, found.out) == (code, "")
    assert said in found.err
    assert contents(tmp_path / "channel.db") == before


@pytest.mark.usefixtures("filled")
def test_a_period_of_returns_alone_is_refused(ch: Run) -> None:
    """It would make a C of everybody."""
    assert ch("import", month("2024-06", {"K1": -5})).code == 0
    found = ch("tier", "--month", "2024-06", "--apply")
    assert (found.code, found.out) == (3, "")
    assert "no sales from 2024-06-01 to 2024-06-30: nothing was applied" in found.err


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("method", rules.METHODS)
def test_every_method_can_be_applied(method: str, ch: Run) -> None:
    graded = {
        row["customer_code"]: row["tier"]
        for row in report(ch, "tier", "--method", method, "--month", "2024-04", "--include-inactive", "--apply")["rows"]
    }
    assert in_force(ch).split() == [graded[code] for code in sorted(graded)]
    assert [row["method"] for row in history(ch, "K1")] == [method]


@pytest.mark.usefixtures("filled")
def test_a_run_as_of_a_day_is_of_the_past_and_known_hides_it(ch: Run) -> None:
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    assert ch("tier", "--month", "2024-04", "--apply").code == 0
    assert in_force(ch) == "A C A C", "the later month holds, whenever the earlier was applied"
    assert in_force(ch, "--as-of", "2024-05-30") == "A A B C"
    assert in_force(ch, "--known", "4") == "A C A C"
    assert in_force(ch, "--known", "3") == "None None None None"


def test_a_band_holds_a_tier_that_is_only_just_lost(ch: Run) -> None:
    policy('[tiers]\nhold = "0.02"\n')
    assert ch("import", region()).code == 0
    assert ch("import", month("2024-03", {"K1": 79, "K2": 17, "K3": 4})).code == 0
    assert ch("import", month("2024-04", {"K1": 81, "K2": 15, "K3": 4})).code == 0
    assert ch("import", month("2024-05", {"K1": 83, "K2": 13, "K3": 4})).code == 0
    assert ch("tier", "--month", "2024-03", "--apply").code == 0
    done = ch("tier", "--month", "2024-04", "--apply")
    assert "1 customer keeps the tier of the run before: its share is within 2% of the cut." in done.out
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    found = [(row["computed"], row["in_force"], row["reason"]) for row in history(ch, "K2")]
    assert found == [("A", "A", None), ("B", "A", "held"), ("B", "B", None)]
    assert "held by the band" in ch("tier", "history", "K2").out


POLICY = TierPolicy(hold=D("0.02"))


def graded(nets: list[str], before: str, method: str = "abc", limits: TierPolicy = POLICY) -> str:
    sales = [CustomerSales(f"K{place}", "", D(net), 1) for place, net in enumerate(nets)]
    was: dict[str, Tier] = {f"K{place}": tier for place, tier in enumerate(before.split()) if tier != "-"}  # type: ignore[misc]
    found = held(rules.grade(method, sales, limits), was, method, limits)
    assert all((one.tier != one.computed) == (one.reason == HELD) for one in found)
    return " ".join(one.tier for one in sorted(found, key=lambda one: one.customer_code))


@pytest.mark.parametrize(
    ("nets", "before", "expected"),
    [
        (["80", "15", "5"], "A A C", "A A C"),  # 80 before it: at the cut, not beyond the band
        (["82", "13", "5"], "A A C", "A A C"),  # exactly the band is not more than the band
        (["82.01", "12.99", "5"], "A A C", "A B C"),
        (["79", "16", "5"], "A B C", "A B C"),  # rises only when 2 % below the cut
        (["78", "17", "5"], "A B C", "A B C"),
        (["77.99", "17.01", "5"], "A B C", "A A C"),
        (["96", "3", "1"], "A A A", "A B C"),  # from A: past the first cut, within the band of the second
        (["82", "13", "5"], "- - -", "A B C"),  # nobody had a tier
        (["82", "13", "5"], "C - -", "A B C"),  # the first is always A, whatever it was
        (["90", "10", "-5"], "A A A", "A B C"),  # net returns are C at once
        (["81", "19", "0"], "A A A", "A A C"),  # and so is who bought nothing
        (["81", "9.5", "9.5"], "A A A", "A A B"),
        (["81", "9.5", "9.5"], "A A B", "A A B"),
    ],
)
def test_a_tier_moves_when_its_share_has_passed_the_cut_by_more_than_the_band(
    nets: list[str], before: str, expected: str
) -> None:
    split = POLICY.model_copy(update={"ties": "split"})
    assert graded(nets, before, limits=split) == expected


def test_equal_customers_of_equal_tier_are_held_together() -> None:
    assert graded(["81", "9.5", "9.5"], "A A A") == "A A A"
    assert graded(["83", "8.5", "8.5"], "A A A") == "A B B"


@pytest.mark.parametrize(
    ("nets", "before", "expected"),
    [
        (["50", "19", "9", "22"], "A A B A", "A A B A"),  # 19 % is within the band of 20 %, 9 % of 10 %
        (["50", "17", "7", "26"], "A A B A", "A B C A"),
        (["50", "21", "11", "18"], "A B C B", "A B C B"),
        (["44", "23", "13", "20"], "A B C B", "A A B B"),
        (["88", "9", "3"], "A A A", "A B C"),
    ],
)
def test_by_share_it_is_the_own_share_that_passes(nets: list[str], before: str, expected: str) -> None:
    assert graded(nets, before, "share") == expected


NETS = st.lists(st.integers(-50, 400).map(D), min_size=1, max_size=12)
BEFORE = st.lists(st.sampled_from("ABC"), min_size=12, max_size=12)


@given(
    NETS,
    BEFORE,
    st.sampled_from(("abc", "share")),
    st.sampled_from(("reach", "within")),
    st.sampled_from(("share", "split")),
    st.integers(1, 30),
)
def test_nobody_is_moved_whose_share_did_not_pass_the_band(
    nets: list[D], before: list[Tier], method: str, boundary: Any, ties: Any, band: int
) -> None:
    limits = TierPolicy(hold=D(band) / 100, boundary=boundary, ties=ties)
    sales = [CustomerSales(f"K{place:02d}", "", net, 1) for place, net in enumerate(nets)]
    rows = rules.grade(method, sales, limits)
    was = dict(zip((one.customer_code for one in sales), before, strict=False))
    free = {one.customer_code: one for one in held(rows, was, method, TierPolicy(boundary=boundary, ties=ties))}
    places = {tier: place for place, tier in enumerate("ABC")}
    base = sum(net for net in nets if net > 0)
    sums, total = {}, D(0)
    for row in rows:
        if row.net_sales > 0:
            sums[row.customer_code] = (total, total + row.net_sales)
            total += row.net_sales
    for one, row in zip(held(rows, was, method, limits), rows, strict=True):
        old, new = places[was[one.customer_code]], places[one.tier]
        assert one.computed == row.tier == free[one.customer_code].tier
        assert min(old, places[row.tier]) <= new <= max(old, places[row.tier]), "it stands between the two"
        # Equal customers that share a tier share what decides it: the place of the first of them.
        judged = next(other for other in rows if (ties == "share" and other.net_sales == row.net_sales) or other is row)
        if new == old or row.net_sales <= 0 or judged.rank == 1:
            continue
        cuts = (limits.share_a, limits.share_b) if method == "share" else (limits.a_until, limits.b_until)
        first, last = sums[judged.customer_code]
        share = row.net_sales if method == "share" else first if boundary == "reach" else last
        for cut in cuts[min(old, new) : max(old, new)]:
            assert abs(share - cut * base) > limits.hold * base


@pytest.mark.usefixtures("filled")
def test_a_period_that_holds_only_a_return_makes_a_c_of_nobody(ch: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "return.csv"
    sheet.write_text("客户编码,日期,金额\nK1,2024-07-03,-100\n", encoding="utf-8")
    assert ch("import", sheet).code == 0
    done = ch("tier", "--month", "2024-07", "--apply")
    assert (done.code, done.out) == (3, "")
    assert "no sales from 2024-07-01 to 2024-07-31: nothing was applied" in done.err
