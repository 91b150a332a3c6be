"""What a row is given: a folder, a seeded random source, the scale, and the parts, all of which end with it."""
from __future__ import annotations

import contextlib
import random
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .broker import Broker
from .publisher import Message, Publisher
from .receiver import Receiver
from .service import Service


class Context:
    """The surroundings of one run of one row. Closing it ends every process and removes the folder."""

    def __init__(
        self, name: str, seed: int, scale: float, programs: Path, log: Callable[[str], None], keep: bool = False, soak: float = 0,
    ) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix=f"mizumori-faults-{name}-"))
        self.random = random.Random(f"{seed}/{name}")
        self.scale = scale
        self.programs = programs
        """Folder of `mizumori` and `mizumori-sim`."""
        self.log = log
        self.soak_minutes = soak or max(1.0, 3 * scale)
        self._stack = contextlib.ExitStack()
        if not keep:
            self._stack.callback(shutil.rmtree, self.directory, ignore_errors=True)

    def count(self, full: int, least: int = 1) -> int:
        """How often to do what is done `full` times at scale 1."""
        return max(least, round(full * self.scale))

    def at_end(self, body: Callable[..., Any], *arguments: Any) -> None:
        """Calls `body` when the row has ended, however it ended; last come, first called."""
        self._stack.callback(body, *arguments)

    def broker(self, *lines: str, **options: Any) -> Broker:
        """A running mosquitto with a folder of its own."""
        new = Broker(self._folder("broker"), lines=lines, **options)
        self.at_end(new.kill)
        new.start()
        return new

    def service(self, broker: Broker, **options: Any) -> Service:
        """`mizumori run` with settings and a data directory of its own; not started yet. `port` replaces the broker's, for a relay."""
        port = options.pop("port", broker.port)
        new = Service(self.programs / "mizumori", self._folder("service"), port, **options)
        self.at_end(new.kill)
        return new

    def receiver(self, **options: Any) -> Receiver:
        """A running receiver of webhooks."""
        new = Receiver(**options)
        self.at_end(new.close)
        return new

    def fed(self, messages: list[Message], within: float = 120, stored: int | None = None, **options: Any) -> tuple[Service, Publisher]:
        """A service that has got these messages; `stored`: how many of them are readings that it takes, if not all."""
        broker = self.broker()
        service = self.service(broker, **options)
        service.start_ready()
        publisher = Publisher(broker.port)
        publisher.publish(messages)
        service.wait_stored(len(messages) if stored is None else stored, within=within)
        return service, publisher

    def close(self) -> None:
        self._stack.close()

    def _folder(self, name: str) -> Path:
        for n in range(1, 10_000):
            path = self.directory / f"{name}{n}"
            if not path.exists():
                path.mkdir(mode=0o700)
                return path
        raise RuntimeError("too many parts")
