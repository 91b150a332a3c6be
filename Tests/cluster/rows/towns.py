"""Rows 1 to 3: how towns come to partitions, and what a broker of NATS does otherwise."""
from __future__ import annotations

import subprocess

from frame import Context, check, eventually, row
from stage import PARTITIONS, TOWNS, Stage
from stage.order import town
from stage.traffic import wave


@row(1, "77 の町、16 の区分 / 77 towns, 16 partitions", "an instance a partition, as deploy/nats has it")
def partitions(context: Context) -> str:
    stage = Stage(context)
    assert stage.instances is not None
    stage.instances.start()
    waves = range(context.count(3))
    for n in waves:
        stage.gateways.send(wave(TOWNS, n))
    figure = stage.judge(waves)
    home: dict[str, set[int]] = {t: set() for t in TOWNS}
    for i in stage.instances.all:
        for sensor, _, _ in i.readings():
            home[town(sensor)].update(i.partitions)
    check(all(len(h) == 1 for h in home.values()), f"towns in several partitions: {[t for t, h in home.items() if len(h) != 1]}")
    sizes = [sum(h == {p} for h in home.values()) for p in range(PARTITIONS)]
    return f"{figure}; towns a partition: {min(sizes)} to {max(sizes)} ({' '.join(map(str, sizes))})"


@row(2, "ほかの町の名で送る / sending in another town's name", "mosquitto_pub with a town's password")
def foreign(context: Context) -> str:
    stage = Stage(context, instances=1)
    assert stage.instances is not None
    stage.instances.start()
    service = stage.instances.all[0].service

    def publish(topic: str) -> int:
        return subprocess.run(
            ["mosquitto_pub", "-V", "mqttv311", "-p", str(stage.nodes.mqtt[0]), "-u", "ina", "-P", stage.nodes.password("ina"), "-q", "1",
             "-t", topic, "-m", '{"ts":1767225600,"value":1,"unit":"m3/h"}'],
            capture_output=True, timeout=20).returncode

    others = ["water/kiso/z/m/flow", "p/3/water/kiso/z/m/flow", "water/kiso.ina/z/m/flow", "water/ina.kiso/z/m/flow", "p/3/water.ina/kiso/z/m/flow"]
    codes = [publish(t) for t in others for _ in range(3)]
    check(publish("water/ina/z/m/flow") == 0, "its own reading was refused")
    # NATS 2.9 and 2.10 close the connection of a level with a dot; later ones hand it on as it is.
    own = 1 if publish("water/ina/z/m.1/flow") != 0 else 2
    check(eventually(20, lambda: service.metric("mizumori_messages_total") >= own), f"of its own {own} readings not all arrived")
    check(eventually(20, lambda: stage.instances.readings()), "its own reading was not stored")
    names = {s for s, _, _ in stage.instances.readings()}
    check(names <= {"z/m", "z/m.1"} and service.metric("mizumori_messages_total") == own, f"something of another town came through: {names}")
    return (
        f"{len(codes)} of another town: 0 delivered (exit codes {sorted(set(codes))}: what the server drops it confirms); its own: {own}; a dot in a "
        f"level: {'handed on as it is' if own == 2 else 'connection closed'}")


@row(3, "状態の遺言 / Last Will", "SIGKILL of an instance, mosquitto_sub at another node")
def will(context: Context) -> str:
    stage = Stage(context)
    assert stage.instances is not None
    stage.instances.start()

    def retained() -> str:
        return subprocess.run(
            ["mosquitto_sub", "-V", "mqttv311", "-p", str(stage.nodes.mqtt[2]), "-u", "mizumori", "-P", stage.nodes.password("mizumori"),
             "-t", "mizumori/status/5", "-C", "1", "-W", "5"], capture_output=True, text=True, timeout=20).stdout.strip()

    check(eventually(10, lambda: retained() == "online"), f"expected online, retained is {retained()!r}")
    stage.instances.all[5].service.kill()
    check(eventually(20, lambda: retained() == "offline"), f"expected offline, retained is {retained()!r}")
    stage.instances.all[5].succeed().start_ready()
    check(eventually(20, lambda: retained() == "online"), f"expected online again, retained is {retained()!r}")
    return "online, offline after SIGKILL, online with the successor: retained, and seen at another node"
