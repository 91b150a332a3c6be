#!/usr/bin/python3
"""make bench-check: counts the instructions of small fixed workloads and holds them against thresholds.json.

Instructions are counted by valgrind (callgrind): the same run gives nearly the same number on a busy machine. A threshold is a ratio to
the C reference of the same workload, counted in the same run, so that another machine or compiler changes little. Each workload runs
at two sizes and the difference is taken: what starts the process is left out.

--update writes today's ratios times 1.15 as thresholds.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
THRESHOLDS = HERE / "thresholds.json"
ROOM = 1.15
# Name, what one operation is, arguments with {n} and {dir}, the two sizes. C has no dialects and no shapes: it decodes the canonical message instead.
WORKLOADS = [
    ("decode", "one canonical message", ["decode", "{n}"], 1_000, 11_000),
    ("shape", "one canonical message, its shape remembered", ["decode", "{n}", "shape"], 1_000, 11_000),
    ("array", "one reading of 60 in a message, by shape", ["decode", "{n}", "array-shape"], 6_000, 12_000),
    ("senders", "one message of 16 senders in turn, by shape", ["decode", "{n}", "senders-shape"], 6_000, 12_000),
    ("senml", "one pack of 3 readings, 186 bytes", ["decode", "{n}", "senml"], 300, 1_300),
    ("stack", "one uplink of 2 readings, 873 bytes", ["decode", "{n}", "stack"], 300, 1_300),
    ("chirpstack", "one uplink of 3 readings, 641 bytes", ["decode", "{n}", "chirpstack"], 300, 1_300),
    ("fields", "one message of 3 records, 172 bytes", ["decode", "{n}", "fields"], 300, 1_300),
    ("core", "one reading, 5 min apart, the hourly and daily steps among them", ["core", "4", "{n}", "order"], 32_256, 64_512),
    ("commit", "one row, 500 a transaction", ["commit", "{n}", "500", "{dir}"], 2_000, 10_000),
]


def count(program, arguments, n):
    """Instructions of one run."""
    with tempfile.TemporaryDirectory() as directory:
        values = [a.format(n=n, dir=directory) for a in arguments]
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(program), *values]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return int(found.group(1))


def per_operation(program, arguments, small, large):
    return (count(program, arguments, large) - count(program, arguments, small)) / (large - small)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / ".build-probe")
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    subprocess.run([HERE / "probe.sh", options.out], check=True)
    thresholds = {} if options.update else json.loads(THRESHOLDS.read_text())
    failed = []
    print(f"{'workload':12}{'ours':>12}{'C':>12}{'ratio':>9}{'allowed':>9}   instructions for each operation")
    for name, unit, arguments, small, large in WORKLOADS:
        ours = per_operation(options.out / "probe", arguments, small, large)
        reference = per_operation(options.out / "reference", arguments[:2] if arguments[0] == "decode" else arguments, small, large)
        ratio = ours / reference
        if options.update:
            thresholds[name] = round(ratio * ROOM, 2)
        allowed = thresholds[name]
        if ratio > allowed:
            failed.append(name)
        print(f"{name:12}{ours:12,.0f}{reference:12,.0f}{ratio:9.2f}{allowed:9.2f}   {unit}{'  TOO MANY' if ratio > allowed else ''}")
    if options.update:
        THRESHOLDS.write_text(json.dumps(thresholds, indent=2) + "\n")
    if failed:
        sys.exit(f"more instructions than thresholds.json allows: {', '.join(failed)}. If that is wanted, say why and run "
                 "Benchmarks/check.py --update")


if __name__ == "__main__":
    main()
