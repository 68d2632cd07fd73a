"""Names near each other, and names that only look like it."""

import csv
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.records.near import WAYS, Nearby, Nearness, way_text
from channelctl.records.suspects import Pair, pairs
from channelctl.systems.customers.rules import CustomerPolicy

NEAR = Nearness(CustomerPolicy())

# Two names of one customer, and by what they differ.
SAME = [
    ("杭州恒达通讯", "杭州 恒达\u3000通讯", "signs"),
    ("恒达通讯(杭州)有限公司", "恒达通讯（杭州）有限公司", "signs"),
    ("恒达通讯(杭州)有限公司", "杭州恒达通讯有限公司", "signs"),
    ("恒达【杭州】", "恒达(杭州)", "signs"),
    ("恒达集团有限公司", "恒达（集团）有限公司", "signs"),
    ("恒达通讯(二店)", "恒达通讯二店", "signs"),
    ("恒达二店", "恒达2店", "signs"),
    ("恒达第十二店", "恒达第12店", "signs"),
    ("恒达二十店", "恒达20店", "signs"),
    ("ABC 电器", "ａｂｃ电器", "signs"),
    ("迪信通電器", "迪信通电器", "signs"),
    ("Euro+ Shopping Channel", "Euro Shopping Channel", "signs"),
    ("Auto Canal+ Petit", "Auto Canal Petit", "signs"),
    ("L'ordine Souveniers", "Lordine Souveniers", "signs"),
    ("Lee & Sons", "Lee and Sons", "signs"),
    ("杭州恒达通讯", "杭州恒达通讯有限公司", "company"),
    ("杭州恒达通讯有限公司", "杭州恒达通讯有限责任公司", "company"),
    ("恒达(杭州)通讯", "杭州恒达通讯公司", "company"),
    ("杭州市恒达通讯", "杭州恒达通讯", "company"),
    ("浙江省杭州市恒达通讯有限公司", "杭州恒达通讯有限公司", "company"),
    ("苏宁电器", "苏宁电器集团", "company"),
    ("苏宁电器股份有限公司", "苏宁电器", "company"),
    ("ＡＢＣ电器", "ABC电器有限公司", "company"),
    ("Land of Toys Inc.", "Land of Toys", "company"),
    ("Mini Wheels Co.", "Mini Wheels Company", "company"),
    ("A.B. Toys Ltd", "AB Toys Limited", "company"),
    ("Toys of Finland, Co.", "Toys of Finland", "company"),
    ("Saveley & Henriot, Co., Ltd.", "Saveley and Henriot", "company"),
    ("恒达通讯", "恒达电器", "trade"),
    ("恒达通讯", "恒达手机店", "trade"),
    ("恒达手机二店", "恒达2店", "trade"),
    ("张伟通讯", "张伟手机店", "trade"),
    ("南京岚澜通信发展有限公司", "南京岚澜通信", "trade"),
    ("南京苏宁云商科技有限公司", "南京苏宁云尚科技有限公司", "sound"),
    ("Mingyuan Electronics Co. Ltd", "Mingyuan Electonics Co Ltd", "letter"),
    ("廣州鴻達通訊", "广州鸿达通讯", "signs"),
    ("臺北鴻達電器有限公司", "台北鸿达电器", "company"),
    ("南京苏宁电器", "苏宁电器", "place"),
    ("广州鸿达通讯", "鸿达通讯", "place"),
    ("鸿达通讯", "廣州市鴻達通訊有限公司", "place"),
]
# Two customers, however alike they look.
OTHERS = [
    ("恒达通讯(总店)", "恒达通讯(分店)"),
    ("恒达通讯(总店)", "恒达通讯"),
    ("广州鸿达通讯", "深圳鸿达通讯"),
    ("广州通讯", "深圳通讯"),
    ("杭州恒达通讯", "苏州恒达通讯"),
    ("恒达通讯(杭州)有限公司", "恒达通讯(苏州)有限公司"),
    ("台州迪信通手机连锁", "泰州迪信通手机连锁"),
    ("恒达一店", "恒达二店"),
    ("恒达3店", "恒达5店"),
    ("恒达通讯第一分公司", "恒达通讯第二分公司"),
    ("恒达通讯有限公司", "恒达通讯有限公司杭州分公司"),
    ("恒达(东门店)", "恒达(西门店)"),
    ("恒达通讯", "恒达(东门店)"),
    ("中国联通南京分公司", "中国联通南昌分公司"),
    ("中国移动", "中国联通"),
    ("张伟", "张伟明"),
    ("张伟", "章伟"),
    ("王伟", "王威"),
    ("张晓明", "张小明"),
    ("张晓明通讯", "张小明通讯"),
    ("欧阳娜娜", "欧阳纳纳"),
    ("Anna Andreadi", "Anna Andreada"),
    ("恒达通讯", "恒大通讯"),
    ("杭州恒达通讯", "杭州恒大通讯"),
    ("华通", "华同"),
    ("华通", "华通达"),
    ("苏宁电器", "宁苏电器"),
    ("苏宁电器", "国美电器"),
    ("杭州通讯", "杭州电器"),
    ("杭州手机店", "杭州数码店"),
    ("杭州手机1店", "杭州数码1店"),
    ("手机通讯", "通讯手机店"),
    ("杭州公司", "杭州集团"),
    ("甲公司", "甲"),
    ("甲公司", "乙公司"),
    ("现金客户", "零散客户"),
    ("客户1", "客户2"),
    ("Shop 1-12", "Shop 11-2"),
    ("Gift Store 1", "Gift Store 2"),
    ("Store A", "Store B"),
    ("Diecast Classics Inc.", "Diecast Collectables"),
    ("Toys of Finland, Co.", "Toys of Ireland, Co."),
    ("0379-NEVHP", "0379-NEVHQ"),
]


