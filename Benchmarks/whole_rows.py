"""Rows of bench.py for the whole service: against the C subscribers and paho on the fake broker, and against C on a real one."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from whole_path import Broker, Measurement, Service, cpu_seconds, free_port, memory

HERE = Path(__file__).resolve().parent
QOS1 = "whole, QoS 1"
REAL = "real broker, QoS 1, CPU"
EIGHT_MILLION = 125.0
"""ns of a reading where 8 million are taken in a second."""


class RealBroker:
    """mosquitto on a port of its own, without persistence, with no bound on what waits."""

    def __init__(self, folder):
        self.port = free_port()
        settings = folder / "mosquitto.conf"
        settings.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 1000\nmax_queued_messages 0\n"
                            "max_queued_bytes 0\n")
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self.child = subprocess.Popen([program, "-c", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5)

    def expect(self, _):
        """Time for CONNECT and SUBSCRIBE."""
        time.sleep(1.5)

    def end(self):
        self.child.terminate()
        self.child.wait()


class WholeRows(Measurement):
    """The measurements of whole_path.py and, in the same rounds, those against paho and on a real broker."""

    class Options:
        rounds = 1

        def __init__(self, program, out, messages):
            self.program, self.out, self.messages = program, out, messages

    def __init__(self, program, out, messages, python):
        super().__init__(self.Options(program, out, messages))
        self.python = python
        self.is_missing = False

    def round(self):
        self.qos1()
        self.paho()
        self.qos0()
        self.real()

    def paho(self):
        n = self.options.messages
        broker = Broker(self.tools, 1, n, 1000, 1)
        try:
            broker.go()
            done = subprocess.run([self.python, HERE / "Peers" / "paho_zscore.py", str(broker.port), str(n)], capture_output=True, text=True)
            if done.returncode == 69:
                self.is_missing = True
                return
            broker.expect("subscribed")
            self.note("QoS 1, 1 reading a message", "paho", rate=n / broker.seconds(), cpu=float(done.stdout.split()[2]) / n * 1e6)
        finally:
            broker.end()

    def publish(self, broker):
        subprocess.run([self.tools / "publisher", str(broker.port), "1", str(self.options.messages), "1000"], check=True, timeout=600)

    def real(self):
        """CPU of the receiving side alone: the broker is the limit."""
        n = self.options.messages
        folder = self.folder()
        broker = RealBroker(folder)
        try:
            service = Service(self.options.program, folder, broker)
            before = cpu_seconds(service.pid)
            self.publish(broker)
            deadline = time.monotonic() + 120
            while service.metrics()["mizumori_readings_total"] < n:
                if time.monotonic() > deadline:
                    sys.exit(f"the service took {service.metrics()['mizumori_readings_total']} of {n} readings from the real broker")
                time.sleep(0.05)
            self.note(REAL, "mizumori", cpu=(cpu_seconds(service.pid) - before) / n * 1e6)
            service.end()
            for program, name in ((["probe", "receive", broker.port, n], "probe"), (["subscriber", "own", broker.port, 1, n], "C own")):
                child = subprocess.Popen([str(self.tools / program[0]), *map(str, program[1:])], stdout=subprocess.PIPE, text=True)
                broker.expect("subscribed")
                self.publish(broker)
                self.note(REAL, name, cpu=float(child.communicate(timeout=120)[0].split()[2]) / n * 1e6)
        finally:
            broker.end()
            shutil.rmtree(folder, ignore_errors=True)

    def costs(self):
        """(row, program) → ns for each operation, as bench.py keeps them."""
        out = {}
        for (row, program), values in self.figures.items():
            name = "ours" if program == "mizumori" else program
            if row.startswith("QoS 1"):
                out[(QOS1, name)] = [1e9 / r for r in values["rate"]]
                out[(QOS1 + ", CPU", name)] = [c * 1e3 for c in values["cpu"]]
            elif row.startswith("QoS 0"):
                minutes = " by the minute" if row.endswith("minute") else ""
                out[(f"whole, QoS 0, a reading of 60{minutes}", name)] = [1e9 / r / 60 for r in values["rate"]]
                out[(f"whole, QoS 0, a reading of 60{minutes}, CPU", name)] = [c * 1e3 / 60 for c in values["cpu"]]
            elif row == REAL:
                out[(row, name)] = [c * 1e3 for c in values["cpu"]]
        subscriber = out.get((REAL, "probe"))
        if subscriber:
            out[("subscriber, real broker, CPU", "ours")] = out.pop((REAL, "probe"))
            out[("subscriber, real broker, CPU", "C own")] = out[(REAL, "C own")]
        for minutes in ("", " by the minute"):
            if (f"whole, QoS 0, a reading of 60{minutes}", "ours") in out:
                out[(f"whole, QoS 0, a reading of 60{minutes}", "8 M/s")] = [EIGHT_MILLION]
        return out

    def base(self):
        """Bytes of the service with the page, just started, and after the page was asked for."""
        folder = self.folder()
        broker = Broker(self.tools, 1, 1, 1, 1)
        try:
            service = Service(self.options.program, folder, broker)
            time.sleep(1)
            started = memory(service.pid, "VmRSS")
            for path in ("/", "/assets/style.css", "/metrics"):
                subprocess.run(["curl", "-s", "-o", os.devnull, f"http://127.0.0.1:{service.web}{path}"], check=False)
            out = {"started": started, "page": memory(service.pid, "VmRSS")}
            service.end()
            return out
        finally:
            broker.end()
            shutil.rmtree(folder, ignore_errors=True)
