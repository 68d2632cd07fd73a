"""The numbers a business may change: each system's defaults, overridden by one TOML file."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module, util
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from channelctl import settings
from channelctl.errors import RefusedError
from channelctl.i18n import _, listed, reason
from channelctl.systems import SYSTEMS

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

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


@contextmanager
def using(where: Path | None) -> Iterator[None]:
    """With another policy file in force, or with None the one there is without --policy."""
    held = settings.current.policy
    settings.current.policy = where
    try:
        yield
    finally:
        settings.current.policy = held


@cache
def _located(named: str) -> Path | None:
    if named:
        return Path(named)
    from channelctl.db import data_folder
    from channelctl.errors import DatabaseError

    here = Path("policy.toml")
    if _is_file(here):
        return here
    try:
        own = data_folder() / "policy.toml"
    except DatabaseError:
        return None
    return own if _is_file(own) else None


def _is_file(where: Path) -> bool:
    """Whether there is a file that this user can see."""
    try:
        return where.is_file()
    except OSError:
        return False


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
    for section_name in given:
        if _model(section_name) is None:
            raise _refused(
                where,
                _("there is no section [{name}]").format(name=section_name),
                _("The sections are: {names}").format(names=listed(all_models())),
            )
    values = given.get(name, {})
    if not isinstance(values, dict):
        raise _refused(where, _("[{name}] is not a section").format(name=name), _("Write it as a line of its own."))
    try:
        return model(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise _refused(
                where,
                _("[{section}] has no setting {key}").format(section=name, key=key),
                _("Its settings are: {names}").format(names=listed(model.model_fields)),
            ) from None
        raise _refused(
            where,
            _("{name}: {reason}").format(name=f"[{name}] {key}".rstrip(), reason=_reason(first)),
            _("Correct it there, or take the line out: then the default holds."),
        ) from None


def _reason(found: "ErrorDetails") -> str:
    """Why a value is impossible, in the language in force."""
    kind, bounds, value = found["type"], found.get("ctx", {}), _text(found["input"])
    if kind == "value_error":
        return str(bounds["error"])
    if kind == "missing":
        return _("it is missing")
    if kind == "literal_error":
        choices = listed(re.findall("'([^']*)'", bounds["expected"]))
        return _("“{value}” is none of {choices}").format(value=value, choices=choices)
    if kind == "greater_than_equal":
        return _("{value} is below {bound}").format(value=value, bound=bounds["ge"])
    if kind == "less_than_equal":
        return _("{value} is above {bound}").format(value=value, bound=bounds["le"])
    if kind == "greater_than":
        return _("{value} is not above {bound}").format(value=value, bound=bounds["gt"])
    if kind.startswith(("decimal", "int", "float", "finite")):
        return _("“{value}” is not a number that fits here").format(value=value)
    if kind in ("tuple_type", "list_type"):
        return _("“{value}” is not a list").format(value=value)
    if kind in ("dict_type", "model_type"):
        return _("“{value}” is not a section of its own").format(value=value)
    if kind == "string_type":
        return _("“{value}” is not text in quotation marks").format(value=value)
    return found["msg"]


def all_sections() -> Mapping[str, BaseModel]:
    """Every section's values in force: the import's, and those of each system whose rules have any."""
    return {name: section(name, model) for name, model in all_models().items()}


def all_models() -> Mapping[str, type[BaseModel]]:
    """Each section's model, in order."""
    return {name: model for name in (IMPORT, *SYSTEMS) if (model := _model(name)) is not None}


def _model(name: str) -> type[BaseModel] | None:
    """A section's model; None where there is no such section."""
    if name == IMPORT:
        from channelctl.sheets.policy import ImportPolicy

        return ImportPolicy
    place = f"channelctl.systems.{name}.rules"
    if name not in SYSTEMS or not util.find_spec(place):
        return None
    model: type[BaseModel] | None = getattr(import_module(place), "SECTION", None)
    return model


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
    if isinstance(value, dict):
        return "; ".join(f"{key} {_text(item)}" for key, item in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@cache
def _read(where: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(where.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise _refused(where, reason(error), _("Check the path of the policy file.")) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refused(where, str(error), _("The file is TOML text in UTF-8.")) from None


def _refused(where: Path | None, what: str, hint: str) -> RefusedError:
    return RefusedError(_("policy {path}: {reason}").format(path=where, reason=what), hint)
