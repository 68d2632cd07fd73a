"""Where a test can run."""

import os
from pathlib import Path

import pytest

from channelctl import i18n

posix = pytest.mark.skipif(os.name == "nt", reason="streams and devices as POSIX has them")
CATALOGUE = Path(i18n.__file__).parent / "locale" / "zh" / "LC_MESSAGES" / "channelctl.mo"
chinese = pytest.mark.skipif(not CATALOGUE.exists(), reason="the Chinese catalogue has not been compiled")