def way(one: str, other: str, nearness: Nearness = NEAR) -> str | None:
    """By what two names differ; None where they are not near."""
    nearby = Nearby(nearness)
    nearby.add(1, one)
    return nearby.near(other).get(1)


@pytest.mark.parametrize(("one", "other", "by"), SAME)
def test_two_names_of_one_customer_are_near(one: str, other: str, by: str) -> None:
    assert way(one, other) == way(other, one) == by


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_names_of_two_customers_are_not(one: str, other: str) -> None:
    assert way(one, other) is None
    assert way(other, one) is None


def test_the_nearest_comes_first() -> None:
    nearby = Nearby(NEAR)
    for id_, name in enumerate(["恒达电器", "恒达通讯有限公司", "恒达 通讯"], 1):
        nearby.add(id_, name)
    assert list(nearby.near("恒达通讯").items()) == [(3, "signs"), (2, "company"), (1, "trade")]


@pytest.mark.parametrize("left_out", WAYS)
def test_the_policy_says_which_differences_count(left_out: str) -> None:
    ways = [name for name in WAYS if name != left_out]
    nearness = Nearness(CustomerPolicy(near=ways))  # type: ignore[arg-type]
    for one, other, by in SAME:
        found = way(one, other, nearness)
        assert found == by if by != left_out else found in (None, *ways)
    assert all(way(one, other, nearness) != left_out for one, other, _by in SAME)


def test_no_way_is_near_at_all() -> None:
    nearness = Nearness(CustomerPolicy(near=()))
    assert {way(one, other, nearness) for one, other, _by in SAME} == {None}


def test_the_words_and_lengths_are_the_policys() -> None:
    assert way("恒达通讯", "恒达茶行") is None
    assert way("恒达通讯", "恒达茶行", Nearness(CustomerPolicy(trade_words=("通讯", "茶行")))) == "trade"
    assert way("恒达通讯", "恒达商会") is None
    assert way("恒达通讯", "恒达通讯商会", Nearness(CustomerPolicy(company_words=("商会",)))) == "company"
    assert way("杭州恒达通讯公司", "杭州恒大通讯公司", Nearness(CustomerPolicy(sound_from=2))) == "sound"
    assert way("Mingyuan Store", "Mingyuen Store", Nearness(CustomerPolicy(letter_from=14))) is None
    assert way("恒达", "恒达通讯", Nearness(CustomerPolicy(trade_words=(), company_words=()))) is None


NAMES = st.text("杭州苏南京恒达通讯电器有限公司集团（）() 一二3店Ab&.-'", max_size=14)


@given(NAMES, NAMES)
def test_nearness_goes_both_ways(one: str, other: str) -> None:
    assert way(one, other) == way(other, one)


@given(NAMES)
def test_every_name_is_near_itself_or_says_too_little(name: str) -> None:
    assert way(name, name) in (None, "signs")
    assert way(f" {name} ", name) == way(name, name)


def found(names: Iterable[str]) -> list[tuple[str, str, str]]:
    every = sorted(set(names))
    known = {place: (name, name) for place, name in enumerate(every)}
    near = pairs(known, NEAR, {place: (-place,) for place in known})
    return [(every[pair.one], every[pair.other], pair.way) for pair in near]


def column(file: Path, name: str, encoding: str = "utf-8-sig") -> list[str]:
    with file.open(encoding=encoding, newline="") as opened:
        return [row[name] for row in csv.DictReader(opened)]


def test_real_customers_are_not_near_each_other(real: Path) -> None:
    people = column(real / "superstore_zh" / "truth_customers_by_name.csv", "name")
    assert len(people) == 771
    assert found(people) == []
    dealers = column(real / "classicmodels" / "customers.csv", "customerName")
    assert len(dealers) == 122
    assert found(dealers) == []
    others = column(real / "classicmodels" / "sales_data_sample.csv", "CUSTOMERNAME", "latin-1")
    assert found(others) == []
    assert found([*dealers, *others]) == [
        ("Auto Canal+ Petit", "Auto Canal Petit", "signs"),
        ("Euro+ Shopping Channel", "Euro Shopping Channel", "signs"),
    ]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({1: ("a", "甲乙"), 2: ("a", "甲乙")}, [Pair(1, 2, "")]),
        ({1: ("a", "恒达通讯"), 2: ("b", "恒达"), 3: ("c", "恒达公司")}, [Pair(2, 3, "company"), Pair(1, 3, "trade")]),
        ({1: ("a", "甲乙丙"), 2: ("b", "丁戊己", "甲乙 丙")}, [Pair(1, 2, "signs")]),
        ({1: ("a", "甲乙丙"), 2: ("b", "丁戊己")}, []),
    ],
)
def test_pairs_stand_beside_the_weightiest(names: dict[int, Sequence[str]], expected: list[Pair]) -> None:
    weight: dict[int, tuple[Any, ...]] = {id_: (id_,) for id_ in names}
    assert sorted(pairs(names, NEAR, weight)) == sorted(expected)


def test_many_of_one_name_are_not_every_pair_of_them() -> None:
    names = {id_: ("现金客户", "现金客户") for id_ in range(200)}
    assert len(pairs(names, NEAR, {id_: (id_,) for id_ in names})) == 199


def test_every_way_is_said_in_words() -> None:
    texts = [way_text(one) for one in ("", *WAYS)]
    assert all(one != other for one, other in combinations(texts, 2))
    assert not set(texts) & set(WAYS)
