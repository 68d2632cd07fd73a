"""A browser without a window, spoken to through a pipe."""

import base64
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)


def found() -> str | None:
    """The program, if there is one; Windows has no pipes of this kind."""
    if os.name == "nt":
        return None
    return next((place for place in map(shutil.which, NAMES) if place), None)


class Browser:
    """One page in it; `complaints` are what its console and its policy said."""

    def __init__(self, program: str, home: Path) -> None:
        import fcntl

        reads, self._to = os.pipe()
        self._from, writes = os.pipe()
        theirs = [fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in (reads, writes)]
        moves = [(os.POSIX_SPAWN_DUP2, end, to) for end, to in zip(theirs, (3, 4), strict=True)]
        quiet = [(os.POSIX_SPAWN_OPEN, to, os.devnull, os.O_WRONLY, 0) for to in (1, 2)]
        words = [program, *_OPTIONS, f"--user-data-dir={home}"]
        self._pid = os.posix_spawn(program, words, os.environ, file_actions=[*moves, *quiet])
        for end in (reads, writes, *theirs):
            os.close(end)
        self._number, self._rest, self.complaints = 0, b"", list[str]()
        self._session = ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Audits"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> Any:
        """What a method answers."""
        self._number += 1
        asked: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        while True:
            said = self._next()
            if said.get("id") == self._number:
                assert "error" not in said, (method, said["error"])
                return said["result"]

    def open(self, file: Path, wide: int, high: int = 900, dark: bool = False) -> None:
        """Show a file in a window of a width, and wait until it is there."""
        self.complaints.clear()
        self.call("Emulation.setDeviceMetricsOverride", width=wide, height=high, deviceScaleFactor=1, mobile=wide < 500)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Page.navigate", url=file.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def value(self, expression: str) -> Any:
        """What an expression comes to in the page."""
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def hover(self, selector: str) -> None:
        """Move the mouse to the middle of the first element that a selector finds."""
        box = f"document.querySelector({json.dumps(selector)})"
        self.value(f"{box}.scrollIntoView({{block: 'center'}})")
        x, y = self.value(f"(b => [b.x + b.width / 2, b.y + b.height / 2])({box}.getBoundingClientRect())")
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def press(self, key: str) -> None:
        """Press a key once."""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=9)

    def printed(self) -> bytes:
        """The page as PDF, on the paper it asks for."""
        done = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(done["data"])

    def close(self) -> None:
        """End the program."""
        self._session = ""
        self.call("Browser.close")
        os.waitpid(self._pid, 0)
        os.close(self._to)
        os.close(self._from)

    def _next(self) -> Mapping[str, Any]:
        while b"\0" not in self._rest:
            read = os.read(self._from, 1 << 16)
            assert read, "the browser is gone"
            self._rest += read
        whole, _end, self._rest = self._rest.partition(b"\0")
        said: dict[str, Any] = json.loads(whole)
        if said.get("method") in (
            "Runtime.consoleAPICalled",
            "Runtime.exceptionThrown",
            "Log.entryAdded",
            "Audits.issueAdded",
        ):
            self.complaints.append(json.dumps(said["params"]))
        return said
