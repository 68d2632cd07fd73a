"""a server: what one office writes names nobody it does not know, and vouches for nothing that is another's"""

# ruff: noqa: S608  what the rules are made of are names of our own

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OWN_BATCH = 'batch_id IN (SELECT b.id FROM batch b WHERE b."user" = session_user::text)'
# Asked as whoever writes: these are the customers that he sees.
_KNOWN = "(customer_id IS NULL OR customer_id IN (SELECT known.id FROM customer known))"


def _office(deed: str, column: str = "office_id") -> str:
    return f"((SELECT channelctl_all('{deed}')) OR {column} = ANY ((SELECT channelctl_offices('{deed}'))::integer[]))"


def _customer(deed: str) -> str:
    mine = f"own.office_id = ANY ((SELECT channelctl_offices('{deed}'))::integer[])"
    return f"((SELECT channelctl_all('{deed}')) OR customer_id IN (SELECT own.id FROM customer own WHERE {mine}))"


_REFUSE = """
        RAISE EXCEPTION 'permission denied for table %', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', TABLE = TG_TABLE_NAME;"""
_DEFINED = "LANGUAGE plpgsql {security} SET search_path = {schema}, pg_temp"
# A code or alias opens what stands under it, and who is above lends his limit: neither is to be another office's.
_NAMES = """
CREATE FUNCTION channelctl_names() RETURNS trigger {definer}
AS $$
DECLARE
    mine integer[] := channelctl_offices('write');
    others boolean;
BEGIN
    IF TG_TABLE_NAME = 'customer_alias' THEN
        others := EXISTS (
            SELECT FROM customer c WHERE c.code = NEW.alias AND NOT coalesce(c.office_id = ANY (mine), false));
    ELSE
        others := EXISTS (
            SELECT FROM customer_alias a JOIN customer c ON c.id = a.customer_id
            WHERE a.alias = NEW.code AND NOT coalesce(c.office_id = ANY (mine), false));
        IF NEW.parent_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.parent_id IS DISTINCT FROM OLD.parent_id) THEN
            others := others OR NOT EXISTS (
                SELECT FROM customer c WHERE c.id = NEW.parent_id AND c.office_id = ANY (mine));
        END IF;
    END IF;
    IF others AND NOT channelctl_all('write') THEN{refuse}
    END IF;
    RETURN NEW;
END $$
"""
# Who applied for a limit, and in which batch, stays as it was: nobody decides what is his own.
_KEPT = """
CREATE FUNCTION channelctl_kept() RETURNS trigger {invoker}
AS $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name THEN{refuse}
        END IF;
    END LOOP;
    RETURN NEW;
END $$
"""
# A line of another office's that one's own customer bought there may become another customer's of one's own, no more.
_ELSEWHERE = """
CREATE FUNCTION channelctl_elsewhere() RETURNS trigger {invoker}
AS $$
BEGIN
    IF NOT (channelctl_all('write') OR coalesce(OLD.office_id = ANY (channelctl_offices('write')), true))
        AND to_jsonb(NEW) - 'customer_id' <> to_jsonb(OLD) - 'customer_id' THEN{refuse}
    END IF;
    RETURN NEW;
END $$
"""
# What is kept of a record as it was goes into what was known then: only who may write the record keeps that.
_CHANGED = """
CREATE FUNCTION channelctl_changed() RETURNS trigger {definer}
AS $$
DECLARE
    mine integer[] := channelctl_offices('write') || channelctl_offices('approve');
    kept jsonb;
    whose integer;
BEGIN
    IF channelctl_all('write') OR channelctl_all('approve') OR NEW.kind IN ('map', 'product') THEN
        RETURN NEW;
    END IF;
    EXECUTE format('SELECT to_jsonb(one) FROM {schema}.%I one WHERE id = $1',
        CASE NEW.kind WHEN 'plan' THEN 'plan_line' WHEN 'sales' THEN 'sale_line' ELSE NEW.kind END)
        INTO kept USING NEW.record_id;
    IF kept IS NULL AND NEW.after IS NULL THEN
        kept := NEW.before::jsonb;
    END IF;
    whose := coalesce(kept ->> 'customer_id', (
        SELECT customer_id::text FROM credit_writeoff WHERE number = kept ->> 'writeoff'))::integer;
    IF kept IS NULL OR NOT coalesce(
        (kept ->> 'office_id')::integer = ANY (mine)
        OR (SELECT office_id = ANY (mine) FROM customer WHERE id = whose)
        -- Whose it was has gone before it.
        OR (whose IS NOT NULL AND NOT EXISTS (SELECT FROM customer WHERE id = whose)), false) THEN{refuse}
    END IF;
    RETURN NEW;
END $$
"""
# Whose last row of an office went is no customer that the office sees.
_UNSEE = """
CREATE FUNCTION channelctl_unsee() RETURNS trigger {definer}
AS $$
DECLARE one record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        FOR one IN SELECT office_id, customer_id FROM gone EXCEPT SELECT office_id, customer_id FROM made LOOP
            PERFORM channelctl_unsee(one.office_id, one.customer_id);
        END LOOP;
    ELSE
        FOR one IN SELECT DISTINCT office_id, customer_id FROM gone LOOP
            PERFORM channelctl_unsee(one.office_id, one.customer_id);
        END LOOP;
    END IF;
    RETURN NULL;
END $$
"""
_UNSEE_ONE = """
CREATE FUNCTION channelctl_unsee(office integer, customer integer) RETURNS void {definer}
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM sale_line t WHERE t.customer_id = customer AND t.office_id = office)
        AND NOT EXISTS (SELECT FROM plan_line t WHERE t.customer_id = customer AND t.office_id = office)
        AND NOT EXISTS (SELECT FROM score_mark t WHERE t.customer_id = customer AND t.office_id = office)
    THEN
        DELETE FROM customer_seen seen WHERE seen.office_id = office AND seen.customer_id = customer;
    END IF;
END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    words = {
        "schema": schema,
        "refuse": _REFUSE,
        "definer": _DEFINED.format(security="SECURITY DEFINER", schema=schema),
        "invoker": _DEFINED.format(security="", schema=schema),
    }
    for function in (_NAMES, _KEPT, _ELSEWHERE, _CHANGED, _UNSEE_ONE, _UNSEE):
        op.execute(function.format(**words))
    for table, when, does in (
        ("customer", "INSERT OR UPDATE", "channelctl_names()"),
        ("customer_alias", "INSERT OR UPDATE", "channelctl_names()"),
        ("credit_application", "UPDATE", "channelctl_kept('batch_id', 'number', 'date', 'applicant')"),
        ("sale_line", "UPDATE", "channelctl_elsewhere()"),
        ("change", "INSERT", "channelctl_changed()"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{does.partition('(')[0].removeprefix('channelctl_')} BEFORE {when} ON {table}"
            f" FOR EACH ROW WHEN (row_security_active('{schema}.{table}')) EXECUTE FUNCTION {does}"
        )
    for table in ("plan_line", "sale_line", "score_mark"):
        for event, rows in (("DELETE", "OLD TABLE AS gone"), ("UPDATE", "OLD TABLE AS gone NEW TABLE AS made")):
            op.execute(
                f"CREATE TRIGGER {table}_unsee_{event.lower()} AFTER {event} ON {table}"
                f" REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION channelctl_unsee()"
            )
    _sales()
    _plans()
    _credit()
    _tiers()
    op.execute(f"REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC")
    # Who has no role has no business there.
    name = op.get_bind().execute(sa.text("SELECT quote_ident(current_database())")).scalar_one()
    op.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {name} FROM PUBLIC")
    op.execute("SELECT channelctl_rights(login) FROM (SELECT DISTINCT login FROM member) one")


def _sales() -> None:
    """Lines, plans and scores are of customers that one sees already: they would show who a customer is."""
    own = f"({_office('write')} AND {_KNOWN})"
    nobodys = f"(office_id IS NULL AND {_customer('write')})"
    op.execute(f"ALTER POLICY sale_line_make ON sale_line WITH CHECK ({own} OR {nobodys})")
    op.execute(f"ALTER POLICY sale_line_change ON sale_line WITH CHECK ({own} OR {_customer('write')})")
    op.execute(f"ALTER POLICY sale_line_remove ON sale_line USING ({_office('write')} OR {nobodys})")
    op.execute(f"ALTER POLICY score_mark_make ON score_mark WITH CHECK {own}")
    op.execute(f"ALTER POLICY score_mark_change ON score_mark WITH CHECK {own}")
    for verb in ("make", "change"):
        rule = _rule(f"plan_line_{verb}", "polwithcheck")
        op.execute(f"ALTER POLICY plan_line_{verb} ON plan_line WITH CHECK (({rule}) AND {_KNOWN})")


def _plans() -> None:
    """A frozen plan stays so: who approves, or froze it himself, takes it back."""
    own = f"({_office('approve')} OR approved_on IS NULL AND {_office('write')} AND {_OWN_BATCH})"
    op.execute(f"ALTER POLICY plan_version_make ON plan_version WITH CHECK {own}")
    op.execute(f"ALTER POLICY plan_version_change ON plan_version USING {own} WITH CHECK {own}")
    op.execute(f"ALTER POLICY plan_version_remove ON plan_version USING {own}")
    line = f"version_id IN (SELECT o.id FROM plan_version o WHERE {own})"
    op.execute(f"ALTER POLICY plan_version_line_make ON plan_version_line WITH CHECK ({line})")
    op.execute(f"ALTER POLICY plan_version_line_change ON plan_version_line USING ({line}) WITH CHECK ({line})")
    op.execute(f"ALTER POLICY plan_version_line_remove ON plan_version_line USING ({line})")


def _credit() -> None:
    """What is decided was applied for by somebody else, and is decided once."""
    asked = (
        "EXISTS (SELECT FROM credit_application a JOIN customer c ON c.id = a.customer_id"
        " WHERE a.number = credit_decision.application AND c.code = credit_decision.customer_code)"
    )
    rule = _rule("credit_decision_make", "polwithcheck")
    op.execute(f"ALTER POLICY credit_decision_make ON credit_decision WITH CHECK (({rule}) AND {asked})")
    everywhere = "(SELECT channelctl_all('approve'))"
    op.execute(f"ALTER POLICY credit_decision_change ON credit_decision USING ({everywhere}) WITH CHECK ({everywhere})")


def _tiers() -> None:
    """An office grades whoever buys in it."""
    scope = "o.scope::jsonb ->> 'office'"
    for verb, deed, clause in (
        ("read", "read", "USING"),
        ("make", "write", "WITH CHECK"),
        ("remove", "write", "USING"),
    ):
        column = "polqual" if clause == "USING" else "polwithcheck"
        codes = f"SELECT own.code FROM office own WHERE own.id = ANY ((SELECT channelctl_offices('{deed}'))::integer[])"
        mine = f"run_id IN (SELECT o.id FROM tier_run o WHERE {scope} IN ({codes})"
        mine += ")" if deed == "read" else f" AND o.{_OWN_BATCH})"
        rule = _rule(f"tier_grade_{verb}", column)
        op.execute(f"ALTER POLICY tier_grade_{verb} ON tier_grade {clause} (({rule}) OR {mine})")


def _rule(policy: str, column: str) -> str:
    """What a policy asks of a row."""
    query = sa.text(f"SELECT pg_get_expr({column}, polrelid) FROM pg_policy WHERE polname = :policy")
    return str(op.get_bind().execute(query, {"policy": policy}).scalar_one())


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade")
