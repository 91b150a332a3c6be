#!/usr/bin/python3
"""make trial: has the detector judge every scenario of simulator/scenarios (seed 1) and holds the scores against rows.json.

  run.py --simulator .build/release/mizumori-sim [--rows quiet,pump] [--service]

A row of rows.json says what is sought of a scenario: `leaks`, `faults` and `common` found at least, by kind; `within`: hours until the slowest
leak of a kind is found, at most; `false_alarms` at most (0); `stray`: events of sensor health where the scenario has no fault, at most, by code. `known` is what the detector reaches so far where that is less, by the same names,
and `why` tells of it; `service` has both for --service where that is another. What is worse than known fails; what is better is said, so that the row can be made stricter. --service plays each through
a broker and the real service (minutes). Exit codes: 0 all rows hold, 1 one does not, 64 wrong use.
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCENARIOS = HERE.parent.parent / "simulator" / "scenarios"


class Bound:
    """One figure that is sought: at least, or at most."""

    def __init__(self, words, sought, known, reached, at_most):
        self.words, self.sought, self.known, self.reached = words, sought, known, reached
        self.sign = -1 if at_most else 1

    def holds(self, wanted):
        return (self.reached - wanted) * self.sign >= 0

    @property
    def verdict(self):
        if self.holds(self.sought):
            return "ok" if self.known is None else "better (sought is reached: take it out of known)"
        if self.known is None or not self.holds(self.known):
            return "FAILED"
        return "known" if self.reached == self.known else "better (known may be raised)"

    def __str__(self):
        return f"{self.words} {self.reached:g}, sought {self.sought:g}" + ("" if self.known is None else f", known {self.known:g}")


def bounds(row, score):
    """The bounds of a row with what a score reaches."""
    known = row.get("known", {})
    out = [Bound("false alarms", row.get("false_alarms", 0), known.get("false_alarms"), score["false_alarms"], True)]
    for name, key in [("leaks", "kinds"), ("faults", "faults"), ("common", "common")]:
        for kind, n in row.get(name, {}).items():
            out.append(Bound(kind, n, known.get(name, {}).get(kind), score[key].get(kind, {}).get("found", 0), False))
    for kind, hours in row.get("within", {}).items():
        found = score["kinds"].get(kind) or score["faults"].get(kind, {})
        longest = found.get("longest_hours", float("inf"))
        out.append(Bound(f"{kind} hours", hours, known.get("within", {}).get(kind), round(longest, 1), True))
    for kind, n in row.get("stray", {}).items():
        out.append(Bound(f"stray {kind}", n, known.get("stray", {}).get(kind), score["other_faults"].get(kind, 0), True))
    return out


def play(options, name):
    """The score of a scenario; text of the error where there is none."""
    command = [options.simulator, "score", "--json", "--seed", "1", "--scenario", str(SCENARIOS / f"{name}.yaml")]
    command += ["--service"] if options.service else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else f"ended with {done.returncode}: {done.stderr.strip()[-500:]}"


def line(row, name, score):
    """A row of the table, and whether it holds."""
    if isinstance(score, str):
        print(f"{name:10}FAILED  {score}")
        return False
    all_bounds = bounds(row, score)
    failed = [b for b in all_bounds if b.verdict == "FAILED"]
    told = [f"{b.verdict}: {b}" for b in all_bounds if b.verdict != "ok"]
    verdict = "FAILED" if failed else next((w for w in ("better", "known") if any(t.startswith(w) for t in told)), "ok")
    faults = score["faults"].values()
    print(f"{name:10}{verdict:8}{score['found']:3}/{score['events']:<4}{score['false_alarms']:8}"
          f"{sum(f['found'] for f in faults):8}/{sum(f['events'] for f in faults):<4}  {'; '.join(told)}")
    if told and "why" in row:
        print(f"{'':18}why: {row['why']}")
    return not failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simulator", required=True)
    parser.add_argument("--rows", help="names, with commas")
    parser.add_argument("--service", action="store_true")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    options = parser.parse_args()
    rows = json.loads((HERE / "rows.json").read_text(encoding="utf-8"))
    files = {f.stem for f in SCENARIOS.glob("*.yaml")}
    if files != set(rows):
        sys.exit(f"rows.json and simulator/scenarios differ in {', '.join(sorted(files ^ set(rows)))}")
    names = options.rows.split(",") if options.rows else list(rows)
    if not set(names) <= set(rows):
        print(f"no such rows: {', '.join(sorted(set(names) - set(rows)))}", file=sys.stderr)
        sys.exit(64)
    print("scenario  verdict  leaks    false   faults")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        scores = pool.map(lambda name: play(options, name), names)
        more = {name: row.get("service", {}) if options.service else {} for name, row in rows.items()}
        held = [line(rows[name] | more[name], name, score) for name, score in zip(names, scores)]
    print(f"{sum(held)} of {len(held)} rows hold")
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
