"""The numbers a business may change: where they come from, and what is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl import policy, policy_words, settings
from channelctl.commands.knowing import PolicyRow
from channelctl.errors import RefusedError
from channelctl.report import Report, table
from channelctl.report.width import width, wrap
from channelctl.systems.tiers.rules import TierPolicy
from tests.conftest import SAMPLE, Run, forget

MEND = "Correct it there, or take the line out: then the default holds."
ORDER = "must be above 0, in this order, and not above 1"
SECTIONS = (
    "The sections are: import, notify, sender, customers, sales, stock, prices, tiers, plans, scores, rebates, credit, "
    "progress, quality"
)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ("[tiers]\na_until = 0.99", f"[tiers]: a_until (0.99) and b_until (0.95) {ORDER}", MEND),
        ("[tiers]\na_until = 0", f"[tiers]: a_until (0) and b_until (0.95) {ORDER}", MEND),
        ("[tiers]\nb_until = 1.01", f"[tiers]: a_until (0.80) and b_until (1.01) {ORDER}", MEND),
        ("[tiers]\nshare_a = 0", f"[tiers]: share_b (0.10) and share_a (0) {ORDER}", MEND),
        ('[tiers]\na_until = "most"', "[tiers] a_until: “most” is not a number that fits here", MEND),
        (
            '[tiers]\na_until = "70%"',
            "[tiers] a_until: “70%” is not a number that fits here",
            "Write 70% as 0.70, without quotation marks.",
        ),
        ("[tiers]\na_until = nan", "[tiers] a_until: “nan” is not a number that fits here", MEND),
        ("[tiers]\na_until = 2024-05-01", "[tiers] a_until: “2024-05-01” is not a number that fits here", MEND),
        ('[tiers]\nboundary = "reech"', "[tiers] boundary: “reech” is none of reach, within", MEND),
        ("[scores]\nfloor = 2", "[scores] floor: 2 is above 1", MEND),
        ("[scores]\nfloor = -0.1", "[scores] floor: -0.1 is below 0", MEND),
        ("[scores]\nsteps = []", "[scores]: steps needs at least one step, with a ratio above 0", MEND),
        ("[scores]\nsteps = [[0.5, 2]]", "[scores] steps.0.1: 2 is above 1", MEND),
        ("[plans.province]\nVKA = -1", "[plans] province.VKA: -1 is below 0", MEND),
        ("[plans]\nclasses = \"V1\"", "[plans] classes: “V1” is not a list", MEND),
        ("[plans]\nprovince = 3", "[plans] province: “3” is not a section of its own", MEND),
        ("[sales]\nno_sale_statuses = [1]", "[sales] no_sale_statuses.0: “1” is not text in quotation marks", MEND),
        ("[import]\nheading_within_rows = 0", "[import] heading_within_rows: 0 is below 1", MEND),
        (
            "[tiers]\na_untill = 0.8",
            "[tiers] has no setting a_untill",
            "Its settings are: a_until, b_until, boundary, ties, share_a, share_b, share_edge, share_raises, "
            "rule_of_thumb, rfm, segments, hold, alarms",
        ),
        ("[tier]\na = 1", "there is no section [tier]", SECTIONS),
        ("[org]\na = 1", "there is no section [org]", SECTIONS),
        ("tiers = 3", "[tiers] is not a section", "Write it as a line of its own."),
    ],
)  # fmt: skip
def test_an_impossible_policy_is_refused_with_its_place_and_a_remedy(
    ch: Run, written: Path, text: str, reason: str, hint: str
) -> None:
    written.write_text(text)
    code, out, err = ch("policy", "show", "--policy", written)
    assert (code, out) == (3, "")
    assert err.startswith(f"channelctl: error: policy {written}: {reason}\n{hint}\n")


def test_a_remedy_says_what_the_setting_means_and_what_holds_without_it(ch: Run, written: Path) -> None:
    written.write_text("[tiers.alarms]\nsilent_days = [30, 0, 90]\n")
    assert ch("tier", "--policy", written).err == (
        f"channelctl: error: policy {written}: [tiers] alarms.silent_days.1: 0 is below 1\n"
        f"{MEND}\n"
        "tiers.alarms.silent_days: days without a purchase that are too many for A, B and C (default: 30, 60, 90)\n"
    )


@pytest.mark.parametrize("words", [["tier"], ["score", "--month", "2024-05"], ["batch", "list"], ["whatif", "tier"]])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[scores]\nfoor = 1", "[scores] has no setting foor"),
        ("[plans]\ndirect_to = 3", "[plans] direct_to: “3” is not text in quotation marks"),
        ("[customers]\nsound_from = 1", "[customers] sound_from: 1 is below 2"),
        ("[import]\nkeep_files = 7", "[import] keep_files: “7” is neither true nor false"),
        ("[tiers.alarms]\ndayz = 1", "[tiers] has no setting alarms.dayz"),
        ("[tiers]\nhold = 1", "[tiers] hold: 1 is not below 1"),
        ("[sales]\nreturn_word = []\n[tiers]\na_until = 0.5", "[sales] has no setting return_word"),
    ],
)
def test_every_section_of_a_file_is_checked_whatever_a_report_reads(
    ch: Run, sample: Path, written: Path, words: list[str], text: str, reason: str
) -> None:
    written.write_text(text)
    code, out, err = ch(*words, "--policy", written)
    assert (code, out) == (3, "")
    assert err.splitlines()[0].endswith(f"{written.name}: {reason}")
    assert "Its settings are: " in err or MEND in err


def test_a_setting_that_there_is_not_is_told_beside_those_of_its_own_section(ch: Run, written: Path) -> None:
    written.write_text("[tiers.alarms]\ndayz = 1\n")
    assert ch("tier", "--policy", written).err.splitlines()[1] == "Its settings are: drop, days, silent_days"


NOT_TOML = {
    b"[tiers": "something is missing at its end: a quotation mark or a bracket",
    b'[tiers]\na_until = "': "something is missing at its end: a quotation mark or a bracket",
    b"a = 1\na = 2": "line 2, column 6: the name stands twice: a = 2",
    b"[tiers]\n[tiers]\n": "line 2, column 7: the name stands twice: [tiers]",
    b"[tiers]\r\n  a_until = 0.7 0.8\r\n": "line 2, column 17: this is not “name = value”: a_until = 0.7 0.8",
    "[tiers]\n# 累计\n".encode("gb18030"): "byte 11 is not text in UTF-8",
    b"\x00\x01PNG": "line 1, column 1: this is not “name = value”: ",
}


@pytest.mark.parametrize(("data", "reason"), NOT_TOML.items())
def test_what_is_no_toml_is_refused(ch: Run, written: Path, data: bytes, reason: str) -> None:
    written.write_bytes(data)
    code, out, err = ch("policy", "show", "--policy", written)
    assert (code, out) == (3, "")
    assert err.startswith(f"channelctl: error: policy {written}: {reason}")
    assert err.endswith("\nThe file is TOML text in UTF-8.\n")


@pytest.mark.parametrize(("name", "reason"), [("missing.toml", "No such file or directory"), (".", "Is a directory")])
@pytest.mark.parametrize("how", ["option", "variable"])
def test_a_named_file_must_be_there(ch: Run, how: str, name: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if how == "variable":
        monkeypatch.setenv("CHANNELCTL_POLICY", name)
    words = ["--policy", name] if how == "option" else []
    assert ch("policy", "show", *words) == (
        3,
        "",
        f"channelctl: error: policy {name}: {reason}\nCheck the path of the policy file.\n",
    )


def test_a_command_that_counts_refuses_it_too_and_names_the_setting(ch: Run, sample: Path, written: Path) -> None:
    written.write_text("[tiers]\nshare_a = 0\n")
    code, out, err = ch("tier", "--month", "2024-05")
    assert (code, out) == (3, "")
    assert err.startswith("channelctl: error: policy policy.toml: [tiers]: share_b (0.10) and share_a (0) must")


def values(ch: Run, *words: object) -> dict[str, tuple[str, str]]:
    rows = ch("policy", "show", "--format", "json", *words).data["rows"]
    return {f"{row['section']}.{row['setting']}": (row["value"], row["origin"]) for row in rows}


def test_show_says_where_each_value_comes_from(ch: Run, written: Path) -> None:
    assert values(ch)["tiers.a_until"] == ("0.80", "default")
    written.write_text('\ufeff[tiers]\na_until = "0.7"\n\n[plans.province]\nVKA = 9\n', encoding="utf-8")
    shown = values(ch, "--policy", written)
    assert shown["tiers.a_until"] == ("0.7", str(written))
    assert shown["tiers.b_until"] == ("0.95", "default")
    assert shown["plans.province.VKA"] == ("9", str(written))
    assert shown["scores.steps"] == ("0.5 → 0.5; 0.8 → 0.8; 1 → 1", "default")


def test_of_a_section_within_a_section_only_what_the_file_says_is_its(ch: Run, written: Path) -> None:
    written.write_text("[tiers.alarms]\ndays = 60\n")
    shown = values(ch, "--policy", written)
    assert shown["tiers.alarms.days"] == ("60", str(written))
    assert shown["tiers.alarms.drop"] == ("0.30", "default")


def test_show_is_a_line_a_setting_with_its_meaning_and_in_a_pipe_the_whole_value(ch: Run) -> None:
    lines = ch("policy", "show").out.splitlines()
    assert lines[0] == "policy: the defaults"
    assert lines[2].split() == ["Setting", "Origin", "Meaning", "Value"]
    assert width(lines[3]) == width(lines[2]) < 140
    assert len(lines) == 4 + len(list(policy.in_force()))
    (words,) = (line for line in lines if line.startswith("customers.company_words "))
    assert words.endswith(", bv, nv, oy, as, pty")


def test_every_setting_says_what_it_means() -> None:
    assert [f"{one.section}.{one.name}" for one in policy.in_force() if not one.meaning] == []
    known = {f"{one.section}.{one.name}" for one in policy.in_force()}
    meant = policy_words._meanings()
    assert [name for name in meant if not any(one == name or one.startswith(f"{name}.") for one in known)] == []


def test_on_a_terminal_long_values_go_on_below() -> None:
    rows = [
        PolicyRow("a", "b", "a.b", "default", "what it means in some words", "one, two, three, four, five, six"),
        PolicyRow("a", "c", "a.c", "default", "short", "字" * 30),
    ]
    report = Report("policy", PolicyRow, rows, "", only=("name", "origin", "meaning", "value"), wrapped=True)
    lines = table.body(report, table.Page(width=50)).splitlines()
    assert max(map(width, lines)) <= 50
    assert [line.split()[0] for line in lines[2:] if line[0] != " "] == ["a.b", "a.c"]
    joined = " ".join(" ".join(line[20:].split()) for line in lines[2:])
    assert joined.count("字") == 30
    assert all(word in joined for word in ("one,", "two,", "three,", "four,", "five,", "six", "means"))


@given(st.text(alphabet="ab字 、,", max_size=40), st.integers(2, 12))
def test_wrapped_text_fits_and_loses_nothing_but_blanks(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    assert all(width(line) <= cells for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_show_lists_every_setting_of_every_section(ch: Run) -> None:
    shown = {".".join(name.split(".")[:2]) for name in values(ch)}
    assert shown == {f"{name}.{key}" for name, model in policy.all_models().items() for key in model.model_fields}


def test_a_section_within_a_section_is_shown_empty_and_then_one_by_one(ch: Run, written: Path) -> None:
    assert values(ch)["credit.authority"] == ("", "default")
    written.write_text('[credit.authority]\nmanager = 500000\n[credit.approvers]\nlisi = "manager"\n', "utf-8")
    shown = values(ch, "--policy", written)
    assert shown["credit.authority.manager"] == ("500000", str(written))
    assert shown["credit.approvers.lisi"] == ("manager", str(written))
    assert "credit.authority" not in shown


def test_the_option_goes_before_the_variable_before_the_folder_before_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "data" / "channelctl" / "policy.toml"
    own.parent.mkdir(parents=True)
    places = [own, Path("policy.toml"), Path("variable.toml"), Path("option.toml")]
    assert policy.file() is None
    for place in places:
        place.write_text("")
        if place.name == "variable.toml":
            monkeypatch.setenv("CHANNELCTL_POLICY", str(place))
        if place.name == "option.toml":
            settings.current.policy = place
        forget()
        assert policy.file() == place


def test_a_folder_that_may_not_be_looked_into_holds_no_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_words: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refuse)
    assert policy.file() is None


def test_a_policy_changes_what_is_counted(ch: Run, sample: Path, written: Path) -> None:
    before = [row["tier"] for row in ch("tier", "--month", "2024-05", "--format", "json").data["rows"]]
    written.write_text("[tiers]\na_until = 0.01\nb_until = 0.02\n")
    after = [row["tier"] for row in ch("tier", "--month", "2024-05", "--format", "json").data["rows"]]
    assert before.count("A") > after.count("A") == 1


def test_the_sample_policy_states_the_defaults() -> None:
    settings.current.policy = SAMPLE / "policy.toml"
    forget()
    told = {name: section.model_dump() for name, section in policy.all_sections().items()}
    assert told == {name: model().model_dump() for name, model in policy.all_models().items()}


def test_a_section_is_the_systems_own_model(written: Path) -> None:
    written.write_text("[tiers]\nb_until = 0.9\n")
    assert str(policy.section("tiers", TierPolicy).b_until) == "0.9"
    written.write_text("[tiers]\nb_until = 9\n")
    forget()
    with pytest.raises(RefusedError):
        policy.section("tiers", TierPolicy)
