"""`export facts`: a lake is what the database holds, whole, or it is not there."""

import csv
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from channelctl.engines import facts, files, writing
from tests import tables
from tests.conftest import Run
from tests.engines.conftest import Lake
from tests.processes import environment

parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow, which writes Parquet, is not installed")

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and signals as POSIX has them")


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    told = manifest(folder)["tables"][name]
    return [row for file in told["files"] for row in parquet.read_table(folder / file["path"]).to_pylist()]


def manifest(folder: Path) -> Any:
    return json.loads((folder / "facts.json").read_text(encoding="utf-8"))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below, by its path."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(one.name for one in folder.iterdir())


def columns(rows: list[dict[str, Any]]) -> str:
    return ", ".join(f'"{name}"' for name in rows[0] if name not in ("month", "is_sale"))


# --- what is in it ---------------------------------------------------------------------------------------------------


def test_what_is_said(ch: Run, lake: Lake, tmp_path: Path) -> None:
    found = ch("--db", lake.database, "export", "facts", "--output", tmp_path / "lake")
    assert (found.code, found.err) == (0, "")
    assert found.out == (
        "facts · parquet\n"
        "\n"
        "Month     Lines     Amount, CNY   Net sales, CNY\n"
        "────────────────────────────────────────────────\n"
        "2024-03     465   10,533,633.89    10,371,887.67\n"
        "2024-04     492   11,711,191.17    11,559,430.17\n"
        "2024-05     466   10,195,674.83    10,118,190.73\n"
        "total     1,423   32,440,499.89    32,049,508.57\n"
        "\n"
        f"1,423 sale lines and 977 rows of 43 other tables are in {tmp_path / 'lake'}, as of 2024-06-03\n"
    )


def test_every_table_holds_the_rows_of_the_database(lake: Lake) -> None:
    told = manifest(lake.folder)
    with tables.connected(lake.database_path) as database:
        kept = set(tables.table_names(database)) - facts.LEFT_OUT - {"alembic_version"}
        assert set(told["tables"]) == kept
        for name in sorted(kept):
            own = rows(lake.folder, name)
            assert len(own) == told["tables"][name]["rows"]
            live = "WHERE ended_batch_id IS NULL" if name == "sale_line" else ""
            if own:
                stored = database.execute(f'SELECT {columns(own)} FROM "{name}" {live}').fetchall()
                mine = [tuple(value for key, value in row.items() if key not in ("month", "is_sale")) for row in own]
                assert sorted(mine, key=repr) == sorted(map(tuple, stored), key=repr)
            else:
                assert database.execute(f'SELECT count(*) FROM "{name}" {live}').fetchone()[0] == 0


def test_the_months_are_those_of_the_database(lake: Lake) -> None:
    months = manifest(lake.folder)["tables"]["sale_line"]["months"]
    query = (
        "SELECT substr(date, 1, 7), count(*), sum(amount), sum(CASE WHEN status = '作废' THEN 0 ELSE amount END)"
        " FROM sale_line WHERE ended_batch_id IS NULL GROUP BY substr(date, 1, 7) ORDER BY substr(date, 1, 7)"
    )
    stored = [(month, {"rows": rows, "amount": amount, "net_sales": net})
              for month, rows, amount, net in tables.rows(lake.database_path, query)]  # fmt: skip
    assert list(months.items()) == stored
    for month, told in months.items():
        lines = parquet.read_table(lake.folder / f"sale_line/month={month}/part-0.parquet").to_pylist()
        assert len(lines) == told["rows"]
        assert sum(line["amount"] for line in lines) == told["amount"]
        assert sum(line["amount"] for line in lines if line["is_sale"]) == told["net_sales"]
        assert {line["date"][:7] for line in lines} == {month}
        assert [(line["date"], line["id"]) for line in lines] == sorted((line["date"], line["id"]) for line in lines)


