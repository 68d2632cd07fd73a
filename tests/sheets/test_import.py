"""`channelctl import`, argv to database."""

import datetime as dt
import json
import shlex
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.making import holds_to_schema
from tests.sheets import written

HEAD = ["单据编号", "行号", "日期", "办事处", "客户编码", "客户名称", "型号", "数量", "单价", "金额"]
LINES: list[list[Any]] = [
    ["SO1", "1", dt.date(2024, 5, 3), "杭州", "00123", "杭州恒达", "I9300", 3, 100, Decimal("300.00")],
    ["SO1", "2", dt.date(2024, 5, 3), "杭州", "00123", "杭州恒达", "N7100", 1, 250.5, Decimal("250.50")],
    ["SO2", "1", dt.date(2024, 5, 4), "宁波", "C2", "宁波新宇", "I9300", 2, 100, Decimal("200.00")],
    ["TH1", "1", dt.date(2024, 5, 5), "宁波", "C2", "宁波新宇", "I9300", -1, 100, Decimal("-100.00")],
    ["SO3", "1", dt.date(2024, 5, 6), "NA", "C3", "散户", "I9300", 1.5, 66.6667, Decimal("100.0001")],
]
NET = Decimal("750.5001")
SIMPLE = ["日期", "客户名称", "型号", "数量", "金额"]


def line(
    day: Any = dt.date(2024, 5, 3), customer: Any = "甲", product: Any = "I9300", count: Any = 1, net: Any = 100
) -> list[Any]:
    return [day, customer, product, count, net]


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "channel.db")) as found:
        return found.execute(sql).fetchall()


def live(folder: Path) -> list[tuple[Any, ...]]:
    """What the sale lines say, whatever batch they came by."""
    return query(
        folder,
        "select s.date, s.document, s.line_no, o.name, c.code, c.name, p.name, s.quantity, s.unit_price, s.amount"
        " from sale_line s left join office o on o.id = s.office_id left join customer c on c.id = s.customer_id"
        " left join product p on p.id = s.product_id where s.ended_batch_id is null"
        " order by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
    )


def total(folder: Path) -> Decimal:
    found = query(folder, "select coalesce(sum(amount), 0) from sale_line where ended_batch_id is null")
    return Decimal(found[0][0]).scaleb(-4)


def counts(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(row[name] for name in ("rows", "new", "changed", "existing", "rejected", "skipped"))


def problems(data: Any) -> list[tuple[Any, ...]]:
    return [(p["code"], p["sheet"], p["row"], p["column"], p["value"]) for p in data["problems"]]


# The contract


def test_a_sheet_goes_in_and_every_figure_is_told(ch: Run, tmp_path: Path) -> None:
    done = ch("import", written.xlsx(tmp_path / "销售.xlsx", [HEAD, *LINES]), "--format", "json")
    assert done.code == 0
    assert done.data["rows"] == [
        {
            "file": "销售.xlsx",
            "sheet": "销售",
            "kind": "sales",
            "rows": 5,
            "new": 5,
            "changed": 0,
            "existing": 0,
            "rejected": 0,
            "skipped": 0,
            "net_sales": 750.5001,
            "batch": 1,
            "removed": 0,
        }
    ]
    assert done.data["problems"] == []
    assert "750.5001" in done.out
    assert done.data["notes"] == [f"new database: {tmp_path / 'channel.db'}"]
    assert live(tmp_path)[0] == (
        "2024-05-03",
        "SO1",
        "1",
        "杭州",
        "00123",
        "杭州恒达",
        "I9300",
        30_000,
        1_000_000,
        3_000_000,
    )
    assert total(tmp_path) == NET
    trace = query(
        tmp_path,
        "select f.name, s.row_no, b.file_name from sale_line s"
        " join source_sheet f on f.id = s.sheet_id join batch b on b.id = s.batch_id",
    )
    assert trace == [("销售", number, "销售.xlsx") for number in range(2, 7)]


def test_the_screen_says_what_was_read_and_made(ch: Run, tmp_path: Path) -> None:
    done = ch("import", written.xlsx(tmp_path / "销售.xlsx", [[], HEAD, *LINES]))
    assert done.code == 0
    assert "销售.xlsx · sheet 销售 · heading in row 2 · read as sales (10 of 10 columns)" in done.out
    assert "made because the sheet names them: offices 3, products 2, customers 3" in done.out
    assert "batch 1" in done.out
    assert "750.50" in done.out


@pytest.mark.parametrize("dress", list(written.DRESSES))
def test_the_same_lines_in_any_dress_give_the_same_rows(dress: str, ch: Run, tmp_path: Path) -> None:
    path = written.DRESSES[dress](tmp_path, [HEAD, *LINES])
    done = ch("import", path, "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert counts(done.data["rows"][0]) == (5, 5, 0, 0, 0, 0)
    assert done.data["rows"][0]["net_sales"] == 750.5001
    assert live(tmp_path) == [
        ("2024-05-03", "SO1", "1", "杭州", "00123", "杭州恒达", "I9300", 30_000, 1_000_000, 3_000_000),
        ("2024-05-03", "SO1", "2", "杭州", "00123", "杭州恒达", "N7100", 10_000, 2_505_000, 2_505_000),
        ("2024-05-04", "SO2", "1", "宁波", "C2", "宁波新宇", "I9300", 20_000, 1_000_000, 2_000_000),
        ("2024-05-05", "TH1", "1", "宁波", "C2", "宁波新宇", "I9300", -10_000, 1_000_000, -1_000_000),
        ("2024-05-06", "SO3", "1", "NA", "C3", "散户", "I9300", 15_000, 666_667, 1_000_001),
    ]


def test_a_second_dress_of_the_same_lines_adds_nothing(ch: Run, tmp_path: Path) -> None:
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [HEAD, *LINES])).code == 0
    for dress, make in written.DRESSES.items():
        (folder := tmp_path / dress).mkdir()
        done = ch("import", make(folder, [HEAD, *LINES]), "--format", "json")
        assert (done.code, counts(done.data["rows"][0])) == (0, (5, 0, 0, 5, 0, 0)), dress
    assert total(tmp_path) == NET


# Again, and other versions


