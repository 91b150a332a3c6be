#!/usr/bin/python3
"""scaling.py RUN.json OUT.svg: draws cost per reading and memory per sensor against the number of sensors, from `bench.py --json`."""

import json
import math
import sys
from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP, INNER_W, INNER_H = 900, 330, 60, 40, 350, 230
LINES = [("ours_ns", "order", "Mizumori, in order", "#0b6e99", ""), ("ours_ns", "random", "Mizumori, random", "#0b6e99", "5 4"),
         ("c_ns", "order", "C, in order", "#888", ""), ("c_ns", "random", "C, random", "#888", "5 4")]


def place(x, y, least, most, top, left):
    px = left + INNER_W * (math.log10(x) - least) / max(1e-9, most - least)
    return px, TOP + INNER_H * (1 - y / top)


def panel(left, title, lines, points):
    """One chart: logarithmic in sensors, linear from 0 in what is shown."""
    xs = [math.log10(p["sensors"]) for p in points]
    top = max(y for _, line in lines for _, y in line) * 1.15
    out = [f'<text x="{left}" y="22" font-weight="bold">{title}</text>']
    for k in range(5):
        y = TOP + INNER_H * (1 - k / 4)
        out.append(f'<path d="M{left} {y:.1f}h{INNER_W}" stroke="#ddd"/>'
                   f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{top * k / 4:,.0f}</text>')
    for e in range(round(min(xs)), round(max(xs)) + 1):
        x, _ = place(10**e, 0, min(xs), max(xs), top, left)
        out.append(f'<text x="{x:.1f}" y="{TOP + INNER_H + 18}" text-anchor="middle">{10**e:,}</text>')
    for n, ((name, colour, dash), line) in enumerate(lines):
        path = " ".join("{:.1f},{:.1f}".format(*place(x, y, min(xs), max(xs), top, left)) for x, y in line)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
        out.append(f'<path d="M{left + n % 2 * 180} {TOP + INNER_H + 36 + n // 2 * 16}h24" stroke="{colour}" stroke-width="2" '
                   f'stroke-dasharray="{dash}"/><text x="{left + 30 + n % 2 * 180}" y="{TOP + INNER_H + 40 + n // 2 * 16}">{name}</text>')
    return "".join(out)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    points = json.loads(Path(sys.argv[1]).read_text())["scaling"]
    cost = [((name, colour, dash), [(p["sensors"], p[key]) for p in points if p["order"] == order])
            for key, order, name, colour, dash in LINES]
    memory = [(("Mizumori, peak of the process", "#0b6e99", ""),
               [(p["sensors"], p["ours_bytes"] / 1e6) for p in points if p["order"] == "order"])]
    body = panel(LEFT, "ns for each reading, against sensors", cost, points) + panel(
        LEFT + INNER_W + 80, "MB of memory, against sensors", memory, points)
    Path(sys.argv[2]).write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{body}</svg>\n')


if __name__ == "__main__":
    main()
