"""`tier` and `score` on DuckDB: the same bytes as on the database."""

import shutil
from pathlib import Path

import pytest

from channelctl import db
from tests.conftest import Run
from tests.engines.conftest import Lake

pytest.importorskip("duckdb", reason="DuckDB is not installed")
pytest.importorskip("sqlglot", reason="sqlglot, which translates for DuckDB, is not installed")

QUESTIONS = (
    "tier",
    "tier --month 2024-05",
    "tier --all-time --as-of 2024-04-30",
    "tier --method share --include-inactive",
    "tier --method rfm",
    "tier --method rfm --month 2024-05 --office 杭州",
    "tier --method curve --quarter 2024-Q2",
    "tier --boundary within --raise-by-share",
    "tier --by product --measure quantity",
    "tier --by product --measure profit",
    "tier --by rep",
    "tier --by office --include-inactive",
    "tier --by region --from 2024-03-15 --to 2024-04-15",
    "tier --region 江东省",
    "tier --office 杭州",
    "tier --rep 钟昭明",
    "tier --channel direct --by office",
    "tier --product P001",
    "tier --industry 通讯零售",
    "tier --month 2031-01",
    "tier explain C00012",
    "tier explain C00012 --month 2024-05 --method rfm",
    "tier explain 杭州 --by office",
    "tier compare abc share",
    "tier compare abc:reach abc:within --by product",
    "tier migration --from 2024-04 --to 2024-05",
    "tier alarms",
    "tier alarms --office 杭州 --month 2024-05",
    "score",
    "score --month 2024-05 --restated",
    "score --month 2024-05 --as-of 2024-05-15",
    "score --office 杭州 --month 2024-05 --explain",
    "score --month 2031-01",
    "score explain C00012 --month 2024-05",
    "score explain --office 杭州 --month 2024-05",
    "score trend",
)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("format", ["table", "json"])
def test_the_answer_is_that_of_the_database(question: str, format: str, lake: Lake, ch: Run) -> None:
    words = (*question.split(), "--format", format)
    own = ch("--db", lake.database, *words)
    assert ch(*words, "--engine", "duckdb", "--facts", lake.folder) == own


def test_most_questions_have_an_answer(lake: Lake, ch: Run) -> None:
    answered = [words for words in QUESTIONS if ch("--db", lake.database, *words.split()).code in (0, 1)]
    assert len(answered) > 30


def test_the_database_is_not_looked_at(lake: Lake, ch: Run, tmp_path: Path) -> None:
    assert ch("tier", "--engine", "duckdb", "--facts", lake.folder).code == 0
    assert not list(tmp_path.iterdir())


def test_options_before_a_verb_are_its_own(lake: Lake, ch: Run) -> None:
    before = ch("tier", "--engine", "duckdb", "--facts", lake.folder, "explain", "C00012")
    assert before == ch("tier", "explain", "C00012", "--engine", "duckdb", "--facts", lake.folder)
    assert before.code == 0


USAGE = (
    (
        "tier --engine duckdb",
        "channelctl: error: --engine needs --facts\n"
        "First: channelctl export facts --output lake/; then: --engine duckdb --facts lake/\n",
    ),
    ("tier --facts LAKE", "channelctl: error: --facts needs --engine\nOne of: duckdb, spark.\n"),
    (
        "tier --engine polars --facts LAKE",
        "channelctl: error: “polars” is not an engine\nOne of: duckdb, spark.\n",
    ),
    (
        "tier --engine duckdb --facts LAKE --known 2024-05-31",
        "channelctl: error: --known asks for what was known earlier, and exported facts hold only what is known now\n"
        "Run the command on the database, without --engine.\n",
    ),
    (
        "tier --engine duckdb --facts LAKE --apply",
        "channelctl: error: nothing can be written to exported facts\n"
        "Run the command on the database, without --engine.\n",
    ),
    (
        "tier --engine duckdb --facts LAKE history C00012",
        "channelctl: error: history runs on the database\nLeave --engine and --facts out.\n",
    ),
    (
        "score --engine duckdb --facts LAKE close --month 2024-04",
        "channelctl: error: close runs on the database\nLeave --engine and --facts out.\n",
    ),
)


@pytest.mark.parametrize(("words", "said"), USAGE)
def test_what_makes_no_sense_is_refused(words: str, said: str, lake: Lake, ch: Run) -> None:
    found = ch(*(lake.folder if word == "LAKE" else word for word in words.split()))
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(said)


def test_close_takes_no_engine(lake: Lake, ch: Run) -> None:
    assert ch("score", "close", "--month", "2024-05", "--engine", "duckdb", "--facts", lake.folder).code == 2


# --- lakes that are none ---------------------------------------------------------------------------------------------


