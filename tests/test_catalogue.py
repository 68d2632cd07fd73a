"""Both languages say the same: nothing untranslated, nothing lost, no Chinese where English stands."""

import ast
import io
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from tools import catalogue

from channelctl import cli, helping, i18n
from channelctl.report.width import width

from .conftest import Run

pytestmark = pytest.mark.sqlite("words and their catalogue; no database")

CHINESE = re.compile("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
# Chinese that stands in a message as what a person would type or find in a sheet.
QUOTED = {
    *(
        "地区",
        "片区",
        "回款单号",
        "价税合计",
        "南京",
        "杭州",
        "恒达通讯",
        "直供",
        "作废",
        "退货",
        "红字",
        "是否退货",
        "农历八月十五",
        "是",
        "否",
        "汇总",
        "备注",
        "规划客户",
        "单据类型",
        "销售",
        "退货额",
    ),
    *("办事处", "单位", "元", "万元", "数量", "金额", "销售额", "单价", "本月累计"),
    *("1日", "1月", "1月退货", "1月销售", "1200万", "日期", "月份", "退货金额"),
    *("年度框架协议", "断货两周", "省公司批复"),
    *("大客户", "停产", "渠道类型"),
    *("价格表", "余额", "对账单", "返利政策", "生效日期", "社会渠道", "分销", "合约办理数", "台", "台数", "净额"),
    *(
        "全量",
        "超额",
        "定额",
        "百分比",
        "月",
        "季",
        "半年",
        "年",
        "整个政策期",
        "叠加",
        "取高",
        "按优先级",
        "长期",
        "永久",
    ),
    *("提货返利", "达量返利", "合约计划返利", "其他返利", "贷项", "货补", "抵货款", "计划", "已开", "已兑付"),
    *("期初", "发票", "红字发票", "月结", "月结30天", "次月25日", "每月25日", "现款"),
    *("私营", "良好", "旺季备货", "逾期未清", "回款逾期", "回款在途", "王伟", "破产"),
    *("2024年", "2024年5月", "2024年5月1日", "2024年5月3日", "2024年5月20日"),
}
# Files whose Chinese is neither message nor pair, and what it is.
OTHER_CHINESE = {
    "commands/demonstration.py": "names of the sample region's files",
    "commands/touring.py": "an office of the sample region",
    "helping.py": "punctuation that a line is not broken before",
    "period.py": "months and days as people type them",
    "policy_words.py": "the full-width percent sign",
    "records/names.py": "what names of offices end in",
    "records/near.py": "what names of shops begin and end with",
    "records/rows.py": "the full-width colon, and how a row counts what stands above it",
    "records/towns.py": "towns and provinces",
    "records/traditional.py": "traditional characters and simplified ones",
    "report/out.py": "full-width signs and their plain ones",
    "report/safe.py": "full-width signs that start a formula",
    "report/whatif.py": "what stands before the heading of a column",
    "report/width.py": "after what a long value may go on below",
    "sheets/convert.py": "units and yes and no as they stand in cells",
    "sheets/days.py": "days and months as they stand in cells",
    "sheets/headings.py": "words that headings are made of",
    "sheets/layout.py": "the column that a workbook of refused rows adds",
    "sheets/naming.py": "brackets in headings",
    "sheets/naming_returns.py": "words and signs around returns in names and titles",
    "systems/quality/rules.py": "the full-width comma between kinds",
    "systems/credit/rules_survey.py": "the answer none",
    "sheets/taxed.py": "headings that say with tax, tax and sum",
    "sheets/paper.py": "the name of the page to print, in both languages",
    "sheets/places.py": "places and words that sheets are named for",
    "sheets/recognise.py": "the word by which a flag column tells returns",
    "sheets/sections.py": "how a row names the office of those below it",
    "sheets/shapes/across.py": "words that a sum across is headed with",
    "sheets/shapes/days_alone.py": "days without a month as they stand in cells",
    "sheets/shapes/folding.py": "words that running totals are headed with",
    "sheets/shapes/lists.py": "days without a year as they stand in cells",
    "sheets/shapes/measures.py": "units and words that say what figures are",
    "sheets/shapes/parts.py": "words that a part of a sum is headed with",
    "sheets/shapes/spans.py": "months and days as headings and titles say them",
    "sheets/shown.py": "units as number formats name them",
    "sheets/subject.py": "words by which a sheet is no sales sheet",
    "sheets/suggesting/likeness.py": "words that headings are like",
    "sheets/suggesting/looks.py": "what names of people and shops are made of",
    "sheets/suggesting/suggest.py": "signs that stand before figures",
    "sheets/wording.py": "totals and signatures as they stand in cells",
    "systems/calendar/rules.py": "public holidays as the decree names them",
    "systems/calendar/sheets.py": "headings understood",
    "systems/catalog/sheets.py": "headings understood",
    "systems/credit/load_items.py": "words by which a column is of items or whole documents, and signs between texts",
    "systems/credit/load_void.py": "headings of statuses, and yes as it stands in cells",
    "systems/credit/rules.py": "statuses of sale lines that nobody owes for",
    "systems/credit/rules_ageing.py": "headings of as many columns as there are buckets, and the full-width comma",
    "systems/credit/rules_decided.py": "decisions on applications as they stand in cells",
    "systems/credit/rules_documents.py": "types of documents as they stand in cells, and the number of an opening one",
    "systems/credit/rules_statement.py": "what stands between the documents that an invoice names",
    "systems/credit/rules_terms.py": "terms as people write them",
    "systems/credit/sheets.py": "names of the kinds",
    "systems/credit/sheets_ledger.py": "headings of payments and open orders",
    "systems/credit/sheets_limits.py": "headings of limits",
    "systems/credit/sheets_receivable.py": "headings of receivables",
    "systems/credit/store_ledger_sales.py": "what stands between the documents that a cell names",
    "systems/credit/tables.py": "what a batch made that is no record",
    "systems/customers/rules.py": "words that mean a channel",
    "systems/customers/sheets.py": "headings understood",
    "systems/org/sheets.py": "headings understood",
    "systems/plans/sheets.py": "headings understood",
    "systems/plans/tables.py": "what a batch made that is no record",
    "systems/prices/load.py": "days as titles and names say them",
    "systems/prices/rules.py": "words for every channel",
    "systems/prices/rules_channels.py": "what stands around a channel in a title",
    "systems/prices/sheets.py": "headings of prices",
    "systems/rebates/rules.py": "words for a paid document",
    "systems/rebates/rules_read.py": "figures and scopes as people write them",
    "systems/rebates/rules_words.py": "the words of a policy",
    "systems/rebates/sheets.py": "headings of rules, registrations and payouts",
    "systems/rebates/tables.py": "what settlements are called",
    "systems/sales/rows.py": "percent signs",
    "systems/sales/rows_amounts.py": "how a column with tax, or net of returns, is known",
    "systems/sales/rows_customers.py": "returns among the names of customers",
    "systems/sales/rows_items.py": "names of figures as they stand in cells",
    "systems/sales/rows_naming.py": "types of lines that are sales",
    "systems/sales/rows_net.py": "how a column of amounts that is net is known",
    "systems/sales/rows_returns.py": "what turns a word for returns, and headings of any text",
    "systems/sales/rules.py": "statuses that are no sale, types that are returns",
    "systems/sales/sheets.py": "headings understood",
    "systems/scores/sheets.py": "headings understood",
    "systems/scores/tables.py": "what a batch made that is no record",
    "systems/stock/rules_strays.py": "what says what sort of place a name is",
    "systems/stock/sheets.py": "headings of stock and sell-out",
    "systems/tiers/load.py": "what stands after a tier in a cell",
    "systems/tiers/sheets.py": "headings understood",
    "systems/tiers/tables.py": "what a batch made that is no record",
}


@pytest.fixture(scope="module")
def messages() -> list[Any]:
    """Those that are translated; that all are is a test of its own."""
    return [message for message in catalogue.current() if message.id and all(catalogue.translations(message))]


def english(message: Any) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_up_to_date_and_complete(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogue.main(["--check"]) == 0, capsys.readouterr().out


def test_check_writes_nothing_and_finds_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = Catalog(locale="zh")
    for text, chinese, flags in (("kept", "留下", ()), ("guessed", "猜的", ("fuzzy",)), ("added", "", ())):
        known.add(text, chinese, flags=flags)
    po, mo = tmp_path / "zh.po", tmp_path / "zh.mo"
    po.write_bytes(b"#: a.py" + catalogue.po(known))
    for name, value in (("ROOT", tmp_path), ("PO", po), ("MO", mo)):
        monkeypatch.setattr(catalogue, name, value)
    monkeypatch.setattr(catalogue, "collected", lambda: {text: {"a.py"} for text in ("kept", "guessed", "added")})
    before = po.read_bytes()
    assert catalogue.main(["--check"]) == 1
    found = "untranslated: 'added'\nuntranslated: 'guessed'\n"
    assert capsys.readouterr().out == found + "out of date: zh.po\nout of date: zh.mo\n"
    assert po.read_bytes() == before and not mo.exists()
    assert catalogue.main([]) == 1
    assert capsys.readouterr().out == found + "written: zh.po\nwritten: zh.mo\n"
    assert catalogue.main(["--check"]) == 1
    assert capsys.readouterr().out == found
    po.write_bytes(
        po.read_bytes().replace(b"#, fuzzy\n", b"").replace(b'"added"\nmsgstr ""', '"added"\nmsgstr "新"'.encode())
    )
    assert catalogue.main([]) == 0
    assert capsys.readouterr().out == "written: zh.mo\n"
    assert catalogue.main(["--check"]) == 0


def test_update_keeps_translations_and_drops_what_is_no_longer_said(monkeypatch: pytest.MonkeyPatch) -> None:
    old = Catalog(locale="zh")
    old.add("kept", "留下")
    old.add("gone", "没了")
    old.add(("one {count}", "many {count}"), ("{count} 个",))
    pair = ("one {count}", "many {count}")
    monkeypatch.setattr(catalogue, "collected", lambda: {"kept": {"b.py", "a.py"}, pair: {"a.py"}, "added": {"a.py"}})
    new = catalogue.updated(old)
    assert [(message.id, catalogue.translations(message)) for message in new if message.id] == [
        ("added", ("",)),
        ("kept", ("留下",)),
        (pair, ("{count} 个",)),
    ]
    assert catalogue.incomplete(new) == ["added"]
    text = catalogue.po(new).decode()
    assert "#: a.py b.py\n" in text and "没了" not in text
    assert not re.search("date|babel", (catalogue.po(new) + catalogue.mo(new)).decode(errors="replace"), re.IGNORECASE)
    assert catalogue.po(read_po(io.BytesIO(text.encode()), locale="zh")) == text.encode()


def test_compiled_catalogue_says_what_the_text_says(messages: list[Any]) -> None:
    i18n.use("zh")
    for message in messages:
        (chinese,) = catalogue.translations(message)
        if isinstance(message.id, tuple):
            one, many = message.id
            assert {i18n.ngettext(one, many, count) for count in (0, 1, 2, 5)} == {chinese}
        else:
            assert i18n._(message.id) == chinese


def test_both_languages_have_the_same_placeholders(messages: list[Any]) -> None:
    for message in messages:
        (chinese,) = catalogue.translations(message)
        assert fields(chinese) == fields(english(message)[-1]), message.id
        for text in english(message):
            assert fields(text) <= fields(chinese), message.id


def test_options_and_commands_are_left_as_they_are_typed(messages: list[Any]) -> None:
    for message in messages:
        (chinese,) = catalogue.translations(message)
        for text in english(message):
            for typed in (r"--[a-z]+(?:-[a-z]+)*", r"CHANNELCTL_[A-Z]+"):
                assert set(re.findall(typed, chinese)) == set(re.findall(typed, text)), message.id
            assert all(command in text for command in re.findall(r"channelctl(?: [a-z-]+)*", chinese)), message.id


def test_chinese_is_written_with_chinese_punctuation(messages: list[Any]) -> None:
    han = "\u4e00-\u9fff”）"
    half_width = re.compile(f"[{han}][,;:?!]|[{han}] ?\\(|\\) ?[{han}]|[{han}]\\.(?!\\.\\.|[a-z])")
    for message in messages:
        (chinese,) = catalogue.translations(message)
        assert not half_width.search(chinese), chinese


def test_full_stop_stands_in_both_or_in_neither(messages: list[Any]) -> None:
    for message in messages:
        (chinese,) = catalogue.translations(message)
        for text in english(message):
            ends = text.rstrip().endswith((".", "?")) and not text.endswith("...")
            assert ends == chinese.rstrip().endswith(("。", "？")), message.id


def test_no_sentence_is_put_together_before_it_is_translated() -> None:
    """`_()` and `ngettext()` take constants; only help pages and columns translate what was collected elsewhere."""
    elsewhere = {"helping.py", "sheets/template.py", "i18n.py"}
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and name not in elsewhere:
                texts = node.args[: {"_": 1, "ngettext": 2}.get(node.func.id, 0)]
                assert all(isinstance(text, ast.Constant) for text in texts), f"{name}:{node.lineno}"


def test_chinese_stands_in_pairs_or_in_the_catalogue() -> None:
    seen = set()
    for name, tree in trees():
        for text, line in chinese_texts(tree):
            seen.add(name)
            assert name in OTHER_CHINESE, f"{name}:{line}: {text}"
    assert seen == set(OTHER_CHINESE)


def test_chinese_in_an_english_message_is_something_to_type(messages: list[Any]) -> None:
    found = {
        word for message in messages for text in english(message) for word in re.findall("[\\d\u4e00-\u9fff]+", text)
    }
    assert {word for word in found if CHINESE.search(word)} <= QUOTED


def test_every_column_and_pair_differs_between_the_languages() -> None:
    alike = {"#", "DSO"}
    for name, tree in trees():
        for call in calls(tree, "Col", "either"):
            pair = [part.value for part in call.args[:2] if isinstance(part, ast.Constant)]
            if len(pair) == 2 and pair[0] not in alike:
                assert pair[0] == "" or CHINESE.search(str(pair[0])), f"{name}:{call.lineno}"
                assert not CHINESE.search(str(pair[1])), f"{name}:{call.lineno}"


def commands() -> list[Any]:
    return list(catalogue._commands(typer.main.get_command(cli.program())))


def test_every_command_has_a_help_page_of_ours_in_both_languages() -> None:
    known = commands()
    assert len(known) > 60
    for command in known:
        assert isinstance(command, helping.Command | helping.Group), command.name
        texts = list(helping.own_texts(command))
        assert texts, command.name
        i18n.use("zh")
        for text in texts:
            assert CHINESE.search(i18n._(text)), text
        i18n.use("en")


def pages() -> Iterator[list[str]]:
    yield []
    for name, command in typer.main.get_command(cli.program()).commands.items():  # type: ignore[attr-defined]
        yield [name]
        yield from ([name, below] for below in getattr(command, "commands", {}))


@pytest.mark.parametrize("words", list(pages()), ids=" ".join)
def test_help_page(ch: Run, words: list[str]) -> None:
    english, chinese = ch(*words, "--help"), ch("--lang", "zh", *words, "--help")
    assert (english.code, english.err, chinese.code, chinese.err) == (0, "", 0, "")
    assert english.out.startswith("Usage: channelctl") and "\nOptions\n" in english.out
    assert chinese.out.startswith("用法：channelctl") and "\n选项\n" in chinese.out
    assert not re.search(r"\b(?:Usage|Options|Arguments|Commands|Output|Show this page|default)\b", chinese.out)
    assert "<bool>" not in english.out and "<str>" not in english.out
    for line in (*english.out.splitlines(), *chinese.out.splitlines()):
        assert width(line) <= 80 and line == line.rstrip(), line
    for option in re.findall(r"^  (?:-\w, )?(--[a-z-]+)", english.out, re.MULTILINE):
        assert re.search(rf"^  (?:-\w, )?{option}\b", chinese.out, re.MULTILINE), option


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("", 10, [""]),
        ("a bc def", 4, ["a bc", "def"]),
        ("abcdefgh ij", 4, ["abcdefgh", "ij"]),
        ("中文没有空格", 6, ["中文没", "有空格"]),
        ("中文，没有空格", 5, ["中", "文，", "没有", "空格"]),
        ("写成“甲”即可", 6, ["写成", "“甲”即", "可"]),
        ("sales, plan …", 11, ["sales,", "plan …"]),
        ("见 --output 选项。", 8, ["见", "--output", "选项。"]),
    ],
)
def test_a_line_is_broken_between_words_and_before_no_punctuation(text: str, cells: int, lines: list[str]) -> None:
    assert helping._wrapped(text, cells) == lines


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tier", "--mehtod", "x"], "没有选项 --mehtod。是不是 --method？\n查看帮助：channelctl tier --help"),
        (["scroe"], "没有命令“scroe”。是不是 score？\n查看帮助：channelctl --help"),
        (["tier", "--month"], "选项 --month 后面须有值\n查看帮助：channelctl tier --help"),
        (["tier", "--all=1"], "选项 --all 后面不带值\n查看帮助：channelctl tier --help"),
        (["tier", "extra"], "多余的内容：extra\n查看帮助：channelctl tier --help"),
        (["import"], "缺少参数“文件”\n查看帮助：channelctl import --help"),
        (["batch", "show", "x"], "批次 应为整数，如 42\n查看帮助：channelctl batch show --help"),
        (["tier", "--unit", "k"], "没有金额单位“k”\n可选：yuan、wan。"),
        (["--lang", "zh", "--wait", "x", "tier"], "--wait 后面是秒数，不能是“x”"),
    ],
)
def test_wrong_usage_in_chinese(ch: Run, words: list[str], said: str) -> None:
    result = ch("--lang", "zh", *words)
    assert (result.code, result.out, result.err) == (2, "", f"channelctl：错误：{said}\n")


