"""Two regions with three offices, rows of two of them in every table, and logins of people with roles there."""

import json
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from channelctl import cli, settings
from tests import servers
from tests.conftest import Text, forget
from tests.postgres.conftest import connected

# Who may do what: login -> role, offices.
PEOPLE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "zhao": ("reader", ("--office", "杭州")),
    "wang": ("operator", ("--office", "杭州")),
    "qian": ("approver", ("--office", "杭州")),
    "wu": ("manager", ("--office", "杭州")),
    "li": ("reader", ("--region", "东区")),
    "sun": ("reader", ()),
    "zhou": ("manager", ()),
    "feng": ("operator", ("--office", "南京")),
}
_LINES = """\
日期,单号,行号,办事处,客户编码,客户名称,产品,数量,金额
2024-05-02,D1,1,杭州,H1,杭州一号,手机,1,1000
2024-05-03,D1,2,杭州,H2,杭州二号,手机,1,300
2024-05-03,D2,1,南京,J1,南京一号,手机,1,7000
2024-05-04,D3,1,宁波,B1,宁波一号,手机,1,500
"""
_PLAN = """\
月份,办事处,客户编码,客户级别,月度目标
2024-05,杭州,H1,V1,2000
2024-05,南京,J1,V1,5000
"""


class Office(NamedTuple):
    """An office with a customer of its own."""

    id: int
    code: str
    customer: int
    customer_code: str


def made(system: servers.Server, database: str, folder: Path) -> str:
    """A database filled by its owner's commands, with a role for everybody; its URL."""
    url = system.address.url(database)
    with connected(system.address.url()) as owner:
        known = {name for (name,) in owner.execute("SELECT rolname FROM pg_roles")}
        for user in PEOPLE.keys() - known:
            owner.execute(f'CREATE ROLE "{user}" LOGIN')
    for name, text in (("lines.csv", _LINES), ("plan.csv", _PLAN)):
        (folder / name).write_text(text, encoding="utf-8")
    for words in (
        ("init",),
        *(("office", "add", f"code={code}", f"name={name}") for code, name in OFFICES),
        *(("region", "add", f"code={code}", f"name={name}") for code, name in (("E", "东区"), ("W", "西区"))),
        ("office", "set", "HZ", "region=东区"),
        ("office", "set", "NB", "region=东区"),
        ("office", "set", "NJ", "region=西区"),
        *(("customer", "add", f"code={code}", f"name={name}", f"office={office}") for code, name, office in CUSTOMERS),
        ("import", folder / "lines.csv"),
        ("import", folder / "plan.csv"),
        *(("db", "grant", "--role", role, "--user", user, *where) for user, (role, where) in PEOPLE.items()),
    ):
        assert run(url, words) == 0, words
    return url


def run(url: str, words: Sequence[object]) -> int:
    """A command of the owner's; its exit code."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(Text()), redirect_stderr(Text()):
        for name, value in (("DB", url), ("TODAY", "2024-06-03"), ("USER", "boss")):
            patch.setenv(f"CHANNELCTL_{name}", value)
        settings.current = settings.Settings()
        forget()
        return cli.run([str(word) for word in words])


OFFICES = (("HZ", "杭州"), ("NB", "宁波"), ("NJ", "南京"))
CUSTOMERS = (
    ("H1", "杭州一号", "杭州"),
    ("H2", "杭州二号", "杭州"),
    ("B1", "宁波一号", "宁波"),
    ("J1", "南京一号", "南京"),
)


def of_figures(notes: Sequence[str]) -> list[str]:
    """The notes of a report but the one that says of which offices it is."""
    return [note for note in notes if " sees " not in note]


def office(url: str, code: str, customer: str) -> Office:
    """An office of the world."""
    with connected(url) as owner:
        row = owner.execute("SELECT id FROM office WHERE code = %s", (code,)).fetchone()
        other = owner.execute("SELECT id FROM customer WHERE code = %s", (customer,)).fetchone()
    return Office(row[0], code, other[0], customer)


class Rows:
    """Makes rows of any table, past the program: what is not said is filled with what its type allows."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._number = 0
        query = """
            SELECT attrelid::regclass::text, attname, format_type(atttypid, NULL), atthasdef OR NOT attnotnull
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
            AND attnum > 0 AND NOT attisdropped
            ORDER BY attrelid, attnum
        """
        self.columns: dict[str, dict[str, tuple[str, bool]]] = {}
        for table, name, type_, free in connection.execute(query):
            self.columns.setdefault(table, {})[name] = (type_, free)

    def values(self, table: str, **said: object) -> dict[str, object]:
        """A whole row."""
        self._number += 1
        found: dict[str, object] = {}
        for name, (type_, free) in self.columns[table].items():
            if name in said:
                found[name] = said[name]
            elif name == "batch_id":
                found[name] = self._batch()
            elif name == "product_id":
                found[name] = 1
            elif not free or (name == "id" and table.startswith("credit_release")):
                found[name] = self._filled(name, type_)
        return found

    def _batch(self) -> int:
        """A batch of whoever is connected."""
        made = "INSERT INTO batch (at, \"user\", command, rejected) VALUES ('2024-06-03', session_user, 'x', 0)"
        return int(self._connection.execute(f"{made} RETURNING id").fetchone()[0])

    def insertion(self, table: str, **said: object) -> tuple[str, list[object]]:
        """The statement that inserts a row."""
        values = self.values(table, **said)
        marks, names = ", ".join("%s" for _ in values), ", ".join(f'"{name}"' for name in values)
        return f'INSERT INTO "{table}" ({names}) VALUES ({marks})', [*values.values()]

    def _filled(self, name: str, type_: str) -> object:
        if type_ == "text":
            days = ("date", "_on", "from", "day", "until", "since")
            return "2024-05-01" if any(word in name for word in days) else f"x{self._number}"
        return b"x" if type_ == "bytea" else 1000 + self._number

    def insert(self, table: str, **said: object) -> dict[str, object]:
        """A row that is in the table now."""
        query, values = self.insertion(table, **said)
        row = self._connection.execute(f"{query} RETURNING *", values).fetchone()
        return dict(zip(self.columns[table], row, strict=True))


