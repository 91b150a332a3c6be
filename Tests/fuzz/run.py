#!/usr/bin/env python3
"""Runs every fuzzer for a while and prints what it did: runs, coverage, findings.

usage: run.py [--seconds 60] [--runs N] [--targets canonical,topic] [--seed 1]
Exit code 1 when something was found; the input lies in out/fuzz/.
"""
from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DIALECTS = ["senml", "stack", "chirpstack", "fields"]
TARGETS = ["canonical", "shapes", *DIALECTS, "topic", "settings", "export", "series", "checkpoint", "http", "query"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=int(os.environ.get("FUZZ_SECONDS", "60")), help="for each target")
    parser.add_argument("--runs", type=int, default=-1, help="end a target after so many runs")
    parser.add_argument("--targets", default=",".join(TARGETS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program", type=Path, default=HERE / ".build/release/fuzz")
    arguments = parser.parse_args()
    findings = 0
    print(f"seed {arguments.seed}, {arguments.seconds} s each\n\ntarget | runs | runs/s | edges | result\n--- | --- | --- | --- | ---", flush=True)
    for target in arguments.targets.split(","):
        out = ROOT / "out/fuzz" / target
        corpus = out / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        words = [f"-dict={HERE / 'dictionaries/json.dict'}"] if target in [*DIALECTS, "shapes"] else []
        done = subprocess.run(
            [str(arguments.program), str(corpus), str(HERE / "seeds" / target), f"-max_total_time={arguments.seconds}", f"-runs={arguments.runs}",
             f"-seed={arguments.seed}", "-timeout=5", "-rss_limit_mb=1024", "-max_len=4096", "-print_final_stats=1", "-verbosity=1",
             f"-artifact_prefix={out}/", *words],
            env={**os.environ, "FUZZ_TARGET": target, "SWIFT_BACKTRACE": "enable=no"}, capture_output=True, text=True, errors="replace")
        text = done.stderr
        runs = re.findall(r"number_of_executed_units: (\d+)", text)
        speed = re.findall(r"average_exec_per_sec:\s+(\d+)", text)
        edges = re.findall(r"cov: (\d+)", text)
        found = re.findall(r"Test unit written to (\S+)", text)
        result = "clean" if done.returncode == 0 else f"FOUND {' '.join(found) or text[-500:]}"
        findings += done.returncode != 0
        print(f"{target} | {(runs or ['?'])[-1]} | {(speed or ['?'])[-1]} | {(edges or ['?'])[-1]} | {result}", flush=True)
        if done.returncode != 0:
            print(re.findall(r"Fatal error.*|ERROR: .*", text)[:3])
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
