// One series on a canvas: band, observed line, labels as shaded spans, alerts as marks.
const HOUR = 3600000, OFFSET = 32400000, NONE = -32768;
const two = n => String(n).padStart(2, "0");
const local = t => new Date(t + OFFSET);
const dateText = t => { const d = local(t); return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`; };
const timeText = t => `${dateText(t)} ${two(local(t).getUTCHours())}:${two(local(t).getUTCMinutes())}`;
const color = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const number = v => !isFinite(v) ? "–" : v.toFixed(Math.abs(v) < 10 ? 2 : 1);

function unpack(text) {
  const raw = atob(text), bytes = Uint8Array.from(raw, c => c.charCodeAt(0)), view = new DataView(bytes.buffer);
  return Int16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getInt16(2 * i, true));
}

class Chart {
  constructor(series, canvas, readout, language) {
    Object.assign(this, { series, canvas, readout, language });
    for (const k of ["observed", "expected", "low", "high"]) this[k] = unpack(series[k]);
    this.end = series.from + Math.max(1, this.observed.length - 1) * series.step;
    this.drag = null;
    this.whole();
    canvas.onpointerdown = e => { this.drag = [e.offsetX, e.offsetX]; canvas.setPointerCapture(e.pointerId); };
    canvas.onpointermove = e => { if (this.drag) { this.drag[1] = e.offsetX; this.draw(); } this.tell(this.timeAt(e.offsetX)); };
    canvas.onpointerup = () => this.zoomTo();
    canvas.onpointercancel = () => { this.drag = null; this.draw(); };
    canvas.ondblclick = () => this.whole();
    canvas.onkeydown = e => this.key(e);
  }
  whole() { this.show(this.series.from, this.end); }
  show(from, to) {
    const span = Math.max(2 * HOUR, to - from);
    this.from = from; this.to = from + span;
    this.draw();
  }
  zoomTo() {
    const drag = this.drag;
    this.drag = null;
    if (drag && Math.abs(drag[1] - drag[0]) > 6) { const [a, b] = drag.sort((x, y) => x - y).map(x => this.timeAt(x)); this.show(a, b); }
    else this.draw();
  }
  key(e) {
    const span = this.to - this.from, moves = { ArrowLeft: [-.25, -.25], ArrowRight: [.25, .25], "+": [.25, -.25], "-": [-.5, .5] }[e.key];
    if (!moves) return;
    e.preventDefault();
    this.show(this.from + moves[0] * span, this.to + moves[1] * span);
  }
  x(t) { return 46 + (t - this.from) / (this.to - this.from) * (this.width - 52); }
  y(v) { return this.height - 22 - (v - this.bottom) / (this.top - this.bottom) * (this.height - 64); }
  timeAt(x) { return this.from + (x - 46) / (this.width - 52) * (this.to - this.from); }
  value(values, start, step, t) {
    const v = values[Math.round((t - start) / step)];
    return v === undefined || v === NONE ? NaN : v * this.series.scale;
  }
  tell(t) {
    const s = this.series, band = k => number(this.value(this[k], s.bandFrom, HOUR, t));
    this.readout.textContent = WORDS[this.language].readout(timeText(t), number(this.value(this.observed, s.from, s.step, t)), band("expected"), band("low"), band("high"));
  }
  // What fits the window: the band and all but the wildest hundredth of the readings, so that one spike does not flatten the rest.
  fit() {
    const s = this.series, seen = [];
    const [a, b] = this.range(this.observed, s.from, s.step);
    for (let i = a; i < b; i++) if (this.observed[i] !== NONE) seen.push(this.observed[i]);
    seen.sort((x, y) => x - y);
    let most = seen.length ? seen[Math.floor((seen.length - 1) * .995)] : 1;
    const [c, d] = this.range(this.high, s.bandFrom, HOUR);
    for (let i = c; i < d; i++) if (this.high[i] > most) most = this.high[i];
    this.top = Math.max(most * 1.06, 1) * s.scale;
    this.bottom = Math.min(0, seen.length ? seen[0] * s.scale : 0);
  }
  range(values, start, step) {
    return [Math.max(0, Math.floor((this.from - start) / step)), Math.min(values.length, Math.ceil((this.to - start) / step) + 1)];
  }
  draw() {
    const c = this.canvas, ratio = devicePixelRatio || 1;
    if (!c.clientWidth) return;
    [this.width, this.height] = [c.clientWidth, c.clientHeight];
    c.width = this.width * ratio; c.height = this.height * ratio;
    const g = this.g = c.getContext("2d");
    g.scale(ratio, ratio);
    this.fit();
    this.axes();
    g.save();
    g.beginPath(); g.rect(46, 0, this.width - 52, this.height - 22); g.clip();
    this.labels(); this.band(); this.line(); this.alerts();
    if (this.drag) { g.globalAlpha = .2; g.fillStyle = color("accent"); g.fillRect(this.drag[0], 0, this.drag[1] - this.drag[0], this.height); }
    g.restore();
  }
  axes() {
    const g = this.g, span = this.to - this.from, wanted = span / Math.max(2, this.width / 90);
    g.font = "12px system-ui, sans-serif"; g.strokeStyle = color("rule"); g.fillStyle = color("faint"); g.lineWidth = 1;
    const step = [1, 3, 6, 12, 24, 48, 96, 168, 336, 720, 2160].map(h => h * HOUR).find(s => s >= wanted) || 2160 * HOUR;
    for (let t = Math.ceil((this.from + OFFSET) / step) * step - OFFSET; t <= this.to; t += step) {
      const x = this.x(t), d = local(t), isDay = d.getUTCHours() === 0;
      g.beginPath(); g.moveTo(x, 0); g.lineTo(x, this.height - 22); g.stroke();
      g.fillText(isDay ? `${d.getUTCMonth() + 1}/${d.getUTCDate()}` : `${two(d.getUTCHours())}:00`, x + 2, this.height - 8);
    }
    const rough = (this.top - this.bottom) / 4, power = 10 ** Math.floor(Math.log10(rough)), tick = [1, 2, 5, 10].map(m => m * power).find(v => v >= rough);
    for (let v = Math.ceil(this.bottom / tick) * tick; v <= this.top; v += tick) {
      const y = this.y(v);
      g.beginPath(); g.moveTo(46, y); g.lineTo(this.width - 6, y); g.stroke();
      g.fillText(String(+v.toPrecision(3)), 4, y + 4);
    }
  }
  labels() {
    const g = this.g, w = WORDS[this.language];
    let row = 0;
    g.font = "600 12px system-ui, sans-serif";
    for (const l of [...this.series.labels].sort((a, b) => (a.state !== "") - (b.state !== ""))) {
      const x0 = this.x(l.from), x1 = Math.max(this.x(l.to), x0 + 2);
      if (x1 < 46 || x0 > this.width) continue;
      g.fillStyle = color(l.state || "faint");
      g.globalAlpha = l.state ? .2 : .12;
      g.fillRect(x0, 0, x1 - x0, this.height);
      g.globalAlpha = 1;
      if (l.state) g.fillRect(x0, 0, 2, this.height);
      if (!l.state && x1 - x0 < 16) continue;
      const note = l.state === "found" ? ` ${l.hours} h` : l.state ? ` ${w.state[l.state]}` : "";
      g.fillText((w.kinds[l.kind] || l.kind) + note, Math.max(48, x0 + 5), 12 + 14 * (row++ % 2));
    }
  }
  band() {
    const g = this.g, s = this.series, [a, b] = this.range(this.expected, s.bandFrom, HOUR);
    g.fillStyle = g.strokeStyle = color("mid");
    for (let i = a; i < b;) {
      if (this.expected[i] === NONE) { i++; continue; }
      let j = i;
      while (j < b && this.expected[j] !== NONE) j++;
      const path = (k, n) => g.lineTo(this.x(s.bandFrom + n * HOUR), this.y(this[k][n] * s.scale));
      g.globalAlpha = .22; g.beginPath();
      for (let n = i; n < j; n++) path("high", n);
      for (let n = j - 1; n >= i; n--) path("low", n);
      g.fill();
      g.globalAlpha = .9; g.lineWidth = 1; g.beginPath();
      for (let n = i; n < j; n++) path("expected", n);
      g.stroke();
      i = j;
    }
    g.globalAlpha = 1;
  }
  // Lowest to highest of each pixel column: thousands of readings draw as fast as a few, and none is left out.
  line() {
    const g = this.g, s = this.series, [a, b] = this.range(this.observed, s.from, s.step), perPixel = (b - a) / this.width;
    g.strokeStyle = color("observed"); g.lineWidth = 1; g.beginPath();
    if (perPixel < 2) {
      let pen = false;
      for (let i = a; i < b; i++) {
        const v = this.observed[i];
        if (v === NONE) { pen = false; continue; }
        const x = this.x(s.from + i * s.step), y = this.y(v * s.scale);
        if (pen) g.lineTo(x, y); else g.moveTo(x, y);
        pen = true;
      }
    } else {
      for (let p = 0; p < this.width; p++) {
        let low = Infinity, high = -Infinity;
        for (let i = a + Math.floor(p * perPixel); i < Math.min(b, a + (p + 1) * perPixel); i++) {
          const v = this.observed[i];
          if (v !== NONE) { if (v < low) low = v; if (v > high) high = v; }
        }
        if (low > high) continue;
        const x = this.x(s.from + (a + p * perPixel) * s.step);
        g.moveTo(x, this.y(low * s.scale) + .5); g.lineTo(x, this.y(high * s.scale) - .5);
      }
    }
    g.stroke();
  }
  // Alerts stand at the foot: opens and steps as full triangles with a line, updates as dots, closes as bars; a rule leads back to the onset.
  alerts() {
    const g = this.g, foot = this.height - 24;
    for (const a of this.series.alerts) {
      const x = this.x(a.t);
      const ink = g.fillStyle = g.strokeStyle = color(a.verdict === "false" ? "false" : a.verdict === "found" || a.verdict === "again" ? "found" : typeof a.size !== "number" ? "faint" : "accent");
      if (a.state === "update") { g.beginPath(); g.arc(x, foot - 3, 2, 0, 7); g.fill(); continue; }
      if (a.state === "close") { g.fillRect(x - 1, foot - 9, 2, 9); continue; }
      if (typeof a.size === "number") {
        g.lineWidth = 2; g.beginPath(); g.moveTo(x, 30); g.lineTo(x, foot); g.stroke();
        g.setLineDash([4, 3]); g.beginPath(); g.moveTo(this.x(a.onset), foot - 3); g.lineTo(x, foot - 3); g.stroke(); g.setLineDash([]);
      }
      g.fillStyle = ink;
      g.beginPath(); g.moveTo(x - 6, foot); g.lineTo(x + 6, foot); g.lineTo(x, foot - 11); g.fill();
      const w = WORDS[this.language];
      if (a.verdict === "false") g.fillText(w.state.false, x + 4, 40);
      // The kind, where there is room for words.
      if (this.to - this.from < 25 * 24 * HOUR) g.fillText(w.kinds[a.kind] || a.kind, x + 8, foot - (typeof a.size === "number" ? 14 : 2));
    }
  }
}
