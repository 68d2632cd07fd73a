"""What was exported imports again and changes nothing: for every kind of sheet, in both formats and languages."""

import csv
import datetime as dt
import io
import random
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from channelctl.columns import Col
from channelctl.records import Kind, kinds
from tests import running
from tests.running import run
from tests.sheets import written
from tests.tables import address, contents, examples, put

BITING = (
    "00123", "=1+1", "-", "--", "NA", "null", "None", "nan", "N/A", "+86 1", "@x", "'x", "'=x", "-1-1", "0", "1e5",
    "TRUE",    "2024-05-03", "a\nb", 'say "x"', "ＡＢＣ１２", "合计商贸", "制表：王伟", "x,y;z|w\tv", "🚀𠮷",
    "长" * 300, "甲(杭州)", "甲（杭州）", "  x  y ", "C1", "c1", "北京", "12.50", "1,000", "#1", "[red]", "<b>",
)  # fmt: skip
FIGURES = tuple(
    map(Decimal, ("0", "-0.0001", "0.0001", "1234.5", "100", "-5", "123456789012.3456", "899999999999.9999"))
)
# What alone in a row says that it is a total; a customer, product or document may be called so all the same.
TOTALS = ("合计", "小计：", "Total")
CODES = ("00123", "123", "c1", "C1", "=1+1", "-", "NA", "A/B", "N00001", "2024-05-03", "1e5")
MONTHS = ("2024-05", "2023-12", "1999-01")
EDGES = (dt.date(1901, 1, 1), dt.date(2024, 2, 29), dt.date(9999, 12, 31))
SIGNS = "甲乙丙丁杭州南京 abcXYZ0129-_=+@'\"“”《》（）()[]{}<>/\\:：;；,，.。|\n\t%&*#~^￥¥$€é漢𠮷🚀\u3000\u00a0\u200b"
FORMATS = ("xlsx", "csv")
LANGUAGES = ("en", "zh")
# A failure names its seed; there is nothing to shrink in it.
SEEDED = settings(max_examples=examples(6), phases=(Phase.explicit, Phase.reuse, Phase.generate))


def word(chance: random.Random, words: Sequence[str] = BITING) -> str:
    """A text that bites, or a chance one."""
    if chance.random() < 0.6:
        return chance.choice(words)
    return "".join(chance.choices(SIGNS, k=chance.randint(1, 8)))


def figure(chance: random.Random) -> Decimal:
    """An amount or quantity of up to four decimals."""
    if chance.random() < 0.4:
        return chance.choice(FIGURES)
    return Decimal(chance.randint(-(10 ** chance.randint(1, 15)), 10 ** chance.randint(1, 15))).scaleb(-4)


def day(chance: random.Random) -> dt.date:
    """A day at the edges, or any."""
    return chance.choice([*EDGES, dt.date.fromordinal(chance.randint(EDGES[0].toordinal(), EDGES[-1].toordinal()))])


