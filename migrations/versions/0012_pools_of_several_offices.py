"""a server: whose limit is shared with customers that a login does not see is told, not what they owe"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# The latest limit of a customer holds, and one that has expired is none, whatever held before it: as the program has it.
_POOLS = """
CREATE FUNCTION channelctl_pools(day text) RETURNS SETOF integer LANGUAGE sql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = {schema}, pg_temp
AS $$
    WITH RECURSIVE granted AS (
        SELECT DISTINCT ON (customer_id) customer_id, limit_amount, expires_on, pooled FROM credit_limit
        WHERE valid_from <= $1
        ORDER BY customer_id, valid_from DESC, batch_id DESC, id DESC
    ), tree (pool, id) AS (
        SELECT customer_id, customer_id FROM granted
        WHERE pooled = 1 AND limit_amount IS NOT NULL AND (expires_on IS NULL OR expires_on >= $1)
        UNION SELECT tree.pool, below.id FROM tree JOIN customer below ON below.parent_id = tree.id
    ), inside AS (
        SELECT tree.pool, tree.id,
            coalesce(own.office_id = ANY ((SELECT channelctl_offices('read'))::integer[]), false) AS seen
        FROM tree JOIN customer own ON own.id = tree.id
    )
    SELECT DISTINCT id FROM inside
    WHERE seen AND NOT (SELECT channelctl_all('read')) AND pool IN (SELECT pool FROM inside WHERE NOT seen)
$$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    op.execute(_POOLS.format(schema=schema))
    _let_all_ask("channelctl_pools")
    op.execute(f"REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC")
    op.execute("SELECT channelctl_rights(login) FROM (SELECT DISTINCT login FROM member) one")


def _let_all_ask(function: str) -> None:
    """Have every role let its login call a function, beside those that it has let it call so far."""
    query = sa.text("SELECT pg_get_functiondef('channelctl_rights'::regproc)")
    rights = str(op.get_bind().execute(query).scalar_one())
    known = "'channelctl_people'"
    if rights.count(known) != 1:
        raise RuntimeError("channelctl_rights is not what it was")
    op.execute(rights.replace(known, f"{known}, '{function}'"))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade")
