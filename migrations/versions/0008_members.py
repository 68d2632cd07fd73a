"""members of a database on a server: who sees and who writes what, held by the server itself"""

# ruff: noqa: S608  what the rules are made of are names of our own

from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TEXT = sa.Text(collation="C")
_HEAD = "LANGUAGE {language} STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = {schema}, pg_temp"

# What a role may do: all read, some write, some approve.
_DEEDS = """
CREATE FUNCTION channelctl_roles(deed text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = {schema}, pg_temp
AS $$ SELECT CASE deed WHEN 'write' THEN '{{operator,manager}}'::text[]
    WHEN 'approve' THEN '{{approver,manager}}'::text[]
    WHEN 'read' THEN '{{reader,operator,approver,manager}}'::text[] ELSE '{{}}'::text[] END $$
"""
_MAY = """
CREATE FUNCTION channelctl_may(deed text) RETURNS boolean {sql}
AS $$ SELECT EXISTS (
    SELECT FROM member WHERE login = session_user::text AND role = ANY (channelctl_roles(deed))) $$
"""
_ALL = """
CREATE FUNCTION channelctl_all(deed text) RETURNS boolean {sql}
AS $$ SELECT EXISTS (
    SELECT FROM member WHERE login = session_user::text AND role = ANY (channelctl_roles(deed))
    AND office_id IS NULL AND region_id IS NULL) $$
"""
_OFFICES = """
CREATE FUNCTION channelctl_offices(deed text) RETURNS integer[] {sql}
AS $$ SELECT coalesce(array_agg(DISTINCT office.id), '{{}}') FROM office JOIN member
    ON office.id = member.office_id OR office.region_id = member.region_id
    WHERE login = session_user::text AND role = ANY (channelctl_roles(deed)) $$
"""
# Those who see no more than whoever asks: what they did is no secret to him.
_PEOPLE = """
CREATE FUNCTION channelctl_people() RETURNS text[] {sql}
AS $$ SELECT array_append(array_agg(DISTINCT one.login), session_user::text) FROM member one
    WHERE channelctl_all('read') OR NOT EXISTS (
        SELECT FROM member other WHERE other.login = one.login AND NOT coalesce(CASE
            WHEN other.office_id IS NOT NULL THEN other.office_id = ANY (channelctl_offices('read'))
            WHEN other.region_id IS NOT NULL THEN (
                SELECT bool_and(office.id = ANY (channelctl_offices('read'))) FROM office
                WHERE office.region_id = other.region_id)
            ELSE false END, false)) $$
"""
# What those who see only a part must know of the whole: a code, a number and a record's id are given once.
_LAST_ID = """
CREATE OR REPLACE FUNCTION channelctl_last_id(name text, sort text) RETURNS bigint {plpgsql}
AS $$
DECLARE last bigint;
BEGIN
    EXECUTE format('SELECT coalesce(max(id), 0) FROM {schema}.%I', name) INTO last;
    RETURN greatest(last, (SELECT max(record_id) FROM change WHERE kind = sort));
END $$
"""
_TAKEN = """
CREATE FUNCTION channelctl_taken(sort text, words text[]) RETURNS SETOF text {sql}
AS $$ SELECT code FROM customer WHERE sort = 'customer' AND code = ANY (words)
    UNION ALL SELECT alias FROM customer_alias WHERE sort = 'customer' AND alias = ANY (words)
    UNION ALL SELECT code FROM contact WHERE sort = 'contact' AND code = ANY (words)
    UNION ALL SELECT code FROM rep WHERE sort = 'rep' AND code = ANY (words) $$
"""
_LAST_NUMBER = """
CREATE FUNCTION channelctl_last_number(sort text, start text) RETURNS bigint {plpgsql}
AS $$
DECLARE
    field text := CASE WHEN sort IN ('customer', 'contact', 'rep') THEN 'code'
        WHEN sort IN ('credit_investigation', 'credit_application', 'credit_writeoff', 'credit_recovery')
        THEN 'number' END;
    last bigint;
BEGIN
    IF field IS NULL OR start !~ '^(N|[A-Z]{{2}}[0-9]{{6,8}}-)$' THEN
        RAISE EXCEPTION 'no numbers of %', sort USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format($q$
        SELECT coalesce(max(substr(word, length($1) + 1)::bigint), 0) FROM (
            SELECT %1$I AS word FROM {schema}.%2$I
            UNION ALL SELECT "before"::jsonb ->> %1$L FROM {schema}.change WHERE kind = $2
        ) found WHERE left(word, length($1)) = $1 AND substr(word, length($1) + 1) ~ '^[0-9]{{1,9}}$'
    $q$, field, sort) INTO last USING start, sort;
    RETURN last;
END $$
"""
# How much of a batch is there still: whoever takes his own back must be let at all of it.
_LEFT = """
CREATE FUNCTION channelctl_left(batch integer) RETURNS bigint {plpgsql}
AS $$
DECLARE
    found record;
    here bigint;
    whole bigint := 0;
BEGIN
    IF NOT EXISTS (SELECT FROM batch b WHERE b.id = $1 AND (b."user" = session_user OR channelctl_all('write'))) THEN
        RAISE EXCEPTION 'permission denied for batch %', $1 USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR found IN
        SELECT relname AS name, attname AS field FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = '{schema}'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        AND attname IN ('batch_id', 'ended_batch_id') AND NOT attisdropped
        AND relname NOT IN ('batch', 'source_sheet', 'change', 'audit_entry', 'kept_file')
    LOOP
        EXECUTE format('SELECT count(*) FROM {schema}.%I WHERE %I = $1', found.name, found.field) INTO here USING $1;
        whole := whole + here;
    END LOOP;
    RETURN whole;
END $$
"""
# Whoever is named as having approved has done so by a login of his own.
_OWN_NAME = """
CREATE FUNCTION channelctl_own_name() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema}, pg_temp
AS $$
DECLARE named text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF named <> session_user AND (TG_OP = 'INSERT' OR named IS DISTINCT FROM to_jsonb(OLD) ->> TG_ARGV[0]) THEN
        RAISE EXCEPTION 'permission denied for table %: % is not %', TG_TABLE_NAME, session_user, TG_ARGV[0]
            USING ERRCODE = 'insufficient_privilege', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$
"""
_NAMED = {
    "credit_application": "decided_by",
    "credit_decision": "decided_by",
    "credit_limit": "approved_by",
    "credit_release": "approver",
    "credit_release_use": "used_by",
    "credit_writeoff": "approver",
}
# A grant does not pass to the office that a number is given to next.
_GONE = """
CREATE FUNCTION channelctl_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp
AS $$
BEGIN
    EXECUTE format('DELETE FROM {schema}.member WHERE %I = $1', TG_ARGV[0]) USING OLD.id;
    RETURN NULL;
END $$
"""
# What a login may do with tables at all, by its roles; which rows of them is the policies' business.
_RIGHTS = """
CREATE FUNCTION channelctl_rights(who text) RETURNS void LANGUAGE plpgsql SET search_path = {schema}, pg_temp
AS $$
DECLARE
    found record;
    verbs text;
    writes boolean := EXISTS (SELECT FROM member WHERE login = who AND role <> 'reader');
BEGIN
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM %I', who);
    EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM %I', who);
    EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM %I', who);
    EXECUTE format('REVOKE ALL ON SCHEMA {schema} FROM %I', who);
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), who);
    IF NOT EXISTS (SELECT FROM member WHERE login = who) THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), who);
    EXECUTE format('GRANT USAGE ON SCHEMA {schema} TO %I', who);
    FOR found IN
        SELECT relname AS name FROM pg_class
        WHERE relnamespace = '{schema}'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    LOOP
        verbs := CASE WHEN NOT writes OR found.name IN ('alembic_version', 'member') THEN 'SELECT'
            WHEN found.name = 'batch' THEN 'SELECT, INSERT, UPDATE (rejected, undone_by)'
            WHEN found.name = 'source_sheet' THEN 'SELECT, INSERT, UPDATE'
            WHEN found.name IN ('audit_entry', 'change', 'kept_file') THEN 'SELECT, INSERT'
            ELSE 'SELECT, INSERT, UPDATE, DELETE' END;
        EXECUTE format('GRANT %s ON {schema}.%I TO %I', verbs, found.name, who);
    END LOOP;
    FOR found IN
        SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = '{schema}'::regnamespace
        AND (proname IN ('channelctl_all', 'channelctl_last_entry', 'channelctl_may', 'channelctl_offices', 'channelctl_people')
        OR (writes AND proname IN ('channelctl_gate', 'channelctl_last_id',
            'channelctl_last_number', 'channelctl_left', 'channelctl_months', 'channelctl_taken')))
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', found.name, who);
    END LOOP;
    IF writes THEN
        EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO %I', who);
    END IF;
END $$
"""


