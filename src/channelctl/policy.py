"""The numbers a business may change: each system's defaults, overridden by one TOML file."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module, util
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from channelctl import policy_words, settings
from channelctl.errors import RefusedError
from channelctl.i18n import _, listed, reason
from channelctl.systems import SYSTEMS

IMPORT, NOTIFY, SENDER, DEFAULT = "import", "notify", "sender", "default"

Model = TypeVar("Model", bound=BaseModel)


class Setting(NamedTuple):
    """One value in force, where it comes from (a file, or the defaults), and what it means."""

    section: str
    name: str
    value: str
    origin: str
    meaning: str


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
    """A section's values; with it all that the file says is checked, whatever section a report reads."""
    given = _read(where) if where else {}
    for section_name in given:
        if _model(section_name) is None:
            raise _refused(
                where,
                _("there is no section [{name}]").format(name=section_name),
                _("The sections are: {names}").format(names=listed(all_models())),
            )
    for other in given:
        known = _model(other)
        if known is not None and other != name:
            _made(other, known, given[other], where)
    return _made(name, model, given.get(name, {}), where)


def _made(name: str, model: type[Model], values: Any, where: Path | None) -> Model:
    """A section out of what a file says of it."""
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
                _("Its settings are: {names}").format(names=listed(_siblings(model, first["loc"]))),
            ) from None
        raise _refused(
            where,
            _("{name}: {reason}").format(name=f"[{name}] {key}".rstrip(), reason=policy_words.reason(first)),
            policy_words.as_fraction(first) or _mend(name, model, key),
        ) from None


def _siblings(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """The settings that there are beside one that there is not."""
    for part in place[:-1]:
        inner = model.model_fields[str(part)].annotation if part in model.model_fields else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            break
        model = inner
    return list(model.model_fields)


def _mend(name: str, model: type[BaseModel], key: str) -> str:
    """What to do about an impossible value: what it means, and what holds without it."""
    remedy = _("Correct it there, or take the line out: then the default holds.")
    means = policy_words.meaning(name, key)
    if not means:
        return remedy
    defaults = {one: value for one, value in _flat(model().model_dump(mode="json"))}
    while key not in defaults and "." in key:
        key = key.rpartition(".")[0]
    default = defaults.get(key)
    told = _("{setting}: {meaning}").format(setting=f"{name}.{key}", meaning=means)
    return remedy + "\n" + told + ("" if default is None else _(" (default: {value})").format(value=default))


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Settings as they are shown: those of a section within a section one by one."""
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from ((f"{key}.{part}", policy_words.text(item)) for part, item in value.items())
        else:
            yield key, policy_words.text(value)


def all_sections() -> Mapping[str, BaseModel]:
    """Every section's values in force: the import's, those of notices and letters, and of each system that has any."""
    return {name: section(name, model) for name, model in all_models().items()}


def all_models() -> Mapping[str, type[BaseModel]]:
    """Each section's model, in order."""
    return {name: model for name in (IMPORT, NOTIFY, SENDER, *SYSTEMS) if (model := _model(name)) is not None}


def _model(name: str) -> type[BaseModel] | None:
    """A section's model; None where there is no such section."""
    if name == IMPORT:
        from channelctl.sheets.policy import ImportPolicy

        return ImportPolicy
    if name == NOTIFY:
        from channelctl.notices.policy import NotifyPolicy

        return NotifyPolicy
    if name == SENDER:
        from channelctl.report.letters import SenderPolicy

        return SenderPolicy
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
        for key, value in _flat(values.model_dump(mode="json")):
            origin = str(where) if _is_given(key, given.get(name, {})) else DEFAULT
            yield Setting(name, key, value, origin, policy_words.meaning(name, key))


def _is_given(key: str, values: Mapping[str, Any]) -> bool:
    """Whether a section of the file says a setting, or what it is one of."""
    head, _dot, rest = key.partition(".")
    inner = values.get(head)
    return head in values and (not rest or not isinstance(inner, dict) or rest in inner)


@cache
def _read(where: Path) -> dict[str, Any]:
    hint = _("The file is TOML text in UTF-8.")
    try:
        source = where.read_bytes().decode("utf-8-sig")
        return tomllib.loads(source)
    except OSError as error:
        raise _refused(where, reason(error), _("Check the path of the policy file.")) from None
    except UnicodeDecodeError as error:
        raise _refused(where, _("byte {place} is not text in UTF-8").format(place=error.start + 1), hint) from None
    except tomllib.TOMLDecodeError as error:
        raise _refused(where, policy_words.not_toml(str(error), source), hint) from None


def _refused(where: Path | None, what: str, hint: str) -> RefusedError:
    return RefusedError(_("policy {path}: {reason}").format(path=where, reason=what), hint)
