"""A real `mizumori run`."""
from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from .checks import Failed, check, eventually
from .database import Database
from .ports import free_port
from .receiver import Receiver


class Service:
    """`mizumori run` with a settings file in `directory`. `data` may name another data directory (a small disk, for example);
    `receiver` gets every alert as a signed webhook; `extra` is YAML that is added to the settings,
    `broker_lines` to their broker part; `environment` is added to ours."""

    def __init__(
        self, program: Path, directory: Path, broker_port: int, data: Path | None = None, receiver: Receiver | None = None,
        extra: str = "", broker_lines: str = "", data_lines: str = "checkpoint_s: 60", client_id: str = "mizumori-faults",
        municipality: str = "test", environment: dict[str, str] | None = None, prefix: tuple[str, ...] = (),
    ) -> None:
        self.program, self.directory, self.prefix = program, directory, prefix
        self.environment = {**os.environ, **(environment or {})}
        self.data = data or directory / "data"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        hook = ""
        if receiver is not None:
            self.secret("hook.secret", Receiver.SECRET)
            hook = (
                f'alerts:\n  webhooks:\n    - {{ name: hook, url: "{receiver.url}", secret_file: hook.secret, '
                'allow_addresses: ["127.0.0.1"] }\n')
        self.settings = directory / "mizumori.yaml"
        self.settings.write_text(
            f"utility:\n  municipality: {municipality}\n"
            f"broker:\n  host: 127.0.0.1\n  port: {broker_port}\n  client_id: {client_id}\n{indent(broker_lines)}"
            f'data:\n  directory: "{self.data}"\n{indent(data_lines)}'
            f"web:\n  port: {self.port}\n  login: false\n{hook}{extra}\n")

    def secret(self, name: str, text: str) -> None:
        """A file beside the settings that nobody else may read."""
        file = self.directory / name
        file.write_text(text + "\n")
        file.chmod(0o600)

    def add_settings(self, text: str) -> None:
        """Sections at the end of the settings."""
        self.settings.write_text(self.settings.read_text() + text)

    def rejected(self) -> dict[str, int]:
        """Messages that were refused, by reason."""
        start = 'mizumori_rejected_messages_total{reason="'
        return {k[len(start) : -2]: int(v) for k, v in self.metrics().items() if k.startswith(start)}

    def stop_in_order(self) -> None:
        """SIGTERM, and the exit code must be 0."""
        check(self.stop() == 0, "the service did not end in order")

    @property
    def database(self) -> Database:
        return Database(self.data)

    @property
    def log(self) -> str:
        """Standard error of all starts."""
        file = self.directory / "service.log"
        return file.read_text(errors="replace") if file.exists() else ""

    @property
    def pid(self) -> int:
        """Of mizumori itself, also when it runs under `prefix` programs that wait for it."""
        if self.process is None:
            raise Failed("the service has not been started")
        if not self.prefix:
            return self.process.pid
        pid = self.process.pid
        while Path(f"/proc/{pid}/exe").resolve() != self.program.resolve():
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            if not children:
                return self.process.pid
            pid = int(children[0])
        return pid

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, *arguments: str, prefix: tuple[str, ...] | None = None) -> None:
        """Starts it without waiting. `arguments` follow `run`, `prefix` is put before the command."""
        check(not self.is_running, "the service runs already")
        if prefix is not None:
            self.prefix = prefix
        self.started = time.monotonic()
        with (self.directory / "service.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, str(self.program), "run", "--settings", str(self.settings), *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment)

    def start_ready(self, *arguments: str, within: float = 20) -> float:
        """Starts it and waits until /readyz is 200. Returns the seconds that it took."""
        self.start(*arguments)
        self.wait_ready(within)
        return time.monotonic() - self.started

    def wait_ready(self, within: float = 20) -> None:
        def ready() -> bool:
            check(self.is_running, f"the service ended with {self.process.poll() if self.process else None}:\n{self.log[-1500:]}")
            return self.get("/readyz")[0] == 200

        check(eventually(within, ready, every=0.02), f"not ready within {within:g} s:\n{self.log[-1500:]}")

    def get(self, path: str, timeout: float = 5) -> tuple[int, str]:
        """GET of its own page; status 0 when there is no answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")
        except OSError:
            return 0, ""

    def metrics(self) -> dict[str, float]:
        """Name with labels → value; empty when there is no answer."""
        out: dict[str, float] = {}
        for line in self.get("/metrics")[1].splitlines():
            name, _, value = line.rpartition(" ")
            if name and not line.startswith("#"):
                out[name] = float(value)
        return out

    def metric(self, name: str) -> float:
        return self.metrics().get(name, 0)

    def rss(self) -> float:
        """Resident memory in MB (10⁶ bytes); 0 when it does not run."""
        try:
            for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024 / 1e6
        except FileNotFoundError:
            pass
        return 0

    def wait_stored(self, n: int, within: float = 60) -> None:
        """Waits until at least `n` readings are in the database."""
        def stored() -> bool:
            check(self.is_running, f"the service ended while readings were awaited:\n{self.log[-1500:]}")
            return self.database.count() >= n

        check(eventually(within, stored, every=0.1), f"{self.database.count()} of {n} readings stored within {within:g} s")

    def wait_told(self, within: float = 60) -> None:
        """Waits until no delivery is left to make, the log has every transition, and two ticks have brought no new one: what silence opens comes
        with the tick after the last reading."""
        count, since = -1, time.monotonic()

        def told() -> bool:
            nonlocal count, since
            d = self.database
            now = d.one("SELECT count(*) FROM transition")
            if now != count or d.pending() != 0 or len(d.log_ids()) != now:
                count, since = now, time.monotonic()
            return time.monotonic() - since > 2.5

        check(eventually(within, told, every=0.1), f"{self.database.pending()} deliveries still pending after {within:g} s")

    def run_list(self) -> str:
        """What `mizumori deliveries` prints."""
        return subprocess.run(
            [str(self.program), "deliveries", "--settings", str(self.settings)], capture_output=True, text=True, timeout=30).stdout

    def account(self, *arguments: str, password: str) -> None:
        """`mizumori account`, with the password on standard input."""
        done = subprocess.run(
            [str(self.program), "account", *arguments, "--settings", str(self.settings)], input=password + "\n", capture_output=True, text=True,
            timeout=30)
        check(done.returncode == 0, f"mizumori account: {done.stderr}")

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def stop(self, within: float = 10) -> int:
        """SIGTERM. Returns the exit code; not ending in time is a failure."""
        if not self.is_running:
            return self.process.returncode if self.process else 0
        self.signal(signal.SIGTERM)
        code = self.wait(within)
        check(code is not None, f"did not end within {within:g} s of SIGTERM:\n{self.log[-1500:]}")
        assert code is not None
        return code

    def wait(self, within: float) -> int | None:
        """The exit code (negative: the signal), or None when it still runs after `within` seconds."""
        assert self.process is not None
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """SIGKILL."""
        if self.is_running:
            try:
                self.signal(signal.SIGKILL)
            except ProcessLookupError:
                pass
            assert self.process is not None
            self.process.kill()
            self.process.wait()


def indent(lines: str) -> str:
    """Lines of YAML as keys of the part before them."""
    return "".join(f"  {line}\n" for line in lines.splitlines() if line.strip())
