#!/usr/bin/env python3
"""paho_zscore.py PORT COUNT: paho-mqtt, json and a running z-score. Prints messages, seconds, CPU seconds; ends with 69 without paho."""

import json
import math
import sys
import time

try:
    import paho.mqtt.client as mqtt
except ImportError:
    sys.exit(69)

wanted = int(sys.argv[2])
state = {"count": 0, "mean": 0.0, "squares": 0.0, "first": 0.0, "alerts": 0}


def on_message(client, _, message):
    reading = json.loads(message.payload)
    if state["count"] == 0:
        state["first"] = time.monotonic()
    state["count"] += 1
    difference = reading["value"] - state["mean"]
    state["mean"] += difference / state["count"]
    state["squares"] += difference * (reading["value"] - state["mean"])
    spread = math.sqrt(state["squares"] / state["count"])
    if spread > 0 and abs(difference) > 4 * spread:
        state["alerts"] += 1
    if state["count"] == wanted:
        client.disconnect()


version = {"callback_api_version": mqtt.CallbackAPIVersion.VERSION2} if hasattr(mqtt, "CallbackAPIVersion") else {}
client = mqtt.Client(**version)
client.on_connect = lambda c, *_: c.subscribe("water/#", qos=1)
client.on_message = on_message
client.connect("127.0.0.1", int(sys.argv[1]))
client.loop_forever()
print(state["count"], time.monotonic() - state["first"], time.process_time())
