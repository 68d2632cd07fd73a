"""Alembic's environment: runs on the connection that `channelctl.db` hands over."""

from importlib import import_module, util

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext


def plain_types(kind: str, thing: object, autogen: AutogenContext) -> str | bool:
    """Write plain sa types, so that a migration never imports the application."""
    if kind != "type" or not isinstance(thing, sa.types.TypeEngine):
        return False
    inner = thing.impl_instance if isinstance(thing, sa.types.TypeDecorator) else thing
    if isinstance(inner, sa.BigInteger):
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return f"sa.{type(inner).__name__}()"


def metadata() -> sa.MetaData:
    """Every system's tables; only comparing models with the database needs them."""
    from sqlmodel import SQLModel

    from channelctl.systems import SYSTEMS

    for name in SYSTEMS:
        if util.find_spec(f"channelctl.systems.{name}.tables"):
            import_module(f"channelctl.systems.{name}.tables")
    return SQLModel.metadata


def run() -> None:
    """Run what is asked for on the caller's connection and transaction."""
    config = context.config
    context.configure(
        connection=config.attributes["connection"],
        target_metadata=metadata() if config.attributes.get("compare") else None,
        render_as_batch=True,
        render_item=plain_types,
        compare_type=True,
        user_module_prefix="sa.",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
