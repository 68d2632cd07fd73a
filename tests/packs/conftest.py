"""Chinese headings, and a browser where there is one."""

from collections.abc import Iterator

import pytest

from channelctl import i18n
from tests.packs import browser
from tests.packs.browser import Browser


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chinese headings and words; messages stay English, so that no catalogue is needed."""
    monkeypatch.setattr(i18n, "_language", "zh")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser, or a skip that says so."""
    program = browser.found()
    if program is None:
        pytest.skip(f"no browser on this machine ({', '.join(browser.NAMES)})")
    page = Browser(program, tmp_path_factory.mktemp("browser"))
    yield page
    page.close()
