#!/usr/bin/python3
"""多くの町の試験 / the cluster run: three NATS nodes, 77 towns, 16 partitions, several instances, and what happens when they die.

  run.py                     all rows
  run.py --rows 4,6          these rows
  MIZUMORI_CLUSTER_SCALE=0.3 run.py   fewer rounds; 1 is the default

Needs nats-server (apt-get install nats-server), mosquitto-clients and the built `mizumori`.
Exit codes: 0 nothing failed, 1 a row failed, 64 wrong use.
"""
from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from types import FrameType

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "faults")]
sys.dont_write_bytecode = True

from frame import Context, Failed, NotHere, Row  # noqa: E402
from frame.registry import ROWS  # noqa: E402
from rows import failures, throughput, towns  # noqa: E402, F401

SEED = 20260401


def main() -> int:
    options = arguments()
    # To the programs under test these variables would be settings.
    for name in [n for n in os.environ if n.startswith("MIZUMORI_")]:
        del os.environ[name]
    # 77 gateways, 16 instances and their files.
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    wanted = [int(n) for n in options.rows.split(",") if n]
    rows = sorted((r for r in ROWS.values() if not wanted or r.number in wanted), key=lambda r: r.number)
    for program in (options.bin / "mizumori", Path("/usr/sbin/nats-server")):
        if not program.exists():
            print(f"{program} がありません。make cluster で用意します / is missing: make cluster prepares it", file=sys.stderr)
            return 64
    print(f"seed {options.seed}, scale {options.scale:g}, {len(rows)} rows, program of {options.bin}", flush=True)
    results = [run(r, options) for r in rows]
    print("\nrow | fault | way | figure | result\n--- | --- | --- | --- | ---")
    for r, state, text, _ in results:
        print(f"{r.number} | {r.fault} | {r.way} | {text.strip().splitlines()[-1] if text.strip() else ''} | {state}")
    failed = [r for r, state, _, _ in results if state == "FAIL"]
    for r in failed:
        print(f"もう一度 / to repeat row {r.number}: MIZUMORI_CLUSTER_SCALE={options.scale:g} Tests/cluster/run.py --rows {r.number} --seed {options.seed}")
    print(f"{len(results)} rows, {sum(s for _, _, _, s in results) / 60:.1f} min, {len(failed)} failed")
    return 1 if failed else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="", help="行の番号、コンマ区切り / numbers of rows, separated by commas")
    parser.add_argument("--seed", type=int, default=SEED, help="乱数の種 / of all that is random")
    parser.add_argument(
        "--scale", type=float, default=float(os.environ.get("MIZUMORI_CLUSTER_SCALE", "1")), help="回数の倍率 / factor on all counts")
    parser.add_argument("--bin", type=Path, default=ROOT / ".build/release", help="プログラムの場所 / folder of the program")
    parser.add_argument("--keep", action="store_true", help="一時ファイルを残す / keep the temporary folders")
    return parser.parse_args()


def run(row: Row, options: argparse.Namespace) -> tuple[Row, str, str, float]:
    print(f"\n== {row.number}: {row.fault}", flush=True)
    begin = time.monotonic()
    context = Context(
        f"cluster-{row.name}", options.seed, options.scale, options.bin.resolve(), lambda t: print(f"   {t}", flush=True), options.keep)
    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, row.limit)
    try:
        state, text = "pass", row.body(context)
    except NotHere as reason:
        state, text = "not here", str(reason)
    except Failed as reason:
        state, text = "FAIL", str(reason)
    except Exception:
        state, text = "FAIL", traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    context.close()
    seconds = time.monotonic() - begin
    print(f"   {state} ({seconds:.0f} s): {text}", flush=True)
    return row, state, text, seconds


def late(number: int, frame: FrameType | None) -> None:
    raise Failed("took too long")


if __name__ == "__main__":
    sys.exit(main())
