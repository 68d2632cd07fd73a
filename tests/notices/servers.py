"""Servers on this machine that answer as they are told and keep what they are sent."""

import base64
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What a web server says: a status (0: nothing at all, until it is over), headers, a body."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"{}"


@dataclass
class Web:
    """A web server: one answer after the other, the last one from then on; and what it was asked."""

    port: int
    answers: list[Answer]
    asked: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def said(self) -> list[Any]:
        """What was posted, as JSON."""
        return [json.loads(body) for _path, _headers, body in self.asked]

    def next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def web(*answers: Answer) -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.asked.append((self.path, dict(self.headers), body))
            answer = found.next()
            if not answer.status:
                found.over.wait()
                return
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Web(server.server_address[1], list(answers) or [Answer()])
    with _serving(server):
        yield found
        found.over.set()


@dataclass
class Post:
    """A mail server: its answers by command, one after the other (a lone one stays); what it took, and from whom."""

    port: int
    answers: dict[str, list[str]]
    took: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    greeted: int = 0
    logins: list[tuple[str, str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(data, policy=default) for _from, _to, data in self.took]

    def answer(self, command: str, otherwise: str) -> str:
        left = self.answers.get(command, [otherwise])
        return left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def post(
    tls: ssl.SSLContext | None = None, auth: bool = False, answers: Mapping[str, list[str]] | None = None
) -> Iterator[Post]:
    """With `tls` it offers STARTTLS; an empty answer hangs up."""

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def handle(self) -> None:
            found.greeted += 1
            greeting = found.answer("CONNECT", "220 here")
            self.say(greeting)
            self.encrypted = False
            self.people: list[str] = []
            with suppress(OSError):
                while not greeting.startswith("4") and (line := self.rfile.readline()):
                    word, _blank, rest = line.decode().strip().partition(" ")
                    if not self.command(word.upper(), rest):
                        return

        def command(self, word: str, rest: str) -> bool:
            if word == "EHLO":
                self.say("250-here")
                if tls and not self.encrypted:
                    self.say("250-STARTTLS")
                self.say("250-AUTH PLAIN" if auth else "250-8BITMIME")
                self.say("250 HELP")
                return True
            if word == "STARTTLS" and tls:
                self.say("220 go on")
                try:
                    self.request = tls.wrap_socket(self.request, server_side=True)
                except OSError:
                    return False
                self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
                self.encrypted = True
                return True
            if word == "AUTH":
                _who, user, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
                found.logins.append((user, password))
                found.encrypted.append(self.encrypted)
            if word == "MAIL":
                self.sender, self.people = rest[rest.index("<") + 1 : rest.index(">")], []
            if word == "DATA":
                return self.data()
            answer = found.answer(word, "235 in" if word == "AUTH" else "250 ok")
            if word == "RCPT" and answer.startswith("2"):
                self.people.append(rest[rest.index("<") + 1 : rest.index(">")])
            self.say(answer if word != "QUIT" else "221 bye")
            return word != "QUIT"

        def finish(self) -> None:
            with suppress(OSError):
                super().finish()
            self.request.close()

        def data(self) -> bool:
            self.say("354 go on")
            data = b""
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                data += line[1:] if line.startswith(b"..") else line
            answer = found.answer("DATA", "250 taken")
            if answer.startswith("2"):
                found.took.append((self.sender, self.people, data))
            if answer:
                self.say(answer)
            return bool(answer)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    found = Post(server.server_address[1], {**(answers or {})})
    with _serving(server):
        yield found


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