def test_the_same_file_again_changes_nothing_and_says_so(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", [HEAD, *LINES])
    assert ch("import", path).code == 0
    before = (tmp_path / "channel.db").read_bytes()
    done = ch("import", path)
    assert done.code == 0
    assert "a.xlsx: imported before as batch 1 on 2024-06-03 (same content). Nothing to do." in done.out
    again = ch("import", path, "--format", "json").data["rows"][0]
    assert counts(again) == (5, 0, 0, 5, 0, 0)
    assert (tmp_path / "channel.db").read_bytes() == before


def test_the_same_rows_under_another_name_or_in_another_order_add_nothing(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", [HEAD, *LINES])
    assert ch("import", path).code == 0
    before = (tmp_path / "channel.db").read_bytes()
    renamed = tmp_path / "b.xlsx"
    renamed.write_bytes(path.read_bytes())
    assert "imported before as batch 1" in ch("import", renamed).out
    turned = written.xlsx(tmp_path / "c.xlsx", [["标题"], HEAD[::-1], *(row[::-1] for row in LINES[::-1])])
    done = ch("import", turned)
    assert done.code == 0
    assert "c.xlsx: everything in it is there already. Nothing to do." in done.out
    assert (tmp_path / "channel.db").read_bytes() == before


@pytest.mark.parametrize("keyed", [True, False], ids=["with line numbers", "without"])
def test_an_export_that_overlaps_the_last_one_adds_what_is_new(keyed: bool, ch: Run, tmp_path: Path) -> None:
    lines = [line(dt.date(2024, 5, day), f"客户{day % 3}", net=day) for day in range(1, 21)]
    head = [*SIMPLE, "单据编号", "行号"] if keyed else SIMPLE
    rows = [[*one, f"SO{number}", "1"] if keyed else one for number, one in enumerate(lines)]
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [head, *rows[:12]])).code == 0
    done = ch("import", written.xlsx(tmp_path / "b.xlsx", [head, *rows[8:]]), "--format", "json")
    assert counts(done.data["rows"][0]) == (12, 8, 0, 4, 0, 0)
    assert total(tmp_path) == sum(range(1, 21))


def test_equal_lines_can_both_be_true(ch: Run, tmp_path: Path) -> None:
    twice = [SIMPLE, line(), line(), line(customer="乙")]
    assert counts(ch("import", written.xlsx(tmp_path / "a.xlsx", twice), "--format", "json").data["rows"][0])[1] == 3
    again = written.xlsx(tmp_path / "b.xlsx", [SIMPLE, line(customer="乙"), line(), line()])
    assert counts(ch("import", again, "--format", "json").data["rows"][0]) == (3, 0, 0, 3, 0, 0)
    third = written.xlsx(tmp_path / "c.xlsx", [SIMPLE, line(), line(), line()])
    assert counts(ch("import", third, "--format", "json").data["rows"][0]) == (3, 1, 0, 2, 0, 0)
    assert total(tmp_path) == 400


def test_a_corrected_line_becomes_the_next_version(ch: Run, tmp_path: Path) -> None:
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [HEAD, *LINES])).code == 0
    better = [*LINES[0][:7], 4, 100, 400]
    done = ch("import", written.xlsx(tmp_path / "b.xlsx", [HEAD, better, *LINES[1:]]), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (5, 0, 1, 4, 0, 0))
    assert total(tmp_path) == NET + 100
    versions = (
        "select amount, batch_id, ended_batch_id from sale_line where document = 'SO1' and line_no = '1' order by id"
    )
    assert query(tmp_path, versions) == [(3_000_000, 1, 2), (4_000_000, 2, None)]
    assert counts(ch("import", tmp_path / "b.xlsx", "--format", "json").data["rows"][0]) == (5, 0, 0, 5, 0, 0)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_a_line_number_that_a_sheet_repeats_says_nothing(order: list[int], ch: Run, tmp_path: Path) -> None:
    rows = [["SO1", "1", *line(net=net)] for net in (100, 200, 300)]
    head = ["单据编号", "行号", *SIMPLE]
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [head, *rows])).code == 0
    again = written.xlsx(tmp_path / "b.xlsx", [["再来"], head, *(rows[place] for place in order)])
    assert counts(ch("import", again, "--format", "json").data["rows"][0]) == (3, 0, 0, 3, 0, 0)
    assert total(tmp_path) == 600


def test_what_a_later_sheet_leaves_out_stays(ch: Run, tmp_path: Path) -> None:
    head = ["单据编号", "行号", *SIMPLE, "成本", "业务员"]
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [head, ["SO1", "1", *line(), 80, "王伟"]])).code == 0
    done = ch("import", written.xlsx(tmp_path / "b.xlsx", [head[:7], ["SO1", "1", *line()]]), "--format", "json")
    assert counts(done.data["rows"][0]) == (1, 0, 0, 1, 0, 0)
    done = ch(
        "import",
        written.xlsx(tmp_path / "c.xlsx", [head, ["SO1", "1", *line(net=120), None, None]]),
        "--format",
        "json",
    )
    assert counts(done.data["rows"][0]) == (1, 0, 1, 0, 0, 0)
    assert query(tmp_path, "select amount, cost, rep_id from sale_line where ended_batch_id is null") == [
        (1_200_000, 800_000, 1)
    ]


def test_a_dry_run_predicts_exactly_and_leaves_the_bytes_alone(ch: Run, tmp_path: Path) -> None:
    first = written.xlsx(tmp_path / "a.xlsx", [HEAD, *LINES[:3]])
    second = written.xlsx(tmp_path / "b.xlsx", [HEAD, [*LINES[0][:9], 301], *LINES[1:]])
    would = ch("import", first, "--dry-run", "--format", "json")
    assert not (tmp_path / "channel.db").exists()
    did = ch("import", first, "--format", "json")
    assert (
        (would.code, counts(would.data["rows"][0]))
        == (did.code, counts(did.data["rows"][0]))
        == (0, (3, 3, 0, 0, 0, 0))
    )
    before = (tmp_path / "channel.db").read_bytes()
    would = ch("import", second, "--dry-run", "--format", "json")
    assert (tmp_path / "channel.db").read_bytes() == before
    did = ch("import", second, "--format", "json")
    assert [{**row, "batch": None} for row in would.data["rows"]] == [
        {**row, "batch": None} for row in did.data["rows"]
    ]
    assert counts(did.data["rows"][0]) == (5, 2, 1, 2, 0, 0)
    assert would.data["rows"][0]["batch"] is None
    assert would.data["problems"] == did.data["problems"]


