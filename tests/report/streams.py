"""Streams that a test can look into."""

import io


class Stream(io.TextIOWrapper):
    """A pipe or a terminal in some encoding."""

    def __init__(self, encoding: str = "utf-8", terminal: bool = False) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    @property
    def raw_bytes(self) -> bytes:
        """What was written."""
        self.flush()
        inner = self.buffer
        assert isinstance(inner, io.BytesIO)
        return inner.getvalue()

    @property
    def text(self) -> str:
        """What was written, decoded."""
        return self.raw_bytes.decode(self.encoding)
