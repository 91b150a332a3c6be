#!/usr/bin/python3
"""scaling.py RUN.json OUT.svg: draws, from `bench.py --json`, what a reading costs (CPU time, the least of the rounds) and how much memory
is used against the number of sensors, and what a commit, a graph and opening the store cost against the length of the history."""

import json
import math
import sys
from pathlib import Path

WIDTH, HEIGHT, TOP, INNER_W, INNER_H, GAP = 1180, 390, 56, 300, 230, 84
OURS, OURS_2, OURS_3, THEIRS = "#0b6e99", "#c2571a", "#3f7d3a", "#8a8a8a"


def number(v):
    """1,000 as 1k: labels of an axis have little room."""
    for size, unit in ((1_000_000, "M"), (1000, "k")):
        if v >= size and v % (size / 10) == 0:
            return f"{v / size:g} {unit}"
    return f"{v:,.0f}" if v >= 10 or v == int(v) else f"{v:g}"


def ceiling(v):
    """The next number whose quarters are round."""
    power = 10 ** math.floor(math.log10(v))
    return next(k * power for k in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if k * power >= v)


class Panel:
    """One chart: logarithmic from left to right; from bottom to top linear from 0, or logarithmic."""

    def __init__(self, left, title, below, lines, ticks, is_log=False):
        self.left, self.title, self.below, self.lines, self.ticks, self.is_log = left, title, below, lines, ticks, is_log
        highest, lowest = (f(y for _, points in lines for _, y in points) for f in (max, min))
        self.top = 10 ** math.ceil(math.log10(highest)) if is_log else ceiling(highest)
        self.bottom = 10 ** math.floor(math.log10(lowest)) if is_log else 0

    def x(self, v):
        least, most = math.log10(self.ticks[0][0]), math.log10(self.ticks[-1][0])
        return self.left + INNER_W * (math.log10(v) - least) / (most - least)

    def y(self, v):
        if self.is_log:
            share = math.log10(v / self.bottom) / math.log10(self.top / self.bottom)
        else:
            share = v / self.top
        return TOP + INNER_H * (1 - share)

    def grid(self):
        if self.is_log:
            return [10**k for k in range(round(math.log10(self.bottom)), round(math.log10(self.top)) + 1)]
        return [self.top * k / 4 for k in range(5)]

    def draw(self):
        out = [f'<text x="{self.left}" y="26" font-size="15" font-weight="600">{self.title}</text>']
        for v in self.grid():
            out.append(f'<path d="M{self.left} {self.y(v):.1f}h{INNER_W}" stroke="#e3e3e3"/>'
                       f'<text x="{self.left - 8}" y="{self.y(v) + 4:.1f}" text-anchor="end" fill="#555">{number(v)}</text>')
        for v, label in self.ticks:
            out.append(f'<text x="{self.x(v):.1f}" y="{TOP + INNER_H + 20}" text-anchor="middle" fill="#555">{label}</text>')
        out.append(f'<text x="{self.left + INNER_W / 2}" y="{TOP + INNER_H + 40}" text-anchor="middle" fill="#555">{self.below}</text>')
        for n, ((name, colour, dash), points) in enumerate(self.lines):
            path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
            line = f'stroke="{colour}" stroke-width="2.2" stroke-dasharray="{dash}"'
            out.append(f'<polyline points="{path}" fill="none" stroke-linejoin="round" {line}/>')
            out += [f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="2.8" fill="{colour}"/>' for x, y in points]
            x, y = self.left + n % 2 * 160, TOP + INNER_H + 62 + n // 2 * 20
            out.append(f'<path d="M{x} {y}h26" {line}/><text x="{x + 33}" y="{y + 4}">{name}</text>')
        return "".join(out)


def panels(run):
    points, lengths = run["scaling"], run["history"]

    def against_sensors(key, order, factor=1.0):
        return [(p["sensors"], p[key] * factor) for p in points if p["order"] == order]

    sensors = [(p["sensors"], number(p["sensors"])) for p in points if p["order"] == "order"]
    cost = [((name, colour, dash), against_sensors(key, order))
            for key, order, name, colour, dash in (
                ("ours_least_ns", "order", "Mizumori, in order", OURS, ""), ("ours_least_ns", "random", "Mizumori, random", OURS, "5 4"),
                ("c_least_ns", "order", "C, in order", THEIRS, ""), ("c_least_ns", "random", "C, random", THEIRS, "5 4"))]
    memory = [((name, colour, ""), against_sensors(key, "order", 1e-6))
              for key, name, colour in (("ours_bytes", "Mizumori", OURS), ("c_bytes", "C", THEIRS))]
    days = [(h["days"], label) for h, label in zip(lengths, ("1 month", "1 year", "3 years"))]
    length = [((name, colour, ""), [(h["days"], h[key] / 1000) for h in lengths])
              for key, name, colour in (("commit_us", "commit of 500", OURS), ("graph_us", "graph of a day", OURS_2),
                                        ("start_us", "opening the store", OURS_3))]
    left = [62 + k * (INNER_W + GAP) for k in range(3)]
    return [Panel(left[0], "A reading judged, ns of CPU", "sensors", cost, sensors),
            Panel(left[1], "Peak of memory, MB", "sensors", memory, sensors, is_log=True),
            Panel(left[2], "ms of CPU", "history of 20 meters, a reading in 5 min", length, days)]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    run = json.loads(Path(sys.argv[1]).read_text())
    body = "".join(p.draw() for p in panels(run))
    Path(sys.argv[2]).write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12.5" fill="#222">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{body}</svg>\n')


if __name__ == "__main__":
    main()
