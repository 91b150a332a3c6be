#!/usr/bin/python3
"""deploy/nats/node-health.sh against nodes that say what NATS nodes say. Needs curl and jq."""
from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "deploy/nats/node-health.sh"


class Monitor:
    """The monitoring port of one node."""

    def __init__(self) -> None:
        self.healthy = True
        self.consumers: list[tuple[str, str, int, int]] = []
        """Name, leader, position, unacknowledged."""
        monitor = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802
                body = b"{}" if self.path == "/healthz" else json.dumps(monitor.jsz()).encode()
                self.send_response(200 if monitor.healthy else 503)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.address = f"127.0.0.1:{self.server.server_port}"

    def jsz(self) -> dict[str, object]:
        detail = [
            {"name": name, "num_ack_pending": n, "num_pending": 0, "ack_floor": {"stream_seq": floor}, "cluster": {"leader": leader}}
            for name, leader, floor, n in self.consumers
        ]
        streams = [{"name": "$MQTT_sess"}, {"name": "$MQTT_msgs", "consumer_detail": detail}]
        return {"account_details": [{"name": "$SYS"}, {"name": "TOWNS", "stream_detail": streams}]}

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class NodeHealthTests(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.me, self.peer, self.other = (Monitor() for _ in range(3))
        for m in (self.me, self.peer, self.other):
            self.addCleanup(m.close)

    def look(self, peers: str | None = None) -> bool:
        """Whether the node is restarted."""
        environment = {
            **os.environ, "NATS_NODE": "n2", "NATS_MONITOR": self.me.address, "NATS_STATE": f"{self.folder.name}/state",
            "NATS_PEERS": f"{self.peer.address} {self.other.address}" if peers is None else peers, "NATS_RESTART": "echo restart",
        }
        done = subprocess.run([str(SCRIPT)], env=environment, capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(done.stdout, ("", "restart\n"))
        return bool(done.stdout)

    def test_a_node_that_stays_incomplete_is_restarted_at_the_third_look(self) -> None:
        self.me.healthy = False
        self.assertEqual([self.look() for _ in range(4)], [False, False, True, False])

    def test_a_node_that_was_complete_in_between_begins_anew(self) -> None:
        self.me.healthy = False
        self.assertEqual([self.look(), self.look()], [False, False])
        self.me.healthy = True
        self.assertFalse(self.look())
        self.me.healthy = False
        self.assertFalse(self.look())

    def test_messages_that_the_leader_has_forgotten_restart_it(self) -> None:
        self.me.consumers = [("a", "n2", 5000, 0), ("b", "n2", 2420, 0)]
        self.other.consumers = [("a", "n2", 5000, 0), ("b", "n2", 2420, 1)]
        self.assertEqual([self.look() for _ in range(4)], [False, False, True, False])

    def test_traffic_that_moves_does_not(self) -> None:
        for floor in range(100, 106):
            self.me.consumers = [("a", "n2", floor, 0)]
            self.peer.consumers = [("a", "n2", floor, 3)]
            self.assertFalse(self.look())

    def test_a_peer_that_is_behind_does_not(self) -> None:
        self.me.consumers = [("a", "n2", 100, 0)]
        self.peer.consumers = [("a", "n2", 90, 3)]
        self.assertFalse(any(self.look() for _ in range(5)))

    def test_an_instance_that_is_away_does_not(self) -> None:
        for m in (self.me, self.peer, self.other):
            m.consumers = [("a", "n2", 90, 500)]
        self.assertFalse(any(self.look() for _ in range(5)))

    def test_a_consumer_that_another_node_leads_is_its_affair(self) -> None:
        self.me.consumers = [("a", "n1", 90, 0)]
        self.peer.consumers = [("a", "n1", 90, 1)]
        self.assertFalse(any(self.look() for _ in range(5)))

    def test_peers_that_do_not_answer_or_are_not_named_do_not(self) -> None:
        self.me.consumers = [("a", "n2", 90, 0)]
        self.assertFalse(any(self.look("127.0.0.1:1") for _ in range(4)))
        self.assertFalse(any(self.look("") for _ in range(4)))


if __name__ == "__main__":
    unittest.main()
