"""Pages in a real browser: what it complains about, how wide they are, how they print, what they answer."""

import re
from itertools import groupby
from pathlib import Path

import pytest

from channelctl.packs import html
from channelctl.report.html import render as render_report
from tests.conftest import Run
from tests.packs.browser import Browser
from tests.packs.made import across, hostile, pack
from tests.report.rows import report
from tests.report.test_charts import ALL

WIDTHS = (390, 1280)
# Elements that go beyond the window and do not stand in a box that scrolls.
TOO_WIDE = """
[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, .unseen, .skip, .tip')
  && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))
"""
SHOWN = """
[...document.querySelectorAll('.tip')].filter(e => getComputedStyle(e).visibility == 'visible')
  .map(e => [...e.querySelectorAll('text')].map(t => t.textContent).join('|'))
"""
PAGES = {
    "pack": lambda: html.render(pack()),
    "card": lambda: html.render(pack(one_page=True)),
    "long words": lambda: html.render(hostile("W" * 300)),
    "hostile": lambda: html.render(hostile("<script>alert(1)</script>' onload=alert(1) {{x}}")),
    "across": lambda: html.render(pack(parts=[pack().parts[0], across(), pack().parts[2]])),
    "report": lambda: render_report(report(charts=ALL)),
}


def written(name: str) -> Path:
    file = Path(f"{name}.html").resolve()
    file.write_text(PAGES[name](), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", PAGES)
def test_the_browser_complains_of_nothing_and_nothing_is_wider_than_the_window(chromium: Browser, name: str) -> None:
    file = written(name)
    for wide in WIDTHS:
        chromium.open(file, wide)
        assert chromium.value("document.documentElement.scrollWidth") <= wide
        assert chromium.value("innerWidth") == wide
        assert chromium.value(TOO_WIDE) == []
        assert chromium.complaints == []


def test_the_check_for_complaints_sees_them(chromium: Browser) -> None:
    bad = html.render(pack()).replace("</body>", "<script>1</script><img src='http://127.0.0.1:9/'></body>")
    file = Path("bad.html").resolve()
    file.write_text(bad, encoding="utf-8")
    chromium.open(file, 1280)
    assert any("Content Security Policy" in said or "ContentSecurityPolicy" in said for said in chromium.complaints)


@pytest.mark.parametrize("dark", [False, True])
def test_the_page_takes_the_colours_that_are_asked_for(chromium: Browser, dark: bool) -> None:
    chromium.open(written("pack"), 1280, dark=dark)
    ground = chromium.value("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(13, 17, 23)" if dark else "rgb(255, 255, 255)")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("svg[aria-labelledby^=chart-1] .spot:nth-of-type(3)", "Share of customers 40%|Share of net sales 80%"),
        ("svg[aria-labelledby^=chart-2] .spot ~ .spot", "2024-04|杭州 50.0%"),
        ("svg[aria-labelledby^=chart-3] .spot", "A → A|6 · 75.0%"),
        ("svg[aria-labelledby^=chart-4] .spot", "杭州 1,000.00"),
    ],
)
def test_pictures_say_what_lies_below_the_mouse_or_where_tab_stops(chromium: Browser, place: str, said: str) -> None:
    chromium.open(written("pack"), 1280)
    assert chromium.value(SHOWN) == []
    chromium.hover(f"{place} .hit")
    assert chromium.value(SHOWN) == [said]
    chromium.open(written("pack"), 390)
    slim = place.replace("chart-", "slim-")
    chromium.value(f"document.querySelector({slim!r}).focus()")
    assert said in chromium.value(SHOWN)
    assert chromium.value("document.activeElement.getAttribute('aria-label')") == said.replace("|", " · ")


def test_what_a_picture_says_stays_within_it(chromium: Browser) -> None:
    chromium.open(written("pack"), 1280)
    beyond = """
    [...document.querySelectorAll('.tip')].filter(e => { const t = e.getBBox(), v = e.ownerSVGElement.viewBox.baseVal;
      return t.x < 0 || t.y < 0 || t.x + t.width > v.width || t.y + t.height > v.height }).length
    """
    assert chromium.value("document.querySelectorAll('.tip').length") > 10
    assert chromium.value(beyond) == 0


