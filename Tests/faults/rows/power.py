"""Row 22: the power goes while readings are being stored."""
from __future__ import annotations

import time
from pathlib import Path

from frame import Context, Publisher, check, row, zero_loss
from frame.disk import CuttableDisk
from frame.line import Line
from frame.traffic import GAP_KIND, Wave, missing_gaps


@row(22, "停電 / power cut", "copied image", limit=1800)
def power_cut(context: Context) -> str:
    """The box with service and data loses its power; the broker is elsewhere. From the cut on nothing reaches the broker, so that its
    books are those of that moment, and the service goes on with the disk that the cut left behind. The same data all along."""
    disk = CuttableDisk(context.directory / "disk", 96)
    context.at_end(disk.close)
    broker, receiver = context.broker(), context.receiver()
    line = Line(broker.port)
    context.at_end(line.close)
    service = context.service(broker, receiver=receiver, data=disk.mount_point / "data", data_lines="checkpoint_s: 2", port=line.port)
    publisher = Publisher(broker.port)
    waves = [Wave(n) for n in range(context.count(100, least=5))]
    torn, taken = 0, 0
    unsynced = disk.mount_point / "unsynced"
    service.start_ready()
    for wave in waves:
        messages = list(wave.messages())
        end, at = context.random.randrange(1, len(messages)), 0
        while at < end:
            # In small pieces, so that there is a commit for each of them and the cut may come at any part of one.
            step = min(end, at + context.random.randrange(1, 30))
            publisher.publish(messages[at:step])
            at = step
        time.sleep(context.random.random() * 0.03)
        line.cut()
        time.sleep(context.random.random() * 0.01)
        unsynced.write_bytes(b"x" * 1000)
        disk.cut()
        service.kill()
        disk.power_on()
        line.mend()
        taken += size(unsynced) == 0
        unsynced.unlink(missing_ok=True)
        if wave.number % 3 == 2:
            # The log is synced line by line, so a cut in the middle of one is rare: here it is made.
            torn += tear(service.data / "events.jsonl", context.random.randrange(1, 2000))
        publisher.publish(messages[end:])
        service.start_ready()
    service.wait_stored(len(publisher.confirmed))
    service.wait_told()
    figure = zero_loss(service.database, publisher.confirmed, receiver.ids())
    missing = missing_gaps(waves, service.database.events(GAP_KIND))
    check(not missing, f"alerts are missing or doubled: {missing[:5]}")
    aside = list(service.data.glob("*.damaged-*"))
    check(taken >= 0.9 * len(waves), f"only {taken} of {len(waves)} cuts took what had not been synced: they were no power cuts")
    check(not aside, f"a power cut made the service set a database aside: {aside}")
    return f"{len(waves)} cuts; {figure}; {taken} of {len(waves)} took a file that was not synced; {torn} torn log lines repaired"


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def tear(log: Path, bytes_off: int) -> bool:
    """Takes so many bytes off the end of a log that is there. Returns whether a part of a line is left."""
    if not log.exists():
        return False
    raw = log.read_bytes()[:-bytes_off]
    log.write_bytes(raw)
    return bool(raw) and not raw.endswith(b"\n")
