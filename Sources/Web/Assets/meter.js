"use strict";
const id = new URLSearchParams(location.search).get("id") || "";
const base = "/api/v1/meters/" + id.split("/").map(encodeURIComponent).join("/");
const DAY = 86400000;
const spans = { day: DAY, week: 7 * DAY, month: 30 * DAY, all: null };
let span = "week", drawn = null, asked = 0, chart = null, detail = null;

function point(t, points) {
  const value = name => { const p = points.find(q => q.name === name); return p && isNumber(p.yval) ? flow(p.yval, detail.meter.unit) : "–"; };
  $("reading").textContent = t === null ? "" : W().reading(time(t), value(W().observed), value(W().expected));
}

function legend() {
  const hasEvent = f => detail.events.some(f);
  const key = (name, text) => element("span", "key", element("i", name), text);
  return [key("observed", W().legend.observed), key("expected", W().legend.expected),
    ...(hasEvent(e => e.isLeak) ? [key("leak", W().legend.leak)] : []), ...(hasEvent(e => !e.isLeak) ? [key("other", W().legend.other)] : [])];
}

function pair(name, value) { return element("div", "", element("dt", "", name), element("dd", "", value)); }

// いつから, どれだけ, 平常値, 実測, 推定損失: the answer that one would give on the telephone.
function leakBox(e, unit) {
  const w = W(), lines = (e.text[page.language] || e.text.ja).split("\n");
  const title = element("h2", "", lines[0]), next = lines.find(l => w.next.test(l));
  title.id = "leak-title";
  const percent = e.expected > 0 ? whole(100 * e.excess / e.expected) : null;
  return [title, element("dl", "figures",
    pair(w.leak.since, w.about(time(e.onset))),
    pair(w.leak.size, w.more(number(e.excess), unitName(unit), percent) + (e.isGrowing ? w.growing : "")),
    pair(w.leak.expected, flow(e.expected, unit)), pair(w.leak.observed, flow(e.observed, unit)),
    pair(w.leak.lost, w.money(number(e.volume), whole(e.yen))), pair(w.leak.perDay, w.aDay(whole(e.yenPerDay))),
    pair(w.leak.sure, `${whole(100 * e.confidence)}%`)),
  next ? element("p", "next", next) : ""];
}

const statisticName = name => W().statistics[name] || (/^shift_\d+h$/.test(name) ? W().shift(name.slice(6, -1)) : name);

function describe() {
  const m = detail.meter, w = W(), e = m.event;
  say($("title"), `${m.zoneName}　${m.name}`);
  document.title = `${w.state[m.state]} ${m.name} — 水守`;
  fill($("state"), [{ key: "state", m: { ...m, event: null } }], () => element("span", "", badge(m),
    element("strong", "", flow(m.value, m.unit)),
    isNumber(m.low) ? element("span", "", `${w.range} ${number(m.low)}–${number(m.high)}`) : null, element("span", "", w.at(time(m.time)))));
  const isOpen = Boolean(e && e.isLeak && e.isOpen);
  $("leak").hidden = !isOpen;
  if (isOpen && $("leak").mark !== JSON.stringify(e)) {
    $("leak").mark = JSON.stringify(e);
    $("leak").replaceChildren(...leakBox(e, m.unit));
  }
  const has = (name, v) => isNumber(v) ? [{ key: name, text: flow(v, m.unit) }] : [];
  fill($("figures"), [...has(w.mean, detail.meanFlow), ...has(w.night, detail.nightMinimum), ...has(w.nightReference, detail.nightReference),
    { key: w.suspended, text: detail.isLearningSuspended ? w.suspendedYes : w.suspendedNo },
    ...(detail.falseAlarms ? [{ key: w.feedback, text: w.raised(whole(100 * (detail.feedbackFactor - 1)), detail.falseAlarms) }] : []),
    ...(detail.workFrom ? [{ key: w.work, text: `${time(detail.workFrom)} – ${time(detail.workTo)}` }] : []),
    ...detail.statistics.map(s => ({ key: statisticName(s.name), text: w.against(number(s.value), number(s.threshold)) }))],
  item => pair(item.key, item.text));
  fill($("events"), detail.events.length ? detail.events.map(event => ({ key: event.key, event })) : [{ key: "none" }],
    item => item.event ? eventItem(item.event, false) : element("li", "", w.noEvents));
  describeActions();
  $("caption").replaceChildren(...legend());
  $("graph").setAttribute("aria-label", `${w.graph}: ${m.zoneName} ${m.name}${isOpen ? ". " + w.told(time(e.onset), number(e.excess)) : ""}`);
}

async function start() {
  const o = await get("/api/v1/utility");
  page.offset = o.offsetMinutes;
  chooseLanguage(o.language);
  say($("utility"), o.utility);
  await showPerson();
  showLine(o.isConnected);
  say($("back"), W().back);
  say($("figures-title"), W().figures);
  startSaying();
  say($("events-title"), W().events);
  say($("graph-title"), W().graph);
  $("ranges").replaceChildren(...Object.keys(spans).map(key => {
    const button = element("button", "", W().span[key]);
    button.type = "button";
    button.dataset.range = key;
    button.onclick = () => { span = key; refresh().catch(() => showLine(null)); };
    return button;
  }));
}

async function refresh() {
  if (!page.language) await start();
  for (const b of document.querySelectorAll("#ranges button")) b.setAttribute("aria-pressed", String(b.dataset.range === span));
  const mine = ++asked, range = span;
  const found = await get(base).catch(error => { if (error.status === 404) return null; throw error; });
  if (mine !== asked) return;
  if (!found) return unknown();
  detail = found;
  describe();
  // The line is up again, whatever it was before.
  if ($("line").dataset.line === "lost") showLine((await get("/api/v1/utility")).isConnected);
  if (isNumber(detail.last)) await draw(mine, range);
  if (mine === asked) document.body.dataset.ready = range;
}

async function draw(mine, range) {
  const to = detail.last + 60000, from = spans[range] === null ? Math.min(detail.first, to - 1) : to - spans[range];
  const points = Math.max(200, Math.min(2000, $("graph").clientWidth || 800));
  const series = await get(`${base}/series?from=${from}&to=${to}&points=${points}`);
  // An older answer must not overwrite what was asked for after it.
  if (mine !== asked) return;
  chart = chart || new Chart($("graph"), detail.meter.unit, point, lookAt);
  const isEmpty = !series.rows.length;
  $("empty").hidden = !isEmpty;
  $("graph").hidden = isEmpty;
  say($("empty"), W().noRange);
  chart.show(series, drawn !== range);
  drawn = range;
}

function unknown() {
  say($("title"), W().unknown);
  for (const part of document.querySelectorAll("main section")) part.hidden = true;
}

function reading(r) {
  if (r.sensor !== id) return Infinity;
  if (chart) chart.add(r.t, r.value);
  return 2000;
}

refresh().catch(() => { if (!page.language) chooseLanguage("ja"); showLine(null); }).then(() => follow(refresh, reading));
