"use strict";
const id = new URLSearchParams(location.search).get("id") || "";
const base = "/api/v1/meters/" + id.split("/").map(encodeURIComponent).join("/");
const DAY = 86400000;
const spans = { day: DAY, week: 7 * DAY, month: 30 * DAY, all: null };
let span = "week", graph = null, events = [], detail = null;
const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Events as shades behind the lines, leaks red, the rest grey, with a word at the top.
function shade(context, area, g) {
  context.save();
  for (const e of events) {
    const end = e.closed ? Date.parse(e.closed) : Infinity;
    const x0 = Math.max(area.x, g.toDomXCoord(Date.parse(e.onset)));
    const x1 = Math.min(area.x + area.w, end === Infinity ? area.x + area.w : g.toDomXCoord(end));
    if (x1 <= x0) continue;
    context.fillStyle = e.isLeak ? "rgba(200, 20, 30, .16)" : "rgba(120, 120, 130, .14)";
    context.fillRect(x0, area.y, x1 - x0, area.h);
    context.fillStyle = color(e.isLeak ? "--leak" : "--faint");
    context.font = "12px sans-serif";
    if (x1 - x0 > 60) context.fillText(W().kinds[e.kind] || e.kind, x0 + 4, area.y + 14);
  }
  context.restore();
}

// dygraphs wants times of the browser's zone; the utility's own are given by shifting, here and in every label.
function axisLabel(t, granularity) {
  const d = local(+t), two = n => String(n).padStart(2, "0");
  const date = `${d.getUTCMonth() + 1}/${d.getUTCDate()}`;
  return d.getUTCHours() === 0 && d.getUTCMinutes() === 0 || granularity >= Dygraph.DAILY ? date : `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

// The legend of dygraphs writes style attributes, which the page's content security policy forbids: ours is the caption.
Dygraph.PLUGINS = Dygraph.PLUGINS.filter(P => new P().toString() !== "Legend Plugin");
function legend(event, t, points) {
  const value = name => { const p = points.find(q => q.name === name); return p ? number(p.yval) : "–"; };
  document.getElementById("caption").textContent =
    `${time(t)}　${W().observed} ${value(W().observed)} m³/h　${W().expected} ${value(W().expected)} m³/h`;
}

function draw(series) {
  events = series.events;
  const rows = series.rows.map(r => [new Date(r[0]), r[2] === null ? [null, null, null] : [r[1], r[2], r[3]], r[5] === null ? [null, null, null] : [r[4], r[5], r[6]]]);
  if (graph && rows.length) return graph.updateOptions({ file: rows });
  if (!rows.length) return;
  graph = new Dygraph(document.getElementById("graph"), rows, {
    labels: ["t", W().observed, W().expected], customBars: true, ylabel: W().flowAxis, includeZero: true, highlightCallback: legend,
    unhighlightCallback: () => { document.getElementById("caption").textContent = W().graph; },
    colors: [color("--observed"), color("--mid")], fillAlpha: .22, strokeWidth: 1.4, connectSeparatedPoints: false, rightGap: 8,
    series: { [W().expected]: { strokeWidth: 1, strokePattern: [5, 3] } },
    axes: { x: { axisLabelFormatter: axisLabel, valueFormatter: t => time(t) }, y: { valueFormatter: v => number(v) } },
    underlayCallback: shade, gridLineColor: color("--rule"), animatedZooms: false,
  });
}

function figure(name, value) { return element("div", "", element("dt", "", name), element("dd", "", value)); }

function describe() {
  const m = detail.meter, event = m.event;
  document.getElementById("title").textContent = `${m.zoneName} ${m.name}`;
  document.title = `${m.name} — 水守`;
  document.getElementById("state").replaceChildren(badge(m), `　${number(m.value)} m³/h　${W().expected} ${number(m.expected)} m³/h　${W().at(time(m.time))}`);
  const leak = document.getElementById("leak");
  leak.hidden = !(event && event.isLeak && event.isOpen);
  if (!leak.hidden) leak.textContent = event.text[page.language];
  const w = W(), flow = v => v === null || v === undefined ? "–" : number(v) + " m³/h";
  document.getElementById("figures").replaceChildren(
    figure(w.mean, flow(detail.meanFlow)), figure(w.night, flow(detail.nightMinimum)), figure(w.nightReference, flow(detail.nightReference)),
    figure(w.suspended, detail.isLearningSuspended ? w.suspendedYes : w.suspendedNo),
    ...detail.statistics.map(s => figure(s.name, `${number(s.value)} / ${w.threshold} ${number(s.threshold)}`)));
  document.getElementById("events").replaceChildren(
    ...(detail.events.length ? detail.events.map(e => eventItem(e, false)) : [element("li", "", w.noEvents)]));
}

async function refresh() {
  if (!page.language) {
    const o = await get("/api/v1/overview");
    page.offset = o.offsetMinutes;
    chooseLanguage(o.language);
    document.getElementById("utility").textContent = o.utility;
    showLine(o.isConnected);
    document.getElementById("back").textContent = W().back;
    document.getElementById("caption").textContent = W().graph;
    document.getElementById("figures-title").textContent = W().figures;
    document.getElementById("events-title").textContent = W().events;
    document.getElementById("ranges").replaceChildren(...Object.keys(spans).map(key => {
      const button = element("button", "", W().ranges[key]);
      button.type = "button";
      button.dataset.range = key;
      button.onclick = () => { span = key; refresh(); };
      return button;
    }));
  }
  for (const b of document.querySelectorAll("#ranges button")) b.setAttribute("aria-pressed", String(b.dataset.range === span));
  detail = await get(base);
  describe();
  if (detail.last === null || detail.last === undefined) return;
  const to = detail.last + 60000, from = spans[span] === null ? detail.first : to - spans[span];
  const width = document.getElementById("graph").clientWidth || 800;
  draw(await get(`${base}/series?from=${from}&to=${to}&points=${Math.max(200, Math.min(2000, width))}`));
  document.body.dataset.ready = "1";
}
refresh().catch(() => { if (!page.language) chooseLanguage("ja"); showLine(null); }).then(() => follow(refresh, r => r.sensor === id));
