"""Rows 4 to 7: instances and nodes die in the middle of the traffic."""
from __future__ import annotations

import time

from frame import Context, check, eventually, row
from frame.traffic import GAP_KIND
from stage import PARTITIONS, TOWNS, Stage
from stage.order import out_of_order
from stage.traffic import gaps_wrong, wave


@row(4, "水守の SIGKILL、同じデータで引き継ぎ / instance killed, successor on its data", "SIGKILL in the traffic, each time another instance")
def killed(context: Context) -> str:
    stage = Stage(context)
    assert stage.instances is not None
    stage.instances.start()
    rounds, slowest = context.count(10, least=2), 0.0
    victims = context.random.sample(range(PARTITIONS), min(rounds, PARTITIONS))
    for n in range(rounds):
        victim = stage.instances.all[victims[n % len(victims)]]
        stage.gateways.begin(wave(TOWNS, n))
        time.sleep(context.random.uniform(0.1, 1.5))
        victim.service.kill()
        time.sleep(context.random.uniform(0, 1))
        slowest = max(slowest, victim.succeed().start_ready())
        stage.gateways.wait()
    return f"{rounds} kills, successor ready ≤ {slowest:.2f} s; {stage.judge(range(rounds))}"


@row(5, "水守の SIGKILL、空のデータで引き継ぎ / instance killed, successor on an empty disk", "the same, its data directory gone")
def killed_with_its_disk(context: Context) -> str:
    """What the old process had acknowledged is in its directory alone: the readings of both together must be whole."""
    stage = Stage(context)
    assert stage.instances is not None
    stage.instances.start()
    stage.gateways.begin(wave(TOWNS, 0))
    victims = context.random.sample(range(PARTITIONS), context.count(4, least=1))
    for v in victims:
        time.sleep(context.random.uniform(0.1, 0.5))
        victim = stage.instances.all[v]
        victim.service.kill()
        victim.succeed(fresh=True).start_ready()
    stage.gateways.wait()
    confirmed = stage.gateways.confirmed_readings
    stage.instances.wait_stored(confirmed)
    stage.instances.wait_told()
    stored = stage.instances.readings()
    check(not confirmed.difference(stored), f"{len(confirmed.difference(stored))} readings lost")
    twice = len(stored) - len(set(stored))
    wrong = sum(out_of_order(s.database.readings()) for i in stage.instances.all for s in i.services)
    check(wrong == 0, f"{wrong} readings behind a later one of their town")
    events = [e for i in stage.instances.all for s in i.services for e in s.database.events(GAP_KIND)]
    moved = {t for v in victims for i in [stage.instances.all[v]] for t in TOWNS if any(f"/{t}_" in s for s, _, _ in i.readings())}
    others = gaps_wrong([t for t in TOWNS if t not in moved], [0], events)
    check(not others, f"gaps of towns that were not moved are missing or doubled: {others[:5]}")
    unwhole = gaps_wrong(sorted(moved), [0], events)
    return (
        f"{len(victims)} kills: {len(confirmed)} readings lost 0, in the old and the new directories together, {twice} in both; in order; "
        f"of {len(moved)} gaps of the moved towns {len(unwhole)} were not told once: an empty disk knows neither past nor open events")


@row(6, "NATS のノードの SIGKILL / a NATS node killed", "SIGKILL of each node in turn, in the traffic; it comes back")
def node(context: Context) -> str:
    stage = Stage(context)
    assert stage.instances is not None
    stage.instances.start()
    rounds, slowest, moved, healed = context.count(3, least=1), 0.0, 0, 0
    for n in range(rounds):
        before = sum(i.service.metric("mizumori_reconnects_total") for i in stage.instances.all)
        stage.gateways.begin(wave(TOWNS, n))
        time.sleep(context.random.uniform(0.3, 1.0))
        stage.nodes.kill(n % 3)
        killed = time.monotonic()
        stage.gateways.wait()
        confirmed = stage.gateways.confirmed_readings
        in_time = eventually(60, lambda: stage.instances.have(confirmed), every=0.5)
        if not in_time:
            context.log(f"not all is stored a minute after it was sent:\n{stage.nodes.backlog()}")
        slowest = max(slowest, time.monotonic() - killed)
        moved += int(sum(i.service.metric("mizumori_reconnects_total") for i in stage.instances.all) - before)
        stage.nodes.start(n % 3)
        healed += stage.nodes.heal(240, lambda: stage.instances.have(confirmed))
        if not in_time:
            slowest = max(slowest, time.monotonic() - killed)
    return (
        f"{rounds} nodes killed: everything sent meanwhile stored ≤ {slowest:.0f} s after the kill; {moved} reconnections of instances, "
        f"{stage.gateways.reconnects} of gateways; {healed} nodes restarted by node-health.sh; {stage.judge(range(rounds))}")


@row(7, "ノード二台の停止 / two of three nodes killed", "SIGKILL of two nodes; they come back")
def quorum(context: Context) -> str:
    stage = Stage(context)
    assert stage.instances is not None
    stage.instances.start()
    stage.gateways.begin(wave(TOWNS, 0))
    time.sleep(0.7)
    stage.nodes.kill(1, 2)
    time.sleep(3)
    still = stage.gateways.confirmed_count
    time.sleep(8)
    went_on = stage.gateways.confirmed_count - still
    check(stage.gateways.is_sending, "everything was sent before the nodes died: nothing was tried")
    check(went_on == 0, f"{went_on} readings were confirmed without a majority of the nodes")
    stage.nodes.start(1, 2)
    stage.nodes.wait_healthy(120)
    back = time.monotonic()
    stage.gateways.wait()
    check(eventually(60, lambda: all(i.service.metric("mizumori_subscribed") == 1 for i in stage.instances.all)), "not all instances are back")
    return f"without a majority nothing was confirmed; all sent {time.monotonic() - back:.0f} s after the nodes were back; {stage.judge([0])}"
