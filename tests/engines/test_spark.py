"""`tier` and `score` on Apache Spark, on a cluster of two workers: the same bytes as on the database."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import util
from pathlib import Path

import pytest

from channelctl.engines import spark
from channelctl.errors import RefusedError
from tests.conftest import Run
from tests.engines.conftest import Lake
from tests.engines.test_shim import NASTY

pytestmark = pytest.mark.sqlite("reads a lake, which is the same from a server: tests/engines/test_facts.py")
needed = [name for name in ("pyspark", "sqlglot") if not util.find_spec(name)]
needed += [] if shutil.which("java") else ["java"]
installed = pytest.mark.skipif(bool(needed), reason=f"not installed: {', '.join(needed)}")

QUESTIONS = ("tier --method rfm --office 杭州", "score --month 2024-05 --restated")
# Compiling costs more than a few rows are worth.
PLAIN = """
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
"""


@pytest.fixture(autouse=True, scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Two workers for all tests; what they wrote down goes again."""
    folder = tmp_path_factory.mktemp("spark")
    (folder / "spark-defaults.conf").write_text(PLAIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHANNELCTL_SPARK_MASTER", "local-cluster[2,1,1024]")
        patch.setenv("SPARK_CONF_DIR", str(folder))
        patch.setattr(spark, "_FEW", 1)
        before = _papers()
        yield
    if "pyspark" in sys.modules:
        from pyspark.sql import SparkSession

        active = SparkSession.getActiveSession()
        if active is not None:
            active.stop()
            for left in _papers() - before:
                shutil.rmtree(left, ignore_errors=True)


def _papers() -> set[Path]:
    """What workers on this machine keep of programs that ran."""
    found = util.find_spec("pyspark")
    return set() if found is None or found.origin is None else set((Path(found.origin).parent / "work").glob("app-*"))


@installed
def test_the_answers_are_those_of_the_database(
    lake: Lake, ch: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    odd = shutil.copytree(lake.folder, tmp_path / "l*k[e] 湖")
    for question in QUESTIONS:
        words = (*question.split(), "--format", "json")
        own = ch("--db", lake.database, *words)
        assert own.code == 0
        assert ch(*words, "--engine", "spark", "--facts", odd) == own
    assert capfd.readouterr() == ("", "")


@installed
def test_any_word_and_order(lake: Lake) -> None:
    import sqlalchemy as sa

    from channelctl.engines import facts, shim

    words = [*NASTY, None]
    rows = sa.union_all(*(sa.select(sa.literal(word, sa.Text).label("word")) for word in words)).subquery()
    engine = spark.Spark(lake.folder, facts.Lake("", "", "parquet", {}))
    try:
        with shim.over(engine).connect() as connection:
            found = connection.execute(sa.select(rows.c.word, rows.c.word == "\\").order_by(rows.c.word)).all()
    finally:
        engine.close()
    ordered = [None, *sorted(word for word in words if word is not None)]
    assert [tuple(row) for row in found] == [(word, None if word is None else word == "\\") for word in ordered]


@installed
def test_files_that_spark_does_not_see_are_no_empty_table(lake: Lake, ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    read = spark.Spark._read
    monkeypatch.setattr(spark.Spark, "_read", lambda self, table: read(self, replace(table, files=table.files[:1])))
    found = ch("tier", "--engine", "spark", "--facts", lake.folder)
    assert (found.code, found.out) == (4, "")
    said = f"channelctl: error: {lake.folder / 'sale_line'} is damaged (sale_line has 465 rows, written were 1423)\n"
    assert found.err.startswith(said)


@installed
def test_a_damaged_file_is_said(lake: Lake, ch: Run, tmp_path: Path) -> None:
    own = Path(shutil.copytree(lake.folder, tmp_path / "lake"))
    for wrong in own.glob("sale_line/*/part-0.parquet"):
        wrong.write_bytes(b"x" * wrong.stat().st_size)
    found = ch("tier", "--engine", "spark", "--facts", own)
    assert (found.code, found.out) == (4, "")
    assert found.err.startswith(f"channelctl: error: {own} is damaged (")


# --- where there is no Spark -----------------------------------------------------------------------------------------


def refused(ch: Run, lake: Lake) -> str:
    found = ch("tier", "--engine", "spark", "--facts", lake.folder)
    assert (found.code, found.out) == (3, "")
    return found.err


def test_without_pyspark(ch: Run, lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sqlglot", reason="sqlglot is not installed")
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    assert refused(ch, lake) == (
        "channelctl: error: this needs pyspark, which is not installed here\n"
        'Install it: pip install "channelctl[spark]"\n'
    )


class Sql:
    """pyspark.sql before a session is there."""

    class SparkSession:
        @staticmethod
        def getActiveSession() -> None:
            return None


def test_without_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(RefusedError, match="Spark needs Java, which is not found here"):
        spark._session(Sql)


def test_a_spark_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    class Builder:
        def getOrCreate(self) -> None:
            os.write(1, b"a line on stdout\n")
            os.write(2, b"org.apache.spark.SparkException: Could not parse Master URL: 'moon'\n\tat x\n")
            raise RuntimeError("[JAVA_GATEWAY_EXITED] Java gateway process exited")

    monkeypatch.setattr(spark, "_builder", lambda *_given: Builder())
    monkeypatch.setattr(shutil, "which", lambda *_given, **_more: "java")
    monkeypatch.setenv("CHANNELCTL_SPARK_MASTER", "moon")
    with pytest.raises(RefusedError) as caught:
        spark._session(Sql)
    assert caught.value.message == (
        "Spark does not start on moon: org.apache.spark.SparkException: Could not parse Master URL: 'moon'"
    )
