"use strict";
// The graph with what one does with it: choose a range, go earlier and later, zoom (finer data come from the service), compare with the
// week before, read it as a table.
const hint = () => matchMedia("(pointer: coarse)").matches ? W().graph.touchHint : W().graph.hint;
const SPANS = { "6h": 6 * HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY, year: 365 * DAY, all: null };

class GraphPanel {
  // - spans: which of SPANS are offered, and own ones as { name: () => [from, to] }; onset: ms or null; onClick(t)
  constructor({ spans, initial, onset = null, onClick = () => {} }) {
    Object.assign(this, { spans, onset, onClick, span: initial, custom: null, meter: null, chart: null, asked: 0, loaded: null,
      comparesWeek: false });
    this.node = this.build();
  }

  build() {
    const w = W().graph;
    const ranges = withId("ranges", element("div", "ranges", ...Object.keys(this.spans).map(key => {
      const b = button(w.spans[key], () => this.choose(key));
      b.dataset.range = key;
      return b;
    })));
    ranges.setAttribute("role", "group");
    ranges.setAttribute("aria-label", w.span);
    const move = (name, sign, run) => { const b = withId(name, button(sign, run,
      "square")); b.title = w[name]; b.setAttribute("aria-label", w[name]); return b; };
    const compare = withId("compare", button(w.compare, () => this.compare()));
    compare.setAttribute("aria-pressed", "false");
    const tools = element("div", "ranges", move("earlier", "◀", () => this.shift(-1)), move("later", "▶", () => this.shift(1)),
      move("closer", "＋", () => this.zoom(0.5)), move("wider", "－", () => this.zoom(2)), compare, withId("shown", element("span", "shown")));
    // The new range is told to whoever listens.
    tools.lastChild.setAttribute("role", "status");
    const graph = withId("graph", element("div", "graph")), empty = withId("empty", element("p", "empty", w.empty));
    graph.setAttribute("role", "img");
    graph.setAttribute("aria-describedby", "caption");
    empty.hidden = true;
    const reading = withId("reading", element("p", "reading", hint()));
    reading.setAttribute("aria-hidden", "true");
    const asTable = withId("as-table", element("details", "as-table", element("summary", "", w.table), withId("tables", element("div"))));
    asTable.ontoggle = () => this.describe();
    return element("div", "panel", ranges, tools, element("figure", "", reading, graph, empty,
      withId("caption", element("figcaption", "caption"))), asTable);
  }

  // The times that are shown now.
  range() {
    if (this.custom) return this.custom;
    const own = this.spans[this.span], to = this.meter.last + 60000;
    if (typeof own === "function") return own();
    // A meter that is new has less than that.
    const first = Math.min(this.meter.first, to - HOUR);
    return [SPANS[this.span] === null ? first : Math.max(first, to - SPANS[this.span]), to];
  }

  choose(span) {
    this.custom = null;
    this.span = span;
    return this.load();
  }

  shift(way) {
    const [from, to] = this.range(), by = way * (to - from) * 0.5;
    return this.moveTo(from + by, to + by);
  }

  zoom(factor) {
    const [from, to] = this.range(), middle = factor < 1 && !this.custom ? to - (to - from) / 4 : (from + to) / 2, half = (to - from) * factor / 2;
    return this.moveTo(middle - half, middle + half);
  }

  // Kept within what is stored, and to five minutes at least.
  moveTo(from, to) {
    const first = this.meter.first, last = this.meter.last + 60000;
    const span = Math.min(Math.max(to - from, 300000), Math.max(last - first, 300000));
    const end = Math.min(last, Math.max(to, first + span));
    this.custom = [Math.round(end - span), Math.round(end)];
    return this.load();
  }

  compare() {
    this.comparesWeek = !this.comparesWeek;
    $("compare").setAttribute("aria-pressed", String(this.comparesWeek));
    return this.load();
  }

