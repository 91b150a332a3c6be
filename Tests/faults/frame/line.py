"""A line between service and broker that can go dead."""
from __future__ import annotations

import contextlib
import socket
import threading


class Line:
    """A TCP relay on the loopback. `cut()` swallows what comes from either side without telling anybody; `mend()` ends the dead
    connections and relays new ones."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._dead = threading.Event()
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._dead.set()

    def mend(self) -> None:
        with self._lock:
            old, self._sockets = self._sockets, set()
        for s in old:
            # Wakes the threads that read from it; closing alone would not.
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)
        self._dead = threading.Event()

    def close(self) -> None:
        self._listener.close()
        self.cut()
        self.mend()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                if self._listener.fileno() < 0:
                    return
                near.close()
                continue
            for s in (near, far):
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._sockets |= {near, far}
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self._relay, args=(a, b, self._dead), daemon=True).start()

    def _relay(self, source: socket.socket, sink: socket.socket, dead: threading.Event) -> None:
        try:
            while data := source.recv(65536):
                if not dead.is_set():
                    sink.sendall(data)
        except OSError:
            pass
        with contextlib.suppress(OSError):
            # A dead line tells nobody that the other side has gone.
            if not dead.is_set():
                sink.shutdown(socket.SHUT_RDWR)
        source.close()
