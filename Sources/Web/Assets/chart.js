"use strict";
// The graph that jumps: observed line between lowest and highest, expected band, the same time a week before as a dashed line; behind them
// leaks, other events, planned work and gaps, each shaded in its own way, and what people said as flags.
//
// dygraphs' own legend writes style attributes, which the page's content security policy forbids: it is left out, ours is the caption.
Dygraph.PLUGINS = Dygraph.PLUGINS.filter(P => new P().toString() !== "Legend Plugin");

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// SHEET: pixels that a sheet of A4 is wide for a graph.
const NONE = [null, null, null], HOUR = 3600000, SHEET = 660;

class Chart {
  // - onPoint(t, points): what the pointer is over, null = nothing; onClick(t); onRange(from, to): the reader zoomed or moved.
  constructor(node, unit, { onPoint, onClick, onRange }) {
    Object.assign(this, { node, unit, onPoint, onClick, onRange });
    this.graph = null;
    this.rows = [];
    this.gaps = [];
    this.marks = { events: [], works: [], actions: [], onset: null };
    this.window = [0, 1];
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
      () => this.graph && !this.isPaper && this.graph.updateOptions(this.colors()));
    addEventListener("beforeprint", () => this.paper(true));
    addEventListener("afterprint", () => this.paper(false));
  }

  // For print the graph is drawn in light colours, whatever the screen has, and made as narrow as the sheet. Only made: a canvas that gets
  // another size just before it is printed comes out empty.
  paper(isPaper) {
    if (!this.graph) return;
    const width = this.node.clientWidth;
    this.isPaper = isPaper;
    document.documentElement.classList.toggle("paper", isPaper);
    this.node.style.width = isPaper ? `${width}px` : "";
    this.node.style.zoom = isPaper ? Math.min(1, SHEET / width) : "";
    this.graph.updateOptions(this.colors());
  }

  // `series` as the service gives it: rows of [t, min, mean, max, low, mid, high]; `week`: the series of a week before, or null.
  show(series, week, [from, to]) {
    this.marks = { events: series.events, works: series.works || [],
      actions: (series.actions || []).filter(a => a.action !== "planned_work"), onset: this.marks.onset };
    this.window = [from, to];
    const before = week ? weekBefore(week.rows, series.step) : () => NONE;
    this.rows = series.rows.map(r => [new Date(r[0]), isNumber(r[2]) ? [r[1], r[2], r[3]] : NONE,
      isNumber(r[5]) ? [r[4], r[5], r[6]] : NONE, before(r[0])]);
    // The day that is not over yet has no mean to compare with the others.
    const last = this.rows[this.rows.length - 1];
    if (series.step >= DAY / 2 && this.rows.length > 2 && +last[0] + 0.9 * series.step > to) this.rows.pop();
    this.breakGaps(series.step || 0);
    if (!this.rows.length) return;
    if (!this.graph) this.create();
    else this.graph.updateOptions({ file: this.rows, dateWindow: [from, to], valueRange: null });
  }

  // A live value is drawn at once; the band follows with the next answer of the server.
  add(t, value) {
    const last = this.rows[this.rows.length - 1];
    if (!this.graph || !last || t <= +last[0] || !isNumber(value)) return;
    this.rows.push([new Date(t), [value, value, value], NONE, NONE]);
    this.graph.updateOptions({ file: this.rows });
  }

  // Where readings are missing the line is broken: a straight line there would tell of water that nobody measured.
  breakGaps(step) {
    const steps = this.rows.slice(1).map((r, i) => r[0] - this.rows[i][0]).sort((a, b) => a - b);
    this.gaps = [];
    if (!steps.length) return;
    const limit = 4 * Math.max(step, steps[Math.floor(steps.length / 2)]);
    this.rows = this.rows.flatMap((r, i) => {
      const before = i ? this.rows[i - 1][0] : r[0], missing = r[0] - before;
      if (missing <= limit) return [r];
      this.gaps.push([+before, +r[0]]);
      return [[new Date(+r[0] - missing / 2), NONE, NONE, NONE], r];
    });
  }

  colors() {
    return { colors: [color("--observed"), color("--mid"), color("--week")], gridLineColor: color("--rule"), axisLineColor: color("--rule") };
  }

  create() {
    const w = W().graph;
    // A finger on the graph scrolls the page; the mouse may zoom and (with shift) move. A double click is the way back out.
    const { touchstart, touchmove, touchend, dblclick, ...mouse } = Dygraph.defaultInteractionModel;
    mouse.dblclick = () => { const [from, to] = this.window; this.onRange(from - (to - from) / 2, to + (to - from) / 2); };
    this.graph = new Dygraph(this.node, this.rows, {
      labels: ["t", w.observed, w.expected, w.week], customBars: true, includeZero: true, interactionModel: mouse, dateWindow: this.window,
      ylabel: unitName(this.unit), yLabelWidth: 16, yAxisLabelWidth: 44, rightGap: 8, fillAlpha: .18, strokeWidth: 1.6, connectSeparatedPoints: false,
      series: { [w.expected]: { strokeWidth: 1, strokePattern: [5, 3] }, [w.week]: { strokeWidth: 1.4, strokePattern: [9, 4] } },
      axes: { x: { pixelsPerLabel: 64, ticker: ticks }, y: { pixelsPerLabel: 36 } },
      highlightCircleSize: 4, highlightCallback: (event, t, points) => this.onPoint(t, points), unhighlightCallback: () => this.onPoint(null),
      clickCallback: (event, t) => this.onClick(t), drawCallback: g => this.moved(g),
      underlayCallback: (context, area, g) => new Underlay(context, area, g).draw(this), animatedZooms: false, ...this.colors(),
    });
    // The words of a leak come and go beside the graph: dygraphs itself only follows the window.
    new ResizeObserver(() => { if (this.node.clientWidth && !this.isPaper) this.graph.resize(); }).observe(this.node);
  }

  // Told once the reader rests, so that a drag does not ask for each step of the way.
  moved(g) {
    const [from, to] = g.xAxisRange(), [a, b] = this.window;
    if (Math.abs(from - a) + Math.abs(to - b) < 0.004 * (b - a)) return;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => { if (this.graph) this.onRange(from, to); }, 200);
  }
}