  // Asked for again only when what is drawn would change: a year is not loaded anew for each reading.
  async refresh(meter, mark) {
    this.meter = meter;
    if (!isNumber(meter.last)) { this.showEmpty(true); return; }
    const isOld = !this.loaded || Date.now() - this.loaded.at > Math.max(1500, this.loaded.step / 2);
    if (isOld || this.loaded.mark !== mark) await this.load(mark);
  }

  async load(mark = this.loaded && this.loaded.mark) {
    const mine = ++this.asked, [from, to] = this.range(), points = pointsOf(to - from, $("graph").clientWidth || 800);
    this.showRange(from, to);
    const path = (a, b) => `${meterPath(this.meter.id)}/series?from=${Math.round(a)}&to=${Math.round(b)}&points=${points}`;
    const [series, week] = await Promise.all([get(path(from, to)), this.comparesWeek ? get(path(from - 7 * DAY, to - 7 * DAY)) : null]);
    // An older answer must not overwrite what was asked for after it.
    if (mine !== this.asked) return;
    this.series = series;
    this.loaded = { at: Date.now(), step: series.step || 0, mark };
    this.showEmpty(!series.rows.length);
    this.chart = this.chart || new Chart($("graph"), this.meter.unit, { onPoint: (t, points) => this.point(t, points),
      onClick: this.onClick, onRange: (a, b) => this.moveTo(a, b).catch(() => showLine(null)) });
    this.chart.marks.onset = this.onset;
    this.chart.show(series, week, [from, to]);
    $("caption").replaceChildren(...this.legend());
    this.describe();
    document.body.dataset.range = this.custom ? "custom" : this.span;
  }

  add(t, value) { if (this.chart && !this.custom) this.chart.add(t, value); }

  showRange(from, to) {
    for (const b of document.querySelectorAll("#ranges button")) b.setAttribute("aria-pressed",
      String(!this.custom && b.dataset.range === this.span));
    say($("shown"), W().graph.shown(time(from), time(to)));
    $("later").disabled = to >= this.meter.last + 60000;
    $("earlier").disabled = from <= this.meter.first;
  }

  showEmpty(isEmpty) {
    $("empty").hidden = !isEmpty;
    $("graph").hidden = isEmpty;
  }

  point(t, points) {
    const w = W().graph, value = name => { const p = points.find(q => q.name === name); return p && isNumber(p.yval) ? flow(p.yval,
      this.meter.unit) : null; };
    $("reading").textContent = t === null ? hint() : w.reading(time(t), value(w.observed) || "–", value(w.expected) || "–", value(w.week));
  }

  // Only what is there to see.
  legend() {
    const w = W().graph.legend, { events, works, actions, onset } = this.chart.marks;
    const has = { observed: true, expected: this.chart.rows.some(r => r[2] !== NONE), week: this.comparesWeek,
      leak: events.some(e => e.isLeak), other: events.some(e => !e.isLeak && e.kind !== "work"),
      work: works.length, gap: this.chart.gaps.length, action: actions.length, onset };
    return Object.keys(w).filter(name => has[name]).map(name => element("span", "key", element("i", name), w[name]));
  }

  // The same in words and numbers, for who cannot see the graph: the whole range, its parts, and what happened.
  describe() {
    if (!this.series || !$("as-table").open) return;
    const w = W().graph, [from, to] = this.range(), unit = this.meter.unit, rows = this.series.rows.filter(r => isNumber(r[2]));
    const parts = inParts(rows, from, to, 24), values = [
      { head: w.time, cell: p => time(p.t) }, { head: `${w.lowest} ${unitName(unit)}`, isNumber: true, cell: p => number(p.low) },
        { head: w.mean, isNumber: true, cell: p => number(p.mean) },
      { head: w.highest, isNumber: true, cell: p => number(p.high) }, { head: w.usual, isNumber: true, cell: p => number(p.usual) }];
    const all = inParts(rows, from, to, 1)[0], marks = this.happened();
    $("tables").replaceChildren(
      all ? figures(pair(w.lowest, flow(all.low, unit)), pair(w.mean, flow(all.mean, unit)), pair(w.highest, flow(all.high, unit)),
        isNumber(all.usual) ? pair(w.usual, flow(all.usual, unit)) : null) : "",
      table(w.summary(time(from), time(to)), values, parts),
      marks.length ? table(w.marks, [{ head: w.what, cell: m => m.what }, { head: w.from, cell: m => time(m.from) },
        { head: w.to, cell: m => m.to ? time(m.to) : "" }, { head: w.by, cell: m => m.by }], marks)
        : element("p", "faint", w.noMarks));
  }

