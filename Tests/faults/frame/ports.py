"""Ports for the parts of one row."""
import socket


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]
