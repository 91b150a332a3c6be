"""The rows: a decorated function each, found by importing every module of `rows/`."""
from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .context import Context


@dataclass(frozen=True)
class Row:
    """One row of the fault matrix, or a part of one."""

    number: int
    part: str
    fault: str
    way: str
    limit: float
    """Seconds after which the row has failed."""
    body: Callable[[Context], str]
    """Returns the figure; raises `Failed` or `NotHere`."""

    @property
    def name(self) -> str:
        return f"{self.number}-{self.part}" if self.part else str(self.number)


ROWS: dict[str, Row] = {}


def row(number: int, fault: str, way: str, part: str = "", limit: float = 1200) -> Callable[[Callable[[Context], str]], Callable[[Context], str]]:
    """Registers a function as row `number`; `part` tells several functions of one row apart."""

    def register(body: Callable[[Context], str]) -> Callable[[Context], str]:
        new = Row(number, part, fault, way, limit, body)
        if new.name in ROWS:
            raise ValueError(f"row {new.name} stands in {ROWS[new.name].body.__module__} and in {body.__module__}")
        ROWS[new.name] = new
        return body

    return register


def discover(home: Path) -> list[Row]:
    """All rows of the package `rows` in the folder `home`, which is on the path of imports; in the order of the matrix."""
    for module in sorted(m.name for m in pkgutil.iter_modules([str(home / "rows")])):
        importlib.import_module(f"rows.{module}")
    return sorted(ROWS.values(), key=lambda r: (r.number, r.part))
