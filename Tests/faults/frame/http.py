"""Requests as bytes: whole, wrong and broken off, to a server that must answer or close."""
from __future__ import annotations

import random
import socket
import time

METHODS = ("GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "")
SEGMENTS = (
    "", "api", "v1", "overview", "utility", "stream", "meters", "events", "explain", "actions", "series", "assets", "meter", "metrics",
    "livez",
    "..", "%2e%2e", "%00", "%ff", "%", "%zz", "common.js", "test", "z0", "w0m0", "flow", "-1", "9223372036854775808", "1e308", "%E6%B0%B4",
    "\u6c34", "a" * 300, "'", "\"", "<script>", "*", "+", "#", ";drop table reading",
)
KNOWN = (
    "/", "/meter", "/livez", "/readyz", "/metrics", "/api/v1/overview", "/api/v1/utility", "/api/v1/events", "/api/v1/stream",
    "/api/v1/meters/test/z0/w0m0/flow", "/api/v1/meters/test/z0/w0m0/flow/explain", "/api/v1/meters/test/z0/w0m0/flow/series",
    "/api/v1/meters/test/z0/w0m0/flow/actions", "/api/v1/events/1", "/assets/common.js",
)
KEYS = ("open", "from", "to", "limit", "at", "time", "before", "after", "points", "resolution", "kind", "state", "zone", "cursor", "days", "x")
VALUES = (
    "", "0", "-1", "1", "1767225600", "1767225600000", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e400",
    "NaN", "inf",
    "2026-01-01T00:00:00Z", "2026-13-45T99:99:99Z", "0000-01-01", "%00", "%ff%fe", "\u6c34", "a" * 2000, "1,2,3", "true", "../..", "'--",
    "1.5",
)
BODIES = (
    b"", b"{}", b"[]", b"null", b"0", b'"', b"{", b'{"action":', b'{"action":"ack"}', b'{"action":1e999}',
    b'{"action":"' + b"x" * 70_000 + b'"}',
    b"[" * 5000, b'{"a":' * 2000, b"\xff\xfe\x00", b'{"action":"acknowledged","note":"\\ud800"}',
    b'{"action":"acknowledged","event":-1,"by":""}', b"\x00" * 100,
    b'{"action":"accept_as_normal","by":"x"}', b'{"action":"repaired","event":"0","by":"' + b"\xe6\xb0\xb4" * 5000 + b'"}',
    b'{"action":"planned_work","by":"x","note":"y","from":"2026-11-24T10:00:00","to":"2026-11-24T12:00:00"}',
    b'{"action":"planned_work","by":"x","from":"9999-12-31T23:59:59Z","to":"0000-01-01T00:00:00Z"}',
)
FIELDS = (
    "Range: bytes=-1", "Range: bytes=0-99999999999999999999", "If-None-Match: *", "Last-Event-ID: 9223372036854775808",
    "Last-Event-ID: x", "Accept: */*;q=x",
    "Expect: 100-continue", "Transfer-Encoding: gzip", "Origin: null", "Origin: http://evil.example", "Cookie: " + "a=b;" * 500,
    "Upgrade: websocket",
    "Connection: upgrade", "Content-Encoding: gzip", "X: \u6c34", "Sec-Fetch-Site: cross-site", "X-Forwarded-For: 127.0.0.1",
)
RAW = (
    b"\r\n\r\n", b"GET", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n", b"GET / HTTP/1.1\nHost: localhost\n\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
    b"GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n",
    b"GET / HTTP/1.1\r\n: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\xff" * 1000,
)


def request(r: random.Random) -> bytes:
    """A request that is nearly right, wrong in parts, or no HTTP at all."""
    if r.random() < 0.15:
        raw = bytearray(r.choice(RAW))
        for _ in range(r.randrange(3)):
            raw[r.randrange(len(raw))] = r.randrange(256)
        return bytes(raw)
    path = r.choice(KNOWN) if r.random() < 0.7 else "/" + "/".join(r.choices(SEGMENTS, k=r.randint(1, 8)))
    if r.random() < 0.6:
        path += "?" + "&".join(f"{r.choice(KEYS)}={r.choice(VALUES)}" for _ in range(r.randint(1, 4)))
    body = r.choice(BODIES) if r.random() < 0.5 else b""
    host = "localhost" if r.random() < 0.95 else r.choice(("", "evil.example", "[::1", "localhost:99999", "localhost:80:80"))
    lines = [f"{r.choice(METHODS)} {path} HTTP/1.1", f"Host: {host}", *r.sample(FIELDS, r.randrange(3))]
    if body or r.random() < 0.3:
        lines += [f"Content-Type: {r.choice(('application/json', 'application/json; charset=utf-8', 'text/plain', 'x'))}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def exchange(port: int, raw: bytes, timeout: float = 10) -> int:
    """Sends the bytes and ends its own side. Returns the status of the answer, 0 when the server closed without one, -1 when it did
    neither in time."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout) as s:
            end = time.monotonic() + timeout
            try:
                s.sendall(raw)
                s.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # It has refused before all was sent; the answer may still be there.
            head = b""
            while len(head) < 12 and time.monotonic() < end:
                part = s.recv(4096)
                if not part:
                    return 0
                head += part
            return int(head[9:12]) if head.startswith(b"HTTP/1.") else 0
    except TimeoutError:
        return -1
    except OSError:
        return 0
