#!/usr/bin/env python3
"""core_river.py gaussian|trees N: a detector of River on one series. Prints readings and seconds; ends with 69 without River."""

import random
import sys
import time

try:
    from river import anomaly
except ImportError:
    sys.exit(69)

if len(sys.argv) != 3 or sys.argv[1] not in ("gaussian", "trees"):
    sys.exit(64)
count = int(sys.argv[2])
random.seed(1)
values = [random.uniform(0, 1) for _ in range(count)]
if sys.argv[1] == "gaussian":
    model = anomaly.GaussianScorer()
    since = time.monotonic()
    for v in values:
        model.score_one(None, v)
        model.learn_one(None, v)
else:
    model = anomaly.HalfSpaceTrees(seed=1)
    since = time.monotonic()
    for v in values:
        x = {"flow": v}
        model.score_one(x)
        model.learn_one(x)
print(count, time.monotonic() - since)
