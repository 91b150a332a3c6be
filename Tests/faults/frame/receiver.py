"""A receiver of webhooks that writes down what arrives and checks its signature."""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    path: str
    id: str
    body: bytes
    signed: bool
    """Whether the Standard Webhooks signature is right."""
    arrived: float = field(default_factory=time.monotonic)

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    """Seconds before the answer."""


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Senders that are killed break their connections: no news."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Receiver:
    """Listens on 127.0.0.1. `answer(request, number)` decides what is answered; the default is 204."""

    KEY = bytes(range(32))
    SECRET = "whsec_" + base64.b64encode(KEY).decode()

    def __init__(self, answer: Callable[[Request, int], Answer] | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer or (lambda request, number: Answer())
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        self._server = QuietServer(("127.0.0.1", 0), self._handler())
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/hook"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def ids(self) -> list[str]:
        """The webhook-id of every request, in order of arrival."""
        with self._lock:
            return [r.id for r in self.requests]

    def unsigned(self) -> int:
        with self._lock:
            return sum(not r.signed for r in self.requests)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _take(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
        return self.answer(request, number)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                id, stamp = self.headers.get("webhook-id") or "", self.headers.get("webhook-timestamp") or ""
                right = signature(Receiver.KEY, id, stamp, body)
                given = (self.headers.get("webhook-signature") or "").split(" ")
                answer = receiver._take(Request(self.path, id, body, right in given))
                time.sleep(answer.delay)
                try:
                    self.send_response(answer.status)
                    for name, value in {"content-length": "0", **answer.headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                except OSError:
                    # The sender has gone, as one that was killed does.
                    self.close_connection = True

            def log_message(self, format: str, *arguments: Any) -> None: ...

        return Handler


def signature(key: bytes, id: str, timestamp: str, body: bytes) -> str:
    """The `webhook-signature` of Standard Webhooks 1.0."""
    message = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