def test_whole_numbers_of_64_bits_and_text(lake: Lake) -> None:
    for table in facts.opened(lake.folder, manifest(lake.folder)["schema"]).tables.values():
        for file in table.files:
            schema = parquet.read_schema(lake.folder / file.path)
            kinds = {"text": "string", "integer": "int64"}
            assert {field.name: str(field.type) for field in schema} == {
                name: kinds[type_] for name, type_ in table.columns.items()
            }


def test_nobodys_papers_are_in_it(lake: Lake) -> None:
    for name in ("audit_entry", "contact", "kept_file", "saved_map", "member"):
        assert not (lake.folder / name).exists()
    assert "before" not in rows(lake.folder, "change")[0]


def test_lines_that_were_corrected_or_undone_are_not_there(ch: Run, tmp_path: Path) -> None:
    first = tmp_path / "a.csv"
    first.write_text("日期,单据号,行号,客户名称,金额\n2024-05-01,S1,1,恒达,100\n2024-05-02,S2,1,恒达,7\n", "utf-8")
    second = tmp_path / "b.csv"
    second.write_text("日期,单据号,行号,客户名称,金额\n2024-05-01,S1,1,恒达,120\n", "utf-8")
    third = tmp_path / "c.csv"
    third.write_text("日期,单据号,行号,客户名称,金额\n2024-06-01,S9,1,恒达,5\n", "utf-8")
    assert [ch("import", file).code for file in (first, second, third)] == [0, 0, 0]
    assert ch("batch", "undo", 3).code == 0
    assert ch("export", "facts", "--output", "lake").code == 0
    amounts = [(row["document"], row["amount"]) for row in rows(tmp_path / "lake", "sale_line")]
    assert amounts == [("S1", 1_200_000), ("S2", 70_000)]