def test_a_dry_run_exits_as_the_real_run_would(ch: Run, tmp_path: Path) -> None:
    bad = written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line(), line(net="三百")])
    for more, code in (([], 3), (["--partial"], 1)):
        assert ch("import", bad, "--dry-run", *more).code == code
        assert not (tmp_path / "channel.db").exists()
    assert ch("import", bad, "--partial").code == 1


# Bad rows


BAD = [
    SIMPLE,
    line(),
    line(day="2018-02-29"),
    line(net="三百"),
    line(day=None),
    line(net=None, count=2),
    line(day="昨天", count="三台", net="abc"),
    line(customer="乙"),
    line(net=1e300),
    line(count=True),
]
WRONG = [
    ("E202", "销售", 3, "A 日期", "2018-02-29"),
    ("E204", "销售", 4, "E 金额", "三百"),
    ("E201", "销售", 5, "A 日期", ""),
    ("E201", "销售", 6, "E 金额", ""),
    ("E202", "销售", 7, "A 日期", "昨天"),
    ("E204", "销售", 7, "D 数量", "三台"),
    ("E204", "销售", 7, "E 金额", "abc"),
    ("E205", "销售", 9, "E 金额", "1E+300"),
    ("E204", "销售", 10, "D 数量", "TRUE"),
]


def test_every_bad_row_is_said_at_once_and_nothing_is_written(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", BAD)
    done = ch("import", path, "--format", "json")
    assert done.code == 3
    assert sorted(problems(done.data), key=lambda p: (p[2], p[3])) == WRONG
    assert counts(done.data["rows"][0])[4] == 7
    assert not (tmp_path / "channel.db").exists()
    screen = ch("import", path).out
    for said in (
        "a.xlsx!销售!A3  E202  日期: 2018-02-29 is not a date",
        "a.xlsx!销售!E4  E204  金额: “三百” is not a number",
        "7 rows of 9 have errors; nothing was written",
        "channelctl import a.xlsx --partial",
    ):
        assert said in screen


def test_partial_takes_the_good_rows(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", BAD)
    done = ch("import", path, "--partial", "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (1, (9, 2, 0, 0, 7, 0))
    assert sorted(problems(done.data), key=lambda p: (p[2], p[3])) == WRONG
    assert [row[5] for row in live(tmp_path)] == ["乙", "甲"] or [row[5] for row in live(tmp_path)] == ["甲", "乙"]
    again = ch("import", path, "--partial", "--format", "json")
    assert (again.code, counts(again.data["rows"][0])) == (1, (9, 0, 0, 2, 7, 0))


def test_a_bad_row_leaves_the_database_as_it_was(ch: Run, tmp_path: Path) -> None:
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [HEAD, *LINES])).code == 0
    before = (tmp_path / "channel.db").read_bytes()
    mixed = written.book(
        tmp_path / "b.xlsx",
        {
            "客户": [["客户编码", "客户名称"], ["C9", "新客户"]],
            "销售": [SIMPLE, line(customer="又一个"), line(day="x")],
        },
    )
    done = ch("import", mixed, "--format", "json")
    assert done.code == 3
    assert (tmp_path / "channel.db").read_bytes() == before


def test_csv_names_the_line(ch: Run, tmp_path: Path) -> None:
    path = written.comma(tmp_path / "a.csv", [["标题"], SIMPLE, line("2024-05-03"), line("2024-05-03", net="x")])
    done = ch("import", path)
    assert done.code == 3
    assert "a.csv:4  E204  金额: “x” is not a number" in done.out


def test_of_several_files_one_bad_one_does_not_stop_the_others(ch: Run, tmp_path: Path) -> None:
    good = written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line()])
    bad = written.xlsx(tmp_path / "b.xlsx", [SIMPLE, line(net="x")])
    also = written.xlsx(tmp_path / "c.xlsx", [SIMPLE, line(customer="乙")])
    done = ch("import", good, bad, tmp_path / "none.xlsx", also, "--format", "json")
    assert done.code == 3
    assert total(tmp_path) == 200
    assert [
        (row["file"], row["new"], row["batch"] is None) for row in done.data["rows"] if row["file"] != "b.xlsx"
    ] == [
        ("a.xlsx", 1, False),
        ("c.xlsx", 1, False),
    ]
    assert [(p["code"], p["file"]) for p in done.data["problems"]] == [("E204", "b.xlsx"), ("E100", "none.xlsx")]
    assert ch("import", good, also).code == 0
    assert ch("import", good, bad, "--partial").code == 1


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "holds no"),
        ([SIMPLE], "has headings but no rows below them"),
        ([SIMPLE, [None] * 5, [""] * 5], "has headings but no rows below them"),
        ([["甲", "乙"], [1, 2]], "no heading row was recognised"),
    ],
)
def test_a_sheet_with_nothing_to_read_is_refused(rows: list[list[Any]], says: str, ch: Run, tmp_path: Path) -> None:
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows))
    assert done.code == 3
    assert says in done.out + done.err
    assert "nothing was written" in done.out + done.err
    assert not (tmp_path / "channel.db").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--dates", "dym"],
        ["--new", "maybe"],
        ["--kind", "weather"],
        ["--encoding", "klingon"],
        ["--what"],
    ],
)
def test_a_wrong_option_is_a_usage_error(words: list[str], ch: Run, tmp_path: Path) -> None:
    path = written.comma(tmp_path / "a.csv", [SIMPLE, line("2024-05-03")])
    assert ch("import", path, *words).code == 2
    assert not (tmp_path / "channel.db").exists()


# --new


