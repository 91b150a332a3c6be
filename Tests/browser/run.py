#!/usr/bin/python3
"""All browser tests, in two lanes at once: they wait for pages most of the time. Each lane's output is printed when it ends.

  run.py --program .build/debug/mizumori
"""
import argparse, os, subprocess, sys, threading

HERE = os.path.dirname(os.path.abspath(__file__))
# Test, how the program is given to it, folder of what it keeps, limit in seconds.
LANES = (
    (("page_test", "--demo", "out/screenshots", 600),),
    (("login_test", "--program", "out/screenshots", 200), ("fleet_test", "--program", "out/screenshots", 300),
     ("report_test", "--program", "out/reports", 300),
     ("desk_test", "--program", "out/screenshots", 600)),
)


def drive(lane, program, failed):
    for name, option, out, limit in lane:
        command = ["timeout", str(limit), sys.executable, f"{HERE}/{name}.py", option, program, "--out", out]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        print(f"== {name}: {'ok' if done.returncode == 0 else f'failed ({done.returncode})'}\n{done.stdout}", end="", flush=True)
        if done.returncode:
            failed.append(name)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--program", required=True)
    a = ap.parse_args()
    failed = []
    lanes = [threading.Thread(target=drive, args=(lane, a.program, failed)) for lane in LANES]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