@pytest.fixture
def own(lake: Lake, tmp_path: Path) -> Path:
    """A lake of the test's own."""
    shutil.copytree(lake.folder, tmp_path / "lake")
    return tmp_path / "lake"


def refused(ch: Run, folder: Path, said: str) -> None:
    found = ch("tier", "--engine", "duckdb", "--facts", folder)
    assert (found.code, found.out) == (4, "")
    again = f"Write it from the database: channelctl export facts --output {folder}\n"
    assert found.err == f"channelctl: error: {said}\n{again}"


def test_a_folder_that_is_not_there(ch: Run, tmp_path: Path) -> None:
    refused(ch, tmp_path / "nowhere", f"there is no folder {tmp_path / 'nowhere'}")


def test_a_folder_without_a_manifest(ch: Run, own: Path) -> None:
    (own / "facts.json").unlink()
    refused(ch, own, f"{own} holds no exported facts: there is no whole facts.json in it")


def test_a_manifest_of_something_else(ch: Run, own: Path) -> None:
    (own / "facts.json").write_text('{"what": "my facts"}')
    refused(ch, own, f"{own} holds no exported facts: there is no whole facts.json in it")


def test_a_manifest_cut_short(ch: Run, own: Path) -> None:
    whole = (own / "facts.json").read_text(encoding="utf-8")
    (own / "facts.json").write_text(whole[:100], encoding="utf-8")
    found = ch("tier", "--engine", "duckdb", "--facts", own)
    assert found.code == 4
    assert f"{own / 'facts.json'} is damaged (" in found.err


def test_a_manifest_that_leads_out_of_the_lake(ch: Run, own: Path) -> None:
    text = (own / "facts.json").read_text(encoding="utf-8")
    (own / "facts.json").write_text(text.replace("customer/part-0", "../customer/part-0"), encoding="utf-8")
    found = ch("tier", "--engine", "duckdb", "--facts", own)
    assert (found.code, "facts.json is damaged (" in found.err) == (4, True)


def test_a_lake_of_another_schema(ch: Run, own: Path) -> None:
    text = (own / "facts.json").read_text(encoding="utf-8")
    (own / "facts.json").write_text(text.replace(f'"schema": "{db.HEAD}"', '"schema": "0001"'), encoding="utf-8")
    refused(ch, own, f"{own} is of another schema (0001, this channelctl has {db.HEAD})")


def test_a_lake_of_csv(ch: Run, lake: Lake, tmp_path: Path) -> None:
    assert ch("--db", lake.database, "export", "facts", "--output", tmp_path / "csv", "--format", "csv").code == 0
    refused(ch, tmp_path / "csv", f"{tmp_path / 'csv'} holds csv, and engines read Parquet")


def test_a_file_that_is_gone(ch: Run, own: Path) -> None:
    gone = own / "sale_line" / "month=2024-05" / "part-0.parquet"
    gone.unlink()
    refused(ch, own, f"{gone} is damaged (No such file or directory)")


def test_a_file_cut_short(ch: Run, own: Path) -> None:
    short = own / "customer" / "part-0.parquet"
    size = short.stat().st_size
    short.write_bytes(short.read_bytes()[:-10])
    refused(ch, own, f"{short} is damaged ({size - 10} bytes, written were {size})")


def test_a_file_with_other_bytes(ch: Run, own: Path) -> None:
    wrong = own / "customer" / "part-0.parquet"
    wrong.write_bytes(b"x" * wrong.stat().st_size)
    found = ch("tier", "--engine", "duckdb", "--facts", own)
    assert (found.code, found.out) == (4, "")
    assert found.err.startswith(f"channelctl: error: {own} is damaged (")


def test_names_of_folders_are_no_patterns(ch: Run, lake: Lake, own: Path) -> None:
    odd = own.rename(own.with_name("l*k[e] 'q' 湖"))
    assert ch("tier", "--engine", "duckdb", "--facts", odd) == ch("--db", lake.database, "tier")


def test_a_file_with_fewer_lines(ch: Run, own: Path) -> None:
    text = (own / "facts.json").read_text(encoding="utf-8")
    (own / "facts.json").write_text(text.replace('"rows": 1423', '"rows": 1424'), encoding="utf-8")
    refused(ch, own, f"{own / 'sale_line'} is damaged (sale_line has 1423 rows, written were 1424)")


def test_an_engine_that_is_not_installed(ch: Run, lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    found = ch("tier", "--engine", "duckdb", "--facts", lake.folder)
    assert found == (
        3,
        "",
        "channelctl: error: this needs duckdb, which is not installed here\n"
        'Install it: pip install "channelctl[duckdb]"\n',
    )
