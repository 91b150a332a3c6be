"""Rows 30 and 31: many alarms at once, and a meter that comes and goes."""
from __future__ import annotations

import json
import time

from frame import Context, Publisher, Receiver, Service, check, eventually, row, zero_loss
from frame.clock import FakeClock
from frame.traffic import RANGE_KIND, minutes, ranged

def chat(service: Service, receiver: Receiver) -> str:
    """A chat channel and a webhook, both of the same receiver."""
    service.secret("slack.url", receiver.url.replace("/hook", "/chat"))
    service.secret("hook.secret", Receiver.SECRET)
    return (
        'alerts:\n  slack: [{name: chat, url_file: slack.url, allow_addresses: ["127.0.0.1"]}]\n'
        f'  webhooks: [{{name: hook, url: "{receiver.url}", secret_file: hook.secret, allow_addresses: ["127.0.0.1"]}}]\n')


@row(30, "200 台が同時に警報 / 200 sensors trip at once", "200 meters show impossible values from one minute on")
def storm(context: Context) -> str:
    sensors = [f"z{n % 8}/m{n:03}" for n in range(200)]
    broker, receiver = context.broker(), context.receiver()
    service = context.service(broker, extra=ranged(sensors))
    service.add_settings(chat(service, receiver))
    service.start_ready()
    publisher = Publisher(broker.port)
    publisher.publish(minutes(sensors, 0, 50, 10))
    service.wait_stored(len(publisher.confirmed))
    begin = time.monotonic()
    publisher.publish(minutes(sensors, 50, 25, 300))
    chats = lambda: [r for r in receiver.requests if r.path == "/chat"]
    check(eventually(40, lambda: chats()), "no message")
    first = chats()[0].arrived - begin
    hooks = lambda: [r for r in receiver.requests if r.path == "/hook"]
    check(eventually(30, lambda: len(hooks()) == 200), f"{len(hooks())} of 200 webhooks")
    time.sleep(max(0, 32 - (time.monotonic() - begin)))
    check(len(chats()) == 1, f"{len(chats())} messages instead of one")
    check(first <= 30, f"told only after {first:.0f} s")
    text = chats()[0].body.decode()
    check("200" in json.loads(text)["text"], f"the message does not say 200: {text[:300]}")
    logged = len([e for e in service.database.events(RANGE_KIND) if e[2] == 1])
    service.wait_told()
    zero_loss(service.database, publisher.confirmed)
    check(logged == 200 and len(service.database.log_ids()) == 200, f"{logged} events, {len(service.database.log_ids())} lines")
    return f"one chat message after {first:.0f} s, 200 events logged, 200 webhooks to the receiver for programs"


@row(31, "行き来するセンサー / flapping sensor", "a meter that fails and recovers all day; the day passes by libfaketime")
def flapping(context: Context) -> str:
    clock = FakeClock(context.directory)
    broker, receiver = context.broker(), context.receiver()
    service = context.service(broker, extra=ranged(["z/m"]), prefix=clock.prefix)
    service.add_settings(chat(service, receiver))
    service.start_ready()
    publisher = Publisher(broker.port)
    publisher.publish(minutes(["z/m"], 0, 50, 10))
    turns = context.count(200, least=40)
    n = 50
    for _ in range(turns):
        publisher.publish(minutes(["z/m"], n, 5, 300) + minutes(["z/m"], n + 5, 5, 10))
        n += 10
        time.sleep(0.05)
    service.wait_stored(len(publisher.confirmed))
    opened = len([e for e in service.database.events(RANGE_KIND) if e[2] == 1])
    check(opened >= turns - 1, f"{opened} faults of {turns}")
    chats = lambda: [r for r in receiver.requests if r.path == "/chat"]
    time.sleep(25)
    alone = len(chats())
    check(alone <= 8, f"{alone} messages in the first minute")
    for hours in (7, 14, 21):
        clock.turn(f"+{hours}h")
        time.sleep(33)
    told = [json.loads(r.body)["text"] for r in chats()]
    digests = [t for t in told if "くり返し" in t]
    check(len(told) <= 12, f"{len(told)} messages in a day")
    check(len(digests) >= 1, f"no summary: {told}")
    hooks = len([r for r in receiver.requests if r.path == "/hook"])
    zero_loss(service.database, publisher.confirmed)
    return f"{opened} faults and recoveries: {len(told)} chat messages in a day, {len(digests)} of them summaries; {hooks} webhooks for programs, all in the log"
