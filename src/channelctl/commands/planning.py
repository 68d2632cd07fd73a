"""`channelctl plan import`: the import, of sheets that are taken for planned customers only."""

import inspect
from typing import Any

from channelctl.commands import importing
from channelctl.systems.plans import cli_plan

_KIND = "kind"


def mount() -> None:
    """Give the plan's verbs one more, with every option of the import but the kind."""
    whole = inspect.signature(importing.import_)
    own = [one for name, one in whole.parameters.items() if name != _KIND]
    import_plan.__signature__ = whole.replace(parameters=own)  # type: ignore[attr-defined]
    import_plan.__annotations__ = {one.name: one.annotation for one in own} | {"return": None}
    if all(one.callback is not import_plan for one in cli_plan.app.registered_commands):
        cli_plan.app.command("import")(import_plan)


def import_plan(**given: Any) -> None:
    """Import sheets of planned customers: what `import FILE --kind plan` does.

    Example: channelctl plan import 规划客户_2024-05.xlsx
    """
    importing.import_(**given, **{_KIND: "plan"})