// Looks up the value a week before a time; the nearest, where it is near enough.
function weekBefore(rows, step) {
  let n = 0;
  const limit = Math.max(1.5 * (step || 0), 10 * 60000);
  return t => {
    while (n + 1 < rows.length && Math.abs(rows[n + 1][0] + 7 * DAY - t) <= Math.abs(rows[n][0] + 7 * DAY - t)) n++;
    const r = rows[n];
    return r && isNumber(r[2]) && Math.abs(r[0] + 7 * DAY - t) <= limit ? [r[2], r[2], r[2]] : NONE;
  };
}

// What lies behind the lines. Each kind differs by pattern and word as well as by colour.
class Underlay {
  constructor(context, area, g) {
    Object.assign(this, { c: context, area, right: area.x + area.w, x: t => g.toDomXCoord(t) });
  }

  draw(chart) {
    const { c } = this;
    c.save();
    c.font = "600 12px system-ui, sans-serif";
    c.textBaseline = "top";
    this.taken = [[], []];
    for (const [from, to] of chart.gaps) this.band(from, to, { ink: "--faint", pattern: "dots" });
    for (const e of [...chart.marks.events].sort((a, b) => b.isLeak - a.isLeak)) {
      if (e.kind === "work" && chart.marks.works.length) continue;
      this.band(Date.parse(e.onset), e.closed ? Date.parse(e.closed) : Infinity,
        { ink: e.isLeak ? "--leak" : "--faint", alpha: e.isLeak ? .16 : .1, edge: e.isLeak ? [] : [2, 3], text: W().kinds[e.kind] || e.kind });
    }
    for (const w of chart.marks.works) this.band(w.from, w.to, { ink: "--learning", pattern: "hatch", edge: [4, 3], text: W().kinds.work });
    if (chart.marks.onset) this.onset(chart.marks.onset);
    for (const a of chart.marks.actions) this.flag(a);
    c.restore();
  }

  band(from, to, { ink, alpha = .1, pattern, edge, text }) {
    const { c, area, right } = this, x0 = Math.max(area.x, this.x(from)), x1 = Math.min(right, to === Infinity ? right : this.x(to));
    if (x1 < area.x || x0 > right) return;
    c.fillStyle = c.strokeStyle = color(ink);
    const width = Math.max(2, x1 - x0);
    c.globalAlpha = pattern ? .5 : alpha;
    if (pattern) c.fillStyle = tile(c, pattern, color(ink));
    c.fillRect(x0, area.y, width, area.h);
    c.globalAlpha = 1;
    if (edge) this.line(x0, edge, edge.length ? 1 : 2);
    if (text) this.word(text, color(ink), x0, width);
  }