def cell(chance: random.Random, name: str, col: Col, known: Mapping[str, Sequence[str]]) -> Any:
    """What can stand in a column; `known` are first the codes, then the names it can refer to. Often nothing."""
    if not col.required and name != "code" and chance.random() < 0.4:
        return None
    ref = col.ref or name.removesuffix("_code")
    if ref in known:
        meant = known[ref][: len(known[ref]) // 2] if name.endswith("_code") else known[ref]
        return chance.choice(meant) if meant else None
    if name == "code":
        return chance.choice(CODES)
    makers: dict[str, Callable[[], Any]] = {
        "money": lambda: figure(chance),
        "quantity": lambda: figure(chance),
        "date": lambda: day(chance),
        "month": lambda: chance.choice(MONTHS),
        "flag": lambda: chance.choice("是否"),
        "tier": lambda: chance.choice("ABC"),
        "score": lambda: chance.choice(("0", "0.8", "85%", "1")),
    }
    named_like_totals = name in ("customer", "product", "remark", "city", "document")
    return makers.get(col.kind, lambda: word(chance, (*BITING, *TOTALS) if named_like_totals else BITING))()


def fill(chance: random.Random) -> None:
    """Put random rows of every kind into the database, as far as they are taken; some records are added by hand."""
    known: dict[str, Sequence[str]] = {}
    for name, kind in kinds().items():
        table: list[list[Any]] = [[col.zh for col in kind.columns.values()]]
        for _row in range(chance.randint(1, 5)):
            table.append([cell(chance, field, col, known) for field, col in kind.columns.items()])
        done = run("import", written.comma(Path(f"{name}.csv"), table), "--kind", kind.command, "--partial")
        assert done.code in (0, 1, 3), done.out
        if name == "customer":
            run(kind.command, "add", chance.choice(CODES), word(chance).strip() or "甲", f"remark={word(chance)}")
        if kind.named:
            listed = run(kind.command, "list", "--format", "json").data["rows"]
            known[name] = [row["code"] for row in listed] + [row["name"] for row in listed]


def exported(kind: Kind, ending: str, language: str, folder: str = "") -> tuple[Path, list[list[str]]]:
    """A kind's records as a sheet; of a CSV also its rows below the headings."""
    path = Path(folder) / f"{kind.name}.{language}.{ending}"
    path.parent.mkdir(exist_ok=True)
    done = run("export", kind.command, "--output", path, "--lang", language)
    assert done.code == 0, done.err
    text = path.read_text("utf-8-sig") if ending == "csv" else ""
    return path, list(csv.reader(io.StringIO(text)))[1:]


def test_every_biting_value_survives_in_every_kind() -> None:
    """Once in full, not left to chance: each value in each column of words."""
    with running.folder() as folder:
        customers = [["客户编码", "客户名称", "备注", "电话"]]
        customers += [[f"K{number}", f"{word}{number}", word, word] for number, word in enumerate(BITING)]
        products = [["产品编码", "型号", "规格"], *([f"P{n}", f"{word}{n}", word] for n, word in enumerate(BITING))]
        sales: list[list[Any]] = [["日期", "单据编号", "行号", "客户编码", "产品编码", "数量", "金额"]]
        sales += [["2024-05-03", word, n, f"K{n}", f"P{n}", 1, n] for n, word in enumerate(BITING)]
        for name, table in {"customer": customers, "product": products, "sales": sales}.items():
            assert run("import", written.comma(Path(f"{name}.csv"), table), "--kind", name).code == 0
        assert [len(exported(kinds()[name], "csv", "zh")[1]) for name in ("customer", "sales")] == [len(BITING)] * 2
        stays(folder)
        moves(folder)


@SEEDED
@given(st.integers(0, 10**9))
def test_an_export_imports_again_and_changes_nothing(seed: int) -> None:
    with running.folder() as folder:
        fill(chance := random.Random(seed))
        stays(folder, chance)


@SEEDED
@given(st.integers(0, 10**9))
def test_an_export_into_an_empty_database_is_the_same_export(seed: int) -> None:
    with running.folder() as folder:
        fill(chance := random.Random(seed))
        moves(folder, chance)


def forms(chance: random.Random | None) -> list[tuple[str, str]]:
    """Formats and languages: one by chance, else all."""
    every = [(ending, language) for ending in FORMATS for language in LANGUAGES]
    return every if chance is None else [chance.choice(every)]


def stays(folder: Path, chance: random.Random | None = None) -> None:
    """Each kind's sheet goes into the same database: nothing is new, nothing changed."""
    before = contents(folder / "channel.db")
    for kind in kinds().values():
        for ending, language in forms(chance):
            path, _rows = exported(kind, ending, language)
            done = run("import", path, "--lang", language, "--format", "json")
            if done.code != 3:
                said = [(row["kind"], row["new"], row["changed"], row["rejected"]) for row in done.data["rows"]]
                assert said == [(kind.name, 0, 0, 0)], done.out
            else:
                assert not holds(before, kind), done.out
    assert contents(folder / "channel.db") == before


def moves(folder: Path, chance: random.Random | None = None) -> None:
    """All sheets go into an empty database, those first that others refer to: it exports the same."""
    first = folder / "channel.db"
    whole = contents(first)
    for ending, language in forms(chance):
        sheets = {kind.name: exported(kind, ending, language)[0] for kind in kinds().values()}
        plain = {name: exported(kind, "csv", "zh", "plain")[1] for name, kind in kinds().items()}
        second = Path("second.db")
        put(running.empty(), second)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CHANNELCTL_DB", address(second))
            for name, path in sheets.items():
                done = run("import", path, "--format", "json")
                assert done.code == 0 or not holds(whole, kinds()[name]), done.out
            again = {name: exported(kind, "csv", "zh", "plain")[1] for name, kind in kinds().items()}
        unlike = {
            name: (left, right)
            for name in plain
            for left, right in zip_longest(plain[name], again[name])
            if left != right
        }
        assert not unlike


def holds(tables: Mapping[str, list[Any]], kind: Kind) -> int:
    """How many records of a kind there are."""
    return len(tables[kind.model().__tablename__])
