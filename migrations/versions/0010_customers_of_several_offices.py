"""a server: an office sees the customers that buy in it, and tiers of all; what was approved is not rewritten"""

# ruff: noqa: S608  what the rules are made of are names of our own

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# What is an office's and names customers, whosever they are.
_NAMING = ("plan_line", "sale_line", "score_mark")
_NOTE = """
CREATE FUNCTION channelctl_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp
AS $$
BEGIN
    INSERT INTO customer_seen (office_id, customer_id)
        SELECT DISTINCT office_id, customer_id FROM made WHERE office_id IS NOT NULL AND customer_id IS NOT NULL
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""
# The number of a customer or office that is gone may be given to another.
_FORGET = """
CREATE FUNCTION channelctl_forget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp
AS $$
BEGIN
    EXECUTE format('DELETE FROM customer_seen WHERE %I = $1', TG_ARGV[0]) USING OLD.id;
    RETURN NULL;
END $$
"""
_SEE = """
CREATE FUNCTION channelctl_see() RETURNS void LANGUAGE sql SET search_path = {schema}, pg_temp
AS $$
    DELETE FROM customer_seen;
    INSERT INTO customer_seen (office_id, customer_id)
        SELECT office_id, customer_id FROM plan_line WHERE office_id IS NOT NULL AND customer_id IS NOT NULL
        UNION SELECT office_id, customer_id FROM sale_line WHERE office_id IS NOT NULL AND customer_id IS NOT NULL
        UNION SELECT office_id, customer_id FROM score_mark WHERE office_id IS NOT NULL AND customer_id IS NOT NULL
$$
"""
_MINE = "{column} = ANY ((SELECT channelctl_offices('read'))::integer[])"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    op.create_table(
        "customer_seen",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "customer_id", name="pk_customer_seen"),
    )
    for function in (_NOTE, _FORGET, _SEE):
        op.execute(function.format(schema=schema))
    for table in _NAMING:
        for event in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER {table}_note_{event.lower()} AFTER {event} ON {table}"
                " REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION channelctl_note()"
            )
    for table in ("customer", "office"):
        op.execute(
            f"CREATE TRIGGER {table}_forget AFTER DELETE ON {table} FOR EACH ROW"
            f" EXECUTE FUNCTION channelctl_forget('{table}_id')"
        )
    op.execute("SELECT channelctl_see()")
    _let_see(schema)


def _let_see(schema: str) -> None:
    own = f"(SELECT channelctl_all('read')) OR {_MINE.format(column='office_id')}"
    among = f"id IN (SELECT s.customer_id FROM customer_seen s WHERE {_MINE.format(column='s.office_id')})"
    op.execute("ALTER TABLE customer_seen ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY customer_seen_read ON customer_seen FOR SELECT USING ({own})")
    op.execute(f"ALTER POLICY customer_read ON customer USING ({own} OR {among})")
    # Who sells in one office may sell in another: reps are known to all, as offices are.
    op.execute("ALTER POLICY rep_read ON rep USING (true)")
    # A grading of more than an office is everybody's; whose tiers of it are seen goes by the customer.
    seen = _rule("tier_run_read")
    op.execute(f"ALTER POLICY tier_run_read ON tier_run USING ({seen} OR (scope::jsonb ->> 'office') IS NULL)")
    _let_stand()
    op.execute(f"REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC")
    op.execute("SELECT channelctl_rights(login) FROM (SELECT DISTINCT login FROM member) one")


def _let_stand() -> None:
    """What was approved is changed by nobody but whoever approves everywhere, and taken back by whom it came from."""
    everywhere = "(SELECT channelctl_all('approve'))"
    own = 'batch_id IN (SELECT b.id FROM batch b WHERE b."user" = session_user)'
    for table in ("credit_limit", "credit_writeoff"):
        op.execute(f"ALTER POLICY {table}_change ON {table} USING ({everywhere}) WITH CHECK ({everywhere})")
        approves = _rule(f"{table}_remove")
        op.execute(f"ALTER POLICY {table}_remove ON {table} USING (({approves}) AND ({everywhere} OR {own}))")


def _rule(policy: str) -> str:
    """What a policy asks of a row that is there."""
    query = sa.text("SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = :policy")
    return str(op.get_bind().execute(query, {"policy": policy}).scalar_one())


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade")
