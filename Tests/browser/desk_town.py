"""A small town for the tests of the desk: broker, receivers and service are real, the readings are made here.

Three weeks of readings are published up to four hours ago; a work then hides water, and a main breaks. One receiver answers 500, one 410.
"""
import datetime, http.server, json, math, os, socket, sqlite3, subprocess, threading, time, urllib.request

MINUTE, HOUR, DAY = 60, 3600, 86400
METERS = {"nishi/m01": "荒井 本管", "nishi/m02": "上牧 流入", "higashi/m03": "通り町"}
BROKEN, WORKED = "nishi/m01", "higashi/m03"
STEP = 10 * MINUTE
PASSWORD = "山の水はつめたくておいしい"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def flow(meter, t):
    """m³/h: a day like every other, with a little noise that is always the same."""
    hour = (t + 9 * HOUR) % DAY / HOUR
    day = 0.5 - 0.5 * math.cos(2 * math.pi * (hour - 3) / 24)
    noise = math.sin(t / 600 * 12.9898 + len(meter) + ord(meter[-1]) * 78.233) * 43758.5453
    return 4 + 8 * day + 0.4 * (noise - math.floor(noise))


def iso(t):
    return datetime.datetime.fromtimestamp(t, datetime.timezone(datetime.timedelta(hours=9))).isoformat()


class Receiver:
    """Answers with `status` what is posted to it, and counts."""

    def __init__(self, status):
        self.status, self.count, outer = status, 0, self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.count += 1
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self):
        self.server.shutdown()


