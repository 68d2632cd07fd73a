"""A customer list that names a person: the customer's contact."""

from pathlib import Path
from typing import Any

from tests.conftest import Run
from tests.making import sheet

HEADINGS = "客户编码 客户名称 地址 联系人 联系电话"
ROWS = [("C1", "甲乙丙", "杭州", "李敏", "138"), ("C2", "丁戊己", "宁波", "", "139"), ("C3", "庚", "", "王伟", "")]


def contacts(ch: Run) -> list[tuple[Any, ...]]:
    rows = ch("export", "contact", "--format", "json").data["rows"]
    return [(row["code"], row["customer_code"], row["name"], row["phone"]) for row in rows]


def test_the_person_becomes_a_contact_with_the_phone(ch: Run) -> None:
    done = ch("import", sheet("list", HEADINGS, ROWS))
    assert done.code == 0
    assert "read as customers (5 of 5 columns)\n" in done.out
    assert "made because the sheet names them: contacts 2\n" in done.out
    assert contacts(ch) == [("N00001", "C1", "李敏", "138"), ("N00002", "C3", "王伟", None)]


def test_a_contact_there_is_stays_as_it_is(ch: Run) -> None:
    """By its name at that customer; a namesake at another is another, a second person one more."""
    assert ch("import", sheet("list", HEADINGS, ROWS)).code == 0
    assert ch("contact", "set", "N00001", "phone=777").code == 0
    more = [("C1", "", "", "李 敏", "138"), ("C2", "", "", "李敏", "5"), ("C3", "", "", "张三", "")]
    assert ch("import", sheet("more", HEADINGS, more)).code == 0
    assert contacts(ch) == [
        ("N00001", "C1", "李敏", "777"), ("N00002", "C3", "王伟", None),
        ("N00003", "C2", "李敏", "5"), ("N00004", "C3", "张三", None),
    ]  # fmt: skip


def test_it_comes_back_and_is_undone(ch: Run, tmp_path: Path) -> None:
    assert ch("import", sheet("list", HEADINGS, ROWS)).code == 0
    for kind in ("customer", "contact"):
        assert ch("export", kind, "--output", f"{kind}.xlsx").code == 0
        assert ch("import", f"{kind}.xlsx").out.endswith("everything in it is there already. Nothing to do.\n")
    assert ch("batch", "undo", 1).code == 0
    assert contacts(ch) == []
    assert ch("export", "customer", "--format", "json").data["rows"] == []


def test_a_row_refused_brings_no_contact(ch: Run) -> None:
    rows = [("C1", "甲乙丙", "杭州", "李敏", "138"), ("C1", "甲乙丙", "宁波", "王伟", "138")]
    assert ch("import", sheet("list", HEADINGS, rows), "--partial").code == 1
    assert [one[2] for one in contacts(ch)] == ["李敏"]


def test_a_list_of_people_may_name_customers_without_any(ch: Run) -> None:
    """Where a sheet says nothing but customers and people, a customer without one is no error."""
    rows = [("C1", "甲乙丙", "李敏", "138"), ("C2", "丁戊己", "", ""), ("C3", "庚", "", "139")]
    done = ch("import", sheet("list", "客户编码 客户名称 联系人 联系电话", rows), "--format", "json")
    assert [(one["code"], one["row"]) for one in done.data["problems"]] == [("E201", 4)]
    assert [(row["kind"], row["new"], row["skipped"], row["rejected"]) for row in done.data["rows"]] == [
        ("contact", 1, 1, 1)
    ]
    done = ch("import", sheet("good", "客户编码 客户名称 联系人 联系电话", rows[:2]))
    assert done.code == 0
    assert [row["code"] for row in ch("export", "customer", "--format", "json").data["rows"]] == ["C1", "C2"]
