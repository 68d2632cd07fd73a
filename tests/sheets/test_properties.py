"""What holds for every sheet: no row is lost, none is doubled, and sums are exact."""

import datetime as dt
import io
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from channelctl.sheets.load import load_file
from channelctl.sheets.results import FileResult, Options
from channelctl.sheets.wording import text
from tests.sheets import written
from tests.tables import address, connected, everything, examples, is_there, remove

HEAD = ["日期", "客户名称", "型号", "数量", "金额"]
KEYED = [*HEAD, "单据编号", "行号"]
DAYS = st.dates(dt.date(2023, 1, 1), dt.date(2024, 12, 31))
NAMES = st.sampled_from(["杭州恒达", "宁波新宇", "NA", "00123", "甲", "合计科技"])
MONEY = st.decimals(Decimal("-99999999.9999"), Decimal("99999999.9999"), places=4)
BAD_DAYS = st.sampled_from(["2018-02-29", "昨天", "2024-13-01", ""])
BAD_MONEY = st.sampled_from(["三百", "#N/A", "1.2.3", ""])


class Line(NamedTuple):
    """A row as it should come out, and whether it can."""

    cells: list[Any]
    amount: Decimal
    good: bool


@st.composite
def lines(draw: st.DrawFn, bad: bool = False) -> Line:
    day, name, product = draw(DAYS), draw(NAMES), draw(st.sampled_from(["I9300", "N7100", "X1"]))
    count, amount = draw(st.integers(-99, 99)), draw(MONEY)
    y, m, d = day.year, day.month, day.day
    ways = [f"{y}-{m}-{d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{y}{m:02}{d:02}", f"{y}/{m}/{d}"]
    shown: Any = draw(st.sampled_from(ways))
    money: Any = draw(st.sampled_from([f"{amount}", f"{amount:,}", f"￥{amount:,}", f" {amount}元"]))
    wrong = bad and draw(st.integers(0, 3)) == 0
    if wrong:
        if draw(st.booleans()):
            shown = draw(BAD_DAYS)
        else:
            money = draw(BAD_MONEY)
    return Line([shown, name, product, count, money], amount, not wrong)