class _Held(NamedTuple):
    """Who sees a table's rows, who changes and removes them, and who makes them, where that is another matter."""

    read: str
    write: str
    make: str = ""


def _all(deed: str) -> str:
    return f"(SELECT channelctl_all('{deed}'))"


def _may(deed: str) -> str:
    return f"(SELECT channelctl_may('{deed}'))"


def _mine(deed: str, column: str) -> str:
    return f"{column} = ANY ((SELECT channelctl_offices('{deed}'))::integer[])"


def _office(deed: str, column: str = "office_id") -> str:
    return f"({_all(deed)} OR {_mine(deed, column)})"


def _customer(deed: str, column: str = "customer_id") -> str:
    own = f"SELECT own.id FROM customer own WHERE {_mine(deed, 'own.office_id')}"
    return f"({_all(deed)} OR {column} IN ({own}))"


def _code(deed: str) -> str:
    """By a customer's code, or one that became an alias of his."""
    mine = _mine(deed, "own.office_id")
    codes = f"SELECT own.code FROM customer own WHERE {mine}"
    aliases = f"SELECT a.alias FROM customer_alias a JOIN customer own ON own.id = a.customer_id WHERE {mine}"
    return f"({_all(deed)} OR customer_code IN ({codes} UNION ALL {aliases}))"


