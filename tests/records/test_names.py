"""Names as they are compared, searched and sounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.records.names import name_key, pinyin


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("杭州办事处", "office", "杭州"),
        ("杭州分公司", "office", "杭州"),
        ("办事处", "office", "办事处"),
        ("杭州办事处", "customer", "杭州办事处"),
        ("  Lee  &  Sons ", "", "lee&sons"),
        ("苏宁（东门店）", "", "苏宁(东门店)"),
        ("Ｘ９８０\u3000ＡＢ", "", "x980ab"),
        ("STRASSE", "", "strasse"),
        ("Straße", "", "strasse"),
        ("", "", ""),
    ],
)
def test_a_key_has_no_case_width_blanks_nor_an_offices_ending(name: str, kind: str, key: str) -> None:
    assert name_key(name, kind) == key


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("杭州苏宁", "hangzhousuning", "hzsn"),
        ("重庆", "chongqing", "cq"),
        ("苏宁Elec 2店", "suningelec2dian", "sne2d"),
        ("Lee & Sons", "leesons", "ls"),
        ("绿地", "lvdi", "ld"),
        ("！？", "", ""),
        ("", "", ""),
    ],
)
def test_pinyin_without_tones_and_its_initials(name: str, full: str, initials: str) -> None:
    assert pinyin(name) == (full, initials)


WRITTEN = st.text("杭州苏宁电器大卖场办事处（）() \u3000ＡＢｃ１２AbcXYZ019&.-", max_size=30)


@given(WRITTEN)
def test_a_key_is_its_own_key_and_pinyin_is_plain(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name.upper()) == name_key(f" {name} ") == name_key(name)
    full, initials = pinyin(name)
    assert len(initials) <= len(full)
    assert set(full) <= set("abcdefghijklmnopqrstuvwxyz0123456789")
