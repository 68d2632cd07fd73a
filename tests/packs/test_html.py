"""A pack as one page."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from channelctl.packs import Pack, Part, html
from channelctl.report import pages, safe
from channelctl.report.html import render as render_report
from tests.packs.made import FIGURES, hostile, listed, pack
from tests.report.rows import report
from tests.report.test_pages import Outline

# What a script, a form or an address could come in by.
TAGS = {
    "a", "body", "caption", "circle", "code", "dd", "desc", "div", "dl", "dt", "figcaption", "figure", "footer", "g",
    "h1", "h2", "head", "header", "html", "li", "main", "meta", "nav", "ol", "p", "path", "polyline", "rect", "section",
    "span", "strong", "style", "svg", "table", "tbody", "td", "text", "tfoot", "th", "thead", "title", "tr", "ul",
}  # fmt: skip


class Page(Outline):
    """With what is marked up as what: texts by tag, in order."""

    def __init__(self, page: str) -> None:
        self.texts: list[tuple[str, str]] = []
        super().__init__(page)

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if self.open and data.strip():
            self.texts.append((self.open[-1], data))

    def of(self, tag: str) -> list[str]:
        """The texts directly in a tag."""
        return [text.strip() for where, text in self.texts if where == tag]

    def attributes(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [str(attrs[name]) for _tag, attrs in self.tags if name in attrs]


def test_the_page_has_everything_in_order() -> None:
    page = Page(html.render(pack()))
    assert page.open == []
    assert page.of("h1") == ["Month report · 南京 · May 2024"]
    assert page.of("h2") == ["Lines of May", "A long list", "One of them", "Left out", "Where it comes from"]
    assert page.of("a") == ["Skip to the reports", "Lines of May", "A long list", "One of them", "Left out"]
    assert page.of("code") == [
        "channelctl tier --month 2024-05",
        "channelctl customer list 'city=南京 & Co'",
        "channelctl customer show C00001",
        "channelctl stock cover",
    ]
    assert page.of("dt") + page.of("dd") == [
        "Stock", "Data", "Policy", "nothing is counted", "sales to 2024-05-31", "the defaults",
    ]  # fmt: skip


def test_figures_say_in_words_what_their_colour_says() -> None:
    page = Page(html.render(pack(), "wan"))
    told = [said for _place, said in zip(range(40), page.of("span"), strict=False)]
    assert told[:12] == [
        "Net sales, 10k CNY", "▲ 3.2% · better", "Before: 980.00", "rank 2 of 13", "Achieved", "▼ 2.9 · worse",
        "Before: 90.2%", "Overdue, 10k CNY", "▲ 25.0% · worse", "Before: 0.40", "Customers", "A",
    ]  # fmt: skip
    assert page.of("strong") == ["1,011.82", "87.3%", "0.50", "78"]
    kinds = [attrs["class"] for tag, attrs in page.tags if tag == "span" and "change" in str(attrs.get("class"))]
    assert kinds == ["change good", "change bad", "change bad"]


def test_a_figure_that_several_parts_have_stands_once() -> None:
    first = pack().parts[0]
    assert pack(parts=[first, replace(first, name="lines-9")]).figures == [(first, figure) for figure in FIGURES]


def test_each_link_leads_to_a_place_in_the_page() -> None:
    page = Page(html.render(pack()))
    places = page.attributes("id")
    assert len(places) == len(set(places))
    links = page.attributes("href")
    assert links == [
        "#reports", *["#part-lines"] * 5, "#part-list", "#part-lines-2", "#left-out",
    ]  # fmt: skip
    named = " ".join(page.attributes("aria-labelledby")).split()
    assert {link[1:] for link in links} | set(named) <= set(places)


@pytest.mark.parametrize(
    ("most", "rows", "said"),
    [
        (5, 60, "55 more rows: channelctl customer list 'city=南京 & Co'"),
        (59, 60, "1 more row: channelctl customer list 'city=南京 & Co'"),
        (60, 60, ""),
        (61, 60, ""),
        (None, 60, ""),
        (5, 1205, "1,200 more rows: channelctl customer list 'city=南京 & Co'"),
    ],
)
def test_rows_beyond_the_most_are_counted(most: int | None, rows: int, said: str) -> None:
    part = replace(pack().parts[1], most=most, report=listed(rows))
    page = Page(html.render(pack(parts=(part,))))
    assert ([text for text in page.of("p") if "more row" in text] or [""])[0] == said
    assert len([text for text in page.cells if re.fullmatch(r"C\d{5}", text)]) == min(rows, most or rows)


def test_the_tables_and_pictures_say_what_they_are() -> None:
    page = Page(html.render(pack()))
    tags = [tag for tag, _attrs in page.tags]
    assert tags.count("h1") == tags.count("main") == tags.count("nav") == 1
    assert tags.count("section") == 4
    assert tags.count("table") == tags.count("caption") == 4
    heads = [attrs.get("scope") for tag, attrs in page.tags if tag == "th"]
    assert set(heads) == {"col", "row"}
    drawings = [attrs for tag, attrs in page.tags if tag == "svg" and attrs.get("class") == "drawing"]
    assert [attrs["role"] for attrs in drawings] == ["img"] * 4
    titles = [place for attrs in drawings for place in str(attrs["aria-labelledby"]).split()]
    assert titles == [f"chart-{number}-{part}" for number in range(1, 5) for part in ("title", "text")]


def test_pictures_of_all_parts_are_told_apart() -> None:
    twice = pack(parts=(pack().parts[0], replace(pack().parts[0], name="lines-9")))
    places = Page(html.render(twice)).attributes("id")
    assert len(places) == len(set(places)) and "chart-8-title" in places


@pytest.mark.parametrize("made", [pack(), pack(one_page=True)], ids=["pages", "one page"])
@pytest.mark.parametrize("still", [False, True])
def test_the_page_needs_no_script_and_no_network(made: Pack, still: bool) -> None:
    text = html.render(made, still=still)
    policy = {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"}
    assert ("meta", policy) in Page(text).tags
    assert not re.search(r"https?:|url\(|@import|src=", text)


@pytest.mark.parametrize("made", [pack(), pack(one_page=True)], ids=["pages", "one page"])
def test_the_same_pack_is_the_same_page(made: Pack) -> None:
    assert html.render(made) == html.render(made)


@pytest.mark.usefixtures("chinese")
def test_the_page_speaks_the_language_in_force() -> None:
    page = Page(html.render(pack()))
    assert ("html", {"lang": "zh-CN"}) in page.tags
    assert page.of("span")[0] == "净销售额（元）"


SIGNS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(max_examples=60)
@given(SIGNS | st.sampled_from(["'\"><svg onload=alert(1)>", "{{ 7*7 }}{% x %}", "</title></style><script>"]))
@example("<script>alert(1)</script>")
@example('" onmouseover="alert(1)')
@example("javascript:alert(1)")
@example("]]>--><!--")
def test_whatever_a_text_says_it_stays_a_text(text: str) -> None:
    made = html.render(hostile(text))
    page = Page(made)
    assert page.open == []
    assert {tag for tag, _attrs in page.tags} <= TAGS
    assert [name for _tag, attrs in page.tags for name in attrs if name.startswith("on") or name == "src"] == []
    assert all(link.startswith("#") for link in page.attributes("href"))
    shown = safe.shown(text)
    assert "".join(page.of("h1")) == shown.strip()
    quoted = Part("a", "", (text,), report()).command
    assert safe.shown(quoted).strip() in [said.strip() for said in page.of("code")]
    assert shown.strip() in "".join(page.of("li")) + "".join(page.of("p"))


# Colours


def contrast(one: str, other: str) -> float:
    """By the rule of WCAG 2."""
    bright, dark = sorted((luminance(rgb(one)), luminance(rgb(other))), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def rgb(colour: str) -> tuple[float, ...]:
    digits = colour.removeprefix("#")
    pairs = re.findall("..", digits) if len(digits) == 6 else [sign * 2 for sign in digits]
    return tuple(int(pair, 16) / 255 for pair in pairs)


def luminance(colour: tuple[float, ...]) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def themes() -> dict[str, dict[str, str]]:
    """The variables that a page really sets, light, dark and on paper."""
    css = re.findall(r":root \{ (.*?) \}", html.render(pack()))
    found = [dict(re.findall(r"--([\w-]+): (#\w+);", one)) for one in css]
    assert found == [pages.LIGHT, pages.DARK, pages.PRINT]
    return dict(zip(("light", "dark", "print"), found, strict=True))


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((ink, ground) for ink in ("ink", "soft", "link", "good", "bad") for ground in ("paper", "band")),
        ("a-ink", "a"), ("b-ink", "b"), ("c-ink", "c"),
    ],
)  # fmt: skip
def test_texts_stand_out_from_what_is_behind_them(theme: str, ink: str, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_lines_and_bars_stand_out_from_what_is_behind_them(theme: str) -> None:
    colours = themes()[theme]
    for name in ("bar", *(f"s{place}" for place in range(8))):
        assert contrast(colours[name], colours["paper"]) >= 3, name


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_figures_stand_out_from_the_darkest_cell(theme: str) -> None:
    colours = themes()[theme]
    mixed = [0.6 * bar + 0.4 * paper for bar, paper in zip(rgb(colours["bar"]), rgb(colours["paper"]), strict=True)]
    cell = "#" + "".join(f"{round(part * 255):02x}" for part in mixed)
    assert contrast(colours["ink"], cell) >= 4.5


# Packs of one page


def test_a_pack_of_one_page_has_two_columns_and_what_is_too_wide_below() -> None:
    parts = [
        Part("a", "A", ("a",), replace(report(sections={}), only=["code", "customer"])),
        Part("b", "B", ("b",), replace(report(sections={}), only=["code", "net_sales"])),
        Part("c", "Too wide", ("c",), report(sections={})),
    ]
    sections = html._sections(pack(parts=parts), "yuan", False)
    found = html.card(sections, 0)
    assert [[one.title for one in column] for column in found.columns] == [["A"], ["B"]]
    assert [one.title for one in found.below] == ["Too wide"]


def test_the_contents_of_one_page_are_in_its_order() -> None:
    wide = Part("wide", "Too wide", ("c",), report(sections={}))
    narrow = Part("narrow", "Narrow", ("a",), replace(report(sections={}), only=["code", "customer"]))
    page = Page(html.render(pack(parts=[wide, narrow], absent=(), one_page=True)))
    assert page.of("h2")[:2] == page.of("a")[1:] == ["Narrow", "Too wide"]


def test_the_more_there_is_the_smaller_the_type() -> None:
    found = []
    for rows in (5, 20, 40, 60, 80, 300):
        parts = [Part("a", "A", ("a",), replace(listed(rows), only=["code", "net_sales"]))]
        found.append(html.card(html._sections(pack(parts=parts), "yuan", False), 4).type)
    assert found == sorted(found, reverse=True)
    assert (found[0], found[-1], len(set(found))) == (8.0, 4.0, 4)


def test_a_report_of_its_own_is_drawn_as_in_a_pack() -> None:
    alone, gathered = render_report(report()), html.render(pack(parts=[Part("x", "Lines · May 2024", (), report())]))
    tables = re.findall(r"<table.*?</table>", alone, re.S)
    assert len(tables) == 2 and all(table in gathered for table in tables)
    assert (Path(pages.__file__).parent / "page.css.j2").read_text("utf-8")[:200] in gathered
