#!/usr/bin/python3
"""多くの町の試験 / the cluster run: three NATS nodes, 77 towns, 16 partitions, several instances, and what happens when they die.

  run.py                     all rows
  run.py --rows 4,6          these rows
  run.py --list              what there is
  MIZUMORI_CLUSTER_SCALE=0.3 run.py   fewer rounds; 1 is the default

Needs nats-server (deploy/nats/install.sh), mosquitto-clients and the built `mizumori`.
Exit codes: 0 nothing failed, 1 a row failed, 64 wrong use.
"""
from __future__ import annotations

import resource
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "faults")]
sys.dont_write_bytecode = True

from frame import Runner, discover  # noqa: E402

RUNNER = Runner("cluster", "Tests/cluster/run.py", "MIZUMORI_CLUSTER_SCALE", ("mizumori", "/usr/sbin/nats-server"), "cluster-")


def main() -> int:
    options = RUNNER.parser(__doc__ or "").parse_args()
    # 77 gateways, 16 instances and their files.
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    return RUNNER.all(discover(HERE), options)


if __name__ == "__main__":
    sys.exit(main())
