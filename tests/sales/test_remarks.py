"""What an import says though it took every row: figures that a person should look at."""

from pathlib import Path

from tests.conftest import Run
from tests.processes import run

HEAD = "日期,客户,产品,数量,金额\n"


def remarks(ch: Run, file: Path, text: str, *options: str) -> list[tuple[str, str]]:
    """Code and message of each remark on a sheet that goes in without errors."""
    file.write_text(text)
    done = ch("import", file, "--format", "json", *options)
    assert done.code == 0, done.out
    return [(problem["code"], problem["message"]) for problem in done.data["problems"]]


def test_an_amount_of_quantity_times_price_is_said(ch: Run, tmp_path: Path) -> None:
    """A column of amounts under a name we do not know would else be passed over in silence."""
    text = "日期,客户,数量,单价,开单数\n2024-05-01,甲,3,100,250\n"
    assert remarks(ch, tmp_path / "a.csv", text) == [
        ("W106", "no amount column was read: amounts are quantity × price")
    ]
    assert remarks(ch, tmp_path / "b.csv", text.replace("05-01", "05-02"), "--map", "开单数=amount") == [
        ("W104", "1 line whose amount is not quantity × price")
    ]


def test_a_namesake_with_another_code_is_said(ch: Run, tmp_path: Path) -> None:
    """First by name, then with a code: two customers, and a word about it."""
    assert remarks(ch, tmp_path / "a.csv", "日期,客户,金额\n2024-05-01,甲,30\n") == []
    assert remarks(ch, tmp_path / "b.csv", "日期,客户编码,客户,金额\n2024-05-02,K1,甲,30\n2024-05-02,K2,乙,1\n") == [
        ("W108", "1 new customer has the name of another with another code: 甲")
    ]


def test_a_line_that_may_correct_an_earlier_one_is_said(ch: Run, tmp_path: Path) -> None:
    """Without document and line number both count; with them the later takes the earlier one's place."""
    first = HEAD + "2024-05-01,甲,A,12,1200\n2024-05-01,乙,A,1,100\n"
    assert remarks(ch, tmp_path / "a.csv", first) == []
    assert remarks(ch, tmp_path / "b.csv", first.replace("12,1200", "15,1500")) == [
        ("W109", "1 new line stands beside an earlier one of the same day, customer and product")
    ]
    assert ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"] == 2800


def test_a_longer_export_that_overlaps_says_nothing(ch: Run, tmp_path: Path) -> None:
    """Equal true lines and new days are ordinary."""
    first = HEAD + "2024-05-01,甲,A,1,100\n2024-05-01,甲,A,1,100\n"
    assert remarks(ch, tmp_path / "a.csv", first) == []
    assert remarks(ch, tmp_path / "b.csv", first + "2024-05-02,甲,A,1,100\n") == []


def test_undo_sees_what_builds_on_a_batch_in_a_process_of_its_own(tmp_path: Path) -> None:
    """Also when nothing but the command itself has loaded the tables."""
    database = tmp_path / "own.db"
    for day in (1, 2):
        file = tmp_path / f"{day}.csv"
        file.write_text(HEAD + f"2024-05-0{day},甲,A,1,100\n")
        assert run("--db", database, "import", file)[0] == 0
    code, _out, err = run("--db", database, "batch", "undo", 1)
    assert code == 3
    assert "batch 1 cannot be undone: later work builds on it" in err
    assert run("--db", database, "batch", "undo", 2)[0] == 0
    assert run("--db", database, "batch", "undo", 1)[0] == 0
