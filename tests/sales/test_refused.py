"""A refused row leaves nothing behind, though the others of its sheet go in."""

from pathlib import Path

from tests.conftest import Run


def test_what_a_refused_row_names_is_not_made_for_it(ch: Run, tmp_path: Path) -> None:
    """Its office, rep and product would else stand there without a line."""
    (tmp_path / "a.csv").write_text("日期,客户编码,客户,金额\n2024-05-01,K1,甲店,3\n2024-05-01,K2,甲店,4\n")
    assert ch("import", tmp_path / "a.csv").code == 0
    head = "日期,办事处,业务员,客户,型号,金额\n"
    (tmp_path / "b.csv").write_text(head + "2024-05-02,杭州,王伟,甲店,A,5\n2024-05-02,南京,李芳,乙店,B,6\n")
    done = ch("import", tmp_path / "b.csv", "--partial", "--format", "json")
    assert [(p["code"], p["row"]) for p in done.data["problems"] if p["code"][0] == "E"] == [("E301", 2)]
    named = {
        noun: [row["name"] for row in ch(noun, "list", "--format", "json").data["rows"]]
        for noun in ("office", "rep", "product")
    }
    assert named == {"office": ["南京"], "rep": ["李芳"], "product": ["B"]}
    made = {row["kind"]: row["records"] for row in done.data["created"]}
    assert made == {"office": 1, "rep": 1, "customer": 1, "product": 1}
