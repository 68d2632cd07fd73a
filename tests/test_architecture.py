"""The house rules, read off the source: who may import what, who may print, read the clock or write SQL."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import channelctl
from channelctl.systems import SYSTEMS
from tests.conftest import ROOT
from tests.processes import environment

pytestmark = pytest.mark.sqlite("how the code is built; no database")

SOURCE = Path(channelctl.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
SYSTEM_FILES = sorted((SOURCE / "systems").glob("*/*.py"))
HEAVY = {
    "alembic",
    "jinja2",
    "openpyxl",
    "pandas",
    "pypinyin",
    "python_calamine",
    "rapidfuzz",
    "sqlalchemy",
    "sqlmodel",
    "xlsxwriter",
}
# What a system may consist of, and what each file may import: modules of ours (or of the systems above, by file), and
# libraries. `load` brings a sheet's rows into tables that are no plain records; where that is much, `rows` reads them,
# `control` holds them against the sheet's totals, `overlap` against what `earlier` finds there. `screen` makes a
# result a Report. Where one of them becomes long, a theme of it stands in a file of its own: rules_rfm.py.
KERNEL = {"columns", "errors", "i18n", "money", "period"}
SQL = {"sqlalchemy", "sqlmodel"}
MAY_IMPORT: Mapping[str, tuple[set[str], set[str], set[str]]] = {
    "tables": ({"storage"}, {"tables"}, SQL),
    "rules": (KERNEL | {"policy", "sheets.problems"}, {"rules"}, {"pydantic"}),
    "store": (KERNEL | {"audit", "keeping", "policy", "records", "storage"}, {"rules", "store", "tables"}, SQL),
    "sheets": (KERNEL | {"records"}, {"rules", "sheets"}, set()),
    "load": (
        KERNEL | {"db", "policy", "records", "sheets"},
        {"control", "load", "overlap", "rows", "rules", "store", "tables"},
        SQL,
    ),
    "rows": (KERNEL | {"policy", "sheets"}, {"control", "rows", "rules"}, set()),
    "control": (KERNEL | {"sheets"}, {"rules"}, set()),
    "overlap": (KERNEL | {"db", "policy", "sheets"}, {"earlier", "rules", "store"}, SQL),
    "earlier": ({"storage"}, {"store", "tables"}, SQL),
    "screen": (KERNEL | {"report"}, {"rules", "screen", "store"}, set()),
    "cli": (
        KERNEL | {"clock", "commands.importing", "db", "options", "policy", "records", "report"},
        {"cli", "rules", "screen", "store"},
        {"typer"},
    ),
}
CLI_AT_THE_TOP = {"errors", "i18n", "options", "records.cli", "report"}
# Modules beside the systems that may know them by name, and why.
KNOW_SYSTEMS = {
    "packs/whose.py": "names offices and regions, and the last day with sales",
    "status.py": "says how fresh the sales are",
    "commands/exporting.py": "writes sale lines, which are no plain records",
    "commands/planning.py": "gives the plan's verbs the import",
}
# Who may write to the streams: the report, the program around it, and what shows progress.
SPEAK = {
    "__main__.py",
    "cli.py",
    "helping.py",
    "notices/outbox.py",
    "streams.py",
    "commands/knowing.py",
    "packs/delivering.py",
    "sheets/progress.py",
}
# Folders of a machine, and addresses of what is not here.
NOT_OURS = (*(f"/{folder}/" for folder in ("home", "root", "work")), "index" + "-url", "http:" + "//")
# Longer than 300 lines, and why it is still one thing.
LONG: Mapping[str, str] = {
    "records/store.py": "every question that is asked of records, and what is written",
    "sheets/problems.py": "one code after the other, and what it means",
    "systems/rebates/sheets.py": "one field of a rule, an activation or a payout after the other, with its names",
    "systems/sales/store.py": "every question that is asked of sale lines",
    "systems/sales/sheets.py": "one field of a sale line after the other, with its names",
    "systems/scores/rules.py": "one score, and every row it is told in",
    "systems/tiers/rules.py": "one way of grading beside the other, and every row they are told in",
}


class Import(NamedTuple):
    """A module that a file imports, and whether at its top."""

    module: str
    at_the_top: bool


def name(file: Path) -> str:
    return file.relative_to(SOURCE).as_posix()


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def is_ours(module: str) -> bool:
    place = SOURCE.parent.joinpath(*module.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def imports(file: Path) -> Iterator[Import]:
    """Every import; `from a import b` is a.b where that is a module. What only the type checker sees is left out."""
    seen_by_checker = {
        id(inner)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    top = {id(node) for node in tree(file).body}
    for node in ast.walk(tree(file)):
        if id(node) in seen_by_checker:
            continue
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(file)}: relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield Import(whole if is_ours(whole) else str(node.module), id(node) in top)


def ours(file: Path) -> list[Import]:
    """What a file imports of ours, without the leading channelctl."""
    prefix = "channelctl."
    return [
        one._replace(module=one.module.removeprefix(prefix)) for one in imports(file) if one.module.startswith(prefix)
    ]


def libraries(file: Path) -> set[str]:
    roots = {one.module.partition(".")[0] for one in imports(file)}
    return {root for root in roots if root not in sys.stdlib_module_names and root != "channelctl"}


def role(file: Path) -> str:
    """What a file of a system is: rules_rfm.py holds rules, as rules.py does."""
    return file.stem if file.stem == "__init__" else file.stem.partition("_")[0]


def calls(file: Path) -> Iterator[str]:
    """Every function that is called, as it is written: dt.date.today, print."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def each(files: list[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """Make a test of one file a test of all of these; it names every file that fails."""

    def decorate(test: Callable[[Path], None]) -> Callable[[], None]:
        def run() -> None:
            wrong = []
            for file in files:
                try:
                    test(file)
                except AssertionError as error:
                    wrong.append(f"{name(file)}: {error}")
            assert not wrong, "\n".join(wrong)

        run.__name__, run.__doc__ = test.__name__, test.__doc__
        return run

    return decorate


# The systems


def test_every_folder_is_registered_and_every_system_has_a_guide() -> None:
    folders = {path.name for path in (SOURCE / "systems").iterdir() if (path / "__init__.py").exists()}
    assert folders == set(SYSTEMS)
    assert all((SOURCE / "systems" / system / "guide.md").is_file() for system in SYSTEMS)


@each(SYSTEM_FILES)
def test_a_system_consists_of_the_files_that_every_system_has(file: Path) -> None:
    assert role(file) in {"__init__", *MAY_IMPORT}
    if file.stem == "__init__":
        assert len(tree(file).body) == 1
        assert ast.get_docstring(tree(file))


@each([file for file in SYSTEM_FILES if role(file) in MAY_IMPORT])
def test_a_systems_file_imports_what_files_of_its_name_may(file: Path) -> None:
    modules, siblings, others = MAY_IMPORT[role(file)]
    own = file.parent.name
    for one in ours(file):
        parts = one.module.split(".")
        if parts[0] == "systems":
            _systems, system, *rest = parts
            assert SYSTEMS.index(system) <= SYSTEMS.index(own), f"{own} stands above {system}"
            assert rest and rest[0].partition("_")[0] in siblings, one.module
        else:
            assert any(one.module == allowed or one.module.startswith(f"{allowed}.") for allowed in modules), one.module
    assert libraries(file) <= others


@each([file for file in SYSTEM_FILES if role(file) == "cli"])
def test_a_cli_imports_little_at_its_top(file: Path) -> None:
    top = {one.module for one in ours(file) if one.at_the_top}
    parts = f"systems.{file.parent.name}.cli_"
    assert {module for module in top if module not in CLI_AT_THE_TOP and not module.startswith(parts)} == set()


@each([file for file in SYSTEM_FILES if role(file) == "tables"])
def test_tables_hold_no_logic_and_no_relationship(file: Path) -> None:
    assert not [
        node for node in ast.walk(tree(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    assert "Relationship" not in file.read_text(encoding="utf-8")
    for node in tree(file).body:
        if isinstance(node, ast.ClassDef):
            assert ast.get_docstring(node), node.name


@each([file for file in SYSTEM_FILES if role(file) == "rules"])
def test_rules_reach_for_nothing_outside(file: Path) -> None:
    outside = {
        "io",
        "locale",
        "logging",
        "os",
        "pathlib",
        "random",
        "shutil",
        "socket",
        "sqlite3",
        "subprocess",
        "sys",
        "time",
    }
    assert {one.module.partition(".")[0] for one in imports(file)} & outside == set()
    assert {"open", "print", "input"} & set(calls(file)) == set()


@each([file for file in SYSTEM_FILES if role(file) in ("cli", "rules", "sheets", "screen")])
def test_only_store_tables_and_load_touch_the_database(file: Path) -> None:
    used = {call.rpartition(".")[2] for call in calls(file)}
    assert used & {"execute", "exec", "executemany", "scalar", "scalars", "flush", "commit", "rollback"} == set()


# Everybody


@each(FILES)
def test_the_modules_around_the_systems_do_not_know_them_by_name(file: Path) -> None:
    if file not in SYSTEM_FILES and name(file) not in KNOW_SYSTEMS:
        assert [one.module for one in ours(file) if one.module.startswith("systems.")] == []


def test_the_exceptions_are_still_needed() -> None:
    for exceptions in (KNOW_SYSTEMS, SPEAK, LONG):
        assert [place for place in exceptions if not (SOURCE / place).is_file()] == []
    assert [
        place for place in KNOW_SYSTEMS if not any(one.module.startswith("systems.") for one in ours(SOURCE / place))
    ] == []
    assert [place for place in SPEAK if not speaks(SOURCE / place)] == []
    assert [place for place in LONG if length(SOURCE / place) <= 300] == []


UPSTAIRS = {"cli", "commands", "db", "policy", "records", "report", "sheets"}
ABOVE: Mapping[str, set[str]] = {
    "errors.py": {"*"},
    "money.py": {"*"},
    "settings.py": {"*"},
    "i18n.py": {"*"},
    **dict.fromkeys(("clock.py", "columns.py", "holder.py", "period.py", "reported.py", "shares.py"), UPSTAIRS),
    **dict.fromkeys(("sqlite.py", "storage.py", "streams.py"), UPSTAIRS),
    "db.py": UPSTAIRS - {"db"},
    **{name(file): UPSTAIRS - {"report"} for file in FILES if file.parent.name == "report"},
    **{name(file): {"cli", "commands"} for file in FILES if file.parent.name in ("records", "sheets")},
    "locking.py": UPSTAIRS,
}


@pytest.mark.parametrize("below", ABOVE)
def test_what_lies_below_knows_nothing_of_what_lies_above(below: str) -> None:
    used = {one.module for one in ours(SOURCE / below)}
    if ABOVE[below] == {"*"}:
        assert used == set()
    assert {module for module in used if module.partition(".")[0] in ABOVE[below]} == set()


@each(FILES)
def test_nobody_imports_click(file: Path) -> None:
    assert "click" not in libraries(file)


@each([file for file in FILES if name(file) != "clock.py"])
def test_nobody_but_the_clock_reads_the_clock(file: Path) -> None:
    asked = {
        call for call in calls(file) if call.rpartition(".")[2] in ("now", "today", "utcnow", "localtime", "gmtime")
    }
    assert {call for call in asked if not call.startswith("clock.")} == set()
    assert "time.time" not in set(calls(file))


def speaks(file: Path) -> bool:
    """Whether a file prints, or takes a standard stream into its hands."""
    if {"print", "typer.echo", "typer.secho", "Console"} & set(calls(file)):
        return True
    attributes = {ast.unparse(node) for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)}
    return bool(attributes & {"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"})


@each([file for file in FILES if file.parent.name != "report" and name(file) not in SPEAK])
def test_nobody_else_speaks(file: Path) -> None:
    assert not speaks(file)


@each(FILES)
def test_every_module_says_in_a_sentence_what_it_is(file: Path) -> None:
    assert ast.get_docstring(tree(file))


def length(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


@each([file for file in FILES if name(file) not in LONG])
def test_a_file_is_not_longer_than_a_few_screens(file: Path) -> None:
    assert length(file) <= 300


def test_a_word_of_ours_is_never_computed_before_it_is_translated() -> None:
    for file in FILES:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "_" and node.args:
                assert not isinstance(node.args[0], ast.JoinedStr | ast.BinOp), f"{name(file)}:{node.lineno}"


def test_nothing_that_is_kept_names_a_machine() -> None:
    kept = [*FILES, *(ROOT / "migrations").rglob("*.py"), *ROOT.glob("*.toml"), *ROOT.glob("requirements*.txt")]
    for file in kept:
        text = file.read_text(encoding="utf-8")
        assert not any(word in text for word in NOT_OURS), file.name


# What is loaded, and when


def loaded(*words: str) -> set[str]:
    """The top-level modules that a command line has loaded when it is over."""
    program = (
        "import os, sys, json; from channelctl.__main__ import main\n"
        "os._exit = sys.exit\n"
        "sys.argv = ['channelctl', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code\n"
        "sys.stdout.flush(); print('\\n' + json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], env=environment(), capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("words", [["--help"], [], ["tier", "--help"], ["customer"], ["import", "--help"]])
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    modules = loaded(*words)
    assert "typer" in modules
    assert {module.partition(".")[0] for module in modules} & HEAVY == set()


def test_the_version_is_said_without_loading_the_program() -> None:
    modules = loaded("--version")
    assert {module for module in modules if module.startswith("channelctl")} == {"channelctl", "channelctl.__main__"}
    assert {"typer", "rich", "gettext", "pathlib", *HEAVY} & modules == set()
