"""Row 23: the disk fails or is full. Nothing is acknowledged that is not stored."""
from __future__ import annotations

import time

from frame import Broker, Context, Publisher, Service, Strace, check, eventually, row, zero_loss
from frame.disk import Disk
from frame.traffic import GAP_KIND, Wave, missing_gaps

IO_ERROR = 74
"""Exit code of a service whose disk failed."""


def acknowledged(broker: Broker) -> int:
    """How many PUBACKs the service has sent since the broker's log began."""
    return broker.log.count("Received PUBACK from mizumori-faults ")


def settle(service: Service, broker: Broker, stored: int) -> None:
    """Waits until so many readings are stored and the last PUBACK has left."""
    service.wait_stored(stored)
    last = -1
    while (now := acknowledged(broker)) != last:
        last = now
        time.sleep(0.3)


@row(23, "fsync EIO", "strace", part="eio")
def failing_sync(context: Context) -> str:
    """Every sync or write of the WAL fails while a backlog arrives: no PUBACK, exit 74, and after a restart all is there."""
    broker, receiver = context.broker(), context.receiver()
    service = context.service(broker, receiver=receiver)
    publisher = Publisher(broker.port)
    waves = [Wave(n) for n in range(context.count(40, least=4))]
    slowest = 0.0
    for wave in waves:
        call = ("fdatasync", "pwrite64")[wave.number % 2]
        service.start_ready()
        settle(service, broker, len(publisher.confirmed))
        strace = Strace(service.pid, [f"{call}:error=EIO:when=1+"], context.directory / "strace.txt", only=f"{service.data}/mizumori.db-wal")
        before = acknowledged(broker)
        publisher.publish(wave.messages())
        begin = time.monotonic()
        code = service.wait(15)
        slowest = max(slowest, time.monotonic() - begin)
        strace.detach()
        check(code == IO_ERROR, f"{call} fails: exit code {code} instead of {IO_ERROR}:\n{service.log[-800:]}")
        check(strace.hits() > 0, f"no {call} of the WAL was seen")
        after = acknowledged(broker)
        check(after == before, f"{call} failed and {after - before} PUBACKs left all the same")
    service.start_ready()
    service.wait_stored(len(publisher.confirmed))
    service.wait_told()
    figure = zero_loss(service.database, publisher.confirmed, receiver.ids())
    check(not missing_gaps(waves, service.database.events(GAP_KIND)), "alerts are missing or doubled")
    return f"{len(waves)} failures of fdatasync and pwrite64: no PUBACK, exit 74 within {slowest:.1f} s; {figure}"


@row(23, "ディスクの満杯 / disk full", "small image", part="full")
def full_disk(context: Context) -> str:
    """Full while readings arrive: no PUBACK; once there is room it goes on by itself. Every second time it is also ended and started again
    while the disk is full."""
    # Each wave has meters of its own, some 2,500 in the end: two states of the detector, of 15 MB each, must find room once the filling is gone.
    disk = Disk(context.directory / "disk", 96)
    context.at_end(disk.unmount)
    broker, receiver = context.broker(), context.receiver()
    service = context.service(broker, receiver=receiver, data=disk.mount_point / "data", data_lines="checkpoint_s: 5")
    publisher = Publisher(broker.port)
    waves: list[Wave] = []
    slowest, refused, made_room, held = 0.0, 0, 0, 0
    for n in range(context.count(10, least=2)):
        if not service.is_running:
            service.start_ready()
        room = context.random.randrange(0, 64) << 10
        disk.fill(room)
        before = service.metric("mizumori_commit_failures_total")
        # More and more, until a commit found no room.
        while service.metric("mizumori_commit_failures_total") == before:
            wave = Wave(len(waves), meters=20)
            waves.append(wave)
            publisher.publish(wave.messages())
            time.sleep(0.3)
            check(len(waves) < 400, "the disk does not become full")
            check(service.is_running, f"the full disk ended the service:\n{service.log[-800:]}")
        # What was stored just before may still be on its way.
        settle(service, broker, 0)
        blocked, stored = acknowledged(broker), service.database.count()
        waves.append(Wave(len(waves)))
        publisher.publish(waves[-1].messages())
        time.sleep(3)
        # A state that found no room leaves what it had taken: then some readings may be stored, and only then acknowledged.
        left, kept = acknowledged(broker) - blocked, service.database.count() - stored
        check(left <= kept, f"{left} PUBACKs left while the disk was full, but {kept} readings were stored")
        held += left == 0
        blocked, stored = blocked + left, stored + kept
        if n % 2 == 1:
            check(service.stop() == 0, "a full disk kept the service from ending in order")
            check(acknowledged(broker) - blocked <= service.database.count() - stored, "PUBACKs left at the end although the disk was full")
            refused += not starts_full(service)
            # A start puts away what the end left, so there may be room for some readings: then they are stored before they are acknowledged.
            left = acknowledged(broker) - blocked
            kept = service.database.count() - stored
            check(left <= kept, f"{left} PUBACKs left after a start on the full disk, but {kept} readings were stored")
            made_room += left > 0
        disk.empty()
        if not service.is_running:
            service.start_ready()
        begin = time.monotonic()
        service.wait_stored(len(publisher.confirmed), within=30)
        slowest = max(slowest, time.monotonic() - begin)
    check(held > 0, "there was always some room left: nothing was tried")
    service.wait_told()
    figure = zero_loss(service.database, publisher.confirmed, receiver.ids())
    check(not missing_gaps(waves, service.database.events(GAP_KIND)), "alerts are missing or doubled")
    return (
        f"{n + 1} times full, {held} of them to the end, drained ≤ {slowest:.1f} s after there was room; {refused} starts refused for want of room, "
        f"{made_room} found some; {figure}")


def starts_full(service: Service) -> bool:
    """Starts it on a full disk. It may run and wait for room, or end with words and 74, and then its supervisor tries again."""
    service.start()
    eventually(5, lambda: not service.is_running or service.get("/readyz")[0] == 200)
    if service.is_running:
        return True
    check(service.wait(0) == IO_ERROR, f"exit code {service.wait(0)} on a full disk")
    check("ディスクに空きがありません" in service.log.splitlines()[-1], "it does not say that the disk is full")
    return False