def test_csv_tells_nothing_from_an_empty_text(ch: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "a.csv"
    sheet.write_text('日期,客户名称,单据号,金额\n2024-05-01,"恒""达,一",,1.5\n', "utf-8")
    assert ch("import", sheet).code == 0
    assert ch("export", "facts", "--output", "lake", "-f", "csv").code == 0
    customers = (tmp_path / "lake" / "customer" / "part-0.csv").read_text(encoding="utf-8")
    [row] = csv.DictReader(customers.splitlines())
    assert row["name"] == '恒"达,一'
    text = (tmp_path / "lake" / "sale_line" / "month=2024-05" / "part-0.csv").read_text(encoding="utf-8")
    [line] = csv.DictReader(text.splitlines())
    assert (line["amount"], line["document"], line["is_sale"]) == ("15000", "", "1")
    assert files._line(["", None, 3, 'a"b']) == '"",,3,"a""b"\n'


def test_an_empty_database_is_an_empty_lake(ch: Run, tmp_path: Path) -> None:
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    assert ch("init").code == 0
    assert ch("export", "facts", "--output", "lake").code == 0
    assert manifest(tmp_path / "lake")["tables"]["sale_line"]["files"] == []
    for words in (["tier"], ["tier", "--by", "product"], ["score", "--month", "2024-05"]):
        assert ch(*words, "--engine", "duckdb", "--facts", "lake") == ch(*words)


def test_the_same_database_gives_the_same_bytes(ch: Run, lake: Lake, tmp_path: Path) -> None:
    assert ch("--db", lake.database, "export", "facts", "--output", tmp_path / "lake").code == 0
    assert tree(tmp_path / "lake") == tree(lake.folder)


# --- where it goes ---------------------------------------------------------------------------------------------------


@posix
def test_only_the_owner_reads_it(lake: Lake) -> None:
    modes = {stat.S_IMODE(file.stat().st_mode) for file in lake.folder.rglob("*") if file.is_file()}
    folders = {stat.S_IMODE(file.stat().st_mode) for file in (lake.folder, *lake.folder.rglob("*")) if file.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


def test_a_lake_is_replaced_as_a_whole(ch: Run, lake: Lake, tmp_path: Path) -> None:
    for format in ("parquet", "csv", "parquet"):
        assert ch("--db", lake.database, "export", "facts", "--output", "lake", "--format", format).code == 0
        assert {file.suffix for file in (tmp_path / "lake").rglob("part-*")} == {f".{format}"}
    assert tree(tmp_path / "lake") == tree(lake.folder)
    assert names(tmp_path) == ["lake"]


def test_an_empty_folder_will_do(ch: Run, lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    assert ch("--db", lake.database, "export", "facts", "--output", "lake/").code == 0
    assert tree(tmp_path / "lake") == tree(lake.folder)


@pytest.mark.parametrize("beside", ["notes.txt", "sale_line/notes.txt", "sale_line/month=2024-05/part-1.parquet"])
def test_what_somebody_put_into_a_lake_stays(beside: str, ch: Run, lake: Lake, tmp_path: Path) -> None:
    words = ("--db", lake.database, "export", "facts", "--output", "lake")
    assert ch(*words).code == 0
    (tmp_path / "lake" / beside).write_text("mine")
    before = tree(tmp_path / "lake")
    assert ch(*words) == (
        3,
        "",
        f"channelctl: error: lake holds what is no export of facts: {beside}\n"
        "Nothing was touched. Name a new folder: --output lake/\n",
    )
    assert tree(tmp_path / "lake") == before


def test_another_folder_is_left_alone(ch: Run, lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "facts.json").write_text('{"what": "mine"}')
    found = ch("--db", lake.database, "export", "facts", "--output", "mine")
    assert (found.code, found.out) == (3, "")
    assert found.err.startswith("channelctl: error: mine holds what is no export of facts: facts.json\n")
    assert tree(tmp_path / "mine") == {"facts.json": b'{"what": "mine"}'}


def test_a_file_is_no_folder(ch: Run, lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    found = ch("--db", lake.database, "export", "facts", "--output", "file")
    assert (found.code, found.err) == (
        3,
        "channelctl: error: file is not a folder\nName a folder: --output lake/\n",
    )


USAGE = (
    ((), 2, "channelctl: error: facts are files in a folder\nName a folder: --output lake/\n"),
    (
        ("--output", "lake", "--format", "xlsx"),
        2,
        "channelctl: error: facts are not written as xlsx\nOne of: parquet, csv.\n",
    ),
    (
        ("--output", "lake", "--month", "2024-05"),
        2,
        "channelctl: error: facts are exported whole, as they are known now\n"
        "Only these go with it: --output FOLDER --format parquet|csv\n",
    ),
    (
        ("--output", "lake", "--known", "2024-05-01"),
        2,
        "channelctl: error: facts are exported whole, as they are known now\n"
        "Only these go with it: --output FOLDER --format parquet|csv\n",
    ),
    (("--output", "."), 2, "channelctl: error: . is where you are\nName a folder of its own: --output lake/\n"),
    (("--output", ".."), 2, "channelctl: error: .. is where you are\nName a folder of its own: --output lake/\n"),
)


@pytest.mark.parametrize(("words", "code", "said"), USAGE)
def test_usage(words: tuple[str, ...], code: int, said: str, ch: Run, lake: Lake, tmp_path: Path) -> None:
    assert ch("--db", lake.database, "export", "facts", *words) == (code, "", said)
    assert names(tmp_path) == []


def test_a_folder_in_no_folder(ch: Run, lake: Lake, tmp_path: Path) -> None:
    found = ch("--db", lake.database, "export", "facts", "--output", "no/lake")
    assert found == (
        3,
        "",
        f"channelctl: error: there is no folder {tmp_path / 'no'}\nMake it first, or name another.\n",
    )


def test_without_pyarrow(ch: Run, lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert ch("--db", lake.database, "export", "facts", "--output", "lake") == (
        3,
        "",
        "channelctl: error: this needs pyarrow, which is not installed here\n"
        'Install it: pip install "channelctl[parquet]"\n',
    )
    assert names(tmp_path) == []
    assert ch("--db", lake.database, "export", "facts", "--output", "lake", "--format", "csv").code == 0


# --- what can happen meanwhile ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["writer", "_swap", "_check"])
def test_what_fails_leaves_the_lake_that_was_there(
    moment: str, ch: Run, lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--db", lake.database, "export", "facts", "--output", "lake")
    assert ch(*words).code == 0

    def fail(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, moment, fail)
    assert ch(*words) == (
        3,
        "",
        "channelctl: error: lake cannot be written: No space left on device\nWhat was there before is there still.\n",
    )
    assert tree(tmp_path / "lake") == tree(lake.folder)
    assert names(tmp_path) == ["lake"]


def test_a_new_lake_that_cannot_take_its_place_leaves_the_old_one(
    ch: Run, lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--db", lake.database, "export", "facts", "--output", "lake")
    assert ch(*words).code == 0
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self.name.endswith(".new"):
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    assert ch(*words).code == 3
    assert tree(tmp_path / "lake") == tree(lake.folder)
    assert names(tmp_path) == ["lake"]


@posix
def test_a_folder_that_may_not_be_written(ch: Run, lake: Lake, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    (tmp_path / "closed").mkdir(mode=0o500)
    assert ch("--db", lake.database, "export", "facts", "--output", "closed/lake").code == 3


_SLOW = """
import sys, time
from channelctl.engines import writing
written = writing.writer
count = [0]
def slow(*given):
    count[0] += 1
    if count[0] == 20:
        print("half", flush=True)
        time.sleep(60)
    return written(*given)
writing.writer = slow
from channelctl.cli import run
sys.exit(run(sys.argv[1:]))
"""


@posix
def test_a_run_that_is_killed_half_way_leaves_the_old_lake_and_the_next_one_its_own(
    ch: Run, lake: Lake, tmp_path: Path
) -> None:
    words = ["--db", lake.database, "export", "facts", "--output", "lake"]
    assert ch(*words).code == 0
    with subprocess.Popen(
        [sys.executable, "-c", _SLOW, *words], stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment()
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        assert ch("--wait", "0", *words).code == 75
        process.send_signal(signal.SIGKILL)
    assert tree(tmp_path / "lake") == tree(lake.folder)
    assert len(names(tmp_path)) > 1
    assert ch(*words).code == 0
    assert tree(tmp_path / "lake") == tree(lake.folder)
    assert names(tmp_path) == ["lake"]


def test_a_run_that_was_killed_between_the_two_names_is_made_good(ch: Run, lake: Lake, tmp_path: Path) -> None:
    words = ("--db", lake.database, "export", "facts", "--output", "lake")
    assert ch(*words).code == 0
    (tmp_path / "lake").rename(tmp_path / ".lake.before")
    assert ch(*words, "--format", "xlsx").code == 2
    assert ch(*words).code == 0
    assert names(tmp_path) == ["lake"]
    (tmp_path / ".lake.before").mkdir()
    assert ch(*words).code == 0
    assert names(tmp_path) == ["lake"]


def test_others_write_meanwhile_and_the_lake_is_of_one_moment(
    ch: Run, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A customer that comes while the tables are read is in none of them."""
    if not tables.on_server():
        pytest.skip("a file keeps writers waiting meanwhile")
    made = writing._table
    seen: list[str] = []

    def between(session: Any, table: Any, *given: Any) -> Any:
        found = made(session, table, *given)
        if not seen:
            tables.execute(sample, "UPDATE customer SET name = 'changed'")
        seen.append(table.name)
        return found

    monkeypatch.setattr(writing, "_table", between)
    assert ch("export", "facts", "--output", "lake").code == 0
    assert "changed" not in {row["name"] for row in rows(tmp_path / "lake", "customer")}
