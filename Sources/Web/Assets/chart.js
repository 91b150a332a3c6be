"use strict";
// The graph that jumps: observed line between lowest and highest, expected band, events as shades behind them.
//
// dygraphs' own legend writes style attributes, which the page's content security policy forbids: it is left out, ours is the caption.
Dygraph.PLUGINS = Dygraph.PLUGINS.filter(P => new P().toString() !== "Legend Plugin");

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

class Chart {
  constructor(node, unit, onPoint, onClick) {
    this.node = node;
    this.unit = unit;
    this.onPoint = onPoint;
    this.onClick = onClick;
    this.graph = null;
    this.events = [];
    this.rows = [];
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.graph && this.graph.updateOptions(this.colors()));
  }

  // Rows of [t, min, mean, max, low, mid, high]; events that touch the range.
  show(series, isNewRange) {
    this.events = series.events;
    const none = [null, null, null];
    this.rows = series.rows.map(r => [new Date(r[0]), r[2] === null ? none : [r[1], r[2], r[3]], r[5] === null ? none : [r[4], r[5], r[6]]]);
    this.breakGaps();
    if (!this.rows.length) return;
    if (!this.graph) return this.create();
    if (isNewRange) this.graph.resetZoom();
    this.graph.updateOptions({ file: this.rows });
  }

  // A live value is drawn at once; the band follows with the next answer of the server.
  add(t, value) {
    const last = this.rows[this.rows.length - 1];
    if (!this.graph || !last || t <= +last[0] || !isNumber(value)) return;
    this.rows.push([new Date(t), [value, value, value], [null, null, null]]);
    this.graph.updateOptions({ file: this.rows });
  }

  // Where readings are missing the line is broken: a straight line there would tell of water that nobody measured.
  breakGaps() {
    const steps = this.rows.slice(1).map((r, i) => r[0] - this.rows[i][0]).sort((a, b) => a - b);
    if (!steps.length) return;
    const usual = steps[Math.floor(steps.length / 2)];
    const none = [null, null, null];
    this.rows = this.rows.flatMap((r, i) => {
      const step = i ? r[0] - this.rows[i - 1][0] : 0;
      return step > 4 * usual ? [[new Date(+r[0] - step / 2), none, none], r] : [r];
    });
  }

  colors() {
    return { colors: [color("--observed"), color("--mid")], gridLineColor: color("--rule"), axisLineColor: color("--rule") };
  }

  create() {
    // A finger on the graph scrolls the page; the mouse may still zoom and pan.
    const { touchstart, touchmove, touchend, ...mouse } = Dygraph.defaultInteractionModel;
    this.graph = new Dygraph(this.node, this.rows, {
      labels: ["t", W().observed, W().expected], customBars: true, includeZero: true, interactionModel: mouse,
      ylabel: unitName(this.unit), yLabelWidth: 16, yAxisLabelWidth: 40, rightGap: 8, fillAlpha: .2, strokeWidth: 1.6, connectSeparatedPoints: false,
      series: { [W().expected]: { strokeWidth: 1, strokePattern: [5, 3] } },
      axes: { x: { axisLabelFormatter: (t, g) => this.axisLabel(t, g), pixelsPerLabel: 64, ticker: ticks }, y: { pixelsPerLabel: 36 } },
      highlightCircleSize: 4, highlightCallback: (event, t, points) => this.onPoint(t, points), unhighlightCallback: () => this.onPoint(null),
      clickCallback: (event, t) => this.onClick(t),
      underlayCallback: (context, area, g) => this.shade(context, area, g), animatedZooms: false, ...this.colors(),
    });
    // The words of a leak come and go beside the graph: dygraphs itself only follows the window.
    new ResizeObserver(() => { if (this.node.clientWidth) this.graph.resize(); }).observe(this.node);
  }

  axisLabel(t, granularity) {
    const d = local(+t), date = `${d.getUTCMonth() + 1}/${d.getUTCDate()}`;
    return d.getUTCHours() === 0 && d.getUTCMinutes() === 0 || granularity >= Dygraph.DAILY ? date : `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
  }

  // Leaks red with a solid edge, the rest grey, each with its word: colour is not the only sign.
  shade(context, area, g) {
    context.save();
    context.font = "600 12px system-ui, sans-serif";
    context.textBaseline = "top";
    const right = area.x + area.w;
    let row = 0;
    for (const e of [...this.events].sort((a, b) => a.isLeak - b.isLeak)) {
      const x0 = Math.max(area.x, g.toDomXCoord(Date.parse(e.onset)));
      const x1 = e.closed ? Math.min(right, g.toDomXCoord(Date.parse(e.closed))) : right;
      if (x1 < area.x || x0 > right) continue;
      const ink = color(e.isLeak ? "--leak" : "--faint");
      context.fillStyle = ink;
      context.globalAlpha = e.isLeak ? .16 : .1;
      context.fillRect(x0, area.y, Math.max(2, x1 - x0), area.h);
      context.globalAlpha = 1;
      if (e.isLeak) context.fillRect(x0, area.y, 2, area.h);
      const text = W().kinds[e.kind] || e.kind, width = context.measureText(text).width;
      // In the shade where there is room, else before it; two rows, so that neighbours stay readable.
      const x = x1 - x0 > width + 8 ? x0 + 6 : Math.max(area.x + 2, x0 - width - 4);
      context.fillText(text, x, area.y + 4 + 15 * (row++ % 2));
    }
    context.restore();
  }
}

// Ticks at round hours and midnights of the utility, whatever zone the browser is in.
function ticks(from, to, pixels, options, graph) {
  const HOUR = 3600000, shift = page.offset * 60000;
  const wanted = (to - from) / Math.max(2, pixels / options("pixelsPerLabel"));
  const step = [HOUR / 12, HOUR / 6, HOUR / 2, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR, 96 * HOUR, 168 * HOUR, 336 * HOUR, 720 * HOUR, 2160 * HOUR, 8760 * HOUR]
    .find(s => s >= wanted) || 8760 * HOUR;
  const label = options("axisLabelFormatter"), out = [];
  for (let t = Math.ceil((from + shift) / step) * step - shift; t <= to; t += step) {
    out.push({ v: t, label: label(new Date(t), step >= 24 * HOUR ? Dygraph.DAILY : Dygraph.HOURLY, options, graph) });
  }
  return out;
}
