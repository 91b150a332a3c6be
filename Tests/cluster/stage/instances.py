"""The instances of Mizumori: one for each partition as deploy/nats has it, or several partitions an instance."""
from __future__ import annotations

import re
from collections.abc import Collection, Sequence, Set
from pathlib import Path

from frame import Failed, Receiver, Service, check, eventually
from frame.traffic import START

from .nodes import DEPLOY, Nodes
from .order import Reading
from .towns import PARTITIONS

PATTERN = "water/{municipality}/{zone}/{sensor}/{quantity}"


def drop_in(partition: int) -> dict[str, str]:
    """The environment that deploy/nats/mizumori@.service.d gives to the instance of a partition. Not its address: the run reads all pages
    at 127.0.0.1."""
    out = {}
    text = (DEPLOY / "mizumori@.service.d/partition.conf").read_text()
    for line in re.findall(r"^Environment=(.*)$", text, re.MULTILINE):
        name, _, value = line.strip('"').partition("=")
        out[name] = value.replace("%i", str(partition))
    del out["MIZUMORI_WEB_ADDRESS"]
    return out


class Instance:
    """Some partitions, a client id, a data directory, and the process that has them at the moment."""

    def __init__(self, name: str, partitions: Sequence[int], folder: Path, nodes: Nodes, program: Path, receiver: Receiver | None) -> None:
        self.name, self.partitions, self.folder, self.nodes, self.program = name, list(partitions), folder, nodes, program
        self.receiver = receiver
        self.generation = 0
        folder.mkdir(parents=True)
        self.services: list[Service] = [self._service(folder / "data")]

    @property
    def service(self) -> Service:
        """The present one."""
        return self.services[-1]

    def succeed(self, fresh: bool = False) -> Service:
        """Another process takes over under the same client id: on the same data directory, or on an empty one. Not started yet."""
        self.generation += 1
        data = self.folder / f"data{self.generation}" if fresh else self.service.data
        service = self._service(data)
        if fresh:
            self.services.append(service)
        else:
            self.services[-1] = service
        return service

    def readings(self) -> list[tuple[str, int, int]]:
        """Of every data directory that it has had, in order of arrival."""
        return [r for s in self.services for r in s.database.readings()]

    def count(self) -> int:
        """Readings of this process, by its own count; 0 while it does not answer."""
        return int(self.service.metric("mizumori_readings_total"))

    def messages(self) -> int:
        """Received by this process, by its own count."""
        return int(self.service.metric("mizumori_messages_total"))

    def _service(self, data: Path) -> Service:
        folder = self.folder / f"process{self.generation}"
        folder.mkdir(mode=0o700)
        if len(self.partitions) == 1:
            environment, extra = drop_in(self.partitions[0]), ""
        else:
            environment = {"MIZUMORI_BROKER_CLIENT_ID": f"mizumori-{self.name}", "MIZUMORI_BROKER_STATUS_TOPIC": f"mizumori/status/{self.name}"}
            extra = "topics:\n" + "".join(f'  - pattern: "p/{p}/{PATTERN}"\n' for p in self.partitions)
        others = ", ".join(f'"127.0.0.1:{p}"' for p in self.nodes.mqtt[1:])
        service = Service(
            self.program, folder, self.nodes.mqtt[0], data=data, receiver=self.receiver, environment=environment, extra=extra,
            broker_lines=f'protocol: "3.1.1"\nother_hosts: [{others}]\nredelivery_wait_s: 6\nusername: mizumori\npassword_file: broker.password',
            data_lines="checkpoint_s: 2")
        service.secret("broker.password", self.nodes.password("mizumori"))
        return service


class Instances:
    """`count` instances that share all partitions between them."""

    def __init__(self, count: int, folder: Path, nodes: Nodes, program: Path, receiver: Receiver | None = None) -> None:
        self._nodes = nodes
        self.all = [
            Instance(f"{count}-{k}" if count < PARTITIONS else str(k), range(k, PARTITIONS, count), folder / f"instance{k}", nodes, program, receiver)
            for k in range(count)
        ]

    def start(self) -> None:
        """And waits until each is subscribed: before that nobody keeps anything for it."""
        for i in self.all:
            i.service.start("--broker-wait", "0")
        self.wait_subscribed()

    def wait_subscribed(self, within: float = 60) -> None:
        for i in self.all:
            i.service.wait_ready(within)
            check(eventually(within, lambda: i.service.metric("mizumori_subscribed") == 1), f"{i.name} is not subscribed:\n{i.service.log[-1500:]}")

    def readings(self) -> list[tuple[str, int, int]]:
        return [r for i in self.all for r in i.readings()]

    def have(self, wanted: Set[Reading]) -> bool:
        """Whether all these readings are in all their databases together."""
        return wanted <= set(self.readings())

    def wait_stored(self, wanted: Collection[Reading], within: float = 120) -> None:
        """Until all these readings are in all their databases together."""
        wanted = set(wanted)
        if eventually(within, lambda: self.have(wanted), every=0.5):
            return
        missing = sorted(wanted.difference(self.readings()))
        places = ", ".join(f"{sensor} {(time - START) // 60} min" for sensor, time, _ in missing[:20])
        counts = ", ".join(f"{i.name}: {i.count()} of {i.messages()} messages" for i in self.all)
        raise Failed(
            f"{len(missing)} of {len(wanted)} readings not stored within {within:g} s: {places}\ninstances took {counts}\n{self._nodes.backlog()}")

    def wait_told(self, within: float = 60) -> None:
        for i in self.all:
            i.service.wait_told(within)

    def close(self) -> None:
        for i in self.all:
            for s in i.services:
                s.kill()
