"""The handbook says what is so: its examples run, its tables are the code's, its commands, targets and links exist."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer
from tools import generated, handbook

from channelctl import cli, errors, i18n, policy
from channelctl.systems import SYSTEMS
from tests.conftest import ROOT
from tests.pages import (
    PROMPT,
    NotHereError,
    Session,
    abridged,
    agree,
    blocks,
    commands_named,
    examples,
    pages,
    write_file,
)
from tests.tables import Kept

PAGES = pages()
page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
LANGUAGES = {"console", "sh", "crontab", "csv", "toml", "python", "text"}


@page
def test_the_examples_print_what_the_page_says(
    page: Path,
    sample_database: Kept,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    text = page.read_text(encoding="utf-8")
    session = Session(tmp_path, sample_database, monkeypatch)
    lines = text.splitlines()
    wrong: list[str] = []
    moved = 0
    for block in blocks(text):
        if block.language in ("csv", "toml") and block.marks[:1] == ("file",):
            session.settle(block.marks[2:], chinese=False)
            write_file(block)
        if block.language != "console":
            continue
        for example in examples(block):
            session.settle(example.marks, "zh" in example.marks or page.name.endswith(".zh-CN.md"))
            try:
                real = session.run(example.command)
            except NotHereError:
                continue
            assert session.code != errors.BUG, real
            if agree(example.printed, real):
                continue
            now = abridged(example.printed, real)
            if now and lines[example.end + moved].startswith(PROMPT):
                now.append("")
            lines[example.start + moved : example.end + moved] = now
            moved += len(now) - (example.end - example.start)
            wrong.append("\n".join([f"{page.name}:{example.start}: $ {example.command}", *real]))
    if pytestconfig.getoption("--update") and wrong:
        page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        assert not wrong, "\n\n".join([*wrong, "pytest tests/test_guides.py --update rewrites the page"])


@page
def test_tables_made_from_the_code_are_up_to_date(page: Path, pytestconfig: pytest.Config) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count("<!-- table: ") == len(generated.TABLE.findall(text))
    i18n.use("en")
    now = generated.filled(text)
    if pytestconfig.getoption("--update"):
        page.write_text(now, encoding="utf-8")
    else:
        assert text == now


@page
def test_every_block_is_of_a_kind_that_is_checked(page: Path) -> None:
    found = {(block.language, block.start) for block in blocks(page.read_text(encoding="utf-8"))}
    assert {where for where in found if where[0] not in LANGUAGES} == set()


@page
def test_shell_blocks_name_only_targets_of_the_makefile(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    text = page.read_text(encoding="utf-8")
    shell = [line for block in blocks(text) if block.language == "sh" for line in block.lines]
    named = {
        word for line in [*shell, *re.findall(r"`(make [^`]+)`", text)] for word in re.findall(r"\bmake (\S+)", line)
    }
    assert {word for word in named if "=" not in word} <= targets


@page
def test_policy_examples_are_policies(page: Path) -> None:
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.language == "toml":
            for name, values in tomllib.loads("\n".join(block.lines)).items():
                policy.all_models()[name](**values)


@page
def test_commands_that_are_named_exist_with_their_options(page: Path) -> None:
    wrong = [line for line in commands_named(page.read_text(encoding="utf-8")) if not is_a_command(line.split())]
    assert wrong == []


def is_a_command(words: list[str]) -> bool:
    """Whether the words name a command, or a group, and options it has; values and arguments are not looked at."""
    options = set(cli._ANYWHERE) | {"--help", "--version"}
    below = commands()
    while words and words[0] in below:
        known = below[words[0]]
        options |= known.options
        below, words = known.below, words[1:]
    if below and words and not words[0].startswith(("-", "…", "KIND", "COMMAND")):
        return False
    fields = set() if below else {word for word in words if word.startswith("--no-")}
    return {word.partition("=")[0] for word in words if word.startswith("-") and len(word) > 1} - fields <= options


class Known:
    """A command: its options and the commands below it."""

    def __init__(self, command: Any) -> None:
        parameters = getattr(command, "params", ())
        self.options = {name for parameter in parameters for name in (*parameter.opts, *parameter.secondary_opts)}
        self.below: dict[str, Known] = {name: Known(one) for name, one in getattr(command, "commands", {}).items()}


@cache
def commands() -> Mapping[str, Known]:
    """Every command by name."""
    return Known(typer.main.get_command(cli.program())).below


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("tier --month 2024-05", True),
        ("tier --mehtod abc", False),
        ("tiers", False),
        ("customer find hzsn", True),
        ("customer seek hzsn", False),
        ("customer list --no-class", True),
        ("import FILE --db other.db", True),
        ("import - ", True),
    ],
)
def test_what_counts_as_a_command(line: str, is_one: bool) -> None:
    assert is_a_command(line.split()) is is_one


def test_every_system_has_a_guide() -> None:
    guides = {page.parent.name for page in PAGES if page.name == "guide.md"}
    assert guides == set(SYSTEMS)


def test_every_command_is_named_in_the_handbook() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    said = {name for name in commands() if re.search(rf"\bchannelctl {name}\b", text)}
    assert said == set(commands())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handbook")
    handbook.build(folder)
    return folder


def test_the_handbook_has_every_page(built: Path) -> None:
    made = {path.name for path in built.glob("*.html")}
    assert len(made) == len({handbook.name_of(page) for page in handbook.sources()})
    assert {"index.html", "readme-zh.html", "import.html", *(f"guide-{name}.html" for name in SYSTEMS)} <= made


def test_every_link_of_the_handbook_resolves(built: Path) -> None:
    wrong = [
        f"{file.name}: {link}" for file in built.glob("*.html") for link in links(file) if not resolves(file, link)
    ]
    assert wrong == []


def test_the_handbook_needs_no_network_and_names_its_language(built: Path) -> None:
    for file in built.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<(?:script|img|iframe)\b", text)
        assert re.findall(r'<link[^>]* href="([^"]+)"', text) == ["style.css"]
        assert ('<html lang="zh-CN">' in text) == file.name.endswith("-zh.html")


@page
def test_every_link_of_a_page_resolves_beside_it(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    wrong = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        name, _hash, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if "://" in link:
            continue
        if not target.exists() or (anchor and anchor not in handbook.anchors(target.read_text(encoding="utf-8"))):
            wrong.append(link)
    assert wrong == []


def links(file: Path) -> Iterator[str]:
    """Where a page of HTML leads."""
    yield from re.findall(r'\b(?:href|src)="([^"]+)"', file.read_text(encoding="utf-8"))


def resolves(file: Path, link: str) -> bool:
    """Whether a link leads to a file of the handbook, and to a heading in it."""
    if link.startswith("https://"):
        return True
    name, _hash, anchor = unquote(link).partition("#")
    target = file.parent / name if name else file
    if not target.is_file():
        return False
    return not anchor or f'id="{anchor}"' in target.read_text(encoding="utf-8")