def told(row: Mapping[str, object]) -> str:
    """A row as it is kept of a record that is gone."""
    return json.dumps({name: value for name, value in row.items() if not isinstance(value, bytes | memoryview)})


def of_office(table: str, one: Office) -> dict[str, object]:
    """The columns that make a row of a table an office's; those of rows that go with another stand in `below`."""
    if table == "sale_line":
        return {"office_id": one.id, "customer_id": one.customer, "date": "2024-05-09"}
    if table in ("customer", "rep", "office_target", "plan_version"):
        return {"office_id": one.id}
    if table in ("plan_line", "score_mark"):
        return {"office_id": one.id, "customer_id": one.customer, "month": "2024-07"}
    if table in ("credit_decision", "credit_release"):
        return {"customer_code": one.customer_code}
    if table == "tier_run":
        return {"scope": f'{{"office": "{one.code}"}}'}
    return {"customer_id": one.customer}


# Who is named as having approved or used something.
NAMED: Mapping[str, str] = {
    "credit_decision": "decided_by",
    "credit_limit": "approved_by",
    "credit_release": "approver",
    "credit_release_use": "used_by",
    "credit_writeoff": "approver",
}
# The tables whose rows go with a row of another: column -> table and its key; and what else makes them an office's.
BELOW: Mapping[str, tuple[str, str, str]] = {
    "plan_version_line": ("version_id", "plan_version", "id"),
    "tier_grade": ("run_id", "tier_run", "id"),
    "credit_release_use": ("release_id", "credit_release", "id"),
    "credit_recovery": ("writeoff", "credit_writeoff", "number"),
}
# The same under a heading that everybody sees.
UNDER: Mapping[str, tuple[str, str]] = {
    "score_closed": ("close_id", "score_close"),
    "rebate_settled": ("settlement_id", "rebate_settlement"),
}
OF_OFFICE = (
    "activation", "contact", "credit_application", "credit_decision", "credit_hold", "credit_investigation",
    "credit_limit", "credit_release", "credit_writeoff", "customer", "customer_alias", "office_target", "open_order",
    "payment", "payment_application", "plan_line", "plan_version", "price", "promise", "rebate_payout", "receivable",
    "sale_line", "score_mark", "sell_out", "stock_count", "tier_mark", "tier_run",
)  # fmt: skip
OF_BATCH = ("source_sheet", "kept_file", "change", "audit_entry")
COMMON = (
    "alembic_version", "batch", "calendar_day", "class_target", "office", "product", "rebate_rule",
    "rebate_settlement", "region", "rep", "saved_map", "score_close",
)  # fmt: skip
OWN = ("customer_seen", "member")


def seed(rows: Rows, one: Office, marked: str) -> dict[str, dict[str, object]]:
    """A row of an office in each table; by table."""
    made = {table: rows.insert(table, **of_office(table, one)) for table in OF_OFFICE}
    for table, (column, above, key) in BELOW.items():
        own = {"customer_code": one.customer_code} if "customer_code" in rows.columns[table] else {}
        made[table] = rows.insert(table, **{column: made[above][key]}, **own)
    for table, (column, above) in UNDER.items():
        head = rows.insert(above, month=marked, through=marked) if above.startswith("reb") else rows.insert(above)
        whose = {"customer_code": one.customer_code} if "customer_code" in rows.columns[table] else {}
        made[table] = rows.insert(table, **{column: head["id"]}, **(whose or {"office_code": one.code}))
    return made