class Town:
    """A broker, two receivers, a service with a log-in, and three weeks of readings up to four hours ago."""

    def __init__(self, program, folder):
        self.program, self.folder, self.port, self.broker_port = program, folder, free_port(), free_port()
        self.bad, self.gone = Receiver(500), Receiver(410)
        self.write_settings()
        self.broker = subprocess.Popen(["mosquitto", "-c", f"{folder}/mosquitto.conf"], stderr=subprocess.DEVNULL)
        self.log = f"{folder}/log"
        with open(self.log, "w") as log:
            self.service = subprocess.Popen([program, "run", "--settings", f"{folder}/mizumori.yaml"], stderr=log)
        self.url = f"http://127.0.0.1:{self.port}"
        self.until("ready", self.is_ready)
        self.account("add", "yamada", "--role", "operator")
        self.account("add", "mieru", "--role", "viewer")
        self.account("add", "machi", "--role", "operator", "--municipality", "ina")
        self.token = subprocess.run(
            [program, "token", "add", "test", "--scope", "read", "--scope", "write", "--settings", f"{folder}/mizumori.yaml"],
            capture_output=True, text=True, check=True).stdout.split()[-1]
        self.now = int(time.time()) // STEP * STEP
        self.publish(self.now - 21 * DAY, self.now - 4 * HOUR)
        self.work_from, self.work_to = self.now - 3 * HOUR, self.now - 90 * MINUTE
        self.ask("/works", {"sensors": [f"ina/{WORKED}/flow"], "from": iso(self.work_from), "to": iso(self.work_to), "note": "消火栓の取替え", "by": "山田"})
        hidden = lambda meter, t: 6.0 if meter == WORKED and self.work_from <= t < self.work_to else 0.0
        broken = lambda meter, t: 9.0 if meter == BROKEN and t >= self.now - 210 * MINUTE else 0.0
        self.publish(self.now - 4 * HOUR, self.now, lambda meter, t: hidden(meter, t) + broken(meter, t))
        self.until("the end of the work", lambda: any(w["state"] == "ended" and w.get("hiddenM3") for w in self.works()), 90)
        yesterday = iso(self.now - DAY)[:10]
        # The service folds the history into days every 30 s.
        self.until("the days of the history", lambda: self.ask(f"/reports/daily?date={yesterday}")["total"].get("supplied"), 90)
        self.until("the leak", lambda: any(e["isLeak"] for e in self.ask("/events?limit=50")), 90)

    def write_settings(self):
        hook = 'secret_file: hook.secret, allow_addresses: ["127.0.0.1"]'
        names = "\n".join(f'  ina/{m}/flow: {{name: {n}, zone_name: {"西区" if m.startswith("nishi") else "東区"}}}' for m, n in METERS.items())
        files = {
            "mosquitto.conf": f"listener {self.broker_port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n",
            "hook.secret": "whsec_" + "c2VjcmV0" * 5 + "\n",
            "mizumori.yaml": f"""utility: {{municipality: ina, name: 山の町}}
broker: {{host: 127.0.0.1, port: {self.broker_port}, client_id: desk}}
data: {{directory: "{self.folder}/data"}}
web: {{port: {self.port}}}
sensors:
{names}
works:
  - {{name: 洗管（夜間）, zones: [ina/nishi], from: "01:00", to: "04:00", weekdays: [tue]}}
alerts:
  webhooks:
    - {{name: kencho, url: "{self.bad.url}", {hook}}}
    - {{name: kyuyaku, url: "{self.gone.url}", {hook}}}
  commands:
    - {{name: kiroku, program: /bin/true}}
""",
        }
        for name, text in files.items():
            with open(f"{self.folder}/{name}", "w") as f:
                f.write(text)
            os.chmod(f"{self.folder}/{name}", 0o600)

    def until(self, what, condition, seconds=60):
        end = time.time() + seconds
        while time.time() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.2)
        raise AssertionError(f"{what}: not within {seconds} s\n{open(self.log).read()[-1500:]}")

    def is_ready(self):
        try:
            return urllib.request.urlopen(f"{self.url}/readyz", timeout=2).status == 200
        except OSError:
            return False

    def account(self, *arguments):
        subprocess.run([self.program, "account", *arguments, "--settings", f"{self.folder}/mizumori.yaml"],
                       input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)

    def ask(self, path, body=None, token=None):
        request = urllib.request.Request(self.url + "/api/v1" + path, headers={"Authorization": "Bearer " + (token or self.token)})
        if body is not None:
            request.data, request.headers["Content-type"] = json.dumps(body).encode(), "application/json"
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    def publish(self, start, end, extra=lambda meter, t: 0.0):
        """Readings of every meter in batches; each day is like the other, with a little noise that is always the same."""
        for meter in METERS:
            times = range(start, end, STEP)
            for part in range(0, len(times), 500):
                batch = [{"ts": t, "value": round(flow(meter, t) + extra(meter, t), 3), "battery": 74} for t in times[part:part + 500]]
                subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.broker_port), "-q", "1", "-t", f"water/ina/{meter}/flow", "-s"],
                               input=json.dumps(batch), text=True, check=True)
        # The detector shows a reading when the next one has told that it was no spike.
        self.until("the readings", lambda: self.last_seen() >= max(range(start, end, STEP)) - STEP)

    def last_seen(self):
        found = [s for s in self.ask("/sensors") if s["id"].startswith("ina/") and "/net/" not in s["id"] and s.get("lastSeen")]
        if len(found) < len(METERS):
            return 0
        return min(datetime.datetime.fromisoformat(s["lastSeen"]).timestamp() for s in found)

    def works(self):
        return self.ask(f"/works?from={1000 * (self.now - DAY)}&to={1000 * (self.now + DAY)}")["windows"]

    def spoil(self):
        """A message that is no JSON."""
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.broker_port), "-q", "1", "-t", f"water/ina/{BROKEN}/flow", "-m", '{"value":'], check=True)

    def unsettle(self):
        """Brings the last of the ten tries near for what the one receiver has got or waits for, and has the other say again that it wants no
        more: nobody waits three days for it. The tries themselves are the service's own; it looks at its queues every 30 s."""
        self.bad.status = 500
        self.change("UPDATE delivery SET state = 0, attempts = 9, due = 0, delivered = NULL WHERE lead IS NULL AND endpoint = 'kencho'")
        self.change("UPDATE delivery SET state = 0, attempts = 0, due = 0, delivered = NULL WHERE lead IS NULL AND endpoint = 'kyuyaku'")

    def change(self, sql):
        with sqlite3.connect(f"{self.folder}/data/mizumori.db", timeout=20) as db:
            db.execute(sql)

    def endpoint(self, name):
        return next(e for e in self.ask("/endpoints") if e["name"] == name)

    def until_unsettled(self):
        self.until("failed deliveries", lambda: self.endpoint("kencho")["failed"] and not self.endpoint("kencho")["pending"], 45)
        self.until("the receiver that wants no more", lambda: self.endpoint("kyuyaku").get("disabled"), 45)
        self.until("what the program took", lambda: self.endpoint("kiroku").get("lastDelivered"), 45)

    def fail_again(self):
        """The delivery that was just sent again fails for the last time: it waits 5 s for its second try."""
        self.change("UPDATE delivery SET attempts = 9, due = 0 WHERE state = 0 AND endpoint = 'kencho'")
        self.until("failed deliveries", lambda: not self.endpoint("kencho")["pending"], 45)

    def end(self):
        for p in (self.service, self.broker):
            p.terminate()
            p.wait(timeout=20)
        for r in (self.bad, self.gone):
            r.end()