def test_new_reject_refuses_what_the_database_lacks_and_makes_nothing(ch: Run, tmp_path: Path) -> None:
    head = ["日期", "客户名称", "办事处", "型号", "金额"]
    assert (
        ch("import", written.xlsx(tmp_path / "a.xlsx", [head, ["2024-05-03", "杭州恒达通讯", "杭州", "I9300", 1]])).code
        == 0
    )
    before = (tmp_path / "channel.db").read_bytes()
    rows = [
        head,
        ["2024-05-04", "杭州恒达通讯", "杭州", "I9300", 2],
        ["2024-05-04", "杭州恒达通信", "杭州", "I9300", 2],
        ["2024-05-04", "杭州恒达通讯", "台州", "I9300", 2],
        ["2024-05-04", "杭州恒达通讯", "杭州", "X1", 2],
    ]
    path = written.xlsx(tmp_path / "b.xlsx", rows)
    done = ch("import", path, "--new", "reject", "--format", "json")
    assert done.code == 3
    assert sorted(problems(done.data), key=lambda p: p[2]) == [
        ("E311", "销售", 3, "B 客户名称", "杭州恒达通信"),
        ("E311", "销售", 4, "C 办事处", "台州"),
        ("E311", "销售", 5, "D 型号", "X1"),
    ]
    assert "nearest: 杭州恒达通讯" in done.data["problems"][0]["message"] or "nearest: 杭州恒达通讯" in done.out
    assert (tmp_path / "channel.db").read_bytes() == before
    done = ch("import", path, "--new", "reject", "--partial", "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (1, (4, 1, 0, 0, 3, 0))
    assert query(
        tmp_path,
        "select (select count(*) from customer), (select count(*) from office), (select count(*) from product)",
    ) == [(1, 1, 1)]


def test_a_row_that_names_several_unknown_things_says_all_of_them(ch: Run, tmp_path: Path) -> None:
    assert ch("init").code == 0
    path = written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line()])
    done = ch("import", path, "--new", "reject", "--format", "json")
    assert {p[3] for p in problems(done.data)} == {"B 客户名称", "C 型号"}
    assert counts(done.data["rows"][0])[4] == 1


def test_a_name_that_fits_several_is_refused(ch: Run, tmp_path: Path) -> None:
    people = [["客户编码", "客户名称"], ["C1", "禾汀手机"], ["C2", "禾汀手机"]]
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", people, "客户")).code == 0
    done = ch("import", written.xlsx(tmp_path / "b.xlsx", [SIMPLE, line(customer="禾汀手机")]), "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E301", "销售", 2, "B 客户名称", "禾汀手机")])
    assert "C1, C2" in done.data["problems"][0]["message"]


# Rows that are no sales


def test_totals_headings_and_signatures_are_not_sales(ch: Run, tmp_path: Path) -> None:
    rows = [
        ["江东省2024年5月销售日报"],
        ["编制单位：江东公司", None, None, "单位：元"],
        [],
        SIMPLE,
        line(net=100),
        line(customer="乙", net=200),
        ["小计", None, None, 2, 300],
        [],
        SIMPLE,
        line(customer="丙", net=50.5),
        [None, "丙 小计", None, 1, 50.5],
        line(dt.date(2024, 5, 4), "丁", net=-20),
        ["小　计", None, None, 1, -20],
        [None, None, "合计", 4, 330.5],
        ["总计：", None, None, None, 330.5],
        [],
        ["制表：王伟", None, "审核：李娜", None, "打印：2024-06-01"],
        ["制表人", "王伟", "审核人", "李娜", "主管"],
        ["注：退货以负数表示，作废单据不计入"],
    ]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert done.code == 0
    assert problems(done.data) == []
    assert counts(done.data["rows"][0]) == (4, 4, 0, 0, 0, 9)
    assert total(tmp_path) == Decimal("330.5")


def test_totals_without_a_label_are_seen_by_their_sum(ch: Run, tmp_path: Path) -> None:
    rows = [
        SIMPLE,
        line(net=0.1),
        line(net=0.2),
        [None, None, None, 2, 0.1 + 0.2],
        line(net=5),
        [None, None, None, 1, 5],
        [None, None, None, 3, 5.3],
    ]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (3, 3, 0, 0, 0, 3))
    assert total(tmp_path) == Decimal("5.3")


def test_a_sum_that_is_not_the_sum_is_a_bad_row(ch: Run, tmp_path: Path) -> None:
    done = ch(
        "import",
        written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line(), line(), [None, None, None, 2, 201]]),
        "--format",
        "json",
    )
    assert (done.code, problems(done.data)) == (3, [("E201", "销售", 4, "A 日期", "")])


def test_a_total_of_pieces_in_a_sheet_without_amounts(ch: Run, tmp_path: Path) -> None:
    head = ["日期", "客户", "数量", "单价"]
    rows = [head, [dt.date(2024, 5, 3), "甲", 3, 100], [dt.date(2024, 5, 4), "乙", 2, 50], [None, None, 5, None]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (2, 2, 0, 0, 0, 1))
    assert total(tmp_path) == 400


def test_a_daily_subtotal_with_its_day_is_no_sale(ch: Run, tmp_path: Path) -> None:
    head = ["序号", *SIMPLE]
    day = dt.date(2024, 5, 3)
    rows = [
        head,
        [1, *line()],
        [2, *line(customer="乙")],
        ["小计", day, None, None, 2, 200],
        ["合计", day, None, None, 2, 200],
    ]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (2, 2, 0, 0, 0, 2))
    assert total(tmp_path) == 200


def test_a_customer_whose_name_speaks_of_totals_is_a_customer(ch: Run, tmp_path: Path) -> None:
    head = ["客户编码", *SIMPLE]
    rows = [head, ["C1", *line(customer="Total")], ["C2", *line(customer="合计科技")]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (2, 2, 0, 0, 0, 0))


def test_rows_filled_with_zeros_by_formulas_are_blank(ch: Run, tmp_path: Path) -> None:
    rows = [["序号", *SIMPLE], [1, *line()], [2, None, None, None, None, 0], [3, None, None, None, 0, 0], [4]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])[:5]) == (0, (1, 1, 0, 0, 0))


def test_lines_without_a_customer_count_in_the_total_and_are_said(ch: Run, tmp_path: Path) -> None:
    done = ch(
        "import",
        written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line(), line(customer=None), line(customer="　")]),
        "--format",
        "json",
    )
    assert done.code == 0
    assert [(p["code"], p["message"]) for p in done.data["problems"]] == [("W103", "2 lines without a customer")]
    assert done.data["rows"][0]["net_sales"] == 300
    found = ch("tier", "--all-time", "--format", "json").data
    assert (found["totals"]["customers"], found["totals"]["lines_without_customer"]) == (1, 2)


# Figures