@contextmanager
def database() -> Iterator[Path]:
    """A folder with a database of its own, for each example anew."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHANNELCTL_DB", address(Path(folder) / "channel.db"))
        patch.chdir(folder)
        yield Path(folder)
        remove(Path(folder) / "channel.db")


def load(path: Path, **options: Any) -> FileResult:
    """One import through the code that the command runs."""
    from channelctl import making

    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        done, _made = making.with_database(
            lambda: [load_file(path, Options(**options))], lambda results: any(one.batch for one in results), False
        )
    result: FileResult = done[0]
    return result


def amounts(folder: Path) -> Counter[int]:
    with connected(folder / "channel.db") as found:
        rows = found.execute("select amount from sale_line where ended_batch_id is null").fetchall()
    return Counter(row[0] for row in rows)


def units(rows: list[Line]) -> Counter[int]:
    return Counter(int(row.amount.scaleb(4)) for row in rows if row.good)


@settings(max_examples=300)
@example('="\u200b"')
@given(st.text(max_size=8) | st.text("\u200b\ufeff \t\n'=-+@\"x7", max_size=8))
def test_a_text_that_was_read_reads_the_same_again(cell: str) -> None:
    once = text(cell)
    assume(not (once or "").startswith('="'))
    assert text(once) == once


@settings(max_examples=examples(25))
@given(st.lists(lines(bad=True), min_size=1, max_size=12))
def test_rows_in_and_rows_refused_are_the_rows_read_and_sums_are_exact(rows: list[Line]) -> None:
    good = [row for row in rows if row.good]
    with database() as folder:
        path = written.comma(folder / "a.csv", [HEAD, *(row.cells for row in rows)])
        result = load(path, partial=True)
        assert result.error is None
        (told,) = result.rows
        assert told.rows == len(rows)
        assert told.new + told.changed + told.existing + told.rejected == told.rows
        assert told.rejected == len(rows) - len(good) == len({p.row for p in result.problems if p.is_error})
        assert told.net_sales == sum((row.amount for row in good), Decimal(0))
        if good:
            assert amounts(folder) == units(rows)


@settings(max_examples=examples(15))
@given(st.lists(lines(bad=True), min_size=1, max_size=10))
def test_without_partial_it_is_all_or_nothing(rows: list[Line]) -> None:
    with database() as folder:
        path = written.comma(folder / "a.csv", [HEAD, *(row.cells for row in rows)])
        result = load(path)
        assert result.refused == any(not row.good for row in rows)
        if result.refused:
            assert not is_there(folder / "channel.db") or amounts(folder) == Counter()
        else:
            assert amounts(folder) == units(rows)


@settings(max_examples=examples(12))
@given(st.lists(lines(), min_size=1, max_size=10), st.data(), st.booleans())
def test_importing_again_in_any_order_adds_nothing(rows: list[Line], data: st.DataObject, keyed: bool) -> None:
    keys = data.draw(st.lists(st.sampled_from(["1", "2", "3"]), min_size=len(rows), max_size=len(rows)))
    cells = [[*row.cells, f"SO{n // 4}", key] for n, (row, key) in enumerate(zip(rows, keys, strict=True))]
    cells = cells if keyed else [row[:5] for row in cells]
    turned = data.draw(st.permutations(cells))
    head = KEYED if keyed else HEAD
    with database() as folder:
        assert load(written.comma(folder / "a.csv", [head, *cells])).rows[0].new == len(rows)
        again = load(written.comma(folder / "b.csv", [["再导一次"], head, *turned])).rows[0]
        assert (again.new, again.changed, again.existing) == (0, 0, len(rows))
        assert amounts(folder) == units(rows)


@settings(max_examples=examples(12))
@given(st.lists(lines(), min_size=2, max_size=12), st.integers(0, 12), st.integers(0, 12))
def test_overlapping_exports_in_either_order_give_the_longest_story(rows: list[Line], left: int, right: int) -> None:
    cells = [[*row.cells, f"SO{number}", "1"] for number, row in enumerate(rows)]
    first, second = cells[: max(left, 1)], cells[min(right, len(cells) - 1, max(left, 1)) :]
    counted = []
    for parts in ((first, second), (second, first)):
        with database() as folder:
            for number, part in enumerate(part for part in parts if part):
                assert load(written.comma(folder / f"{number}.csv", [KEYED, *part])).error is None
            counted.append(amounts(folder))
    assert counted[0] == counted[1] == units(rows)


@settings(max_examples=examples(12))
@given(st.lists(st.lists(lines(), min_size=1, max_size=4), min_size=1, max_size=4), st.data())
def test_the_order_of_files_does_not_change_totals(files: list[list[Line]], data: st.DataObject) -> None:
    tables = [[HEAD, *(row.cells for row in rows)] for rows in files]
    seen: list[list[tuple[Any, ...]]] = []
    for order in (tables, data.draw(st.permutations(tables))):
        with database() as folder:
            for number, table in enumerate(order):
                assert load(written.comma(folder / f"{number}.csv", [[f"第{number}份"], *table])).error is None
            with connected(folder / "channel.db") as found:
                seen.append(
                    found.execute(
                        "select c.name, p.name, s.date, sum(s.amount), sum(s.quantity), count(*) from sale_line s"
                        " join customer c on c.id = s.customer_id join product p on p.id = s.product_id"
                        " where s.ended_batch_id is null group by 1, 2, 3 order by 1, 2, 3"
                    ).fetchall()
                )
    assert seen[0] == seen[1]


@settings(max_examples=examples(12))
@given(
    st.lists(lines(bad=True), min_size=1, max_size=8), st.lists(lines(bad=True), min_size=1, max_size=8), st.booleans()
)
def test_a_dry_run_predicts_what_the_run_does(before: list[Line], rows: list[Line], partial: bool) -> None:
    with database() as folder:
        load(written.comma(folder / "a.csv", [HEAD, *(row.cells for row in before)]), partial=True)
        path = written.comma(folder / "b.csv", [HEAD, *(row.cells for row in before + rows)])
        kept = everything(folder / "channel.db") if is_there(folder / "channel.db") else b""
        would = load(path, partial=partial, dry_run=True)
        assert (not kept) or everything(folder / "channel.db") == kept
        did = load(path, partial=partial)
        assert [row._replace(batch=None) for row in would.rows] == [row._replace(batch=None) for row in did.rows]
        assert (would.problems, would.created, would.exit_code) == (did.problems, did.created, did.exit_code)


@settings(max_examples=examples(10))
@given(st.lists(lines(), min_size=1, max_size=8), st.sampled_from([1_000, 10_000]))
def test_a_unit_changes_the_figures_on_paper_only(rows: list[Line], factor: int) -> None:
    unit = {1_000: "千元", 10_000: "万元"}[factor]
    scaled = [[*row.cells[:4], f"{row.amount / factor:f}"] for row in rows]
    for table in ([*HEAD[:4], f"金额（{unit}）"], *scaled), ([f"单位：{unit}"], HEAD, *scaled):
        with database() as folder:
            result = load(written.comma(folder / "a.csv", list(table)))
            # Lines whose quantity and amount have contrary signs are drawn as well, and said.
            assert (result.error, {problem.code for problem in result.problems} - {"W123"}) == (None, set())
            assert amounts(folder) == units(rows)


@settings(max_examples=examples(10))
@given(st.lists(lines(), min_size=1, max_size=10), st.data())
def test_totals_rows_change_nothing(rows: list[Line], data: st.DataObject) -> None:
    cells: list[list[Any]] = []
    since = whole = Decimal(0)
    for row in rows:
        cells.append(row.cells)
        since, whole = since + row.amount, whole + row.amount
        if since and data.draw(st.booleans()):
            label = data.draw(st.sampled_from(["小计", "小 计", "合计：", "Subtotal", ""]))
            cells.append([label, "", "", "", f"{since}"])
            since = Decimal(0)
    cells.append(["合计", "", "", "", f"{whole}"])
    with database() as folder:
        result = load(written.comma(folder / "a.csv", [HEAD, *cells]))
        assert (result.error, [p for p in result.problems if p.is_error]) == (None, [])
        assert (result.rows[0].new, result.rows[0].skipped) == (len(rows), len(cells) - len(rows))
        assert amounts(folder) == units(rows)


@settings(max_examples=examples(20))
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
            | st.sampled_from([*HEAD, "小计", "2024-05-03", "5", "-", "客户编码", "姓名", "月份"]),
            max_size=6,
        ),
        max_size=8,
    )
)
def test_whatever_the_sheet_it_is_read_or_refused(rows: list[list[str]]) -> None:
    from channelctl.errors import ChannelctlError

    with database() as folder:
        path = written.comma(folder / "a.csv", rows)
        try:
            result = load(path, partial=True)
        except ChannelctlError as error:
            assert error.message
            return
        assert result.error is not None or result.rows
        for row in result.rows:
            assert row.new + row.changed + row.existing + row.rejected == row.rows
