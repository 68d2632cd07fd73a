"""A report as HTML and as Markdown."""

import re
from html.parser import HTMLParser

import pytest

from channelctl.report import html, markdown, safe
from tests.report.rows import LINES, bare, line, report

VOID = {"meta", "rect"}


class Outline(HTMLParser):
    """The tags with their attributes, the texts, and whether all that is opened is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th", "h1", "p", "li"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.cells and {"td", "th", "h1", "p", "li"} & set(self.open):
            self.cells[-1] += data


def test_the_page_holds_the_report() -> None:
    page = Outline(html.render(report()))
    assert page.open == []
    assert page.cells == [
        "Lines · May 2024", "Tier", "Net sales, CNY", "A", "12,345.68", "B", "2,469.14",
        "#", "Code", "Customer", "Net sales, CNY", "Share", "Units", "Since", "Core", "Class", "Tier",
        "1", "C00001", "南京苏宁电器有限公司", "12,345.68", "80.0%", "1,204", "2024-05-03", "yes", "V1", "A",
        "2", "00123", "Lee & Sons", "2,469.14", "16.0%", "3.25", "", "no", "", "B",
        "3", "C00003", "", "-0.50", "", "", "", "", "", "C",
        "", "total", "", "14,814.31", "", "", "", "", "", "",
        "1 line names no customer", "All is said.",
    ]  # fmt: skip


def test_the_page_needs_no_script_and_no_network() -> None:
    text = html.render(report())
    tags = Outline(text).tags
    policy = {
        "http-equiv": "Content-Security-Policy",
        "content": "default-src 'none'; style-src 'unsafe-inline'",
    }
    assert ("meta", policy) in tags
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _attrs in tags}
    assert not {"src", "href"} & {name for _tag, attrs in tags for name in attrs}
    assert not re.search(r"https?:|url\(|@import", text)


def test_the_tables_say_what_they_are() -> None:
    tags = Outline(html.render(report())).tags
    names = [tag for tag, _attrs in tags]
    assert ("html", {"lang": "en"}) in tags
    assert names.count("table") == names.count("caption") == 2
    scopes = [attrs["scope"] for tag, attrs in tags if tag == "th"]
    assert scopes == ["col"] * 2 + ["row"] * 2 + ["col"] * 10 + ["row"] * 4


@pytest.mark.usefixtures("chinese")
def test_the_page_names_its_language() -> None:
    assert '<html lang="zh-CN">' in html.render(report())


def test_bars_are_drawn_to_the_largest() -> None:
    rects = [attrs for tag, attrs in Outline(html.render(bare(*LINES))).tags if tag == "rect"]
    assert [attrs["width"] for attrs in rects] == ["100.0", "20.0", "0.0"]


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", "[red]x[/red]", "&amp;", "</td>", "\"'", "a\u202eb"])
def test_html_shows_data_as_it_is(payload: str) -> None:
    text = html.render(bare(line(payload), notes=[payload], closing=[payload], card=False))
    page = Outline(text)
    assert [cell for cell in page.cells if cell == safe.shown(payload)] == [safe.shown(payload)] * 3
    assert "<script" not in text


def test_a_card_is_a_table_of_two_columns() -> None:
    page = Outline(html.render(bare(LINES[1], card=True)))
    assert page.cells[1:5] == ["#", "2", "Code", "00123"]
    assert "| Code | 00123 |" in markdown.render(bare(LINES[1], card=True)).splitlines()


MARKDOWN = """\
# Lines · May 2024

## Tiers

| Tier | Net sales, CNY |
| --- | ---: |
| A | 12,345.68 |
| B | 2,469.14 |

| Code | Customer | Net sales, CNY | Share |
| --- | --- | ---: | ---: |
| C00001 | 南京苏宁电器有限公司 | 12,345.68 | 80.0% |
| 00123 | Lee &amp; Sons | 2,469.14 | 16.0% |
| C00003 |  | -0.50 |  |
| **total** |  | **14,814.31** |  |

- 1\\. line names no customer

All is said.
"""


def test_markdown_in_full() -> None:
    few = report(only=["code", "customer", "net_sales", "share"], notes=["1. line names no customer"])
    assert markdown.render(few) == MARKDOWN


@pytest.mark.parametrize(
    ("payload", "cell"),
    [
        ("a|b", r"a\|b"),
        ("**x** _y_ `z`", r"\*\*x\*\* \_y\_ \`z\`"),
        ("[a](http://b)", r"\[a\](http://b)"),
        ("<b>&lt;", "&lt;b&gt;&amp;lt;"),
        ("back\\slash", r"back\\slash"),
        ("two\nlines", "two lines"),
        ("~~gone~~ #1 $x$", r"\~\~gone\~\~ \#1 \$x\$"),
    ],
)
def test_markdown_escapes_markup(payload: str, cell: str) -> None:
    assert markdown.render(bare(line(payload), only=["customer"])).splitlines()[-1] == f"| {cell} |"


@pytest.mark.parametrize(
    ("text", "said"),
    [("- x", r"\- x"), ("12. x", r"12\. x"), ("# x", r"\# x"), ("> x", "&gt; x"), ("=== x", r"\=== x")],
)
def test_a_line_of_markdown_stays_a_line(text: str, said: str) -> None:
    assert markdown.render(bare(closing=[text])) == f"# Lines\n\n{said}\n"
