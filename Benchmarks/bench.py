#!/usr/bin/python3
"""make bench: our code and the C references (and the Python peers that are installed), interleaved in one run, as ratios.

Every round runs each program of each row once, so that a busy moment meets all of them; the table shows medians. Times on a shared
machine mean little, their ratios more: the load is printed, and a run that began above 1 should be repeated.
"""

import argparse
import gzip
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from whole_rows import EIGHT_MILLION, QOS1, WholeRows

HERE = Path(__file__).resolve().parent
SCALES = [10, 100, 1_000, 10_000, 100_000, 1_000_000]


class Bench:
    """Runs programs and keeps, for each row and program, the cost of an operation in ns; of `scale` also the peak of memory in bytes."""

    def __init__(self, out, scale, python):
        self.out, self.scale, self.python = out, scale, python
        self.costs, self.memory, self.missing = {}, {}, {}

    def size(self, n):
        return max(1000, int(n * self.scale))

    def run(self, row, program, command, use_cpu=False):
        """The program prints operations, seconds and perhaps CPU seconds and more: what is returned, or nothing where it is not installed.
        `scale` and `minutes` print the peak of their memory third."""
        child = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if child.returncode == 69:
            self.missing[(row, program)] = True
            return []
        if child.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))} ended with {child.returncode}")
        figures = [float(f) for f in child.stdout.split()]
        self.costs.setdefault((row, program), []).append(figures[2 if use_cpu else 1] / figures[0] * 1e9)
        if command[1] in ("scale", "minutes"):
            self.memory[(row, program)] = max(self.memory.get((row, program), 0), int(figures[2]))
        return figures

    def same(self, row, other, program):
        """What a program costs in one row is what it costs in another one."""
        for kept in (self.costs, self.missing):
            if (row, program) in kept:
                kept[(other, program)] = kept[(row, program)]

    def with_broker(self, row, program, command, qos, count):
        """The client against the fake broker. The broker's time is the cost: it ends with the last acknowledgement."""
        port = 20_000 + (os.getpid() * 7 + len(self.costs) * 13 + int(time.monotonic() * 1000)) % 20_000
        broker = subprocess.Popen([self.out / "fakebroker", str(port), str(qos), str(count)], stdout=subprocess.PIPE, text=True)
        time.sleep(0.2)
        try:
            self.run(row + ", CPU", program, [str(c).format(port=port) for c in command], use_cpu=True)
            if (row + ", CPU", program) in self.missing:
                self.missing[(row, program)] = True
                return
            figures = broker.communicate(timeout=60)[0].split()
            self.costs.setdefault((row, program), []).append(float(figures[1]) / float(figures[0]) * 1e9)
        finally:
            broker.kill()
            broker.wait()

    def least(self, row, program):
        """Of CPU time on a shared machine: what other programs took of the caches is not ours."""
        return min(self.costs[(row, program)]) if (row, program) in self.costs else None

    def median(self, row, program):
        return statistics.median(self.costs[(row, program)]) if (row, program) in self.costs else None


def history(b):
    """What does not grow with the history: medians over the rounds are taken by the probe itself."""
    out = []
    for days in (30, 365, 1095):
        with tempfile.TemporaryDirectory(dir=b.out) as d:
            text = subprocess.run([b.out / "probe", "history", str(days), d], check=True, capture_output=True, text=True).stdout
        readings, size, commit, graph, start = map(float, text.split())
        out.append({"days": days, "readings": int(readings), "bytes_a_reading": size, "commit_us": commit, "graph_us": graph,
                    "start_us": start})
    return out


