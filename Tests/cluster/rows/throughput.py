"""Row 8: how fast a backlog is taken, by the number of instances."""
from __future__ import annotations

import socket
import time

from frame import Context, check, eventually, row
from frame.publisher import packet, text
from stage import PARTITIONS, TOWNS, Stage
from stage.instances import Instances
from stage.traffic import steady

COUNTS = (1, 2, 4, 8, 16)


@row(8, "速さと数 / throughput and instances", "a backlog drained by 1, 2, 4, 8, 16 instances on this machine", limit=1800)
def throughput(context: Context) -> str:
    stage = Stage(context, instances=0)
    meters, minutes = 20, context.count(20, least=4)
    wanted = len(TOWNS) * meters * minutes
    rates: dict[int, float] = {}
    bytes_each = 0.0
    published = 0.0
    for number, count in enumerate(COUNTS):
        instances = stage.more_instances(count)
        instances.start()
        # From here on the nodes keep what comes for these sessions.
        for i in instances.all:
            i.service.stop_in_order()
        before, begin = stage.nodes.stored_bytes(), time.monotonic()
        sent = list(steady(TOWNS, number, meters, minutes))
        stage.gateways.send(sent)
        published = max(published, wanted / (time.monotonic() - begin))
        bytes_each = max(bytes_each, (stage.nodes.stored_bytes() - before) / wanted)
        rates[count] = drained(instances, wanted)
        context.log(f"{count} instances: {rates[count]:,.0f} readings/s, taken in at up to {published:,.0f}/s")
        # Counted when they come; on the disk with the next commit.
        instances.wait_stored({(m.sensor, m.time, m.seq) for m in sent})
        instances.close()
        for i in instances.all:
            forget(stage, i.service.environment["MIZUMORI_BROKER_CLIENT_ID"])
    base = rates[COUNTS[0]]
    print("   instances | readings/s | against 1\n   --- | --- | ---")
    for count, rate in rates.items():
        print(f"   {count} | {rate:,.0f} | {rate / base:.2f}")
    table = ", ".join(f"{count}: {rate:,.0f}/s ({rate / base:.2f} ×)" for count, rate in rates.items())
    return f"{wanted} readings of {len(TOWNS) * meters} meters each: {table}; taken in by the nodes at {published:,.0f}/s; {bytes_each:.0f} bytes a reading there"


def drained(instances: Instances, wanted: int) -> float:
    """Readings a second from the first stored to the last."""
    for i in instances.all:
        i.service.start("--broker-wait", "0")
    first = last = 0.0
    start = 0

    def done() -> bool:
        nonlocal first, last, start
        total = sum(i.count() for i in instances.all)
        now = time.monotonic()
        if total > 0 and first == 0:
            first, start = now, total
        last = now
        return total >= wanted

    check(eventually(600, done, every=0.02), f"{sum(i.count() for i in instances.all)} of {wanted} drained")
    check(start < wanted, "drained before it could be measured: more readings are needed")
    return (wanted - start) / (last - first)


def forget(stage: Stage, client_id: str) -> None:
    """Ends a session for good: a clean one under its name, so that nothing is kept for it any more. A server that is busy with the session
    that has just ended may close the connection: then once more."""
    check(eventually(60, lambda: forgotten(stage, client_id), every=1), f"the session of {client_id} could not be ended")


def forgotten(stage: Stage, client_id: str) -> bool:
    with socket.create_connection(("127.0.0.1", stage.nodes.mqtt[0]), timeout=20) as s:
        s.sendall(packet(0x10, text("MQTT") + b"\x04\xc2\x00\x00" + text(client_id) + text("mizumori") + text(stage.nodes.password("mizumori"))))
        answer = s.recv(4)
        if answer != b"\x20\x02\x00\x00":
            return False
        s.sendall(b"\xe0\x00")
        return True


assert COUNTS[-1] == PARTITIONS
