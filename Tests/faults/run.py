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

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from frame import Runner, discover  # noqa: E402

RUNNER = Runner("faults", "Tests/faults/run.py", "MIZUMORI_FAULTS_SCALE", ("mizumori", "mizumori-sim"))


def main() -> int:
    parser = RUNNER.parser(__doc__ or "")
    parser.add_argument(
        "--soak", type=float, default=float(os.environ.get("MIZUMORI_SOAK_MINUTES") or 0), metavar="MINUTES",
        help="長い負荷試験の分数 / length of the soak; 0 = 3 at scale 1")
    options = parser.parse_args()
    return RUNNER.all(discover(HERE), options)


if __name__ == "__main__":
    sys.exit(main())