def test_a_usual_cause_is_said_in_the_language_in_force() -> None:
    error = FileNotFoundError(2, "No such file or directory")
    assert i18n.reason(error) == "No such file or directory"
    i18n.use("zh")
    assert i18n.reason(error) == "没有该文件或文件夹"
    assert i18n.reason(OSError(9999, "odd")) == "odd"
    assert i18n.reason(ValueError("bad")) == "bad"


@pytest.mark.parametrize(("language", "text"), [("en", "a, b, c"), ("zh", "a、b、c")])
def test_listed(language: str, text: str) -> None:
    i18n.use(language)
    assert i18n.listed(iter("abc")) == text


def trees() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(catalogue.SOURCE.rglob("*.py")):
        yield file.relative_to(catalogue.SOURCE).as_posix(), ast.parse(file.read_bytes())


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def chinese_texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Chinese in the code but for docstrings, messages, and what a pair says."""
    spared: set[int] = set()
    for call in calls(tree, "_", "ngettext", "either", "Col"):
        own = call.args[: {"either": 2, "Col": 1}.get(getattr(call.func, "id", ""), 9)]
        named = [keyword.value for keyword in call.keywords if keyword.arg in ("note", "example")]
        spared |= {id(part) for argument in (*own, *named) for part in ast.walk(argument)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            first = node.body[0]
            assert isinstance(first, ast.Expr)
            spared.add(id(first.value))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spared:
            if CHINESE.search(node.value):
                yield node.value, node.lineno
