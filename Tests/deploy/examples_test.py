#!/usr/bin/python3
"""The examples of docs/integration.md, tried: the payloads are taken as the document says, its webhook check accepts what we send.

  examples_test.py [FOLDER]     of the built programs (.build/debug); exit code 1 when something does not hold
"""
from __future__ import annotations

import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/faults"))
sys.dont_write_bytecode = True

from frame import Context, Failed, Receiver, check, eventually  # noqa: E402
from frame.receiver import QuietServer  # noqa: E402

# By heading: topic of the example, and the newest value of each sensor as the document tells it, in base units.
TOLD = {
    "SenML": ("senml/m02", {"ina/nishi/m02/flow": 9.0, "ina/nishi/m02/total": 18204.5}),
    "The Things Stack": ("v3/suidou@ttn/devices/m03/up", {"ina/nishi/m03/flow": 7.5, "ina/nishi/m03/total": 18204.5}),
    "ChirpStack": ("application/1/device/0101010101010101/event/up",
                   {f"ina/higashi/0101010101010101/{q}": v for q, v in (("flow", 12.5), ("pressure", 412.0), ("temperature", -3.25))}),
    "Any JSON": ("gw/m05/data", {"ina/minami/m05/total": 12.01, "ina/minami/m05/temperature": 3.0}),
}


def examples(document: str) -> dict[str, tuple[str, str]]:
    """By heading: the topic's settings and the payload that follow it."""
    found = {}
    for part in re.split(r"^### ", document, flags=re.MULTILINE)[1:]:
        blocks = dict(re.findall(r"^```(yaml|json)\n(.*?)^```", part, re.MULTILINE | re.DOTALL)[:2])
        if len(blocks) == 2:
            found[part.split("\n")[0].strip()] = (blocks["yaml"], blocks["json"])
    return found


def past(payload: str) -> str:
    """The same two years before: the clock of this machine may be behind the document's, and what lies ahead of it is refused."""
    return re.sub(r"\b17\d{8}\b", lambda t: str(int(t.group()) - 63_072_000), payload.replace('"2026-', '"2024-'))


def payloads(context: Context, document: str) -> str:
    """Each dialect's example becomes the readings that the document tells of."""
    found = examples(document)
    check(set(found) == set(TOLD), f"the document has examples of {sorted(found)}")
    broker = context.broker()
    service = context.service(broker, extra="topics:\n" + "".join(found[name][0] for name in TOLD))
    service.start_ready()
    for name, (topic, _) in TOLD.items():
        subprocess.run(["mosquitto_pub", "-p", str(broker.port), "-q", "1", "-t", topic, "-m", past(found[name][1])], check=True)
    wanted = {sensor: value for _, values in TOLD.values() for sensor, value in values.items()}

    def newest() -> dict[str, float]:
        names = {slot: f"{name}/{service.database.QUANTITIES[quantity]}" for slot, name, quantity in service.database.query(
            "SELECT slot, municipality || '/' || zone || '/' || sensor, quantity FROM sensor")}
        return {names[slot]: round(value, 6) for _, slot, _, _, sequence, value in service.database.history() if slot >= 0 and sequence != -3}

    if not eventually(30, lambda: newest() == wanted):
        check(False, f"taken: {newest()}, told: {wanted}, refused: {service.rejected()}")
    check(not service.rejected(), f"refused: {service.rejected()}")
    return f"{len(found)} dialects, {len(wanted)} sensors"


def webhook(context: Context, document: str) -> str:
    """The function of the document knows our message from one that was changed."""
    code = next(c for c in re.findall(r"^```python\n(.*?)^```", document, re.MULTILINE | re.DOTALL) if "def is_from_mizumori" in c)
    module: dict[str, Any] = {}
    exec(code, module)
    got: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(({k.lower(): v for k, v in self.headers.items()}, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None: ...

    with QuietServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        service = context.service(context.broker(), extra=(
            f'alerts:\n  webhooks:\n    - {{name: bousai, url: "http://127.0.0.1:{server.server_address[1]}/hook", '
            'secret_file: hook.secret, allow_addresses: ["127.0.0.1"]}\n'))
        service.secret("hook.secret", Receiver.SECRET)
        subprocess.run([context.programs / "mizumori", "test-sink", "bousai", "--settings", service.settings], check=True, capture_output=True)
        server.shutdown()
    (headers, body), good = got[0], module["is_from_mizumori"]
    check(good(headers, body, Receiver.SECRET), "our message is refused")
    check(not good(headers, body + b" ", Receiver.SECRET), "a changed message is accepted")
    check(not good(headers, body, Receiver.SECRET, now=4e9), "an old message is accepted")
    return "accepted; changed and old ones refused"


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/debug").resolve()
    document, failed = (ROOT / "docs/integration.md").read_text(), False
    for body in (payloads, webhook):
        context = Context("examples", 1, 1, folder, print)
        try:
            print(f"ok   {body.__name__}: {body(context, document)}")
        except (Failed, subprocess.CalledProcessError) as reason:
            failed = True
            print(f"FAIL {body.__name__}: {reason}")
        finally:
            context.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