def _office_code(deed: str, column: str) -> str:
    return f"({_all(deed)} OR {column} IN (SELECT own.code FROM office own WHERE {_mine(deed, 'own.id')}))"


def _by(owner: str, column: str, key: str = "id", condition: str = "true") -> str:
    """As the row that it goes with, which is seen by its own rule."""
    return f"{column} IN (SELECT o.{key} FROM {owner} o WHERE {condition})"


_OWN = '"user" = session_user::text'
_OWN_BATCH = f"batch_id IN (SELECT b.id FROM batch b WHERE b.{_OWN})"
_PEOPLES = '"user" = ANY ((SELECT channelctl_people())::text[])'
_BATCHES = f"({_all('read')} OR batch_id IN (SELECT b.id FROM batch b WHERE b.{_PEOPLES}))"
_FROZEN = "EXISTS (SELECT FROM plan_version v WHERE v.month = plan_line.month AND v.office_id = plan_line.office_id)"
_UNDECIDED = f"(decision IS NULL AND {_customer('write')} OR {_customer('approve')})"
# Nobody decides what he applied for or brought in himself.
_OTHERS = (
    "application NOT IN (SELECT a.number FROM credit_application a JOIN batch b ON b.id = a.batch_id"
    f" WHERE b.{_OWN} OR a.applicant = session_user::text)"
)
# A limit comes of a decision; those there were before are brought in by who approves everywhere.
_DECIDED = (
    f"({_all('approve')} AND source = 'opening' OR source IN (SELECT d.application FROM credit_decision d"
    " WHERE d.decided_by = session_user::text AND d.approved = 1 AND d.limit_amount = credit_limit.limit_amount))"
)
_RUN = "(scope::jsonb ->> 'office')"

# Everybody's: read by all members, written where the whole is written.
_COMMON = ("region", "office", "calendar_day", "class_target", "rebate_rule")
# A customer's, by its number.
_OF_CUSTOMERS = (
    "activation", "contact", "credit_hold", "credit_investigation", "customer_alias", "open_order", "payment",
    "payment_application", "price", "promise", "rebate_payout", "receivable", "sell_out", "stock_count", "tier_mark",
)  # fmt: skip
_HELD = {
    **{name: _Held("true", _all("write")) for name in _COMMON},
    **{name: _Held(_customer("read"), _customer("write")) for name in _OF_CUSTOMERS},
    "product": _Held("true", f"({_all('write')} OR {_may('write')} AND {_OWN_BATCH})", _may("write")),
    "saved_map": _Held("true", _may("write")),
    "price": _Held(f"(customer_id IS NULL OR {_customer('read')})", _customer("write")),
    "rep": _Held(_office("read"), _office("write")),
    "customer": _Held(_office("read"), _office("write")),
    "office_target": _Held(_office("read"), _office("write")),
    "score_mark": _Held(_office("read"), _office("write")),
    "sale_line": _Held(f"({_office('read')} OR {_customer('read')})", f"({_office('write')} OR {_customer('write')})"),
    "plan_line": _Held(_office("read"), f"CASE WHEN {_FROZEN} THEN {_office('approve')} ELSE {_office('write')} END"),
    "plan_version": _Held(
        _office("read"), f"CASE WHEN approved_on IS NULL THEN {_office('write')} ELSE {_office('approve')} END"
    ),
    "plan_version_line": _Held(
        _by("plan_version", "version_id"),
        _by(
            "plan_version",
            "version_id",
            condition=f"CASE WHEN o.approved_on IS NULL THEN {_office('write', 'o.office_id')}"
            f" ELSE {_office('approve', 'o.office_id')} END",
        ),
    ),
    "tier_run": _Held(
        f"({_BATCHES} OR {_office_code('read', _RUN)})",
        _office_code("write", _RUN),
        f"({_office_code('write', _RUN)} AND {_OWN_BATCH})",
    ),
    "tier_grade": _Held(f"({_by('tier_run', 'run_id')} AND {_code('read')})", _code("write")),
    "score_close": _Held("true", _all("approve")),
    "score_closed": _Held(f"(office_code = '' OR {_office_code('read', 'office_code')})", _all("approve")),
    "rebate_settlement": _Held("true", _all("approve")),
    "rebate_settled": _Held(_code("read"), _all("approve")),
    "credit_application": _Held(_customer("read"), _UNDECIDED, f"({_UNDECIDED} AND {_OWN_BATCH})"),
    "credit_decision": _Held(
        _code("read"),
        f"({_code('approve')} AND decided_by = session_user::text)",
        f"({_code('approve')} AND {_OTHERS} AND {_OWN_BATCH})",
    ),
    "credit_limit": _Held(_customer("read"), _customer("approve"), f"({_customer('approve')} AND {_DECIDED})"),
    "credit_release": _Held(_code("read"), f"({_code('approve')} AND approver = session_user::text)"),
    "credit_release_use": _Held(
        _by("credit_release", "release_id"), _by("credit_release", "release_id", condition=_code("write"))
    ),
    "credit_writeoff": _Held(_customer("read"), _customer("approve")),
    "credit_recovery": _Held(
        _by("credit_writeoff", "writeoff", "number"),
        _by("credit_writeoff", "writeoff", "number", _customer("write", "o.customer_id")),
    ),
    "batch": _Held("true", f"({_OWN} OR {_all('write')})", f"({_OWN} AND ({_may('write')} OR {_may('approve')}))"),
    "source_sheet": _Held(_BATCHES, _OWN_BATCH),
    "kept_file": _Held(_BATCHES, _OWN_BATCH),
    "audit_entry": _Held(f"({_all('read')} OR {_PEOPLES})", _OWN),
    "member": _Held(f"({_all('read')} OR login = session_user::text)", "false"),
}

