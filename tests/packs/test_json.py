"""A pack as JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.packs import jsonfile
from channelctl.report import jsonfile as single
from tests.packs.made import hostile, pack


def test_it_holds_what_was_asked_for_the_figures_the_reports_and_where_it_comes_from() -> None:
    whole = json.loads(jsonfile.render(pack()), parse_float=str)
    assert list(whole) == ["pack", "title", "params", "origin", "figures", "parts", "absent"]
    assert (whole["pack"], whole["params"]) == ("month", {"month": "2024-05"})
    assert whole["origin"][0] == {"label": "Data", "text": "sales to 2024-05-31"}
    assert whole["figures"][0] == {
        "part": "lines",
        "name": "net_sales",
        "label": "Net sales",
        "kind": "money",
        "value": "10118190.73",
        "before": "9800000.00",
        "good": "up",
        "remark": "rank 2 of 13",
    }
    assert whole["figures"][3]["before"] is None
    assert whole["absent"] == [
        {"title": "Stock", "command": "channelctl stock cover", "reason": "nothing is counted"}
    ]  # fmt: skip


def test_each_report_is_as_its_command_gives_it() -> None:
    whole = json.loads(jsonfile.render(pack()), parse_float=str)
    assert [part["name"] for part in whole["parts"]] == ["lines", "list", "lines-2"]
    for part, held in zip(whole["parts"], pack().parts, strict=True):
        assert (part["title"], part["command"]) == (held.title, held.command)
        assert part["report"] == json.loads(single.render(held.report), parse_float=str)
    assert len(whole["parts"][1]["report"]["rows"]) == 60


@pytest.mark.parametrize("ascii_only", [False, True])
@given(text=st.text(min_size=1, max_size=20))
def test_any_text_is_held_as_it_is(ascii_only: bool, text: str) -> None:
    said = jsonfile.render(hostile(text), ascii_only)
    whole = json.loads(said)
    assert whole["title"] == text and whole["absent"][0]["reason"] == text
    assert whole["parts"][0]["title"] == text and whole["figures"][0]["remark"] == text
    assert not ascii_only or said.isascii()


def test_a_pack_of_nothing_is_json_too() -> None:
    whole = json.loads(jsonfile.render(pack(parts=[], absent=(), origin=(), params={})))
    assert (whole["params"], whole["figures"], whole["parts"], whole["absent"], whole["origin"]) == ({}, [], [], [], [])
