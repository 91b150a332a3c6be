"""Everything that a row needs, ended with it."""
from __future__ import annotations

from collections.abc import Iterable

from frame import Context, Receiver, check
from frame.traffic import GAP_KIND

from .gateways import Gateways
from .instances import Instances
from .nodes import Nodes
from .order import out_of_order
from .towns import PARTITIONS, TOWNS
from .traffic import gaps_wrong


class Stage:
    """Three nodes, `instances` instances with a receiver of alerts, and a gateway a town."""

    def __init__(self, context: Context, instances: int = PARTITIONS) -> None:
        self.context = context
        folder = context.directory / "nats"
        folder.mkdir()
        self.nodes = Nodes(folder)
        context.at_end(self.nodes.close)
        self.nodes.start()
        self.nodes.wait_healthy()
        self.receiver: Receiver = context.receiver()
        self.gateways = Gateways(self.nodes, TOWNS, context.random)
        context.at_end(self.gateways.close)
        self.instances = self.more_instances(instances) if instances else None

    def more_instances(self, count: int) -> Instances:
        new = Instances(count, self.context.directory / f"set{count}", self.nodes, self.context.programs / "mizumori", self.receiver)
        self.context.at_end(new.close)
        return new

    def judge(self, waves: Iterable[int]) -> str:
        """What must hold after all waves: every confirmed reading is stored exactly once and in the order of its town, and every gap was
        told of exactly once. Returns the figure."""
        assert self.instances is not None
        confirmed = self.gateways.confirmed_readings
        self.instances.wait_stored(confirmed)
        self.instances.wait_told()
        stored = self.instances.readings()
        lost = confirmed.difference(stored)
        check(not lost, f"{len(lost)} of {len(confirmed)} readings lost, e.g. {sorted(lost)[:3]}")
        check(len(stored) == len(set(stored)), f"{len(stored) - len(set(stored))} readings stored twice")
        wrong = out_of_order(stored)
        check(wrong == 0, f"{wrong} readings behind a later one of their town")
        return f"{len(confirmed)} readings lost 0, none twice, all in order; {self._alerts(list(waves))}"

    def _alerts(self, waves: list[int]) -> str:
        assert self.instances is not None
        databases = [i.service.database for i in self.instances.all]
        wrong = gaps_wrong(TOWNS, waves, [e for d in databases for e in d.events(GAP_KIND)])
        check(not wrong, f"gaps missing or doubled: {wrong[:5]}")
        keys = [k for d in databases for k in d.transition_keys()]
        ids = self.receiver.ids()
        check(len(keys) == len(set(keys)), "a transition is stored twice")
        check(set(ids) == {k for d in databases for k in d.told_keys()}, "told is not what was to be told")
        check(self.receiver.unsigned() == 0, "a webhook has a wrong signature")
        again = len(ids) - len(set(ids))
        return f"{len(set(ids))} alerts told, none twice" + (f" ({again} webhooks came again under their id)" if again else "")
