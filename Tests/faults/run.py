#!/usr/bin/python3
"""長い障害試験 / the long fault run: every row of the fault matrix, injected for real, one after the other.

  run.py                        all rows
  run.py --rows 1,22            these rows (23 takes all its parts, 23-full one)
  run.py --list                 what there is
  MIZUMORI_FAULTS_SCALE=0.1 run.py   a tenth of the counts; 1, the default, is what the matrix demands

Needs the release build of `mizumori` and `mizumori-sim`, and what `deploy/install-packages.sh faults` installs. Some rows need root.
Exit codes: 0 nothing failed, 1 a row failed, 64 wrong use.
"""
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

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from frame import Context, Failed, NotHere, Row, discover  # noqa: E402

SEED = 20260401
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Result:
    row: Row
    state: str
    """pass, FAIL or not here"""
    text: str
    seconds: float


def main() -> int:
    options = arguments()
    # To the programs under test these variables would be settings.
    for name in [n for n in os.environ if n.startswith("MIZUMORI_")]:
        del os.environ[name]
    rows = chosen(discover(), options.rows)
    if options.list:
        for r in rows:
            print(f"{r.name:10} {r.fault} ({r.way})")
        return 0
    for program in ("mizumori", "mizumori-sim"):
        if not (options.bin / program).exists():
            print(f"{options.bin / program} がありません。make faults で作ります / is missing: make faults builds it", file=sys.stderr)
            return 64
    print(f"seed {options.seed}, scale {options.scale:g}, {len(rows)} rows, programs of {options.bin}", flush=True)
    results = [run(r, options) for r in rows]
    summary(results, options)
    return 1 if any(r.state == "FAIL" for r in results) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="", help="行の番号、コンマ区切り / numbers of rows, separated by commas")
    parser.add_argument("--seed", type=int, default=SEED, help="乱数の種 / of all that is random")
    parser.add_argument(
        "--scale", type=float, default=float(os.environ.get("MIZUMORI_FAULTS_SCALE", "1")), help="回数の倍率 / factor on all counts")
    parser.add_argument(
        "--soak", type=float, default=float(os.environ.get("MIZUMORI_SOAK_MINUTES") or 0), metavar="MINUTES",
        help="長い負荷試験の分数 / length of the soak; 0 = 3 at scale 1")
    parser.add_argument("--bin", type=Path, default=ROOT / ".build/release", help="プログラムの場所 / folder of the programs")
    parser.add_argument("--list", action="store_true", help="行の一覧 / list the rows")
    parser.add_argument("--keep", action="store_true", help="一時ファイルを残す / keep the temporary folders")
    return parser.parse_args()


def chosen(rows: list[Row], wanted: str) -> list[Row]:
    if not wanted:
        return rows
    names = {w.strip() for w in wanted.split(",")}
    unknown = names - {r.name for r in rows} - {str(r.number) for r in rows}
    if unknown:
        print(f"そのような行はありません / no such row: {', '.join(sorted(unknown))}", file=sys.stderr)
        sys.exit(64)
    return [r for r in rows if r.name in names or str(r.number) in names]


def run(row: Row, options: argparse.Namespace) -> Result:
    """One row in surroundings of its own. An error of the row itself is a failure like any other."""
    print(f"\n== {row.name}: {row.fault}", flush=True)
    begin = time.monotonic()
    context = Context(
        row.name, options.seed, options.scale, options.bin.resolve(), lambda t: print(f"   {t}", flush=True), options.keep, options.soak)
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


def summary(results: list[Result], options: argparse.Namespace) -> None:
    print("\nrow | fault | way | figure | result\n--- | --- | --- | --- | ---")
    for r in results:
        first = r.text.strip().splitlines()[-1 if r.text.startswith("Traceback") else 0] if r.text else ""
        figure, end = (first, r.state) if r.state == "pass" else ("", f"{r.state}: {first}")
        print(f"{r.row.name} | {r.row.fault} | {r.row.way} | {figure} | {end}")
    for r in results:
        if r.state == "FAIL":
            print(f"\nもう一度 / to repeat row {r.row.name}:\n"
                  f"  MIZUMORI_FAULTS_SCALE={options.scale:g} /usr/bin/python3 Tests/faults/run.py --rows {r.row.name} --seed {options.seed}")
    print(f"\n{len(results)} rows, {sum(r.seconds for r in results) / 60:.1f} min: "
          + ", ".join(f"{sum(r.state == s for r in results)} {s}" for s in ("pass", "FAIL", "not here")))


if __name__ == "__main__":
    sys.exit(main())
