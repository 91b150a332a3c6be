#!/usr/bin/python3
"""The whole way of a reading, measured on the service itself: message received, judged, stored, acknowledged.

  Benchmarks/whole_path.py --program .build/release/mizumori            everything, three rounds
  Benchmarks/whole_path.py --program … --only qos1 --rounds 5

qos1     one reading a message, QoS 1, 1,000 in flight: the service and the bare C subscribers (own loop with journal, own loop,
         loop_forever) in turn, against the same stream.
qos0     60 readings a message, QoS 0, 15 s and a minute apart: the service and the bare C subscriber that only counts.
base     ten meters, pages looked at: memory (Pss: pages that other processes have too count in part).
start    a directory with --sensors sensors and a checkpoint: time from exec until the broker has the SUBSCRIBE.
town     --town sensors: memory, and the longest time that a checkpoint held up the ingest thread, from /metrics.

Messages come from Reference/meterbroker.c: no broker is the limit. Times on a shared machine mean little, ratios of one run more; CPU is
user and system time of the process while the messages came (of a C program: in all). Data lie in $TMPDIR.
"""

import argparse
import contextlib
import json
import os
import re
import select
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid, name):
    """Bytes: VmRSS or VmHWM."""
    return int(re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()).group(1)) * 1024


def proportional(pid):
    """Bytes: Pss."""
    return int(re.search(r"Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text()).group(1)) * 1024


class Broker:
    """A stream that waits for a client, and for `go`."""

    def __init__(self, tools, qos, messages, sensors, readings, step=15):
        """`step`: seconds between the readings of one meter."""
        self.port = free_port()
        figures = (self.port, qos, messages, sensors, readings, step)
        self.child = subprocess.Popen([tools / "meterbroker", *map(str, figures)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.expect("ready")

    def expect(self, word):
        """Two minutes at most: a client that ended at its start never comes."""
        if not select.select([self.child.stdout], [], [], 120)[0]:
            sys.exit(f"the broker did not say {word!r} in two minutes: no client came")
        line = self.child.stdout.readline().strip()
        if line != word:
            sys.exit(f"the broker said {line!r} instead of {word!r}")

    def go(self):
        self.child.stdin.write("go\n")
        self.child.stdin.flush()

    def seconds(self):
        return float(self.child.stdout.readline().split()[1])

    def end(self):
        self.child.kill()
        self.child.wait()


class Service:
    """`mizumori run` over a directory of its own."""

    def __init__(self, program, folder, broker, max_sensors=200_000, checkpoint=3600, wrapper=(), gap=None):
        self.web = free_port()
        (folder / "data").mkdir(exist_ok=True)
        (folder / "mizumori.yaml").write_text(
            f"utility: {{ name: 測定, municipality: town }}\nbroker: {{ host: 127.0.0.1, port: {broker.port} }}\n"
            f"limits: {{ max_sensors: {max_sensors} }}\n"
            f"data: {{ directory: {folder}/data, commit_readings: 1000, checkpoint_s: {checkpoint} }}\n"
            f"web: {{ port: {self.web}, login: false }}\n" + (f"detection: {{ gap_minutes: {gap} }}\n" if gap else ""))
        self.log = open(folder / "log", "a")
        self.began = time.monotonic()
        self.child = subprocess.Popen([*wrapper, program, "run", "--settings", folder / "mizumori.yaml", "--log-level", "warning"],
                                      stdout=self.log, stderr=subprocess.STDOUT)
        self.pid = self.child.pid
        broker.expect("subscribed")
        self.ready = time.monotonic() - self.began

    def metrics(self):
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.web}/metrics", timeout=30).read().decode()
        return {name: float(value) for name, value in re.findall(r"^(mizumori_\w+) (\S+)$", text, re.M)}

    def end(self):
        self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(timeout=120)
        self.log.close()
        if code != 0:
            sys.exit(f"the service ended with {code}: see its log")


class Measurement:
    def __init__(self, options):
        self.options = options
        self.tools = options.out.resolve()
        self.figures = {}

    def note(self, row, program, **values):
        for key, value in values.items():
            self.figures.setdefault((row, program), {}).setdefault(key, []).append(value)

    def folder(self):
        return Path(tempfile.mkdtemp(prefix="mizumori-whole-path-"))

    def service(self, row, qos, messages, sensors, readings, step=15):
        broker, folder = Broker(self.tools, qos, messages, sensors, readings, step), self.folder()
        try:
            # A message an hour is no silence, but for the usual limit of 45 minutes it would be.
            service = Service(self.options.program, folder, broker, gap=180 if step * readings >= 2700 else None)
            base, before = memory(service.pid, "VmRSS"), cpu_seconds(service.pid)
            broker.go()
            seconds = broker.seconds()
            # With QoS 0 the last have left the broker and have not been judged yet.
            began = time.monotonic()
            while service.metrics()["mizumori_readings_total"] < messages * readings and time.monotonic() - began < 60:
                time.sleep(0.005)
            if qos == 0:
                seconds += time.monotonic() - began
            cpu = cpu_seconds(service.pid) - before
            taken = service.metrics()["mizumori_readings_total"]
            if taken != messages * readings:
                sys.exit(f"{taken} of {messages * readings} readings were taken: see {folder}")
            self.note(row, "mizumori", rate=messages / seconds, cpu=cpu / messages * 1e6, rss=memory(service.pid, "VmHWM"), base=base)
            service.end()
        finally:
            broker.end()
            shutil.rmtree(folder, ignore_errors=True)

    def reference(self, row, mode, qos, messages, sensors, readings):
        broker, folder = Broker(self.tools, qos, messages, sensors, readings), self.folder()
        try:
            broker.go()
            extra = [folder / "journal"] if mode == "journal" else []
            done = subprocess.run([self.tools / "subscriber", mode, str(broker.port), str(qos), str(messages), *extra],
                                  capture_output=True, text=True, check=True, timeout=300)
            broker.expect("subscribed")
            cpu = float(done.stdout.split()[2])
            self.note(row, f"C {mode}", rate=messages / broker.seconds(), cpu=cpu / messages * 1e6)
        finally:
            broker.end()
            shutil.rmtree(folder, ignore_errors=True)

    def qos1(self):
        n = self.options.messages
        row = "QoS 1, 1 reading a message"
        self.service(row, 1, n, 1000, 1)
        for mode in ("journal", "own", "forever"):
            self.reference(row, mode, 1, n, 1000, 1)

    def qos0(self):
        n = max(1000, self.options.messages // 5)
        row = "QoS 0, 60 readings a message"
        self.service(row, 0, n, 1000, 60)
        # An hour of minutes: a quarter of the hourly steps above are due in four times as many.
        self.service(f"{row}, by the minute", 0, n, 1000, 60, step=60)
        self.reference(row, "own", 0, n, 1000, 60)

    def base(self):
        """A reading of each of ten meters, then somebody looks at the pages."""
        broker, folder = Broker(self.tools, 1, 10, 10, 1), self.folder()
        try:
            service = Service(self.options.program, folder, broker)
            at_start = memory(service.pid, "VmRSS")
            broker.go()
            broker.seconds()
            for path in ("/", "/meters", "/api/v1/overview", "/api/v1/sensors", "/api/v1/events", "/metrics"):
                with contextlib.suppress(urllib.error.HTTPError):
                    urllib.request.urlopen(f"http://127.0.0.1:{service.web}{path}", timeout=30).read()
            time.sleep(3)
            self.note("ten meters, pages looked at", "mizumori", base=at_start, rss=memory(service.pid, "VmRSS"),
                      pss=proportional(service.pid), ready=service.ready)
            service.end()
        finally:
            broker.end()
            shutil.rmtree(folder, ignore_errors=True)

    def start(self):
        """The first run learns the sensors and ends in order, which saves a checkpoint; the others are measured."""
        folder, sensors = self.folder(), self.options.sensors
        try:
            for k in range(self.options.rounds + 1):
                broker = Broker(self.tools, 1, sensors, sensors, 1)
                service = Service(self.options.program, folder, broker)
                if k == 0:
                    broker.go()
                    broker.seconds()
                else:
                    self.note(f"start with {sensors:,} sensors", "mizumori", ready=service.ready, rss=memory(service.pid, "VmHWM"))
                service.end()
                broker.end()
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def town(self):
        """All sensors report twice, a checkpoint falls due meanwhile or after."""
        sensors, folder = self.options.town, self.folder()
        broker = Broker(self.tools, 1, 3 * sensors, sensors, 1)
        try:
            service = Service(self.options.program, folder, broker, checkpoint=2)
            broker.go()
            seconds = broker.seconds()
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and service.metrics().get("mizumori_checkpoints_total", 0) < 2:
                time.sleep(0.5)
            m = service.metrics()
            self.note(f"town of {sensors:,} sensors", "mizumori", rate=3 * sensors / seconds, rss=memory(service.pid, "VmRSS"),
                      peak=memory(service.pid, "VmHWM"), pause=m.get("mizumori_checkpoint_pause_seconds_max", float("nan")),
                      checkpoints=m.get("mizumori_checkpoints_total", 0))
            began = time.monotonic()
            service.end()
            self.note(f"town of {sensors:,} sensors", "mizumori", stop=time.monotonic() - began)
            broker.end()
            # And the start with all of them.
            broker = Broker(self.tools, 1, sensors, sensors, 1)
            service = Service(self.options.program, folder, broker)
            self.note(f"town of {sensors:,} sensors", "mizumori", ready=service.ready)
            service.end()
        finally:
            broker.end()
            shutil.rmtree(folder, ignore_errors=True)


UNITS = {"rate": ("msg/s", 1, 0), "cpu": ("µs CPU/msg", 1, 2), "rss": ("MB", 1e-6, 1), "base": ("MB at start", 1e-6, 1), "pss": ("MB Pss", 1e-6, 1),
         "peak": ("MB peak", 1e-6, 1), "ready": ("s to ready", 1, 3), "pause": ("ms longest pause", 1000, 1),
         "checkpoints": ("checkpoints", 1, 0), "stop": ("s to stop", 1, 2)}


def show(figures):
    medians = {where: {k: statistics.median(v) for k, v in values.items()} for where, values in figures.items()}
    for (row, program), values in medians.items():
        text = ", ".join(f"{values[k] * factor:,.{digits}f} {unit}" for k, (unit, factor, digits) in UNITS.items() if k in values)
        ours = medians.get((row, "mizumori"), {})
        if program != "mizumori" and "rate" in values:
            text += f"; ours is {ours['rate'] / values['rate']:.2f} × its rate at {ours['cpu'] / values['cpu']:.2f} × its CPU"
        print(f"{row:44}{program:12}{text}")
    return [{"row": row, "program": program, **values} for (row, program), values in medians.items()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True, help="a release build of mizumori")
    parser.add_argument("--out", type=Path, default=HERE / ".build-reference", help="where the C programs go")
    parser.add_argument("--only", nargs="*", choices=["qos1", "qos0", "base", "start", "town"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--sensors", type=int, default=10_000, help="of `start`")
    parser.add_argument("--town", type=int, default=100_000, help="sensors of `town`")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    options.program = options.program.resolve()
    options.out.mkdir(parents=True, exist_ok=True)
    subprocess.run(["make", "--no-print-directory", "-s", "-C", HERE / "Reference", f"OUT={options.out.resolve()}",
                    *(str(options.out.resolve() / name) for name in ("meterbroker", "subscriber"))], check=True)
    m = Measurement(options)
    wanted = options.only or ["qos1", "qos0", "base", "start", "town"]
    load = os.getloadavg()[0]
    for _ in range(options.rounds):
        for name in wanted:
            if name in ("qos1", "qos0", "base"):
                getattr(m, name)()
    for name in wanted:
        if name in ("start", "town"):
            getattr(m, name)()
    print(f"{os.cpu_count()} cores, load {load:.1f} at the start and {os.getloadavg()[0]:.1f} at the end, median of {options.rounds}")
    table = show(m.figures)
    if options.json:
        options.json.write_text(json.dumps({"load": load, "rounds": options.rounds, "table": table}, indent=1) + "\n")


if __name__ == "__main__":
    main()
