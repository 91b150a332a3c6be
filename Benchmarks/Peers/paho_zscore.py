#!/usr/bin/env python3
"""paho_zscore.py PORT COUNT: paho-mqtt, json and a running z-score for each topic: what one would write first, nothing is stored.
Prints messages, seconds, CPU seconds; 69 without paho."""

import json
import math
import sys
import time

try:
    import paho.mqtt.client as mqtt
except ImportError:
    sys.exit(69)

wanted = int(sys.argv[2])
run = {"count": 0, "first": 0.0, "alerts": 0}
sensors = {}


def on_message(client, _, message):
    value = json.loads(message.payload)["value"]
    if run["count"] == 0:
        run["first"] = time.monotonic()
    run["count"] += 1
    state = sensors.setdefault(message.topic, [0, 0.0, 0.0])
    state[0] += 1
    difference = value - state[1]
    state[1] += difference / state[0]
    state[2] += difference * (value - state[1])
    spread = math.sqrt(state[2] / state[0])
    if spread > 0 and abs(difference) > 4 * spread:
        run["alerts"] += 1


version = {"callback_api_version": mqtt.CallbackAPIVersion.VERSION2} if hasattr(mqtt, "CallbackAPIVersion") else {}
client = mqtt.Client(**version)
client.on_connect = lambda c, *_: c.subscribe("water/#", qos=1)
client.on_message = on_message
client.connect("127.0.0.1", int(sys.argv[1]))
while run["count"] < wanted:
    client.loop(0.1)
seconds = time.monotonic() - run["first"]
# The last acknowledgement leaves after its callback.
for _ in range(3):
    client.loop(0.01)
client.disconnect()
print(run["count"], seconds, time.process_time())