FIGURES = [
    ("red lines", "数量 金额", [-2, "-200.00"], {"quantity": -2, "amount": -200}),
    ("brackets", "数量 金额", ["(2)", "(1,200.50)"], {"quantity": -2, "amount": "-1200.50"}),
    ("price × quantity", "数量 单价", [3, 0.3333], {"amount": "0.9999"}),
    ("price × quantity, rounded", "数量 单价", [1.5, 66.6667], {"amount": "100.0001"}),
    ("price × quantity, returned", "数量 单价", [-1.5, 66.6667], {"amount": "-100.0001"}),
    ("amount before price", "数量 单价 金额", [3, 100, 290], {"amount": 290}),
    ("blank amount", "数量 单价 金额", [3, 100, None], {"amount": 300}),
    ("dash amount", "数量 单价 金额", [3, 100, "-"], {"amount": 300}),
    ("both, and tax", "不含税金额 税额 价税合计", [100, 13, 113], {"amount": 100, "tax": 13, "amount_taxed": 113}),
    ("taxed less tax", "含税金额 税额", [113, 13], {"amount": 100, "tax": 13, "amount_taxed": 113}),
    ("taxed only", "价税合计 数量", [113, 1], {"amount": 113, "amount_taxed": 113}),
    ("in brackets", "金额（含税） 金额（不含税）", [113, 100], {"amount": 100, "amount_taxed": 113}),
    ("taxed, in brackets", "金额（含税） 税额", [113, 13], {"amount": 100, "amount_taxed": 113}),
    ("profit", "销售额 利润", [129.696, -60.704], {"amount": "129.696", "cost": "190.4"}),
    ("cost before profit", "销售额 成本 利润", [100, 60, 39], {"amount": 100, "cost": 60}),
    ("万元", "销售额（万元）", [0.0129696], {"amount": "129.696"}),
    ("千元", "销售额（千元） 单价（元）", ["1.5", 100], {"amount": 1500, "unit_price": 100}),
    ("tonnes", "数量（吨） 金额（元）", [12.345, 98765.4321], {"quantity": "12.345", "amount": "98765.4321"}),
    ("currency", "数量 金额", ["３", "￥1，234．５０"], {"quantity": 3, "amount": "1234.5"}),
    ("noise", "数量 金额", [1, 1272.1399999999999], {"amount": "1272.14"}),
    ("zero", "数量 金额", [1, 0], {"amount": 0}),
]


@pytest.mark.parametrize(
    ("words", "cells", "stored"), [case[1:] for case in FIGURES], ids=[case[0] for case in FIGURES]
)
def test_figures_are_kept_exactly(
    words: str, cells: list[Any], stored: dict[str, Any], ch: Run, tmp_path: Path
) -> None:
    rows = [["日期", "客户", *words.split()], [dt.date(2024, 5, 3), "甲", *cells]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert done.code == 0, done.out
    found = query(tmp_path, f"select {', '.join(stored)} from sale_line")[0]
    assert found == tuple(int(Decimal(value).scaleb(4)) for value in stored.values())
    assert Decimal(str(done.data["rows"][0]["net_sales"])) == Decimal(stored["amount"])


def test_more_than_four_decimals_are_rounded_with_a_remark(ch: Run, tmp_path: Path) -> None:
    done = ch(
        "import",
        written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line(net=0.00005), line(net=1.23456), line(net=1.5)]),
        "--format",
        "json",
    )
    assert done.code == 0
    assert [(p["code"], p["column"]) for p in done.data["problems"]] == [("W101", "E 金额")]
    assert "2 figures" in done.data["problems"][0]["message"]
    assert total(tmp_path) == Decimal("0.0001") + Decimal("1.2346") + Decimal("1.5")


def test_void_lines_are_kept_and_not_counted(ch: Run, tmp_path: Path) -> None:
    rows = [[*SIMPLE, "状态"], [*line(net=100), "已审核"], [*line(net=40), "作废"]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.data["rows"][0]["new"], done.data["rows"][0]["net_sales"]) == (2, 100)
    assert [p["code"] for p in done.data["problems"]] == ["W105"]
    assert len(live(tmp_path)) == 2
    assert ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"] == 100


# Dates


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["2024.5.3", "2024年5月4日", "20240505", 45418.0, 20240507.0, "２０２４－５－８"], [3, 4, 5, 6, 7, 8]),
        (["3/5/2024", "25/5/2024"], [3, 25]),
        (["5/3/2024", "5/25/2024 0:00"], [3, 25]),
        (["05/03/24", "05/25/24"], [3, 25]),
        (["24/5/3", "24/5/25"], [3, 25]),
        (["5/5/2024", "2024-05-06"], [5, 6]),
    ],
)
def test_dates_are_read_by_the_whole_column(cells: list[Any], days: list[int], ch: Run, tmp_path: Path) -> None:
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [SIMPLE, *(line(cell) for cell in cells)])).code == 0
    assert [row[0] for row in live(tmp_path)] == [f"2024-05-{day:02}" for day in days]


def test_an_open_order_is_refused_with_both_remedies(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line("5/5/2024"), line("3/5/2024"), line("4/5/2024")])
    done = ch("import", path)
    assert done.code == 3
    said = done.out + done.err
    assert "a.xlsx!销售: day and month cannot be told apart in dates such as 3/5/2024" in said
    assert "--dates dmy (2024-05-03)" in said
    assert "--dates mdy (2024-03-05)" in said
    assert not (tmp_path / "channel.db").exists()
    for order, day in (("dmy", "2024-05-03"), ("mdy", "2024-03-05")):
        (tmp_path / "channel.db").unlink(missing_ok=True)
        assert ch("import", path, "--dates", order).code == 0
        assert day in {row[0] for row in live(tmp_path)}


def test_an_impossible_day_does_not_open_the_order(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line("25/5/2024"), line("31/2/2024"), line("3/5/2024")])
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E202", "销售", 3, "A 日期", "31/2/2024")])


def test_the_order_is_settled_by_a_row_far_below(ch: Run, tmp_path: Path) -> None:
    rows = [SIMPLE, *(line("3/5/2024", net=n) for n in range(1, 6001)), line("25/5/2024")]
    assert ch("import", written.comma(tmp_path / "a.csv", rows)).code == 0
    assert {row[0] for row in live(tmp_path)} == {"2024-05-03", "2024-05-25"}


# Codes and names


