"""Any value and any text goes through the translation as it is."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from channelctl.engines import duck, facts, shim
from channelctl.errors import UsageError

pytest.importorskip("duckdb", reason="DuckDB is not installed")
pytest.importorskip("sqlglot", reason="sqlglot, which translates for DuckDB, is not installed")

NASTY = (
    "",
    "'",
    "''",
    '"',
    "`",
    "%",
    "%%s",
    "%(name)s",
    "?",
    ":name",
    "::text",
    "\\",
    "\\'",
    "\\n",
    "a\nb\tc\r",
    "$1",
    "$$",
    "{x}",
    "--",
    "/* */",
    ";",
    "杭州",
    "\U0001f600",
    "\u2028",
    "NULL",
    "1",
    " x ",
    "‘’",
    "\x1f",
)
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
TABLE = sa.table("t", sa.column("id", sa.BigInteger), sa.column("word", sa.Text), sa.column("class", sa.Text))


@pytest.fixture(scope="module")
def engine() -> Iterator[shim.Engine]:
    found = duck.Duck(Path(), facts.Lake("", "", "parquet", {}))
    yield found
    found.close()


def asked(engine: shim.Engine, query: Any) -> Sequence[Any]:
    with shim.over(engine).connect() as connection:
        return connection.execute(query).all()


@pytest.mark.parametrize("word", NASTY)
def test_a_word_comes_back_as_it_went(word: str, engine: shim.Engine) -> None:
    both = sa.select(sa.literal(word), sa.literal(word) == word, sa.literal(word).in_([word, "?"]))
    assert asked(engine, both) == [(word, True, True)]


@pytest.mark.parametrize("word", NASTY)
def test_a_word_for_spark_is_read_as_it_was_meant(word: str) -> None:
    from sqlglot import exp, parse_one

    sql, _tables = shim.translated("SELECT :word", {"word": word}, "spark")
    [found] = parse_one(sql, dialect="spark").find_all(exp.Literal)
    assert (found.this, found.is_string) == (word, True)


@given(WORDS, st.integers(-(2**63) + 1, 2**63 - 1))
def test_any_value_comes_back(engine: shim.Engine, word: str, number: int) -> None:
    assert asked(engine, sa.select(sa.literal(word), sa.literal(number))) == [(word, number)]


@pytest.mark.parametrize("value", [None, True, False, 0, -1, 2**62])
def test_a_value_that_is_no_word(value: object, engine: shim.Engine) -> None:
    assert asked(engine, sa.select(sa.literal(value))) == [(value,)]


def test_text_goes_by_code_point_and_null_first(engine: shim.Engine) -> None:
    words = ["b", None, "\U0001f600", "É", "a", "", "E", "杭", "_", "\ufffd", "aa"]
    rows = sa.union_all(*(sa.select(sa.literal(word, sa.Text).label("word")) for word in words)).subquery()
    up, down = (asked(engine, sa.select(rows.c.word).order_by(by)) for by in (rows.c.word, rows.c.word.desc()))
    assert [row[0] for row in up] == [None, *sorted(word for word in words if word is not None)]
    assert down == up[::-1]
    last = asked(engine, sa.select(rows.c.word).order_by(rows.c.word.nulls_last()))
    assert [row[0] for row in last] == [*sorted(word for word in words if word is not None), None]


def test_no_rows_and_an_empty_list(engine: shim.Engine) -> None:
    query = sa.select(sa.literal("x")).where(sa.literal(1).in_([]))
    assert asked(engine, query) == []


def test_sums_are_exact(engine: shim.Engine) -> None:
    most = 2**62
    rows = sa.union_all(*(sa.select(sa.literal(most).label("n")) for _row in range(4))).subquery()
    assert asked(engine, sa.select(sa.func.sum(rows.c.n))) == [(4 * most,)]


TRANSLATED = (
    (
        'SELECT t."class", t.word FROM t WHERE t.id = :id ORDER BY t.word COLLATE "C"',
        "SELECT `t`.`class`, `t`.`word` FROM `t` WHERE `t`.`id` = 7 ORDER BY `t`.`word`",
    ),
    (
        "SELECT t.id, t.word, sum(t.n) AS n FROM t GROUP BY t.id",
        "SELECT `t`.`id`, ANY_VALUE(`t`.`word`), SUM(`t`.`n`) AS `n` FROM `t` GROUP BY `t`.`id`",
    ),
    ("SELECT coalesce(t.day, t.day) FROM t", "SELECT `t`.`day` FROM `t`"),
    ("SELECT coalesce(t.day, t.id) FROM t", "SELECT COALESCE(`t`.`day`, `t`.`id`) FROM `t`"),
)


@pytest.mark.parametrize(("sql", "spark"), TRANSLATED)
def test_what_is_sent_to_spark(sql: str, spark: str) -> None:
    assert shim.translated(sql, {"id": 7}, "spark") == (spark, {"t"})


@pytest.mark.parametrize(
    "statement",
    [
        sa.insert(TABLE).values(id=1),
        sa.insert(TABLE).values([{"id": 1}, {"id": 2}]),
        sa.update(TABLE).values(word="x"),
        sa.delete(TABLE),
        sa.text("DROP TABLE t"),
    ],
)
def test_nothing_is_written(statement: Any, engine: shim.Engine) -> None:
    with shim.over(engine).connect() as connection, pytest.raises(UsageError, match="nothing can be written"):
        connection.execute(statement)
    with shim.over(engine).connect() as connection, pytest.raises(UsageError, match="nothing can be written"):
        connection.execute(sa.insert(TABLE), [{"id": 1}, {"id": 2}])
