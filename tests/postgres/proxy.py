"""A way to a server that breaks: at the n-th byte in either direction, or around a COMMIT."""

import socket
import struct
import threading
import time
from contextlib import suppress
from typing import NamedTuple

from tests.servers import Address

_WRITES, _COMMIT = b"channelctl_gate", b"COMMIT"
_PIECE = 4_096
_DONE = 0.2


class Cut(NamedTuple):
    """Where it breaks: after so many bytes sent or received, or at the COMMIT of one who writes: before it
    gets there, or its answer back.

    With `for_good` nobody gets through any more afterwards.
    """

    sent: int = -1
    received: int = -1
    commit: str = ""
    for_good: bool = False


class Proxy:
    """It takes connections and passes on what is said, until one breaks; the later ones it leaves whole."""

    def __init__(self, to: Address, cut: Cut = Cut()) -> None:  # noqa: B008  it cannot be changed
        self._to, self._cut = to, cut
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = Address("127.0.0.1", self._listening.getsockname()[1])
        self.sent = self.received = 0
        self.broken = False
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Take no more."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _address = self._listening.accept()
            except OSError:
                return
            if self.broken and self._cut.for_good:
                _break(client)
                continue
            server, silent = socket.create_connection(self._to), threading.Event()
            for work in (self._send, self._receive):
                threading.Thread(target=work, args=(client, server, silent), daemon=True).start()

    def _send(self, client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        """What the program says, to the server."""
        writes = False
        with suppress(OSError):
            while piece := client.recv(_PIECE):
                writes = writes or _WRITES in piece
                if not self.broken and self._cut.commit and writes and _COMMIT in piece:
                    self.broken = True
                    silent.set()
                    if self._cut.commit == "after":
                        server.sendall(piece)
                        time.sleep(_DONE)
                    break
                if not self.broken and 0 <= self._cut.sent <= self.sent + len(piece):
                    self.broken = True
                    server.sendall(piece[: self._cut.sent - self.sent])
                    break
                server.sendall(piece)
                self.sent += len(piece)
        _break(client, server)

    def _receive(self, client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        """What the server says, to the program; nothing once it has fallen silent."""
        with suppress(OSError):
            while (piece := server.recv(_PIECE)) and not silent.is_set():
                if not self.broken and 0 <= self._cut.received <= self.received + len(piece):
                    self.broken = True
                    client.sendall(piece[: self._cut.received - self.received])
                    break
                client.sendall(piece)
                self.received += len(piece)
        if not silent.is_set():
            _break(client, server)


def _break(*sockets: socket.socket) -> None:
    """End connections as a cable that is pulled does, without a word."""
    for one in sockets:
        with suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.shutdown(socket.SHUT_RDWR)
        one.close()
