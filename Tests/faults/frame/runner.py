"""Runs rows one after the other, each in surroundings of its own, and tells what came of them."""
from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from .checks import Failed, NotHere
from .context import Context
from .registry import Row

SEED = 20260401
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Result:
    row: Row
    state: str
    """pass, FAIL or not here"""
    text: str
    seconds: float


@dataclass(frozen=True)
class Runner:
    """A run of rows by a command: `name` is its make target, `script` its path, `scale` the environment variable that scales its counts."""

    name: str
    script: str
    scale: str
    programs: tuple[str, ...]
    """What it needs: names of ours, in the folder of --bin, or whole paths."""
    prefix: str = ""
    """Of the folders of its rows."""

    def parser(self, description: str) -> argparse.ArgumentParser:
        """The options that every run has."""
        parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("--rows", default="", help="行の番号、コンマ区切り / numbers of rows, separated by commas")
        parser.add_argument("--seed", type=int, default=SEED, help="乱数の種 / of all that is random")
        parser.add_argument("--scale", type=float, default=float(os.environ.get(self.scale, "1")), help="回数の倍率 / factor on all counts")
        parser.add_argument("--bin", type=Path, default=ROOT / ".build/release", help="プログラムの場所 / folder of the programs")
        parser.add_argument("--list", action="store_true", help="行の一覧 / list the rows")
        parser.add_argument("--keep", action="store_true", help="一時ファイルを残す / keep the temporary folders")
        return parser

    def all(self, rows: list[Row], options: argparse.Namespace) -> int:
        """Runs what `options` asks for. The exit code: 0 nothing failed, 1 a row failed, 64 wrong use."""
        # To the programs under test these variables would be settings.
        for name in [n for n in os.environ if n.startswith("MIZUMORI_")]:
            del os.environ[name]
        rows = chosen(rows, options.rows)
        if options.list:
            for r in rows:
                print(f"{r.name:10} {r.fault} ({r.way})")
            return 0
        for program in self.programs:
            if not (options.bin / program).exists():
                print(f"{options.bin / program} がありません。make {self.name} で用意します / is missing: make {self.name} prepares it", file=sys.stderr)
                return 64
        print(f"seed {options.seed}, scale {options.scale:g}, {len(rows)} rows, programs of {options.bin}", flush=True)
        results = [self.one(r, options) for r in rows]
        self.summary(results, options)
        return 1 if any(r.state == "FAIL" for r in results) else 0

    def one(self, row: Row, options: argparse.Namespace) -> Result:
        """One row in surroundings of its own. An error of the row itself is a failure like any other."""
        print(f"\n== {row.name}: {row.fault}", flush=True)
        begin = time.monotonic()
        context = Context(
            self.prefix + row.name, options.seed, options.scale, options.bin.resolve(), lambda t: print(f"   {t}", flush=True), options.keep,
            getattr(options, "soak", 0))
        try:
            with deadline(row.limit):
                state, text = "pass", row.body(context)
        except NotHere as reason:
            state, text = "not here", str(reason)
        except Failed as reason:
            state, text = "FAIL", str(reason)
        except Exception:
            state, text = "FAIL", traceback.format_exc()
        try:
            context.close()
        except Exception as reason:
            # A row that leaves something behind has failed, and the others are still to come.
            state, text = "FAIL", f"{text}; not cleaned up: {reason}"
        seconds = time.monotonic() - begin
        print(f"   {state} ({seconds:.0f} s): {text}", flush=True)
        return Result(row, state, text, seconds)

    def summary(self, results: list[Result], options: argparse.Namespace) -> None:
        print("\nrow | fault | way | figure | result\n--- | --- | --- | --- | ---")
        for r in results:
            first = r.text.strip().splitlines()[-1 if r.text.startswith("Traceback") else 0] if r.text else ""
            figure, end = (first, r.state) if r.state == "pass" else ("", f"{r.state}: {first}")
            print(f"{r.row.name} | {r.row.fault} | {r.row.way} | {figure} | {end}")
        for r in results:
            if r.state == "FAIL":
                print(f"\nもう一度 / to repeat row {r.row.name}:\n"
                      f"  {self.scale}={options.scale:g} /usr/bin/python3 {self.script} --rows {r.row.name} --seed {options.seed}")
        print(f"\n{len(results)} rows, {sum(r.seconds for r in results) / 60:.1f} min: "
              + ", ".join(f"{sum(r.state == s for r in results)} {s}" for s in ("pass", "FAIL", "not here")))


def chosen(rows: list[Row], wanted: str) -> list[Row]:
    """Rows by name, or by number with all their parts; all where nothing is wanted. An unknown one ends the program with 64."""
    if not wanted:
        return rows
    names = {w.strip() for w in wanted.split(",")}
    unknown = names - {r.name for r in rows} - {str(r.number) for r in rows}
    if unknown:
        print(f"そのような行はありません / no such row: {', '.join(sorted(unknown))}", file=sys.stderr)
        sys.exit(64)
    return [r for r in rows if r.name in names or str(r.number) in names]


class deadline:
    """Raises `Failed` in the block when it takes longer than `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        signal.signal(signal.SIGALRM, self._late)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _late(self, number: int, frame: FrameType | None) -> None:
        raise Failed(f"took longer than {self.seconds:g} s")
