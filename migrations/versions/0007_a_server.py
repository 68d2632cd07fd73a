"""a server: text by code point, a gate for those who write, sales by month"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TEXT = sa.Text(collation="C")
_REFERRED = ("batch", "customer", "office", "product", "region", "rep")

_BY_CODE_POINT = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND data_type = 'text' ORDER BY table_name, ordinal_position
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE text COLLATE "C"', found.table_name, found.column_name);
    END LOOP;
END $$
"""

# Numbers go on from the last one that is there, as they do in a file: one writes at a time, so nobody else takes them.
_GATE = """
CREATE FUNCTION channelctl_gate() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp
AS $$
DECLARE
    found record;
    last bigint;
    next bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(1667785580);
    FOR found IN
        SELECT owner.relname AS name, numbers.oid::regclass AS numbers
        FROM pg_class numbers
        JOIN pg_depend depend ON depend.classid = 'pg_class'::regclass AND depend.objid = numbers.oid
            AND depend.deptype = 'a'
        JOIN pg_class owner ON owner.oid = depend.refobjid
        WHERE numbers.relkind = 'S' AND owner.relnamespace = current_schema()::regnamespace
    LOOP
        EXECUTE format('SELECT coalesce(max(id), 0) + 1 FROM %I', found.name) INTO last;
        EXECUTE format('SELECT last_value + is_called::int FROM %s', found.numbers) INTO next;
        IF last <> next THEN
            PERFORM setval(found.numbers, last, false);
        END IF;
    END LOOP;
    RETURN pg_current_xact_id()::text::bigint;
END $$
"""

# What those who see only a part must know of the whole: no number is given twice, the log has no second branch.
_LAST_ID = """
CREATE FUNCTION channelctl_last_id(name text, sort text) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp
AS $$
DECLARE last bigint;
BEGIN
    EXECUTE format('SELECT coalesce(max(id), 0) FROM %I', name) INTO last;
    RETURN greatest(last, (SELECT max(record_id) FROM change WHERE kind = sort));
END $$
"""
_LAST_ENTRY = """
CREATE FUNCTION channelctl_last_entry() RETURNS TABLE (id integer, seal text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp
AS $$ SELECT entry.id, entry.seal FROM audit_entry entry ORDER BY entry.id DESC LIMIT 1 $$
"""
_MONTHS = """
CREATE FUNCTION channelctl_months(months text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp
AS $$
DECLARE
    month text;
    part text;
    after text;
BEGIN
    FOREACH month IN ARRAY months LOOP
        IF month !~ '^[0-9]{{4}}-(0[1-9]|1[0-2])$' THEN
            RAISE EXCEPTION '% is no month', month;
        END IF;
        part := 'sale_line_' || replace(month, '-', '_');
        IF to_regclass(part) IS NULL THEN
            after := CASE WHEN right(month, 2) = '12' THEN left(month, 5) || '13'
                ELSE left(month, 5) || lpad((right(month, 2)::int + 1)::text, 2, '0') END;
            EXECUTE format('CREATE TABLE %I (LIKE sale_line INCLUDING ALL)', part);
            EXECUTE format(
                'ALTER TABLE sale_line ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, month, after
            );
        END IF;
    END LOOP;
END $$
"""
_APPEND_ONLY = """
CREATE FUNCTION channelctl_append_only() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    # No version before this one kept sales on a server: there is nothing in it.
    op.drop_table("sale_line")
    op.execute(_BY_CODE_POINT)
    _sales_by_month()
    for function in (_GATE, _LAST_ID, _LAST_ENTRY, _MONTHS):
        op.execute(function.format(schema=schema))
    op.execute(_APPEND_ONLY)
    for event, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER audit_entry_no_{event.lower()} BEFORE {event} ON audit_entry "
            f"FOR EACH {each} EXECUTE FUNCTION channelctl_append_only()"
        )
    op.execute("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA " + schema + " FROM PUBLIC")


def _sales_by_month() -> None:
    op.create_table(
        "sale_line",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column("row_no", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("ended_batch_id", sa.Integer(), nullable=True),
        sa.Column("date", _TEXT, nullable=False),
        sa.Column("document", _TEXT, nullable=True),
        sa.Column("line_no", _TEXT, nullable=True),
        *(sa.Column(f"{name}_id", sa.Integer(), nullable=True) for name in ("region", "office", "customer", "rep")),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("amount_taxed", sa.BigInteger(), nullable=True),
        sa.Column("tax", sa.BigInteger(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("status", _TEXT, nullable=True),
        sa.Column("line_key", sa.BigInteger(), nullable=True),
        sa.Column("content_key", sa.BigInteger(), nullable=False),
        sa.Column("original_document", _TEXT, nullable=True),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=f"fk_sale_line_{name}_id")
            for name in _REFERRED
        ),
        sa.ForeignKeyConstraint(["ended_batch_id"], ["batch.id"], name="fk_sale_line_ended_batch_id"),
        sa.ForeignKeyConstraint(["sheet_id"], ["source_sheet.id"], name="fk_sale_line_sheet_id"),
        sa.PrimaryKeyConstraint("id", "date", name="pk_sale_line"),
        postgresql_partition_by="RANGE (date)",
    )
    live = sa.text("ended_batch_id IS NULL")
    keyed = sa.text("line_key IS NOT NULL AND ended_batch_id IS NULL")
    op.create_index("ix_sale_line_batch", "sale_line", ["batch_id"])
    op.create_index("ix_sale_line_content_key", "sale_line", ["content_key"], postgresql_where=live)
    op.create_index(
        "ix_sale_line_customer", "sale_line", ["customer_id", "date", "amount", "status"], postgresql_where=live
    )
    op.create_index("ix_sale_line_date", "sale_line", ["date"], postgresql_where=live)
    op.create_index("ix_sale_line_line_key", "sale_line", ["line_key"], postgresql_where=keyed)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade")
