#!/usr/bin/env python3
"""core_river.py gaussian|trees N: a detector of River for each of 1,000 sensors in turn. Prints readings, CPU seconds; 69 without River.

The detectors have learnt before, as ours have: the scorer tells 0 for its first hundred readings (`grace_period`), the trees for their first window
of a hundred, and neither works anything out meanwhile.
"""

import random
import sys
import time

try:
    from river import anomaly
except ImportError:
    sys.exit(69)

if len(sys.argv) != 3 or sys.argv[1] not in ("gaussian", "trees"):
    sys.exit(64)
SENSORS = 1000
LEARNING = 200
count = int(sys.argv[2])
random.seed(1)
values = [random.uniform(10, 12) for _ in range(count)]


def gaussian(model, value):
    score = model.score_one(None, value)
    model.learn_one(None, value)
    return score > 0.99


def trees(model, value):
    x = {"flow": value}
    score = model.score_one(x)
    model.learn_one(x)
    return score > 0.9


if sys.argv[1] == "gaussian":
    models, step = [anomaly.GaussianScorer() for _ in range(SENSORS)], gaussian
else:
    models = [anomaly.HalfSpaceTrees(n_trees=10, height=6, window_size=100, limits={"flow": (0, 20)}, seed=1) for _ in range(SENSORS)]
    step = trees
for n in range(LEARNING * SENSORS):
    step(models[n % SENSORS], values[n % count])
alerts = 0
since = time.thread_time()
for n, value in enumerate(values):
    alerts += step(models[n % SENSORS], value)
print(count, time.thread_time() - since)