def written(b):
    """A sync a commit, whoever writes: what the disk alone takes for these bytes, and what we add to it."""
    row, n = "written, 500 a commit", b.size(200_000) // 500 * 500
    with tempfile.TemporaryDirectory(dir=b.out) as d:
        readings, _, cpu, size = b.run(row, "ours", [b.out / "probe", "writing", 500, n // 500, d])
        b.run(row, "C sync", [b.out / "reference", "sync", n, 500, int(size), d])
    b.costs.setdefault((f"{row}, CPU", "ours"), []).append(cpu / readings * 1e9)
    for name in (row, f"{row}, CPU"):
        b.costs[(name, "300 k/s")] = [1e9 / 300_000]


def batches(b):
    """How evenly the work falls on batches of 1,000 readings when all sensors pass full hours, midnights and nights together. With 2,880
    batches and more p99.9 is not the one that another program held up."""
    for sensors, days in ((1_000, 30), (10_000, 3)):
        for order in ("order", "random"):
            row = f"batch p99.9, {sensors:,} sensors, {order}"
            text = subprocess.run([b.out / "probe", "core-batches", str(sensors), str(days), order], check=True, capture_output=True, text=True)
            _, median, _, slow, *_ = map(float, text.stdout.split())
            # µs of 1,000 readings are ns of one.
            b.costs.setdefault((row, "ours"), []).append(slow)
            b.costs.setdefault((row, "median"), []).append(median)


def backtest(b, program):
    """Series that the simulator beside the program makes, 5 minutes to an hour apart; as the program tells its own time."""
    with tempfile.TemporaryDirectory(dir=b.out) as d:
        subprocess.run([program.parent / "mizumori-sim", "generate", "--hard", "12", "--seed", "1", "--out", d], check=True, capture_output=True)
        packed = sorted(Path(d, "series").glob("*.csv.gz"))
        plain = [f.with_suffix("") for f in packed]
        for f, out in zip(packed, plain):
            out.write_bytes(gzip.decompress(f.read_bytes()))
        first = {min(os.sched_getaffinity(0))}
        for row, files, cores in (("backtest of CSV, one core", plain, first), ("backtest of CSV.gz, one core", packed, first),
                                  ("backtest of CSV, all cores", plain, os.sched_getaffinity(0))):
            text = subprocess.run([program, "backtest", *files, "--alerts", Path(d) / "alerts", "--json"], check=True, capture_output=True,
                                  text=True, preexec_fn=lambda: os.sched_setaffinity(0, cores)).stdout
            figures = json.loads(text.splitlines()[-1])
            b.costs.setdefault((row, "ours"), []).append(figures["seconds"] / figures["readings"] * 1e9)
            b.costs[(row, "5 M/s")] = [200.0]


def one_round(b, largest, is_first):
    ours, reference, peers = b.out / "probe", b.out / "reference", HERE / "Peers"
    n = b.size(2_000_000)
    b.run("decode", "ours", [ours, "decode", n])
    b.run("decode", "C", [reference, "decode", n])
    # With the shapes of records remembered, as the service decodes; C has none, and no arrays: its one message is the measure of all.
    for row, what in (("decode by shape", "shape"), ("decode arrays of 60", "array"), ("decode arrays of 60 by shape", "array-shape"),
                      ("decode 16 senders", "senders"), ("decode 16 senders by shape", "senders-shape")):
        b.run(row, "ours", [ours, "decode", n, what])
        b.same("decode", row, "C")
    # A million takes 12 million readings: once is enough.
    for sensors in (s for s in SCALES if s <= largest and (is_first or s < 1_000_000)):
        for order in ("order", "random"):
            row = f"core, {sensors:,} sensors, {order}"
            readings = b.size(2_000_000)
            b.run(row, "ours", [ours, "scale", sensors, readings, order])
            b.run(row, "C", [reference, "scale", sensors, readings, order])
    # Readings a minute apart have a fifth of the hourly step that those above have; River has none.
    for order in ("order", "random"):
        row = f"core by the minute, 1,000 sensors, {order}"
        b.run(row, "ours", [ours, "minutes", 1000, b.size(4_000_000), order])
        b.run(row, "C", [reference, "minutes", 1000, b.size(4_000_000), order])
    # Nothing received or stored: the rows of the whole service have that.
    for seconds in (15, 60):
        row = f"decode and judge arrays of 60, {seconds} s apart"
        b.run(row, "ours", [ours, "arrays", 1000, b.size(4_000_000), seconds])
        b.costs[(row, "8 M/s")] = [EIGHT_MILLION]
    for model, count in (("gaussian", 400_000), ("trees", 40_000)):
        row = "core, 1,000 sensors, order"
        b.run(row, f"River {model}", [b.python, peers / "core_river.py", model, b.size(count)])
        b.same(row, "core by the minute, 1,000 sensors, order", f"River {model}")
    with tempfile.TemporaryDirectory(dir=b.out) as d:
        b.run("commit, 500 rows", "ours", [ours, "commit", b.size(200_000), 500, d])
        b.run("commit, 500 rows", "C", [reference, "commit", b.size(200_000), 500, d])
        written(b)
        # Not scaled: the start of the process, some ms, is in the CPU seconds.
        count = 100_000
        row = "subscriber, QoS 1"
        b.with_broker(row, "ours", [ours, "receive", "{port}", count], 1, count)
        for mode in ("own", "forever", "journal"):
            extra = [Path(d) / "journal"] if mode == "journal" else []
            b.with_broker(row, f"C {mode}", [b.out / "subscriber", mode, "{port}", 1, count, *extra], 1, count)
        b.with_broker(row, "paho", [b.python, peers / "paho_zscore.py", "{port}", count], 1, count)


def rows(b, targets):
    """One for each pair of ours and another: the ratio is our cost over theirs, below 1 where we are faster."""
    names = list(dict.fromkeys(list(b.costs) + list(b.missing)))
    for row, program in names:
        if program == "ours":
            continue
        ours, theirs = b.median(row, "ours"), b.median(row, program)
        target = targets.get(f"{row} / {program}", targets.get(f"{row.split(',')[0]} / {program}"))
        ratio = ours / theirs if ours and theirs else None
        yield {"row": row, "against": program, "ours_ns": ours, "theirs_ns": theirs, "ratio": ratio, "target": target,
               "met": None if target is None or ratio is None else ratio <= target}


def show(table):
    print(f"{'what':38}{'against':16}{'ours ns':>10}{'theirs ns':>11}{'ratio':>8}{'target':>8}")
    for r in table:
        theirs = "not installed" if r["theirs_ns"] is None else f"{r['theirs_ns']:,.0f}"
        ratio = "" if r["ratio"] is None else f"{r['ratio']:.3f}"
        target = "" if r["target"] is None else f"{r['target']:g}"
        ours = "" if r["ours_ns"] is None else f"{r['ours_ns']:,.0f}"
        print(f"{r['row']:38}{r['against']:16}{ours:>10}{theirs:>14}{ratio:>8}{target:>8}{'' if r['met'] in (None, True) else '  missed'}")


def show_history(lengths):
    print(f"\n{'history of 20 meters, days':30}{'readings':>12}{'bytes each':>12}{'commit µs':>12}{'graph µs':>12}{'open µs':>12}")
    for h in lengths:
        print(f"{h['days']:<30}{h['readings']:>12,}{h['bytes_a_reading']:>12.2f}{h['commit_us']:>12,.0f}{h['graph_us']:>12,.0f}"
              f"{h['start_us']:>12,.0f}")


def scaling(b, largest):
    out = []
    for sensors in (s for s in SCALES if s <= largest):
        for order in ("order", "random"):
            row = f"core, {sensors:,} sensors, {order}"
            out.append({"sensors": sensors, "order": order, "ours_ns": b.median(row, "ours"), "c_ns": b.median(row, "C"),
                        "ours_least_ns": b.least(row, "ours"), "c_least_ns": b.least(row, "C"),
                        "ours_bytes": b.memory[(row, "ours")], "c_bytes": b.memory[(row, "C")]})
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / ".build-probe")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the usual number of operations")
    parser.add_argument("--sensors", type=int, default=10_000, help="the largest number of sensors; a million needs 6 GB")
    parser.add_argument("--program", type=Path, help="a release build of mizumori: the rows of the whole service as well")
    parser.add_argument("--python", default=sys.executable, help="a Python that has river and paho-mqtt")
    parser.add_argument("--messages", type=int, default=200_000, help="of the rows of the whole service")
    parser.add_argument("--json", type=Path, help="also writes the figures there")
    options = parser.parse_args()
    subprocess.run([HERE / "probe.sh", options.out], check=True)
    b = Bench(options.out.resolve(), options.scale, options.python)
    whole = WholeRows(options.program.resolve(), b.out, options.messages, options.python) if options.program else None
    load = os.getloadavg()[0]
    for k in range(options.rounds):
        print(f"round {k + 1} of {options.rounds}", file=sys.stderr)
        one_round(b, options.sensors, k == 0)
        batches(b)
        if whole:
            whole.round()
            backtest(b, options.program.resolve())
    if whole:
        b.costs.update(whole.costs())
        if whole.is_missing:
            b.missing[(QOS1, "paho")] = True
    lengths = history(b)
    table = list(rows(b, json.loads((HERE / "targets.json").read_text())))
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} at the start and {os.getloadavg()[0]:.1f} at the end, "
          f"median of {options.rounds}")
    show(table)
    show_history(lengths)
    if options.json:
        run = {"time": datetime.now(timezone.utc).isoformat(timespec="seconds"), "machine": platform.machine(), "cores": os.cpu_count(),
               "load": [load, os.getloadavg()[0]], "rounds": options.rounds, "scale": options.scale, "table": table,
               "scaling": scaling(b, options.sensors), "history": lengths}
        if whole:
            run["memory"] = whole.base()
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(run, indent=1) + "\n")


if __name__ == "__main__":
    main()
