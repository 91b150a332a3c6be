"""What the rows of the fault run have in common: broker, service, publisher, receiver, database, and what must hold after a fault."""
from .broker import Broker
from .checks import Failed, NotHere, alerts_whole, check, eventually, zero_loss
from .context import Context
from .database import Database
from .publisher import Message, Publisher, reading
from .receiver import Receiver
from .registry import ROWS, Row, discover, row
from .runner import Runner
from .service import Service
from .strace import Strace

__all__ = [
    "ROWS", "Broker", "Context", "Database", "Failed", "Message", "NotHere", "Publisher", "Receiver", "Row", "Runner", "Service", "Strace",
    "alerts_whole", "check", "discover", "eventually", "reading", "row", "zero_loss",
]
