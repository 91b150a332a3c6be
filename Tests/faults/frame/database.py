"""The data directory of a service as somebody else would read it."""
from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from .history import History, Row

BLOCKS = History()
"""Blocks of history that have been read, of all directories: they are named by their checksums, too."""


class Database:
    """Read-only queries. Safe while the service runs; the directory must be writable, since readers of a WAL need its index."""

    QUANTITIES = {0: "flow", 1: "total", 2: "pressure", 3: "level", 4: "temperature"}

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.file = directory / "mizumori.db"

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def one(self, sql: str, *values: Any) -> Any:
        return self.query(sql, *values)[0][0]

    def readings(self) -> list[tuple[str, int, int]]:
        """(`zone/sensor`, event time in Unix ms, sequence number) of every stored reading, in order of arrival."""
        names = dict(self.query("SELECT slot, zone || '/' || sensor FROM sensor"))
        return [(names[slot], time, sequence) for _, slot, time, _, sequence, _ in self.history() if slot >= 0 and sequence != -3]

    def history(self) -> list[Row]:
        """All rows of the history, of this version or an older one, in order of arrival."""
        connection = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10, isolation_level=None)
        try:
            return BLOCKS.rows(connection)
        finally:
            connection.close()

    def count(self) -> int:
        return sum(1 for _, slot, _, _, sequence, _ in self.history() if slot >= 0 and sequence != -3)

    def transition_keys(self) -> list[str]:
        return [k for (k,) in self.query("SELECT transition_key FROM transition ORDER BY seq")]

    def told_keys(self) -> list[str]:
        """Transitions that are in the queue of a receiver, whatever became of them."""
        return [k for (k,) in self.query("SELECT DISTINCT t.transition_key FROM transition t JOIN delivery d ON d.seq = t.seq")]

    def deliveries_of(self, keys: list[str]) -> list[tuple[str, int, int]]:
        """Of these transitions: key, state of the delivery, attempts."""
        return [
            r for k in keys
            for r in self.query("SELECT t.transition_key, d.state, d.attempts FROM transition t JOIN delivery d ON d.seq = t.seq WHERE t.transition_key = ?", k)
        ]

    def pending(self) -> int:
        """Deliveries that wait, and transitions that no queue has taken yet."""
        return self.one(
            "SELECT (SELECT count(*) FROM delivery WHERE state = 0) "
            "+ (SELECT count(*) FROM endpoint e JOIN transition t ON t.seq >= e.next_seq WHERE t.imported = 0)")

    def events(self, kind: int) -> list[tuple[str, int, int]]:
        """(`zone/sensor`, first onset in Unix ms, change) of every transition of that kind, in order."""
        return self.query(
            "SELECT s.zone || '/' || s.sensor, t.first_onset, t.change FROM transition t JOIN sensor s ON s.slot = t.slot "
            "WHERE t.kind = ? ORDER BY t.seq", kind)

    def integrity(self) -> str:
        return self.one("PRAGMA integrity_check")

    def log_ids(self) -> list[str]:
        """Ids of the lines of events.jsonl, in order. A line that is not JSON is an error."""
        file = self.directory / "events.jsonl"
        text = file.read_text() if file.exists() else ""
        return [json.loads(line)["data"]["id"] for line in text.splitlines()]
