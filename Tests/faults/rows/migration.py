"""Row 25: databases of other versions."""
from __future__ import annotations

import hashlib
import shutil
import sqlite3
from pathlib import Path

from frame import Context, Database, Service, check, eventually, row
from frame.strace import command

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
OLD = (1, 2, 3, 4, 5, 6, 7, 8, 9)
"""The last one is the present version: its data are opened as they are."""
KEPT = {
    "sensor": "slot, municipality, zone, sensor, quantity, first_seen",
    "event": "event_key, slot, kind, is_open, severity, opened, onset",
    "transition": "seq, transition_key, event_key, slot, kind, change, severity, evidence, time, onset, first_onset, observed",
    "delivery": "id, endpoint, seq",
}
"""What a migration must leave as it is."""
CONFIGURATION = 78
"""Exit code of a service that refuses a database."""


def make_old(data: Path, version: int) -> dict[str, list[tuple[object, ...]]]:
    """A data directory as that version left it. Returns what must be kept."""
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    connection = sqlite3.connect(data / "mizumori.db")
    for n in range(1, version + 1):
        for file in (FIXTURES / f"schema{n}.sql", FIXTURES / ("rows.sql" if n == 1 else f"rows{n}.sql")):
            if n == 1 or file.exists():
                connection.executescript(file.read_text())
    connection.commit()
    connection.close()
    return kept(Database(data))


def kept(database: Database) -> dict[str, list[tuple[object, ...]]]:
    rows = {table: database.query(f'SELECT {columns} FROM "{table}" ORDER BY 1') for table, columns in KEPT.items()}
    return rows | {"history": database.history()}


def newest(service: Service) -> int:
    """The version that this program writes."""
    service.start_ready()
    version = service.database.one("PRAGMA user_version")
    service.stop()
    return version


def is_migrated(service: Service, before: dict[str, list[tuple[object, ...]]], version: int) -> None:
    """The service runs on the migrated database, and nothing is missing from it."""
    database = service.database
    check(database.one("PRAGMA user_version") == version, f"version {database.one('PRAGMA user_version')} instead of {version}")
    check(database.integrity() == "ok", f"integrity_check: {database.integrity()}")
    after = kept(database)
    for table, rows in before.items():
        missing = [r for r in rows if r not in after[table]]
        check(not missing, f"{table} lost {len(missing)} rows of {len(rows)}, e.g. {missing[:1]}")


@row(25, "古い版のデータベース / old schema", "fixtures", part="old")
def old_schema(context: Context) -> str:
    """Migrated with all data; what waited for a receiver is delivered, what was delivered or given up is not."""
    broker = context.broker()
    version = newest(context.service(broker))
    for old in OLD:
        receiver = context.receiver()
        service = context.service(broker, receiver=receiver)
        before = make_old(service.data, old)
        service.start_ready()
        service.wait_told()
        is_migrated(service, before, version)
        keys = service.database.transition_keys()
        check(sorted(receiver.ids()) == sorted([keys[1], keys[3]]), f"version {old}: told {receiver.ids()} instead of the 2nd and 4th change")
        check(service.database.log_ids() == keys, "events.jsonl is not what the outbox says")
        service.stop_in_order()
    check(OLD[-1] == version, f"there is no fixture of version {version}: add Tests/faults/fixtures/schema{version}.sql")
    return f"versions {', '.join(map(str, OLD))} → {version}: all rows kept, what was pending delivered"


@row(25, "移行中の SIGKILL / killed in migration", "strace", part="kill")
def killed_in_migration(context: Context) -> str:
    """Killed at each write and each sync of the start: the database stays whole, of one version or another, and the next start ends the
    migration."""
    broker = context.broker()
    version = newest(context.service(broker))
    kills, between, step = 0, 0, max(1, round(1 / max(context.scale, 0.1)))
    for old in (n for n in OLD if n < version):
        receiver = context.receiver()
        service = context.service(broker, receiver=receiver)
        for call, most in (("pwrite64", 400), ("fdatasync", 40)):
            for which in range(1, most, step):
                before = make_old(service.data, old)
                if not killed_at(context, service, call, which):
                    break
                kills += 1
                found = service.database.one("PRAGMA user_version")
                check(old <= found <= version, f"killed at {call} {which}: version {found}")
                check(service.database.integrity() == "ok", f"killed at {call} {which}: {service.database.integrity()}")
                between += old < found < version
                service.start_ready()
                is_migrated(service, before, version)
                service.kill()
            else:
                check(False, f"the start does more than {most} {call}: the last ones were not tried")
    check(kills >= 20 * min(1, context.scale), f"only {kills} kills")
    return f"{kills} kills, {between} of them between two versions: each time whole, and migrated by the next start"


def killed_at(context: Context, service: Service, call: str, which: int) -> bool:
    """Starts it so that it dies at that call. False when it got ready without making it."""
    service.start(prefix=command([f"{call}:signal=SIGKILL:when={which}"], context.directory / "strace.txt"))
    eventually(15, lambda: not service.is_running or service.get("/readyz")[0] == 200, every=0.02)
    died = not service.is_running
    service.kill()
    service.prefix = ()
    return died


@row(25, "新しい版のデータベース / newer schema", "fixture", part="newer")
def newer_schema(context: Context) -> str:
    service = context.service(context.broker())
    make_old(service.data, OLD[-1])
    connection = sqlite3.connect(service.data / "mizumori.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = digest(service.data)
    service.start()
    check(service.wait(15) == CONFIGURATION, f"exit code {service.wait(0)} instead of {CONFIGURATION}")
    check("99" in service.log, "it does not say which version it found")
    check(digest(service.data) == before, "files of a newer version were changed")
    return f"refused with exit code {CONFIGURATION}, not a byte changed"


def digest(data: Path) -> dict[str, str]:
    """Of the files that hold something of the database: its log may be there and empty, the index of the log is made anew by any reader."""
    files = [f for f in data.glob("mizumori.db*") if not f.name.endswith("-shm") and f.stat().st_size > 0]
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
