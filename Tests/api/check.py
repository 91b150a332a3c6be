#!/usr/bin/env python3
"""Sends the running service thousands of requests made from its own OpenAPI document (schemathesis), valid and broken ones, and holds every
answer against the document.

  check.py --program .build/debug/mizumori --simulator .build/debug/mizumori-sim [--cases 1000] [--seed 1] [--out out/api]

A broker, the service with log-in, a village with two leaks, a receiver that answers nothing. Most of the API is asked with a token of all
scopes; accounts and tokens with the session of an operator, since no token may change them. Ends with 1 when anything was found.
"""
import argparse, datetime, glob, json, os, re, shutil, socket, subprocess, sys, tempfile, time, urllib.error, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = "4.32.5"
PASSWORD = "山の水はつめたくておいしい"
# An endless answer: schemathesis would wait for its end. WebServerTests+LiveStream and the browser test look at it.
ENDLESS = "/api/v1/stream"
# Would end the session with which the others are asked; WebServerTests+Gate looks at it.
ENDING = "/api/v1/session/end"
SESSION_ONLY = "^/api/v1/(accounts|tokens)"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def install(folder):
    """schemathesis in an environment of its own; nil when it cannot be had."""
    tool = f"{folder}/venv/bin/st"
    if os.path.exists(tool) and VERSION in subprocess.run([tool, "--version"], capture_output=True, text=True).stdout:
        return tool
    shutil.rmtree(f"{folder}/venv", ignore_errors=True)
    for command in ([sys.executable, "-m", "venv", f"{folder}/venv"],
                    [f"{folder}/venv/bin/pip", "install", "-q", "--disable-pip-version-check", f"schemathesis=={VERSION}"]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            print(done.stderr[-2000:], file=sys.stderr)
            return None
    return tool


class Box:
    """The service and all that it needs, in a folder that goes away again."""

    def __init__(self, program, simulator, folder):
        self.program, self.folder = program, folder
        self.port, self.broker_port, dead = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.write("mosquitto.conf", f"listener {self.broker_port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n")
        self.write("hook.secret", "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
        self.write("mizumori.yaml", f"""utility: {{municipality: satoyama, name: 里山村}}
broker: {{host: 127.0.0.1, port: {self.broker_port}, client_id: api}}
data: {{directory: "{folder}/data"}}
alerts:
  webhooks:
    - {{name: hook, url: "http://127.0.0.1:{dead}/", secret_file: hook.secret, allow_addresses: [127.0.0.1]}}
web: {{port: {self.port}}}
works:
  - {{name: 毎週の洗管, zones: [satoyama/kami], from: "02:00", to: "03:00", weekdays: [mon]}}
""")
        self.broker = subprocess.Popen(["mosquitto", "-c", f"{folder}/mosquitto.conf"], stderr=subprocess.DEVNULL)
        self.service = None
        self.start()
        done = subprocess.run([simulator, "run", "--scenario", f"{HERE}/town.yaml", "--port", str(self.broker_port), "--speed", "max",
                               "--end-now", "--batch", "10"], capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def write(self, name, text):
        with open(f"{self.folder}/{name}", "w", opener=lambda p, f: os.open(p, f, 0o600)) as f:
            f.write(text)

    def start(self):
        self.log = open(f"{self.folder}/service.log", "w")
        self.service = subprocess.Popen([self.program, "run", "--settings", f"{self.folder}/mizumori.yaml"], stderr=self.log)
        self.wait(lambda: self.ask("/readyz")[0] == 200, 60, "the service is not ready")

    def wait(self, condition, seconds, what):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if condition():
                    return
            except OSError:
                pass
            if self.service.poll() is not None:
                break
            time.sleep(0.2)
        raise RuntimeError(f"{what}\n" + open(f"{self.folder}/service.log").read()[-3000:])

    def ask(self, path, headers={}, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {**headers, **({"Content-Type": "application/json"} if data else {})})
        try:
            with urllib.request.urlopen(request, timeout=20) as r:
                return r.status, r.headers, r.read()
        except urllib.error.HTTPError as e:
            return e.code, e.headers, e.read()

    def command(self, *arguments, text=None):
        return subprocess.run([self.program, *arguments, "--settings", f"{self.folder}/mizumori.yaml"], input=text, text=True, check=True,
                              capture_output=True).stdout

    def end(self):
        for p in (self.service, self.broker):
            if p and p.poll() is None:
                p.terminate()
                p.wait(timeout=30)


class Run:
    """One run of schemathesis over some operations."""

    def __init__(self, tool, box, out, known):
        self.tool, self.box, self.out, self.known = tool, box, out, known
        self.cases, self.problems, self.number = 0, 0, 0

    def __call__(self, title, headers, choice, examples, seed, phases):
        self.number += 1
        report = f"{self.out}/{self.number}-{title}"
        command = [self.tool, "--config-file", f"{HERE}/schemathesis.toml", "run", f"{self.box.url}/api/v1/openapi.json", "--url", self.box.url,
                   "--checks", "all", "--phases", phases, "--max-examples", str(examples), "--seed", str(seed), "--continue-on-failure",
                   "--generation-database", "none", "--request-timeout", "30", "--report", "ndjson", "--report-ndjson-path", report + ".ndjson",
                   "--suppress-health-check", "all", "--warnings", "off", *choice]
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        environment = {**os.environ, "API_KNOWN": self.known, "API_SEED": str(seed), "SCHEMATHESIS_HOOKS": f"{HERE}/hooks.py",
                       "PYTHONIOENCODING": "utf-8"}
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=self.out)
        with open(report + ".txt", "w") as f:
            f.write(done.stdout + done.stderr)
        cases = self.count(report + ".ndjson")
        self.cases += cases
        print(f"{title}: {cases} cases, seed {seed}, {time.monotonic() - began:.0f} s, {'clean' if done.returncode == 0 else 'NOT CLEAN'}",
              flush=True)
        if done.returncode != 0:
            self.problems += 1
            print(done.stdout[-12_000:] + done.stderr[-2000:], flush=True)
        return cases

    @staticmethod
    def count(path):
        """Requests that were sent and judged."""
        n = 0
        for line in open(path, encoding="utf-8"):
            event = json.loads(line)
            for value in event.values():
                if isinstance(value, dict) and "recorder" in value:
                    n += len(value["recorder"].get("interactions", {}))
        return n


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=".build/debug/mizumori")
    parser.add_argument("--simulator", default=".build/debug/mizumori-sim")
    parser.add_argument("--cases", type=int, default=int(os.environ.get("API_CASES", "1000")))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("API_SEED", "1")))
    parser.add_argument("--out", default="out/api")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    out = os.path.abspath(options.out)
    tool = install(out)
    if tool is None:
        print("schemathesis: not here (PyPI cannot be reached)")
        return 1 if os.environ.get("CI") else 0
    for old in glob.glob(f"{out}/*-*.ndjson") + glob.glob(f"{out}/*-*.txt"):
        os.remove(old)
    with tempfile.TemporaryDirectory() as folder:
        box = Box(os.path.abspath(options.program), os.path.abspath(options.simulator), folder)
        try:
            return look(tool, box, out, options)
        finally:
            box.end()
            shutil.copy(f"{folder}/service.log", f"{out}/service.log")


