"""The numbers a business may change: each system's defaults, overridden by one TOML file."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module, util
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from channelctl import settings
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.systems import SYSTEMS

IMPORT = "import"

Model = TypeVar("Model", bound=BaseModel)


class Setting(NamedTuple):
    """One value in force and where it comes from: a file, or the defaults."""

    section: str
    name: str
    value: str
    origin: str


def file() -> Path | None:
    """The policy file in force: --policy, CHANNELCTL_POLICY, ./policy.toml, or policy.toml in the user's folder."""
    return _located(str(settings.current.policy or os.environ.get("CHANNELCTL_POLICY", "").strip()))


@cache
def _located(named: str) -> Path | None:
    if named:
        return Path(named)
    from channelctl.db import data_folder
    from channelctl.errors import DatabaseError

    here = Path("policy.toml")
    if here.is_file():
        return here
    try:
        own = data_folder() / "policy.toml"
    except DatabaseError:
        return None
    return own if own.is_file() else None


def section(name: str, model: type[Model]) -> Model:
    """A section's values, checked.

    Raises:
        RefusedError: the file cannot be read, or a key or value in it is impossible; says which.
    """
    checked: Model = _checked(name, model, file())
    return checked


@cache
def _checked(name: str, model: type[Model], where: Path | None) -> Model:
    given = _read(where) if where else {}
    names = (IMPORT, *SYSTEMS)
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise _refused(
            where,
            _("there is no section [{name}]").format(name=unknown[0]),
            _("The sections are: {names}").format(names=", ".join(names)),
        )
    values = given.get(name, {})
    if not isinstance(values, dict):
        raise _refused(where, _("[{name}] is not a section").format(name=name), "")
    try:
        checked = model(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise _refused(
                where,
                _("[{section}] has no setting {key}").format(section=name, key=key),
                _("Its settings are: {names}").format(names=", ".join(model.model_fields)),
            ) from None
        raise _refused(
            where,
            _("[{section}] {key}: {reason}").format(section=name, key=key, reason=first["msg"]),
            _("channelctl policy show lists every setting with its value."),
        ) from None
    return checked


def all_sections() -> Mapping[str, BaseModel]:
    """Every section's values in force: the import's, and those of each system whose rules have any."""
    from channelctl.sheets.policy import ImportPolicy

    found: dict[str, BaseModel] = {IMPORT: section(IMPORT, ImportPolicy)}
    for system in SYSTEMS:
        place = f"channelctl.systems.{system}.rules"
        model = getattr(import_module(place), "SECTION", None) if util.find_spec(place) else None
        if model is not None:
            found[system] = section(system, model)
    return found


def in_force() -> Iterator[Setting]:
    """Every setting, one by one."""
    where = file()
    given = _read(where) if where else {}
    for name, values in all_sections().items():
        for key, value in values.model_dump(mode="json").items():
            origin = str(where) if key in given.get(name, {}) else "default"
            if isinstance(value, dict):
                yield from (Setting(name, f"{key}.{part}", _text(item), origin) for part, item in value.items())
            else:
                yield Setting(name, key, _text(value), origin)


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        nested = any(isinstance(item, list | tuple) for item in value)
        return "; ".join(" → ".join(map(_text, item)) for item in value) if nested else ", ".join(map(_text, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@cache
def _read(where: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(where.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise _refused(where, error.strerror or str(error), _("Check the path of the policy file.")) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refused(where, str(error), _("The file is TOML text in UTF-8.")) from None


def _refused(where: Path | None, what: str, hint: str) -> RefusedError:
    return RefusedError(_("policy {path}: {reason}").format(path=where, reason=what), hint)
