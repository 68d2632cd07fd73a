"""`channelctl import`, argv to database: the contract, and the same lines again."""

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sheets import written
from tests.sheets.lines import HEAD, LINES, NET, SIMPLE, counts, line, live, query, total
from tests.tables import address, everything

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
            "net_change": 750.5001,
        }
    ]
    assert done.data["problems"] == []
    assert "750.5001" in done.out
    assert done.data["notes"] == [f"new database: {address(tmp_path / 'channel.db')}"]
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
    before = everything(tmp_path / "channel.db")
    done = ch("import", path)
    assert done.code == 0
    assert "a.xlsx: imported before as batch 1 on 2024-06-03 (same content). Nothing to do." in done.out
    again = ch("import", path, "--format", "json").data["rows"][0]
    assert counts(again) == (5, 0, 0, 5, 0, 0)
    assert everything(tmp_path / "channel.db") == before


def test_the_same_rows_under_another_name_or_in_another_order_add_nothing(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", [HEAD, *LINES])
    assert ch("import", path).code == 0
    before = everything(tmp_path / "channel.db")
    renamed = tmp_path / "b.xlsx"
    renamed.write_bytes(path.read_bytes())
    assert "imported before as batch 1" in ch("import", renamed).out
    turned = written.xlsx(tmp_path / "c.xlsx", [["标题"], HEAD[::-1], *(row[::-1] for row in LINES[::-1])])
    done = ch("import", turned)
    assert done.code == 0
    assert "c.xlsx: everything in it is there already. Nothing to do." in done.out
    assert everything(tmp_path / "channel.db") == before


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


def test_json_is_one_document_in_every_outcome(ch: Run, tmp_path: Path) -> None:
    bad = written.comma(tmp_path / "a.csv", [SIMPLE, line("x", net="y")])
    for words in (("import", bad), ("import", tmp_path / "none.csv"), ("import", bad, "--partial")):
        done = ch(*words, "--format", "json")
        assert set(json.loads(done.out)) >= {"report", "columns", "rows", "problems"}
        assert {*done.data["problems"][0]} == {"code", "file", "sheet", "row", "column", "value", "message"}