def look(tool, box, out, options):
    box.command("account", "add", "boss", "--role", "operator", text=PASSWORD + "\n")
    token = box.command("token", "add", "check", "--scope", "read", "--scope", "write", "--scope", "metrics").split()[-1]
    by_token = {"Authorization": f"Bearer {token}"}
    box.wait(lambda: box.ask("/api/v1/events?leaks=true&open=true", by_token)[2] != b"[]", 90, "no leak was found")
    meters = [m["id"] for m in json.loads(box.ask("/api/v1/meters", by_token)[2])]
    events = [e["key"] for e in json.loads(box.ask("/api/v1/events", by_token)[2])]
    known = f"{out}/known.json"
    with open(known, "w") as f:
        json.dump({"meters": meters, "events": events, "quantities": ["flow", "total", "pressure", "level", "temperature"]}, f)
    status, headers, body = box.ask("/api/v1/session", body={"name": "boss", "password": PASSWORD})
    if status != 200:
        raise RuntimeError(f"log-in: {status} {body}")
    by_session = {"Cookie": headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": json.loads(body)["csrf"]}
    print(f"{len(meters)} meters, {len(events)} events; {options.cases} cases wanted, seed {options.seed}", flush=True)
    run = Run(tool, box, out, known)
    began = time.monotonic()
    most = ["--exclude-path", ENDLESS, "--exclude-path", ENDING, "--exclude-path-regex", SESSION_ONLY]
    some = ["--include-path-regex", SESSION_ONLY]
    # The phases before fuzzing are the same whatever the seed; fuzzing fills up what is wanted.
    run("token", by_token, most, 1, options.seed, "examples,coverage")
    run("session", by_session, some, 1, options.seed, "examples,coverage")
    seed = options.seed
    while run.cases < options.cases and seed < options.seed + 20:
        examples = max(2, min(200, (options.cases - run.cases) // 50 + 1))
        run("token", by_token, most, examples, seed, "fuzzing")
        # scrypt makes each account cost a quarter of a second.
        run("session", by_session, some, max(2, examples // 4), seed, "fuzzing")
        seed += 1
    took = time.monotonic() - began
    faults = [line for line in open(f"{box.folder}/service.log", encoding="utf-8") if "page request failed" in line]
    is_alive = box.service.poll() is None and box.ask("/livez")[0] == 200
    print(f"{run.cases} cases in {took:.0f} s; {run.problems} runs not clean, {len(faults)} faults in the log, "
          f"service {'alive' if is_alive else 'DEAD'}")
    for line in faults[:5]:
        print(line.rstrip())
    return 0 if run.problems == 0 and not faults and is_alive else 1


if __name__ == "__main__":
    sys.exit(main())
