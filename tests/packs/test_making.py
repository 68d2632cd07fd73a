"""Which reports stand in a pack, with which options, and what is said where one cannot."""

from pathlib import Path
from typing import Any

import pytest

from channelctl.errors import ChannelctlError, UsageError
from channelctl.packs import command_line, making
from channelctl.packs.asking import ask, completed, options
from channelctl.packs.definition import PackPlan
from channelctl.packs.making import Asked
from channelctl.report import out
from tests.conftest import Run
from tests.tables import everything, is_there, names

MONTH = {"--month": "2024-05", "--as-of": "2024-05-31"}
PLACES = {"month": "2024-05", "previous_month": "2024-04", "day": "2024-05-31"}


def asked(**whose: str) -> Asked:
    """Of May, and of whoever is named."""
    given = {f"--{kind}": code for kind, code in whose.items()} | MONTH
    return Asked("May", given, {**whose, **PLACES})


def made(*parts: dict[str, Any], whose: dict[str, str] | None = None) -> Any:
    """A pack of these parts."""
    plan = PackPlan.model_validate({"title": "x", "part": parts})
    return making.make("x", plan, asked(**(whose or {})))


def commands(*lines: str | dict[str, Any], **whose: str) -> list[str]:
    """The command lines of a pack's parts."""
    parts = [{"report": line} if isinstance(line, str) else line for line in lines]
    return [part.command.removeprefix("channelctl ") for part in made(*parts, whose=whose).parts]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("line", "whose", "found"),
    [
        ("tier", {}, "tier --month 2024-05 --as-of 2024-05-31"),
        ("tier", {"office": "NJ"}, "tier --office NJ --month 2024-05 --as-of 2024-05-31"),
        ("tier --office HZ", {"office": "NJ"}, "tier --office HZ --month 2024-05 --as-of 2024-05-31"),
        ("tier --month=2024-04", {}, "tier --month=2024-04 --as-of 2024-05-31"),
        ("tier --quarter 2024-Q2", {}, "tier --quarter 2024-Q2 --as-of 2024-05-31"),
        ("tier --from 2024-05-01 --to {day}", {}, "tier --from 2024-05-01 --to 2024-05-31 --as-of 2024-05-31"),
        ("tier migration --from {previous_month} --to {month}", {}, "tier migration --from 2024-04 --to 2024-05"),
        ("customer show {customer}", {"customer": "C00001"}, "customer show C00001 --as-of 2024-05-31"),
        ("customer list 'name=南京 x'", {}, None),
        ("customer list city=南京", {}, "customer list city=南京"),
        ("freshness", {}, "freshness --as-of 2024-05-31"),
    ],
)
def test_options_are_handed_on_where_a_command_takes_them(line: str, whose: dict[str, str], found: str | None) -> None:
    if found is None:
        with pytest.raises(ChannelctlError):
            commands(line, **whose)
    else:
        assert commands(line, **whose) == [found]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("whose", "kept"),
    [
        ({}, ["tier", "customer list", "freshness", "region list", "tier"]),
        ({"office": "NJ"}, ["tier", "freshness", "office list", "tier"]),
        ({"region": "JD"}, ["tier", "freshness", "region list", "tier --region JD", "tier"]),
        ({"customer": "C00001"}, ["customer show", "freshness", "region list"]),
    ],
)
def test_what_knows_no_office_stands_in_no_offices_pack(whose: dict[str, str], kept: list[str]) -> None:
    found = commands(
        "tier",
        "customer list city=南京",
        "customer show {customer}",
        {"report": "freshness", "everywhere": True},
        {"report": "region list", "for": "region", "everywhere": True},
        {"report": "office list", "for": "office", "everywhere": True},
        "tier --region {region}",
        "tier",
        **whose,
    )
    assert len(found) == len(kept)
    assert all(f"{line} ".startswith(f"{start} ") for line, start in zip(found, kept, strict=True))


@pytest.mark.usefixtures("sample")
def test_names_of_parts_differ_and_titles_are_filled() -> None:
    parts = made(
        {"report": "tier", "title": "Tiers of {month}, {office}"},
        {"report": "tier --method rfm"},
        {"report": "tier", "title": {"en": "again", "zh": "再次"}, "most": 2, "charts": False},
        {"report": "tier migration --from {previous_month} --to {month}"},
    ).parts
    assert [part.name for part in parts] == ["tier", "tier-2", "tier-3", "tier-migration"]
    assert [part.title for part in parts[::2]] == ["Tiers of 2024-05, {office}", "again"]
    assert parts[1].title == parts[1].report.title.split(" · ")[0]
    assert [part.most for part in parts] == [None, None, 2, None]
    assert parts[0].report.charts and not parts[2].report.charts


@pytest.mark.usefixtures("sample")
def test_a_picture_is_shown_once() -> None:
    first, second = made({"report": "tier"}, {"report": "tier", "title": "once more"}).parts
    assert first.report.charts and not second.report.charts
    assert first.report.rows == second.report.rows


@pytest.mark.usefixtures("sample")
def test_columns_for_people_are_those_named() -> None:
    (part,) = made({"report": "tier", "only": ["rank", "customer"]}).parts
    assert part.report.only == ("rank", "customer")
    with pytest.raises(UsageError) as caught:
        made({"report": "freshness"}, {"report": "tier", "only": ["nope"]})
    assert caught.value.message == "pack “x”, report 2: there is no column “nope”"


@pytest.mark.usefixtures("sample")
def test_what_there_is_nothing_for_is_left_out_with_the_reason() -> None:
    pack = made({"report": "tier"}, {"report": "customer list city=Nowhere", "title": "Nobody"})
    assert [part.name for part in pack.parts] == ["tier"]
    (absent,) = pack.absent
    assert (absent.title, absent.command) == ("Nobody", "channelctl customer list city=Nowhere")
    assert absent.reason