def test_a_line_stands_out_where_its_name_is_pointed_at(chromium: Browser) -> None:
    chromium.open(written("pack"), 1280)
    opaque = "[...document.querySelectorAll('.drawing:not(.slim) .series')].map(e => getComputedStyle(e).opacity)"
    assert chromium.value(opaque) == ["1", "1"]
    chromium.hover(".series ~ .series .hit")
    assert chromium.value(opaque) == ["0.2", "1"]


def test_tab_stops_at_the_way_to_the_reports_first(chromium: Browser) -> None:
    chromium.open(written("pack"), 1280)
    chromium.press("Tab")
    assert chromium.value("document.activeElement.className") == "skip"
    assert chromium.value("document.activeElement.getBoundingClientRect().left") >= 0


def test_a_wide_table_scrolls_below_the_names_of_its_rows(chromium: Browser) -> None:
    chromium.open(written("pack"), 390)
    box = "[...document.querySelectorAll('.scroll')].find(e => e.scrollWidth > e.clientWidth + 100)"
    chromium.value(f"{box}.scrollLeft = 400")
    assert chromium.value(f"{box}.scrollLeft") > 50
    name, edge = (
        chromium.value(f"{box}{part}.getBoundingClientRect().left") for part in (".querySelector('tbody th')", "")
    )
    assert name == pytest.approx(edge, abs=1)


def test_a_table_that_goes_on_to_the_right_fades_there_until_its_end(chromium: Browser) -> None:
    chromium.open(written("pack"), 390)
    faded = "getComputedStyle({}).maskImage != 'none'"
    box = "[...document.querySelectorAll('.scroll')].find(e => e.scrollWidth {} e.clientWidth)"
    wide, narrow = box.format(">"), box.format("==")
    chromium.call("Page.captureScreenshot")
    assert chromium.value(faded.format(wide)) and not chromium.value(faded.format(narrow))
    chromium.value(f"{wide}.scrollLeft = 9999")
    chromium.call("Page.captureScreenshot")
    assert not chromium.value(faded.format(wide))


@pytest.mark.parametrize("wide", WIDTHS)
def test_a_picture_stands_once_and_no_smaller_than_its_words_can_be_read(chromium: Browser, wide: int) -> None:
    chromium.open(written("pack"), wide)
    sizes = """
    [...document.querySelectorAll('.drawing')].filter(e => e.clientWidth > 0)
      .map(e => 12 * e.getBoundingClientRect().width / e.viewBox.baseVal.width)
    """
    found = chromium.value(sizes)
    assert len(found) == 4 and min(found) >= 11


def pages(data: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", data))


def test_a_pack_prints_upright_and_across_as_its_tables_want(chromium: Browser) -> None:
    chromium.open(written("across"), 1280)
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", chromium.printed())
    sides = [float(wide) > float(high) for wide, high in sizes]
    assert [side for side, _run in groupby(sides)] == [False, True, False]


CARD = """
title = "Card"
time = "day"
one_page = true
part = [
  { report = "customer show {customer}" },
  { report = "contact list customer={customer}", most = 5 },
  { report = "tier --office NJ", most = 12, charts = false },
  { report = "rebate gap --customer {customer}", most = 4 },
  { report = "credit status {customer}" },
  { report = "score trend" },
]
"""


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("customer", ["C00001", "C00016"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_customers_card_is_one_page(chromium: Browser, ch: Run, customer: str, lang: str) -> None:
    Path("card.toml").write_text(CARD, encoding="utf-8")
    done = ch("--lang", lang, "report", "run", "card.toml", "--customer", customer, "-o", "card.html")
    assert done.code == 0, done.err
    chromium.open(Path("card.html").resolve(), 1280)
    assert pages(chromium.printed()) == 1
    assert chromium.value(TOO_WIDE) == []