def test_codes_and_names_stay_what_they_are(ch: Run, tmp_path: Path) -> None:
    head = ["日期", "区域", "客户编码", "客户名称", "产品编码", "金额"]
    rows = [
        head,
        ["2024-05-03", "NA", "00123", "甲", "0007", 1],
        ["2024-05-03", "NA", 123, "乙", 7, 2],
        ["2024-05-03", "None", "1E5", "null", "TRUE", 3],
        ["2024-05-03", "Inf", "", "NaN", "-", 4],
    ]
    for path in (written.xlsx(tmp_path / "a.xlsx", rows), written.comma(tmp_path / "b.csv", rows)):
        (tmp_path / "channel.db").unlink(missing_ok=True)
        assert ch("import", path).code == 0
        assert query(tmp_path, "select name from region order by id") == [("NA",), ("None",), ("Inf",)]
        assert query(tmp_path, "select code, name from customer order by id") == [
            ("00123", "甲"), ("123", "乙"), ("1E5", "null"), ("N00001", "NaN"),
        ]  # fmt: skip
        assert query(tmp_path, "select code from product order by id limit 3") == [("0007",), ("7",), ("TRUE",)]


def test_a_csv_that_shields_its_codes_from_excel(ch: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('日期,客户编码,客户名称,金额\n="2024-05-03",="00123",甲,"=""1,234.50"""\n', encoding="utf-8")
    assert ch("import", path).code == 0
    assert live(tmp_path)[-1][4] == "00123"


HOSTILE = [
    "\x1b[31m红\x1b[0m",
    "[bold red]甲[/bold red]",
    '=HYPERLINK("http://x","y")',
    "+cmd|' /C calc'!A0",
    "甲\u202e乙",
    "甲\n乙\t丙",
    "../../etc/passwd",
    "Robert'); DROP TABLE sale_line;--",
    "{name} %s %(x)s",
    "𠮷野家 😀",
    "长" * 32_767,
]


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:20].encode("ascii", "replace").decode())
def test_a_hostile_cell_is_text_and_nothing_more(name: str, ch: Run, tmp_path: Path) -> None:
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line(customer=name)])).code == 0
    done = ch("import", written.xlsx(tmp_path / "b.xlsx", [SIMPLE, line(customer=name, net=name)]))
    assert done.code == 3
    for shown in (done.out, ch("tier", "--all-time").out, ch("customer", "list").out):
        assert not set(shown) & {*map(chr, range(9)), "\x1b", "\x07", "\u202e", "\r"}
    stored = query(tmp_path, "select name from customer")[0][0]
    assert stored.isprintable()
    assert "�" not in stored
    assert live(tmp_path)[0][-1] == 1_000_000


