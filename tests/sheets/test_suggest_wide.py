"""Hundreds of headings that nobody knows: what a guess costs grows with their number, not with its cube."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.records import Kind, kinds
from channelctl.sheets import naming
from channelctl.sheets.shapes import across
from channelctl.sheets.shapes.seeing import see
from channelctl.sheets.suggesting import likeness, looks, suggest
from channelctl.sheets.suggesting.looks import Sample


def columns(figures: Sequence[Sequence[Any]]) -> list[Sample]:
    return [Sample(place, f"列{place}", list(cells)) for place, cells in enumerate(figures)]


def test_a_product_is_found_among_hundreds_of_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few triples are multiplied out: those whose first rows fit."""
    tried: list[int] = []
    multiply = looks._multiply

    def counted(one: Sample, other: Sample, whole: Sample) -> bool:
        tried.append(whole.index)
        return multiply(one, other, whole)

    monkeypatch.setattr(looks, "_multiply", counted)
    others = [[1009 * (place + 7) + row * row * (place + 3) for row in range(20)] for place in range(198)]
    counts, prices = [row % 7 + 2 for row in range(20)], [Decimal("13.37") * (row + 1) for row in range(20)]
    whole = [count * price for count, price in zip(counts, prices, strict=True)]
    found = looks.products(
        columns([counts, *others, [float(p) for p in prices], [float(w) for w in whole]]), None, None
    )
    assert {name: place for name, (place, _text) in found.items()} == {"quantity": 0, "unit_price": 199, "amount": 200}
    assert len(tried) < 5_000


@given(st.integers(2, 30), st.integers(101, 999), st.integers(0, 2), st.data())
def test_it_does_not_matter_where_the_three_stand_nor_that_a_row_is_off(
    rows: int, price: int, off: int, data: st.DataObject
) -> None:
    counts = [row % 5 + 2 for row in range(rows)]
    prices = [float(price + row * 3) for row in range(rows)]
    wholes = [count * each for count, each in zip(counts, prices, strict=True)]
    if rows >= 20:
        for place in range(off):
            wholes[place] += 5_000
    three: list[tuple[str, Sequence[Any]]] = [("quantity", counts), ("unit_price", prices), ("amount", wholes)]
    order = data.draw(st.permutations(three))
    found = looks.products(columns([cells for _name, cells in order]), None, None)
    assert {name: place for name, (place, _text) in found.items()} == {
        name: place for place, (name, _cells) in enumerate(order)
    }


def test_a_thousand_unknown_headings_are_guessed_at_in_no_more_than_a_few_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each heading is held against the names of a kind at once, in sound as in writing."""
    asked: list[str] = []
    heard = likeness._heard

    def noted(kind: Kind, plain: str) -> Iterator[Any]:
        asked.append(plain)
        return heard(kind, plain)

    monkeypatch.setattr(likeness, "_heard", noted)
    rows = [[f"未知列{place}" for place in range(1_000)], [f"值{place}" for place in range(1_000)]]
    found = suggest.guess(rows, "x", defaultdict(frozenset), None, ["x"])
    assert found is not None
    assert not found.complete
    assert len(asked) <= 200 * len(kinds())


def test_texts_of_which_none_is_a_heading_are_told_apart_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty rows of a thousand texts are held against our names by their beginnings, whatever the kind."""
    asked: list[int] = []
    aliases = naming._every_alias

    def noted() -> Any:
        asked.append(1)
        return aliases()

    monkeypatch.setattr(naming, "_every_alias", noted)
    monkeypatch.setattr(across, "_within", lambda *_spans: pytest.fail("a text was taken for a period"))
    naming._fields.cache_clear()
    naming.may_group.cache_clear()
    see([[f"未知{row}列{place}" for place in range(1_000)] for row in range(40)], {})
    assert len(asked) < 100


@given(
    st.lists(
        st.sampled_from(["金额", "客户", "不含税", "（万元）", "Amount", " ", "1.", "★", "台", "累计", "x"]), max_size=4
    )
)
def test_a_heading_names_what_it_does_whether_or_not_its_beginning_was_looked_at(pieces: list[str]) -> None:
    word = "".join(pieces)
    naming._fields.cache_clear()
    first = naming._fields(word)
    naming._fields.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(naming, "_may_be_known", lambda _word: True)
        assert naming._fields(word) == first
    naming._fields.cache_clear()
