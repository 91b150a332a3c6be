"""Rows 4, 19 and 35: a line that goes dead, the clock of the machine, the hardening of the unit."""
from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from frame import Broker, Context, NotHere, Publisher, check, eventually, reading, row, zero_loss
from frame.clock import FakeClock
from frame.traffic import BURST_KIND, GAP_KIND, INCIPIENT_KIND

from .towns import course, kinds, merged

ROOT = Path(__file__).resolve().parents[3]


class Namespace:
    """A host of its own: a network namespace with a pair of veth devices."""

    def __init__(self, context: Context, name: str) -> None:
        self.name, self.near, self.far = name, "10.231.7.1", "10.231.7.2"
        if os.geteuid() != 0:
            raise NotHere("network namespaces need root")
        done = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
        if done.returncode:
            raise NotHere(f"ip netns: {done.stderr.strip()}")
        context.at_end(subprocess.run, ["ip", "netns", "del", name])
        for command in (
            f"ip link add {name}a type veth peer name {name}b netns {name}", f"ip addr add {self.near}/24 dev {name}a",
            f"ip link set {name}a up", f"ip -n {name} addr add {self.far}/24 dev {name}b", f"ip -n {name} link set {name}b up",
            f"ip -n {name} link set lo up",
        ):
            subprocess.run(command.split(), check=True)

    @property
    def prefix(self) -> tuple[str, ...]:
        return ("ip", "netns", "exec", self.name)

    def drop(self) -> None:
        """Nothing goes in or out any more, and nobody is told."""
        rules = (
            "table ip dead { chain in { type filter hook input priority 0; iifname != \"lo\" drop; }\n"
            "chain out { type filter hook output priority 0; oifname != \"lo\" drop; }\n}\n")
        subprocess.run([*self.prefix, "nft", "-f", "-"], input=rules, text=True, check=True)

    def mend(self) -> None:
        subprocess.run([*self.prefix, "nft", "delete", "table", "ip", "dead"], check=True)


@row(4, "半開の TCP / half-open TCP", "network namespace, nftables drops every packet")
def half_open(context: Context) -> str:
    space = Namespace(context, "mzfault4")
    broker = Broker(context.directory, lines=("listener 18834 10.231.7.2", "listener 18835 127.0.0.1"), listener=False)
    context.at_end(broker.kill)
    broker.start(prefix=space.prefix)
    service = context.service(broker)
    check(eventually(10, lambda: subprocess.run(
        [*space.prefix, "mosquitto_pub", "-h", "10.231.7.2", "-p", "18834", "-t", "x", "-m", "x"], capture_output=True).returncode == 0), "the broker must run")
    host = ["--set", f"broker.host={space.far}", "--set", "broker.port=18834"]
    service.start(*host)
    service.wait_ready()
    sent = 0

    def publish(n: int) -> None:
        nonlocal sent
        lines = "".join(f'{{"ts":{1_767_225_600 + (sent + k) * 60},"value":{10 + k % 3},"seq":{sent + k}}}\n' for k in range(n))
        subprocess.run(
            [*space.prefix, "mosquitto_pub", "-h", "127.0.0.1", "-p", "18835", "-q", "1", "-t", "water/test/z/m/flow", "-l"],
            input=lines.encode(), check=True, timeout=30)
        sent += n

    slowest = recovered = 0.0
    for _ in range(context.count(3, least=1)):
        publish(50)
        service.wait_stored(sent)
        begin = time.monotonic()
        space.drop()
        publish(50)
        check(eventually(40, lambda: service.metric("mizumori_subscribed") == 0), "the dead line was not noticed within 40 s")
        slowest = max(slowest, time.monotonic() - begin)
        space.mend()
        begin = time.monotonic()
        service.wait_stored(sent, within=90)
        recovered = max(recovered, time.monotonic() - begin)
    check(slowest <= 30, f"noticed only after {slowest:.0f} s")
    times = [t for _, t, _ in service.database.readings()]
    check(len(times) == len(set(times)) == sent, f"{len(set(times))} of {sent} stored")
    return f"noticed after ≤ {slowest:.0f} s, {sent} readings lost 0, caught up {recovered:.0f} s after the line was whole"


@row(19, "機械の時計 ±400 日、1970 年の起動 / system clock ±400 days, boot in 1970", "libfaketime, the monotonic clock left alone")
def wall_clock(context: Context) -> str:
    clock = FakeClock(context.directory)
    broker, receiver = context.broker(), context.receiver()
    service = context.service(broker, receiver=receiver, prefix=clock.prefix)
    service.start_ready()
    meters = [f"z/m{n}" for n in range(3)]
    start = int(time.time()) // 600 * 600 - 17 * 86_400
    publisher = Publisher(broker.port)
    publisher.publish(merged(course(s, 17, context, start=start) for s in meters))
    service.wait_stored(len(publisher.confirmed))
    before = len(publisher.confirmed)
    n = 100_000
    for step in ("+400d", "+0d", "-400d", "+0d", "-400d"):
        clock.turn(step)
        for _ in range(5):
            publisher.publish([reading(s, int(time.time()), 8, n) for s in meters])
            n += 1
            time.sleep(1.1)
        service.wait_stored(len(publisher.confirmed), within=10)
    refused = sum(service.rejected().values())
    check(refused == 0, f"{refused:g} readings refused while the clock was wrong")
    found = {s: kinds(service, s) for s in meters}
    check(not any(k in (BURST_KIND, INCIPIENT_KIND, GAP_KIND) for f in found.values() for k, _ in f), f"false alerts: {found}")
    service.stop_in_order()

    # A start in 1970: the broker keeps what comes until the time is known.
    clock.turn(f"-{int(time.time()) // 86_400}d")
    service.start()
    publisher.publish([reading(s, int(time.time()) + 1, 8, n) for s in meters])
    time.sleep(6)
    check(service.is_running, f"the service ended:\n{service.log[-800:]}")
    status, text = service.get("/readyz")
    check(status == 503 and "clock" in text, f"/readyz says {status} {text!r} in 1970")
    check(service.database.count() == len(publisher.confirmed) - len(meters), "something was taken in 1970")
    clock.turn("+0d")
    service.wait_ready(within=30)
    service.wait_stored(len(publisher.confirmed))
    service.wait_told()
    figure = zero_loss(service.database, publisher.confirmed, receiver.ids())
    return f"{len(publisher.confirmed) - before} readings live over +400, −400 days and a start in 1970: none refused, no alert; {figure}"


@row(35, "systemd の堅さ / hardening", "systemd-analyze security --offline=true --threshold=15")
def hardening(context: Context) -> str:
    unit = ROOT / "deploy/systemd/mizumori.service"
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", str(unit)], capture_output=True, text=True)
    last = (done.stdout.strip().splitlines() or ["?"])[-1]
    check(done.returncode == 0, last + done.stderr)
    return last.removeprefix("→ ").split(":")[-1].strip().split()[0] + " (threshold 1.5)"