@pytest.mark.parametrize("word", ["#N/A", "#REF!", "#VALUE!", "#NAME?"])
def test_the_error_of_a_formula_is_no_name(word: str, ch: Run, tmp_path: Path) -> None:
    rows = [["单据编号", *SIMPLE], [word, *line()], ["SO2", *line(customer=word)], ["SO3", *line(net=word)]]
    done = ch("import", written.comma(tmp_path / "a.csv", rows), "--format", "json")
    assert (done.code, problems(done.data)) == (
        3,
        [("E208", "", 2, "A 单据编号", word), ("E208", "", 3, "C 客户名称", word), ("E208", "", 4, "F 金额", word)],
    )
    people = written.comma(tmp_path / "b.csv", [["客户编码", "客户名称"], ["C1", word]])
    done = ch("import", people, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E208", "", 2, "B 客户名称", word)])


def test_a_formula_without_a_saved_result_is_not_zero(ch: Run, tmp_path: Path) -> None:
    path = written.xlsm(tmp_path / "a.xlsm", [SIMPLE, line(net="=D2*100"), line(net=5)])
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E209", "Sheet", 2, "E 金额", "=?")])
    assert "formula" in ch("explain", "E209").out


# Merged cells, hidden and several sheets


def test_cells_merged_downwards_hold_for_every_row(ch: Run, tmp_path: Path) -> None:
    rows = [
        ["日期", "办事处", "客户名称", "金额"],
        [dt.date(2024, 5, 3), "杭州", "甲", 1],
        [None, None, None, 2],
        [None, None, "乙", 3],
        [dt.date(2024, 5, 4), "宁波", "丙", 4],
        [None, None, "小计", 4],
    ]
    path = written.book(
        tmp_path / "a.xlsx",
        {"销售": rows},
        merge=[("销售", "A2:A4"), ("销售", "B2:B4"), ("销售", "C2:C3"), ("销售", "A5:A6"), ("销售", "B5:B6")],
    )
    done = ch("import", path, "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (4, 4, 0, 0, 0, 1))
    assert [(row[0], row[3], row[5], row[9]) for row in live(tmp_path)] == [
        ("2024-05-03", "杭州", "乙", 30_000),
        ("2024-05-03", "杭州", "甲", 10_000),
        ("2024-05-03", "杭州", "甲", 20_000),
        ("2024-05-04", "宁波", "丙", 40_000),
    ] or sorted((row[5], row[9]) for row in live(tmp_path)) == [
        ("丙", 40_000),
        ("乙", 30_000),
        ("甲", 10_000),
        ("甲", 20_000),
    ]


def test_a_merged_figure_is_counted_once(ch: Run, tmp_path: Path) -> None:
    rows = [SIMPLE, line(net=100), line(customer="乙", net=None)]
    path = written.book(tmp_path / "a.xlsx", {"销售": rows}, merge=[("销售", "E2:E3")])
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E201", "销售", 3, "E 金额", "")])


def test_hidden_sheets_summaries_and_notes_are_left_with_a_remark(ch: Run, tmp_path: Path) -> None:
    sheets: dict[str, list[Any]] = {
        "5月": [SIMPLE, line(net=1)],
        "6月": [SIMPLE, line(net=2)],
        "汇总": [SIMPLE, line(net=3)],
        "旧": [SIMPLE, line(net=4)],
        "说明": [["怎样填写"]],
        "回款": [["日期", "客户", "金额"], ["2024-05-03", "甲", 5]],
        "杂": [["甲", "乙"], [1, 2]],
    }
    done = ch("import", written.book(tmp_path / "a.xlsx", sheets, hidden=["旧"]), "--format", "json")
    assert done.code == 0
    assert total(tmp_path) == 3
    assert {row["sheet"]: row["kind"] for row in done.data["rows"]} == {
        "5月": "sales",
        "6月": "sales",
        "回款": None,
        "杂": None,
    }
    for said in ("hidden sheet 旧", "sheet 汇总 sums up the others", "sheet 回款", "sheet 杂: no heading"):
        assert said in "\n".join(done.data["notes"])
    assert "说明" not in "\n".join(done.data["notes"])


PEOPLE: dict[str, list[Any]] = {
    "联系人": [["姓名", "客户编码", "职务"], ["李敏", "C1", "经理"]],
    "规划客户2024-05": [["办事处", "客户编码", "规划等级", "目标"], ["杭州", "C1", "V1", "20万"]],
    "客户": [
        ["客户编码", "客户名称", "办事处", "客户经理", "上级客户"],
        ["C1", "恒达", "杭州", "R1", "新宇"],
        ["C2", "新宇", "宁波", "王伟", None],
    ],
    "人员": [["工号", "姓名", "办事处", "上级"], ["R1", "王伟", "杭州", "R2"], ["R2", "李娜", "杭州", None]],
    "办事处": [["办事处编码", "办事处名称", "区域"], ["HZ", "杭州", "江东"], ["NB", "宁波", "江东"]],
    "区域": [["区域编码", "区域名称"], ["JD", "江东"]],
    "销售": [["日期", "客户编码", "办事处", "金额"], ["2024-05-03", "C1", "杭州", 5]],
}  # fmt: skip


@pytest.mark.parametrize("turn", range(len(PEOPLE)))
def test_parents_come_before_children_in_any_order_of_sheets(turn: int, ch: Run, tmp_path: Path) -> None:
    names = list(PEOPLE)
    done = ch(
        "import",
        written.book(tmp_path / "a.xlsx", {name: PEOPLE[name] for name in names[turn:] + names[:turn]}),
        "--new", "reject", "--format", "json",
    )  # fmt: skip
    assert (done.code, done.data["problems"]) == (0, [])
    assert {row["kind"]: row["new"] for row in done.data["rows"]} == {
        "region": 1, "office": 2, "rep": 2, "customer": 2, "contact": 1, "plan": 1, "sales": 1,
    }  # fmt: skip
    found = query(
        tmp_path,
        "select c.code, p.code, r.code, o.code from customer c left join customer p on p.id = c.parent_id"
        " join rep r on r.id = c.rep_id join office o on o.id = c.office_id order by 1",
    )
    assert found == [("C1", "C2", "R1", "HZ"), ("C2", None, "R1", "NB")]
    assert query(tmp_path, "select month, target, class from plan_line") == [("2024-05", 2_000_000_000, "V1")]
    again = ch("import", tmp_path / "a.xlsx", "--format", "json")
    assert {row["new"] + row["changed"] for row in again.data["rows"]} == {0}


def test_blank_cells_of_a_record_sheet_never_erase(ch: Run, tmp_path: Path) -> None:
    head = ["客户编码", "客户名称", "城市", "电话", "核心客户"]
    assert (
        ch("import", written.xlsx(tmp_path / "a.xlsx", [head, ["C1", "恒达", "杭州", "0571-1", "是"]], "客户")).code
        == 0
    )
    done = ch(
        "import", written.xlsx(tmp_path / "b.xlsx", [head, ["C1", None, "宁波", None, ""]], "客户"), "--format", "json"
    )
    assert counts(done.data["rows"][0]) == (1, 0, 1, 0, 0, 0)
    assert query(tmp_path, "select code, name, city, phone, core from customer") == [
        ("C1", "恒达", "宁波", "0571-1", 1)
    ]
    done = ch("import", written.xlsx(tmp_path / "c.xlsx", [head[:2], ["C1", "恒达"]], "客户"), "--format", "json")
    assert counts(done.data["rows"][0]) == (1, 0, 0, 1, 0, 0)


def test_a_record_sheet_has_totals_notes_and_bad_cells_too(ch: Run, tmp_path: Path) -> None:
    rows = [
        ["客户档案"],
        ["客户编码", "客户名称", "核心客户", "开户日期"],
        ["C1", "恒达", "是", "2020.1.1"],
        ["C2", "新宇", "也许", None],
        ["C3", "无名", None, "2020-02-30"],
        [None, "合计", None, None],
        ["制表：王伟", None, "审核：李娜", None],
        [None, "江苏五星电器有限公司", None, None],
    ]
    path = written.xlsx(tmp_path / "a.xlsx", rows, "客户")
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (
        3,
        [("E206", "客户", 4, "C 核心客户", "也许"), ("E202", "客户", 5, "D 开户日期", "2020-02-30")],
    )
    done = ch("import", path, "--partial", "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (1, (4, 2, 0, 0, 2, 2))
    assert query(tmp_path, "select code, name from customer order by id") == [
        ("C1", "恒达"),
        ("N00001", "江苏五星电器有限公司"),
    ]


def test_the_same_record_twice_with_other_contents_is_refused(ch: Run, tmp_path: Path) -> None:
    rows = [["客户编码", "客户名称"], ["C1", "恒达"], ["C1", "恒达"], ["C1", "新宇"]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows, "客户"), "--format", "json")
    assert (done.code, [(p[0], p[2]) for p in problems(done.data)]) == (3, [("E302", 4)])


# As people keep them


def test_a_weekly_dump_of_an_erp(ch: Run, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["销售出库单列表", *[None] * 9],
        ["组织：江东省公司", None, None, "期间：2024-05-01 至 2024-05-31", *[None] * 6],
        ["序号", None, "单据日期", "单据编号", "客户", None, "物料名称", "实发数量", "含税单价", "价税合计"],
        [1, None, "2024-05-03", "XOUT001", "杭州恒达", None, "I9300", "3.0000", "4,168.00", "12,504.00"],
        [2, None, None, None, None, None, "N7100", "1.0000", "5,000.00", "5,000.00"],
        [3, None, "2024-05-04", "XOUT002", "宁波新宇", None, "I9300", "-1.0000", "4,168.00", "-4,168.00"],
        ["合计", None, None, None, None, None, None, "3.0000", None, "13,336.00"],
    ]
    done = ch("import", written.xlsx(tmp_path / "周报.xlsx", rows), "--format", "json")
    assert (done.code, [p[:4] for p in problems(done.data)]) == (3, [("E201", "销售", 5, "C 单据日期")])
    rows[4][2:5] = rows[3][2:5]
    done = ch("import", written.xlsx(tmp_path / "周报.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (3, 3, 0, 0, 0, 1))
    assert total(tmp_path) == 13_336


def test_a_month_of_days_by_hand_with_group_headings(ch: Run, tmp_path: Path) -> None:
    rows = [
        ["江东省 2024年5月 销售日报表（万元）"],
        ["日期", "客户", "销售", None, "备注"],
        [None, None, "数量", "金额", None],
        ["2024.5.3", "杭州恒达", 3, 1.2504, "现款"],
        ["2024.5.3", "宁波新宇", -1, -0.4168, "退货"],
        ["日 合 计", None, 2, 0.8336, None],
        ["2024.5.4", "杭州恒达", 1, 0.4168, None],
        ["月　累　计", None, 3, 1.2504, None],
    ]
    path = written.book(
        tmp_path / "日报.xlsx", {"5月": rows}, merge=[("5月", "C2:D2"), ("5月", "A2:A3"), ("5月", "B2:B3")]
    )
    done = ch("import", path, "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (3, 3, 0, 0, 0, 2))
    assert total(tmp_path) == 12_504


def test_two_tables_below_each_other(ch: Run, tmp_path: Path) -> None:
    rows = [
        ["杭州"],
        SIMPLE,
        line(net=1),
        ["合计", None, None, 1, 1],
        [],
        ["宁波"],
        SIMPLE,
        line(customer="乙", net=2),
        ["合计", None, None, 1, 2],
    ]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])[:5]) == (0, (2, 2, 0, 0, 0))
    assert total(tmp_path) == 3


def test_json_is_one_document_in_every_outcome(ch: Run, tmp_path: Path) -> None:
    bad = written.comma(tmp_path / "a.csv", [SIMPLE, line("x", net="y")])
    for words in (("import", bad), ("import", tmp_path / "none.csv"), ("import", bad, "--partial")):
        done = ch(*words, "--format", "json")
        assert set(json.loads(done.out)) >= {"report", "columns", "rows", "problems"}
        assert {*done.data["problems"][0]} == {"code", "file", "sheet", "row", "column", "value", "message"}


# Said beforehand


def test_a_dry_run_says_how_every_column_is_read(ch: Run, tmp_path: Path) -> None:
    head = ["日期", "客户", "片区", "开单额(万元)", "备注"]
    rows = [head, ["2024-05-03", "甲", "杭州", 0.5, "急"], ["2024-05-04", "乙", "", 1, ""]]
    path = written.comma(tmp_path / "a.csv", rows)
    words = ("import", path, "--map", "片区=office", "--map", "开单额=amount", "--dry-run")
    assert ch(*words).out == (
        "Dry run, nothing was written\n\n"
        "File    Kind    Rows   New   Net sales, CNY\n"
        "───────────────────────────────────────────\n"
        "a.csv   sales      2     2        15,000.00\n\n"
        "a.csv · heading in row 1 · read as sales (4 of 5 columns)\n"
        "  A 日期 → date (its name)  2024-05-03\n"
        "  B 客户 → customer (alias)  甲\n"
        "  C 片区 → office (--map)  杭州\n"
        "  D 开单额(万元) → amount ×10000 (--map)  0.5\n"
        "  not read: E 备注\n"
        "made because the sheet names them: offices 1, customers 2\n"
    )
    data = ch(*words, "--format", "json").data
    assert [tuple(row.values())[2:] for row in data["mapping"]] == [
        ("A", "日期", "date", "name", None, "2024-05-03"),
        ("B", "客户", "customer", "alias", None, "甲"),
        ("C", "片区", "office", "map", None, "杭州"),
        ("D", "开单额(万元)", "amount", "map", 10000, "0.5"),
        ("E", "备注", None, "unread", None, "急"),
    ]
    assert {(row["kind"], row["records"]) for row in data["created"]} == {("office", 1), ("customer", 2)}
    assert not (tmp_path / "channel.db").exists()


def test_what_a_dry_run_says_holds_to_its_schema(ch: Run, tmp_path: Path) -> None:
    path = written.comma(tmp_path / "a.csv", [["开单日", "客户", "款"], ["2024-05-03", "甲", 5.5]])
    holds_to_schema(ch, "import", "import", path)
    holds_to_schema(ch, "import", "import", path, "--map", "开单日=date", "--map", "款=amount", "--dry-run")


@pytest.mark.parametrize(("value", "code"), [("skip", 0), ("replace", 0), ("keep", 0), ("some", 2), ("", 2)])
def test_overlap_is_one_of_three_words(value: str, code: int, ch: Run, tmp_path: Path) -> None:
    done = ch("import", written.comma(tmp_path / "a.csv", [SIMPLE, line("2024-05-03")]), "--overlap", value)
    assert done.code == code
    assert code == 0 or f"--overlap is skip or replace or keep, not “{value}”" in done.err


def test_replace_says_that_it_is_for_sales(ch: Run, tmp_path: Path) -> None:
    people = written.comma(tmp_path / "a.csv", [["客户编码", "客户名称"], ["C1", "甲"]])
    assert "--overlap replace is for sales" in ch("import", people, "--overlap", "replace").err
    sales = written.comma(tmp_path / "b.csv", [SIMPLE, line("2024-05-03")])
    assert "is for sales" not in ch("import", sales, "--overlap", "replace").err


def test_the_line_that_is_said_has_every_option_and_the_way_to_the_file(ch: Run, tmp_path: Path) -> None:
    """It can be typed from here as it stands."""
    (tmp_path / "may 2024").mkdir()
    rows = [["那天", "客户", "金额"], ["3/5/24", "甲", 5], ["昨天", "甲", 5]]
    written.comma(tmp_path / "may 2024" / "a.csv", rows)
    words = ("--map", "那天=date", "--dates", "dmy", "--new", "reject", "--overlap", "keep", "--encoding", "utf-8")
    assert ch("init").code == 0
    assert ch("customer", "add", "甲").code == 0
    done = ch("import", "may 2024/a.csv", *words)
    assert done.code == 3
    said = (
        'channelctl import "may 2024/a.csv" --map "那天=date" --dates dmy --new reject --encoding utf-8 --overlap keep'
        " --partial"
    )
    assert done.out.endswith(f"{said}\n")
    assert ch(*shlex.split(said)[1:]).code == 1
