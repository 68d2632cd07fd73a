"""What a pack consists of: a TOML file of command lines, ours or a user's own."""

import re
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from channelctl import db, policy_words
from channelctl.errors import DatabaseError, RefusedError, UsageError
from channelctl.i18n import _, language, listed, reason

ENDING = ".toml"
_SHIPPED = Path(__file__).with_name("defined")

# What a command line or a title may name by {place}: of whose pack it is, and of when.
PLACES = ("month", "previous_month", "day", "office", "region", "customer")
_PLACE = re.compile(r"\{(\w+)\}")
# The figures that reports may have, by their names in JSON: which of them one has depends on the data.
FIGURES = frozenset(
    (
        *("a_customers", "attainment", "blocked", "break_points", "break_points_worth", "days_since_last_sale"),
        *("fallen", "first_share", "forecast", "lines_without_customer", "month_to_date", "net_sales", "out_of_stock"),
        *("outstanding", "over_limit", "over_stock", "past_due", "rebates_due", "rebates_estimate", "risen"),
        *("rows_refused", "score", "stock_differences", "stock_missing", "stopped", "stopped_net_sales"),
        *("stray_share", "stray_units", "tiers_down", "tiers_up", "time_gone", "today", "weeks_of_cover", "work_days"),
    )
)


class Words(BaseModel, extra="forbid", frozen=True):
    """A text in both languages."""

    en: str
    zh: str


class PartPlan(BaseModel, extra="forbid", frozen=True):
    """A report of a pack: the command line, and how it stands there.

    `for_` says in which packs: of the whole region, of an office; `everywhere` lets a report into an office's or a
    region's pack whose command knows neither. `most` rows are shown to people, of the columns `only`; of its figures
    those named stand in the summary.
    """

    report: str
    title: Words | str = ""
    for_: Literal["region", "office"] | None = Field(default=None, alias="for")
    everywhere: bool = False
    most: int | None = Field(default=None, ge=1)
    only: tuple[str, ...] = ()
    figures: tuple[str, ...] | None = None
    charts: bool = True


class PackPlan(BaseModel, extra="forbid", frozen=True):
    """A pack as it is planned; `time` says whether it is one of a day or of a month, or of a customer."""

    title: Words | str
    time: Literal["day", "month"] = "month"
    one_page: bool = False
    part: tuple[PartPlan, ...] = Field(min_length=1)


def said(text: Words | str) -> str:
    """A text in the language in force."""
    return text if isinstance(text, str) else getattr(text, language(), text.en)


def places(text: str) -> list[str]:
    """What a text names by {place}."""
    return _PLACE.findall(text)


def filled(text: str, known: Mapping[str, str]) -> str:
    """A text with what is known in its places; what is not stands as it is."""
    return _PLACE.sub(lambda found: known.get(found[1], found[0]), text)


def shipped() -> list[str]:
    """The names of the packs that there always are."""
    return sorted(file.stem for file in _SHIPPED.glob(f"*{ENDING}"))


def own_folder() -> Path:
    """Where a user's own packs are kept.

    Raises:
        DatabaseError: the system names no folder for a user's data.
    """
    return db.data_folder() / "packs"


def own() -> dict[str, Path]:
    """A user's own packs by name; those in the folder at hand go before those kept.

    One that has the name of a pack there always is goes by its path alone.
    """
    found: dict[str, Path] = {}
    try:
        folders = [own_folder(), Path("packs")]
    except DatabaseError:
        folders = [Path("packs")]
    for folder in folders:
        try:
            found |= {file.stem: file for file in sorted(folder.glob(f"*{ENDING}")) if file.is_file()}
        except OSError:
            continue
    return found


def source(name: str) -> Path:
    """The file that defines a pack: of its name, or the file itself.

    Raises:
        UsageError: there is no such pack.
    """
    if name.lower().endswith(ENDING):
        return Path(name)
    if name in shipped():
        return _SHIPPED / f"{name}{ENDING}"
    mine = own()
    if name in mine:
        return mine[name]
    raise UsageError(
        _("there is no pack “{name}”").format(name=name),
        _("There are: {words}; or name a file: my.toml").format(words=listed([*shipped(), *mine])),
    )


def read(where: Path) -> PackPlan:
    """The pack that a file defines.

    Raises:
        RefusedError: it cannot be read, or says something that no pack can be.
    """
    try:
        text = where.read_bytes().decode("utf-8-sig")
        given: Mapping[str, Any] = tomllib.loads(text)
        plan = PackPlan(**given)
    except OSError as error:
        raise _refused(where, reason(error), _("Check the path of the file.")) from None
    except UnicodeDecodeError as error:
        place = error.start + 1
        raise _refused(where, _("byte {place} is not text in UTF-8").format(place=place)) from None
    except tomllib.TOMLDecodeError as error:
        raise _refused(where, policy_words.not_toml(str(error), text)) from None
    except ValidationError as error:
        raise _refused(where, _unfit(error.errors()[0])) from None
    for number, part in enumerate(plan.part, 1):
        wrong = _wrong(part)
        if wrong:
            raise _refused(where, f"part.{number}.report: {wrong}")
        unknown = [name for name in part.figures or () if name not in FIGURES]
        if unknown:
            text = _("there is no figure “{name}”; there are {choices}")
            said = text.format(name=unknown[0], choices=listed(sorted(FIGURES)))
            raise _refused(where, f"part.{number}.figures: {said}")
    return plan


def _wrong(part: PartPlan) -> str:
    """What no command line can be."""
    try:
        if not shlex.split(part.report):
            return _("there is no command line")
    except ValueError:
        return _("a quotation mark is not closed")
    unknown = [place for place in places(part.report) if place not in PLACES]
    if unknown:
        choices = listed(f"{{{place}}}" for place in PLACES)
        return _("there is no {place}; there are {choices}").format(place=f"{{{unknown[0]}}}", choices=choices)
    return ""


def _unfit(first: Any) -> str:
    """What is wrong with a setting, and where it stands."""
    kinds = (Words.__name__, str.__name__)
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"] if part not in kinds)
    if first["type"] == "extra_forbidden":
        return _("there is no setting {key}").format(key=place)
    if first["type"] in ("missing", "too_short"):
        return _("{key} is missing").format(key=place)
    return _("{name}: {reason}").format(name=place, reason=policy_words.reason(first))


def _refused(where: Path, what: str, hint: str = "") -> RefusedError:
    return RefusedError(
        _("pack {path}: {reason}").format(path=where, reason=what),
        hint or _("channelctl report new NAME writes one to start from."),
    )
