"""The words that a customer's file uses."""

import pytest

from channelctl.systems.customers.rules import CustomerPolicy, channel_of, channel_text, tidy
from tests.conftest import forget
from tests.making import policy


@pytest.mark.parametrize(
    ("word", "channel"),
    [
        ("直供", "direct"),
        ("direct", "direct"),
        ("DIRECT", "direct"),
        (" 社会渠道 ", "direct"),
        ("分销商", "distribution"),
        ("KA", "key_account"),
        ("Key Account", "key_account"),
        ("key_account", "key_account"),
        ("运营商直供", "operator"),
        ("联通", "operator"),
        ("门店", "terminal"),
        ("网店", None),
        ("", None),
    ],
)
def test_a_word_means_a_channel(word: str, channel: str | None) -> None:
    assert channel_of(word) == channel


def test_no_word_means_two_channels() -> None:
    channels = CustomerPolicy().channels
    words = [word.casefold() for name, aliases in channels.items() for word in (name, *aliases)]
    assert len(words) == len(set(words))


def test_the_policy_may_have_other_channels() -> None:
    policy('[customers.channels]\nonline = ["网店", "电商"]\n')
    forget()
    assert [channel_of(word) for word in ("电商", "online", "直供")] == ["online", "online", None]


@pytest.mark.parametrize(
    ("values", "kept", "remarks"),
    [
        ({"channel": "直供", "class": "vka"}, {"channel": "direct", "class": "VKA"}, []),
        ({"market_level": "t1"}, {"market_level": "T1"}, []),
        ({"channel": "网店"}, {"channel": "网店"}, [("W102", "channel")]),
        ({"class": "v9"}, {"class": "v9"}, [("W102", "class_")]),
        ({"class": "重点", "market_level": "T1"}, {"class": "重点", "market_level": "T1"}, [("W102", "class_")]),
        ({"market_level": "T9"}, {"market_level": "T9"}, [("W102", "market_level")]),
        ({"channel": None, "class": None}, {"channel": None, "class": None}, []),
        ({"name": "甲"}, {"name": "甲"}, []),
    ],
)  # fmt: skip
def test_known_words_become_the_policys_and_unknown_ones_stay(
    values: dict[str, object], kept: dict[str, object], remarks: list[tuple[str, str]]
) -> None:
    found = [(flaw.code, field) for flaw, field in tidy(values)]
    assert (values, found) == (kept, remarks)


@pytest.mark.parametrize(
    ("channel", "said"), [("direct", "direct"), ("key_account", "key account"), ("网店", "网店"), (None, "")]
)
def test_a_channel_is_said_in_words(channel: str | None, said: str) -> None:
    assert channel_text(channel) == said
