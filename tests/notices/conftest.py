"""A file that stands, and a policy under which nobody waits."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import forget

Policy = Callable[..., None]


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own proxies and mail servers."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("CHANNELCTL_SMTP", "CHANNELCTL_SMTP_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def notify(tmp_path: Path) -> Policy:
    """Write [notify] of the policy: settings as TOML, and names."""

    def write(*lines: str, **names: str) -> None:
        told = [f'names.{name} = "{address}"' for name, address in names.items()]
        text = "\n".join(["[notify]", "pause = 0", *lines, *told])
        (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
        forget()

    write()
    return write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of all bytes there are, with a name in Chinese."""
    where = tmp_path / "日跟进 2024-05-20.xlsx"
    where.write_bytes(bytes(range(256)) * 40 + b"\r\n.\r\n..x\n")
    return where
