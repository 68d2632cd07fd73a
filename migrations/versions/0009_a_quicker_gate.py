"""a server: the gate passes over tables that nothing was ever in"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NUMBERS = """
        SELECT owner.relname AS name, numbers.oid::regclass AS numbers
        FROM pg_class numbers
        JOIN pg_depend depend ON depend.classid = 'pg_class'::regclass AND depend.objid = numbers.oid
            AND depend.deptype = 'a'
        JOIN pg_class owner ON owner.oid = depend.refobjid
        WHERE numbers.relkind = 'S' AND owner.relnamespace = current_schema()::regnamespace"""
# As before, but for those tables of which no number was given and in which nothing is. For that to show without a look
# into each of them, a number that was given is one that the sequence itself calls given.
_GATE = """
CREATE OR REPLACE FUNCTION channelctl_gate() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp
AS $$
DECLARE
    found record;
    last bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(1667785580);
    FOR found IN {numbers}
        AND (owner.relkind = 'p' OR pg_relation_size(owner.oid) > 0
            OR pg_sequence_last_value(numbers.oid::regclass) IS NOT NULL)
    LOOP
        EXECUTE format('SELECT coalesce(max(id), 0) FROM %I', found.name) INTO last;
        IF last <> coalesce(pg_sequence_last_value(found.numbers), 0) THEN
            PERFORM setval(found.numbers, greatest(last, 1), last > 0);
        END IF;
    END LOOP;
    RETURN pg_current_xact_id()::text::bigint;
END $$
"""
_GIVEN = """
DO $$
DECLARE
    found record;
    next bigint;
BEGIN
    FOR found IN {numbers}
    LOOP
        EXECUTE format('SELECT last_value + is_called::int FROM %s', found.numbers) INTO next;
        PERFORM setval(found.numbers, greatest(next - 1, 1), next > 1);
    END LOOP;
END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    op.execute(_GATE.format(schema=schema, numbers=_NUMBERS))
    op.execute(_GIVEN.format(numbers=_NUMBERS))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade")
