"""Ports for the parts of one row."""
import random
import socket


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on. Below those that the system gives to connections, which come and go by the hundred
    in some rows: one of them could sit on the port when it is wanted."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