  // In the shade where there is room, else before it; in the first of two rows where no other word stands, else not at all.
  word(text, ink, x0, width) {
    const { c, area } = this, length = c.measureText(text).width;
    const x = width > length + 8 ? x0 + 6 : Math.max(area.x + 2, x0 - length - 4);
    const row = this.taken.findIndex(words => words.every(([a, b]) => x + length + 6 < a || x > b + 6));
    if (row < 0) return;
    this.taken[row].push([x, x + length]);
    c.fillStyle = ink;
    c.fillText(text, x, area.y + 4 + 15 * row);
  }

  line(x, dash, width) {
    const { c, area } = this;
    c.lineWidth = width;
    c.setLineDash(dash);
    c.beginPath();
    c.moveTo(x, area.y);
    c.lineTo(x, area.y + area.h);
    c.stroke();
    c.setLineDash([]);
  }

  onset(t) {
    const { c, area } = this, x = this.x(t);
    if (x < area.x || x > this.right) return;
    c.fillStyle = c.strokeStyle = color("--leak");
    this.line(x, [], 2);
    const text = W().graph.onset, length = c.measureText(text).width, left = x - length - 16 > area.x ? x - length - 14 : x + 2;
    c.fillRect(left, area.y + area.h - 22, length + 12, 20);
    c.fillStyle = color("--card");
    c.fillText(text, left + 6, area.y + area.h - 18);
  }

  // What somebody said: a small flag at the foot of the graph.
  flag(action) {
    const { c, area } = this, x = this.x(Date.parse(action.time)), y = area.y + area.h;
    if (x < area.x || x > this.right) return;
    c.fillStyle = c.strokeStyle = color("--normal");
    c.lineWidth = 1.5;
    c.beginPath();
    c.moveTo(x, y);
    c.lineTo(x, y - 24);
    c.lineTo(x + 11, y - 19);
    c.lineTo(x, y - 14);
    c.stroke();
    c.fill();
  }
}

const tiles = new Map();
function tile(context, kind, ink) {
  const key = kind + ink;
  if (!tiles.has(key)) {
    const small = document.createElement("canvas"), c = small.getContext("2d");
    small.width = small.height = 8;
    c.strokeStyle = c.fillStyle = ink;
    if (kind === "dots") for (const [x, y] of [[1, 1], [5, 5]]) c.fillRect(x, y, 2, 2);
    else {
      c.beginPath();
      for (const o of [-8, 0, 8]) { c.moveTo(o, 8); c.lineTo(o + 8, 0); }
      c.stroke();
    }
    tiles.set(key, context.createPattern(small, "repeat"));
  }
  return tiles.get(key);
}

// ---- The time axis: round hours, midnights and months of the utility, whatever zone the browser is in

function axisLabel(t, unit) {
  const d = local(t);
  if (unit === "month") return d.getUTCMonth() === 0 ? W().year(d.getUTCFullYear()) : W().monthOnly ? W().monthOnly(d.getUTCMonth() + 1) : MONTHS[d.getUTCMonth()];
  const isMidnight = d.getUTCHours() === 0 && d.getUTCMinutes() === 0;
  return isMidnight || unit === "day" ? W().shortDate(d.getUTCMonth() + 1, d.getUTCDate()) : `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

const TICKS = [HOUR / 60, HOUR / 30, HOUR / 12, HOUR / 6, HOUR / 2, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 4 * DAY, 7 * DAY, 14 * DAY];
function ticks(from, to, pixels, options) {
  const shift = page.offset * 60000, wanted = (to - from) / Math.max(2, pixels / options("pixelsPerLabel"));
  const step = TICKS.find(s => s >= wanted), out = [];
  const add = (t, unit) => out.push({ v: t, label: axisLabel(t, unit) });
  if (step) {
    for (let t = Math.ceil((from + shift) / step) * step - shift; t <= to; t += step) add(t, step >= DAY ? "day" : "hour");
    return out;
  }
  const months = Math.max(1, Math.ceil(wanted / (30 * DAY))), every = [1, 2, 3, 6, 12].find(m => m >= months) || 12;
  const start = local(from);
  for (let m = start.getUTCFullYear() * 12 + start.getUTCMonth(); ; m++) {
    const t = Date.UTC(Math.floor(m / 12), m % 12, 1) - shift;
    if (t > to) return out;
    if (t >= from && m % every === 0) add(t, "month");
  }
}