  happened() {
    const { events, works, actions } = this.chart.marks;
    return [
      ...events.map(e => ({ what: W().kinds[e.kind] || e.kind, from: Date.parse(e.onset), to: e.closed ? Date.parse(e.closed) : null, by: "" })),
      ...works.map(x => ({ what: W().kinds.work, from: x.from, to: x.to, by: [x.by, x.note].filter(Boolean).join("　") })),
      ...actions.map(a => ({ what: W().actions[a.action] || a.action, from: Date.parse(a.time), to: null,
        by: [a.by, a.note].filter(Boolean).join("　") })),
      ...this.chart.gaps.filter(([from]) => !events.some(e => e.kind === "gap" && Math.abs(Date.parse(e.onset) - from) < 2 * HOUR)).map(([from, to]) => ({ what: W().graph.legend.gap, from, to, by: "" })),
    ].sort((a, b) => a.from - b.from);
  }
}

// About one point for each pixel; of more than a month one for each day, where the ups and downs within a day would be a black band.
function pointsOf(span, pixels) {
  return span > 33 * DAY ? Math.min(2000, Math.ceil(span / DAY)) : Math.max(200, Math.min(2000, pixels));
}

// Lowest, mean, highest and the expected mean of `count` equal parts of the range; parts without readings are left out.
function inParts(rows, from, to, count) {
  const parts = [], size = (to - from) / count;
  for (const r of rows) {
    const n = Math.min(count - 1, Math.max(0, Math.floor((r[0] - from) / size)));
    const p = parts[n] = parts[n] || { t: from + n * size, low: Infinity, high: -Infinity, sum: 0, n: 0, band: 0, bands: 0 };
    p.low = Math.min(p.low, r[1]);
    p.high = Math.max(p.high, r[3]);
    p.sum += r[2];
    p.n++;
    if (isNumber(r[5])) { p.band += r[5]; p.bands++; }
  }
  return parts.filter(Boolean).map(p => ({ ...p, mean: p.sum / p.n, usual: p.bands ? p.band / p.bands : null }));
}

// A bar for each night (`first` is the day of the first one), so that a slow rise is seen; those well above what is usual in another colour
// and, for whoever listens, in the sentence below.
function nightBars(values, first, reference) {
  const known = values.filter(isNumber), day = n => new Date(Date.parse(first) + n * DAY).toISOString().slice(0, 10);
  if (!known.length) return "";
  const top = Math.max(...known, isNumber(reference) ? reference : 0, 1e-9) * 1.08, y = v => 100 - 100 * Math.max(v, 0) / top;
  const isHigh = v => (heatStep(v, reference) || 0) >= 4, high = values.filter(isHigh).length;
  const text = W().graph.nightsText(number(Math.min(...known)), number(Math.max(...known)), number(reference), high);
  const bars = svg("svg", { viewBox: `0 0 ${values.length * 10} 100`, preserveAspectRatio: "none", class: "nightbars", role: "img",
    "aria-label": text });
  values.forEach((v, n) => {
    if (isNumber(v)) bars.append(svg("rect", { x: n * 10 + 1, width: 8, y: y(v), height: Math.max(100 - y(v), 0.5),
      class: isHigh(v) ? "high" : null }, svg("title", {}, `${dayName(day(n))} ${number(v)} m³/h`)));
  });
  if (isNumber(reference)) bars.append(svg("line", { x1: 0, x2: values.length * 10, y1: y(reference), y2: y(reference) }));
  return element("figure", "", bars, element("p", "nightbars-days", element("span", "", dayName(day(0))), element("span", "", text),
    element("span", "", dayName(day(values.length - 1)))));
}
