"""Addresses: what they are, names of them, and what of them may be seen."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl import holder
from channelctl.errors import UsageError
from channelctl.notices.addresses import resolve
from channelctl.notices.policy import masked
from channelctl.notices.wording import cut
from tests.conftest import Run
from tests.notices.conftest import Policy

NAMES = {
    "boss": "mailto:boss@example.com",
    "NJ": "json+https://hooks.example.com/nj",
    "branch": "mailto:{office}@example.com",
}


@pytest.mark.parametrize(
    ("word", "office", "url", "shown"),
    [
        ("mailto:wang@example.com", None, "mailto:wang@example.com", "mailto:…@example.com"),
        ("wang@example.com", None, "mailto:wang@example.com", "mailto:…@example.com"),
        ("mailto:a@x.com,b@y.com,c@x.com", None, "mailto:a@x.com,b@y.com,c@x.com", "mailto:…@x.com,…@y.com"),
        ("boss", None, "mailto:boss@example.com", "boss (mailto:…@example.com)"),
        ("{office}", "NJ", "json+https://hooks.example.com/nj", "NJ (json+https://hooks.example.com)"),
        ("branch", "NJ", "mailto:NJ@example.com", "branch (mailto:…@example.com)"),
        ("branch", "南/京", "mailto:%E5%8D%97%2F%E4%BA%AC@example.com", "branch (mailto:…@example.com)"),
        ("{office}@example.com", "NJ", "mailto:NJ@example.com", "mailto:…@example.com"),
        ("json+https://me:pw@h.com:81/p?k=1", None, "json+https://me:pw@h.com:81/p?k=1", "json+https://h.com:81"),
        ("dingtalk://TOKEN", None, "dingtalk://TOKEN", "dingtalk://…"),
        ("mailtos://me:pw@example.com", None, "mailtos://me:pw@example.com", "mailtos://…"),
        ("mailto://me:pw@example.com", None, "mailto://me:pw@example.com", "mailto://…"),
    ],
)
def test_an_address_is_found_and_shown_without_its_secrets(word: str, office: str, url: str, shown: str) -> None:
    found = resolve(word, office, NAMES)
    assert (found.url, found.shown) == (url, shown)
    assert url not in repr(found)


@pytest.mark.parametrize(
    ("word", "office", "reason"),
    [
        ("nobody", None, "“nobody” is neither an address nor the name of one"),
        ("", None, "“” is neither an address nor the name of one"),
        ("{office}", "HZ", "“HZ” is neither an address nor the name of one"),
        ("branch", None, "an address with {office} needs an office"),
        ("dingtalk:// T", None, "“dingtalk://…” is no address"),
        ("1:x", None, "“1://…” is no address"),
    ],
)
def test_what_is_no_address_is_said_to_be_none(word: str, office: str | None, reason: str) -> None:
    with pytest.raises(UsageError) as found:
        resolve(word, office, NAMES)
    assert found.value.message == reason


FORMS = [
    "mailto:{}@example.com", "mailto:{}", "smtp://u:{}@h:25", "smtps://{}@h", "SMTP://{}@h", "json+https://{}:x@h/",
    "json+https://h/{}", "json+http://h:1/?k={}", "json+https://h#{}", "slack://{}/b/c", "wecombot://{}", "x:{}",
]  # fmt: skip


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=12, max_size=20), st.data())
def test_no_secret_is_ever_shown(secret: str, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(FORMS))
    assert secret not in masked(form.format(secret))


def test_the_policy_shows_addresses_without_their_secrets(ch: Run, notify: Policy) -> None:
    notify('smtp = "smtp://wang:s3cret@mail.example.com:587"', boss="wecombot://s3cret", li="mailto:li@example.com")
    rows = {row["setting"]: row["value"] for row in ch("policy", "show", "--format", "json").data["rows"]}
    assert rows["names.boss"] == "wecombot://…"
    assert rows["names.li"] == "mailto:…@example.com"
    assert rows["smtp"] == "smtp://mail.example.com:587"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[notify]\nnames = "x://s3cret"', '[notify] names: names are a section of their own: boss = "mailto:…"'),
        ('[notify.names]\nboss = ["dingtalk://s3cret"]', "[notify] names.boss: an address is text in quotation marks"),
        ('[notify]\nsmtp = ["smtp://u:s3cret@h"]', "[notify] smtp: an address is text in quotation marks"),
        ("[notify.names]\nboss = dingtalk://s3cret", "line 2, column 8: this is not “name = value”: boss = dingtalk://…"),
        ("[notify]\ntries = 0", "[notify] tries: 0 is below 1"),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_is_refused_without_its_secrets(ch: Run, text: str, reason: str) -> None:
    Path("policy.toml").write_text(text)
    code, out, err = ch("policy", "show")
    assert (code, out) == (3, "")
    assert err.startswith(f"channelctl: error: policy policy.toml: {reason}\n")
    assert "s3cret" not in err


def test_who_holds_a_lock_is_told_without_where_it_sends_to() -> None:
    words = ["report", "daily", "--notify", "dingtalk://s3cret", "--notify=x://s3cret", "--output", "a.xlsx"]
    assert list(holder._shown(words)) == ["report", "daily", "--output", "a.xlsx"]


@given(st.text(max_size=300), st.integers(min_value=10, max_value=200))
def test_what_is_cut_fits_in_bytes_and_is_a_beginning(text: str, most: int) -> None:
    def size(part: str) -> int:
        return len(part.encode("utf-8", "surrogatepass"))

    found = cut(text, most, size)
    assert size(found) <= most
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


def test_a_text_is_cut_at_a_line() -> None:
    assert cut("一\n二\n三\n", 11, lambda text: len(text.encode())) == "一\n二\n…"
    assert cut("一二三四五", 12, lambda text: len(text.encode())) == "一二三…"
