"""A small mail server of our own: it speaks SMTP on a local port and keeps what it is sent."""

from __future__ import annotations

import base64
import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType


class _Session(socketserver.StreamRequestHandler):
    server: SmtpSink

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self._say("220 sink ready")
        while line := self.rfile.readline():
            words = line.decode().strip()
            verb = words[:4].upper()
            if verb == "EHLO":
                self._say("250-sink")
                self._say("250-8BITMIME")
                self._say("250 AUTH PLAIN")
            elif verb == "AUTH":
                self.server.credentials.append(base64.b64decode(words.split(" ")[2]).decode().split("\0")[1:])
                self._say("235 welcome")
            elif verb == "RCPT":
                code = self.server.answers.pop(0) if self.server.answers else 250
                self._say(f"{code} recipient")
            elif verb == "DATA":
                self._say("354 go on")
                self._take()
                self._say("250 kept")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.received.append(message_from_bytes(b"".join(lines), policy=policy.default))


class SmtpSink(socketserver.ThreadingTCPServer):
    """`with SmtpSink() as sink:` then `sink.url`, `sink.received`; `sink.answers` are codes for the next recipients."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.received: list[EmailMessage] = []
        self.credentials: list[list[str]] = []
        self.answers: list[int] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        """Its address."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> SmtpSink:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
