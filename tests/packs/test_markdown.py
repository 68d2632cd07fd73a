"""A pack as Markdown, for a chat."""

import re
from dataclasses import replace

import pytest

from channelctl.packs import markdown
from tests.packs.made import hostile, listed, pack

HEAD = """\
# Month report · 南京 · May 2024

- Net sales, CNY: **10,118,190.73** (▲ 3.2% · rank 2 of 13)
- Achieved: **87.3%** (▼ 2.9)
- Overdue, CNY: **5,000.00** (▲ 25.0%)
- Customers: **78**
"""


def test_the_figures_come_first_then_the_parts_one_level_down() -> None:
    whole = markdown.render(pack())
    assert whole.startswith(HEAD)
    heads = [line for line in whole.splitlines() if line.startswith("#")]
    assert heads == [
        "# Month report · 南京 · May 2024",
        "## Lines of May",
        "### Tiers",
        "## A long list",
        "## One of them",
        "## Left out",
    ]
    assert whole.endswith(
        "## Left out\n\n- Stock: nothing is counted\n\n- Data: sales to 2024-05-31\n- Policy: the defaults\n"
    )
    assert "\n- 1 line names no customer\n" in whole


def test_the_short_one_is_the_figures_alone() -> None:
    assert markdown.brief(pack()) == f"{HEAD}\nsales to 2024-05-31\n"
    assert markdown.brief(pack(parts=[], origin=())) == "# Month report · 南京 · May 2024\n"


@pytest.mark.parametrize(
    ("most", "shown", "more"),
    [(5, 5, "55 more rows: "), (None, 10, "50 more rows: "), (40, 10, "50 more rows: ")],
)
def test_a_chat_is_shown_few_rows_and_the_command_for_the_rest(most: int | None, shown: int, more: str) -> None:
    whole = markdown.render(pack(parts=[replace(pack().parts[1], most=most)]))
    assert whole.count("Söhne") == shown
    assert f"\n\n{more}channelctl customer list 'city=南京 &amp; Co'\n" in whole


def test_a_short_list_is_whole() -> None:
    whole = markdown.render(pack(parts=[replace(pack().parts[1], report=listed(10), most=None)]))
    assert whole.count("Söhne") == 10 and "more row" not in whole


@pytest.mark.parametrize(
    "text", ["# a", "- a", "a|b", "<script>x</script>", "[x](http://y)", "**a**\n# b", "`a`", "1. a"]
)
def test_text_stays_text(text: str) -> None:
    whole = markdown.render(hostile(text))
    assert "<script" not in whole
    assert not re.search(r"(?<!\\)\[x(?<!\\)\]\(", whole)
    plain = markdown.render(hostile("plain"))
    assert re.sub(r"^(#+ |- ).*", r"\1", whole, flags=re.M).count("\n#") == re.sub(
        r"^(#+ |- ).*", r"\1", plain, flags=re.M
    ).count("\n#")
    assert [line.count(" | ") for line in whole.splitlines()] == [line.count(" | ") for line in plain.splitlines()]
