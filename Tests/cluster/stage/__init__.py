"""The stage of the cluster run: NATS nodes, the towns' gateways, the instances of Mizumori."""
from .gateways import Gateways
from .instances import Instance, Instances
from .nodes import Nodes
from .order import out_of_order
from .towns import PARTITIONS, TOWNS
from .stage import Stage

__all__ = ["PARTITIONS", "TOWNS", "Gateways", "Instance", "Instances", "Nodes", "Stage", "out_of_order"]