@pytest.mark.usefixtures("sample")
def test_a_pack_of_nothing_is_refused_with_the_first_reason() -> None:
    with pytest.raises(making.NothingError) as caught:
        made({"report": "customer list city=Nowhere"})
    assert caught.value.message == "there is nothing to report: May"
    assert caught.value.hint and caught.value.exit_code == 3


@pytest.mark.usefixtures("sample")
def test_a_pack_that_has_but_the_age_of_its_data_is_of_nothing() -> None:
    with pytest.raises(making.NothingError) as caught:
        made({"report": "freshness"}, {"report": "customer list city=Nowhere"}, {"report": "quality"})
    assert caught.value.hint
    assert [part.name for part in made({"report": "freshness"}, {"report": "quality"}).parts] == [
        "freshness",
        "quality",
    ]


@pytest.mark.usefixtures("sample")
def test_a_pack_for_somebody_says_for_whom() -> None:
    with pytest.raises(UsageError) as caught:
        made({"report": "customer show {customer}"})
    assert (caught.value.message, caught.value.hint) == ("pack “x” has no report for May", "Add --customer CUSTOMER.")


WRONG = [
    ("nope", "“nope” is no command"),
    ("tier nope", "not expected here: nope"),
    ("tier --mont 2024-05", "no option --mont"),
    ("rebate", "“rebate” gives no report"),
    ("tier --help", "“tier --help” gives no report"),
    ("demo", "“demo” gives no report"),
    ("export tiers.csv", "there is no kind “tiers.csv”"),
    ("init", "“init” gives no report"),
    ("report daily", "“report daily” gives no report"),
    ("db backup x.db", "“db backup x.db” gives no report"),
    ("tier --output x.csv", "--output is said of a whole pack, not of a report in it"),
    ("tier -f json", "-f is said of a whole pack, not of a report in it"),
    ("tier --known 3", "--known is said of a whole pack, not of a report in it"),
    ("tier --known=3", "--known=3 is said of a whole pack, not of a report in it"),
    ("import more.csv", "nothing can be written in a pack of reports"),
    ("customer set C00001 city=x", "nothing can be written in a pack of reports"),
    ("batch undo 1", "nothing can be written in a pack of reports"),
    ("calendar load 2027.csv", "nothing can be written in a pack of reports"),
    ("tier --format=json", "--format=json is said of a whole pack, not of a report in it"),
]


@pytest.mark.parametrize(("line", "said"), WRONG)
def test_what_is_no_report_is_refused_before_anything_is_done(ch: Run, sample: Path, line: str, said: str) -> None:
    before = everything(sample)
    text = f'title = "x"\n[[part]]\nreport = "tier"\n[[part]]\nreport = "{line}"\n'
    Path("my.toml").write_text(text, encoding="utf-8")
    done = ch("report", "run", "my.toml", "--output", "x.html")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"channelctl: error: pack “my”, report 2: {said}"), done.err
    assert names(Path()) == ["channel.db", "my.toml"]
    assert everything(sample) == before


@pytest.mark.parametrize(
    "line", ["customer set C00001 city=x", "customer add name=New", "import more.csv", "rebate settle --month 2024-05"]
)
def test_a_command_that_writes_writes_nothing(ch: Run, sample: Path, line: str) -> None:
    before = everything(sample)
    Path("more.csv").write_text("日期,客户编码,型号,数量,金额\n2024-05-31,C00001,X930,3,9000\n", encoding="utf-8")
    Path("my.toml").write_text(f"title = 'x'\n[[part]]\nreport = '{line}'\n", encoding="utf-8")
    done = ch("report", "run", "my.toml")
    assert done.code == 2 and done.out == ""
    assert done.err.startswith("channelctl: error: pack “my”, report 1: "), done.err
    assert everything(sample) == before


def test_the_refusal_to_write_says_what_is_true_of_packs(ch: Run, sample: Path) -> None:
    assert is_there(sample)
    Path("my.toml").write_text("title = 'x'\n[[part]]\nreport = 'rebate settle --month 2024-05'\n", encoding="utf-8")
    assert ch("report", "run", "my.toml").err == (
        "channelctl: error: pack “my”, report 1: nothing can be written in a pack of reports, under another policy, "
        "or from what was known earlier\n"
        "Run the command by itself, without --known.\n"
    )


@pytest.mark.usefixtures("sample")
def test_a_report_asked_for_is_not_shown_and_ends_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(*_args: object) -> None:
        raise AssertionError("shown")

    monkeypatch.setattr(out, "say", shown)
    report = ask(["freshness", "--error", "1d"])
    assert (report.name, report.exit_code) == ("freshness", 0)


def test_the_options_of_a_command_are_its_own() -> None:
    assert {"--office", "--month", "--known"} <= options(["tier"])
    assert "--month" not in options(["tier", "migration"])
    assert completed(["tier", "--office=HZ"], {"--office": "NJ", "--nope": "1"}) == ("tier", "--office=HZ")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("tier", "--office", "南京"), "channelctl tier --office 南京"),
        (("customer", "list", "name=A & B"), "channelctl customer list 'name=A & B'"),
        (("customer", "list", "$(x)"), "channelctl customer list '$(x)'"),
        (("customer", "list", ""), "channelctl customer list ''"),
    ],
)
def test_a_command_line_is_written_as_a_shell_takes_it(words: tuple[str, ...], line: str) -> None:
    assert command_line(words) == line
