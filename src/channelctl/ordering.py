"""PostgreSQL sorts what has no value last, SQLite first: here it comes first on both, last in descending order."""

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlalchemy as sa


def apply(engine: "sa.Engine") -> None:
    """Have every ORDER BY that an engine's statements are compiled with say so."""
    engine.dialect.statement_compiler = _compiler()


@cache
def _compiler() -> Any:
    from sqlalchemy.dialects.postgresql.psycopg import dialect

    compiler: Any = dialect.statement_compiler

    class Compiler(compiler):  # type: ignore[misc]
        def order_by_clause(self, select: Any, **more: Any) -> str:
            text = self._listed(select._order_by_clauses, _has_outer_join(select), **more)
            return f" ORDER BY {text}" if text else ""

        def visit_over(self, over: Any, **more: Any) -> str:
            self._windows = [*getattr(self, "_windows", ()), over.order_by]
            return str(super().visit_over(over, **more))

        def visit_clauselist(self, clauselist: Any, **more: Any) -> str:
            if any(clauselist is one for one in getattr(self, "_windows", ())):
                return self._listed(clauselist.clauses, True, **more)
            return str(super().visit_clauselist(clauselist, **more))

        def _listed(self, clauses: Any, optional: bool, **more: Any) -> str:
            return ", ".join(self._part(clause, optional, **more) for clause in clauses)

        def _part(self, clause: Any, optional: bool, **more: Any) -> str:
            text = str(self.process(clause, **more))
            if " NULLS " in text or (not optional and _always_there(clause)):
                return text
            return f"{text} NULLS {'LAST' if text.endswith(' DESC') else 'FIRST'}"

    return Compiler


def _has_outer_join(select: Any) -> bool:
    """Whether a column that always has a value may come without one; a set of several selects counts as such."""
    from sqlalchemy.sql import visitors
    from sqlalchemy.sql.selectable import Join

    if not hasattr(select, "get_final_froms"):
        return True
    return any(
        isinstance(part, Join) and part.isouter
        for found in select.get_final_froms()
        for part in visitors.iterate(found)
    )


def _always_there(clause: Any) -> bool:
    """Whether a column of a table cannot be NULL: an index gives its order as it is."""
    from sqlalchemy import Column

    while not isinstance(clause, Column) and getattr(clause, "element", None) is not None:
        clause = clause.element
    return isinstance(clause, Column) and not clause.nullable