# A change tells of a record: who sees that sees the change.
_CHANGED = {
    **{name: name for name in (*_OF_CUSTOMERS, "customer", "office_target", "rep", "score_mark")},
    **{name: name for name in ("credit_application", "credit_limit", "credit_recovery", "credit_writeoff")},
    "plan": "plan_line",
    "sales": "sale_line",
}
_OF_ALL = (*_COMMON, "map", "product")


def _changes() -> _Held:
    known = ", ".join(f"'{name}'" for name in _OF_ALL)
    own = [
        f"kind = '{kind}' AND EXISTS (SELECT FROM {table} t WHERE t.id = change.record_id)"
        for kind, table in sorted(_CHANGED.items())
    ]
    return _Held(f"({_BATCHES} OR kind IN ({known}) OR {' OR '.join(own)})", _OWN_BATCH)


def _hold(table: str, held: _Held) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    make = held.make or held.write
    for name, rule in (
        ("read", f"FOR SELECT USING ({held.read})"),
        ("make", f"FOR INSERT WITH CHECK ({make})"),
        ("change", f"FOR UPDATE USING ({held.write}) WITH CHECK ({held.write})"),
        ("remove", f"FOR DELETE USING ({held.write})"),
    ):
        op.execute(f"CREATE POLICY {table}_{name} ON {table} {rule}")


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    words = {name: _HEAD.format(language=name, schema=schema) for name in ("sql", "plpgsql")}
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", _TEXT, nullable=False),
        sa.Column("role", _TEXT, nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("since", _TEXT, nullable=False),
        sa.CheckConstraint("role IN ('reader', 'operator', 'approver', 'manager')", name="ck_member_role"),
        sa.CheckConstraint("office_id IS NULL OR region_id IS NULL", name="ck_member_scope"),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
    )
    once = sa.text("coalesce(office_id, 0), coalesce(region_id, 0)")
    op.create_index("uq_member_login", "member", ["login", "role", once], unique=True)
    functions = (
        _DEEDS, _MAY, _ALL, _OFFICES, _PEOPLE, _LAST_ID, _TAKEN, _LAST_NUMBER, _LEFT, _OWN_NAME, _GONE, _RIGHTS
    )  # fmt: skip
    for function in functions:
        op.execute(function.format(schema=schema, **words))
    for table, column in _NAMED.items():
        op.execute(
            f"CREATE TRIGGER {table}_own_name BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW"
            f" WHEN (row_security_active('{schema}.{table}')) EXECUTE FUNCTION channelctl_own_name('{column}')"
        )
    for table in ("office", "region"):
        op.execute(
            f"CREATE TRIGGER {table}_gone AFTER DELETE ON {table} FOR EACH ROW"
            f" EXECUTE FUNCTION channelctl_gone('{table}_id')"
        )
    for table, held in {**_HELD, "change": _changes()}.items():
        _hold(table, held)
    op.execute(f"REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC")
    # Servers before 15 let everybody make tables and functions there.
    op.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC")


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade")
