"use strict";
// The first page: does anything leak, where and how much, what to do; then the whole utility, worst first.
let overview = null;
const filter = { town: "", zone: "", state: "", text: "" };

// ---- What leaks

const headings = { leak: "M8 0l8 15H0zM7 5v5h2V5zm0 6v2h2v-2z", well: SHAPES.done };
const mark = path => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: path, "fill-rule": "evenodd" }));

// A leak that shows in the meter above too stands where it is: of each meter counts what those below it do not explain. The sum of a zone
// (a net meter) is explained by any meter within the zone; the zone's inlet by the sum, where no meter within shows it.
function openLeaks(meters) {
  const told = meters.filter(m => m.state === "leak" && m.event && m.event.isLeak);
  const sum = list => list.reduce((a, m) => a + m.event.excess, 0);
  const explains = (m, list) => m.event.excess > 0 && sum(list) >= 0.5 * m.event.excess;
  return told.filter(m => {
    if (m.isNet) return !explains(m, told.filter(c => !c.isNet && c.municipality === m.municipality && c.zone === m.zone && c.id !== m.parent));
    const below = told.filter(c => c.parent === m.id), within = below.filter(c => !c.isNet);
    return !explains(m, within.length ? within : below);
  });
}

function leakItem({ m }) {
  const w = W().overview, e = m.event;
  const percent = e.expected > 0 ? w.percent(Math.round(100 * e.excess / e.expected)) : "", next = nextStep(e);
  return element("li", "",
    element("p", "where", link(eventLink(e.key), "", m.zoneName), element("span", "kind", W().kinds[e.kind] || e.kind)),
    element("p", "size", `+${number(e.excess)} m³/h`),
    element("p", "when", m.name, element("br"), w.since(ago(e.onset)), element("br"), W().about(time(e.onset))),
    element("p", "price", percent, element("br"), w.aDay(whole(e.yenPerDay))),
    // Nobody should set out twice, and nobody think that somebody else has.
    element("p", e.handling ? "handled" : "handled open", e.handling ? `✓ ${W().actions[e.handling]}${e.handledBy ? `　${e.handledBy}` : ""}` : w.unhandled),
    next ? element("p", "next", element("b", "", W().next), `　${next}`) : null);
}

function showAlarm() {
  const w = W().overview, t = overview.totals, leaks = openLeaks(overview.meters), isWell = !leaks.length;
  $("alarm").className = isWell ? "alarm well" : "alarm";
  $("alarm-mark").replaceChildren(overview.meters.length ? mark(isWell ? headings.well : headings.leak) : "");
  const words = !overview.meters.length ? [w.empty] : isWell ? [w.allWell] : w.leaks(leaks.length, number(t.leakM3h));
  if ($("headline").textContent !== words.join("")) $("headline").replaceChildren(...words.map(part => element("span", "part", part)));
  setTitle(isWell ? w.title : words.join(""));
  say($("cost"), isWell ? (overview.meters.length ? w.allWellMore(overview.meters.length) : "") : w.cost(whole(t.yenPerDay), whole(t.yenSoFar)));
  fill($("leaks"), leaks.map(m => ({ key: m.event.key, m: { event: m.event, zoneName: m.zoneName, name: m.name } })), leakItem);
}

// ---- Totals

function against(now, usual) {
  const w = W().overview;
  return isNumber(now) && isNumber(usual) && usual > 0 ? `${w.usual(number(usual))}${W().aside(w.percent(Math.round(100 * (now - usual) / usual)))}` : isNumber(usual) ? w.usual(number(usual)) : "";
}

function tile(name, title, value, ...rest) {
  return element("div", `tile ${name}`, element("h3", "", title), value === null ? null : element("strong", "", value), ...rest);
}

function showTotals() {
  const w = W().overview, t = overview.totals;
  const sum = key => overview.zones.reduce((a, z) => a + (isNumber(z.night) && isNumber(z.nightReference) ? z[key] : 0), 0);
  const items = [
    { key: "supply", value: flow(t.flow, "m3/h"), more: against(t.flow, t.expected) },
    { key: "night", value: sum("night") ? flow(sum("night"), "m3/h") : "–", more: against(sum("night"), sum("nightReference")) },
    { key: "loss", value: t.yenPerDay ? W().yen(whole(t.yenPerDay)) : w.noLoss, unit: t.yenPerDay ? w.perDay : "",
      more: t.yenSoFar ? w.soFar(whole(t.yenSoFar)) : "" },
    { key: "states", states: t.states, chosen: filter.state },
  ];
  fill($("totals"), items, item => item.states ? tile("states", w.states, null, stateChips(item.states)) : tile(item.key, w[item.key],
    item.value, item.unit ? element("span", "unit", item.unit) : null, element("p", "", item.more)));
}

function stateChips(states) {
  const w = W().overview, names = Object.keys(W().state).filter(s => states[s]);
  return element("div", "chips", ...names.map(s => {
    const b = button(badge(s, `${W().state[s]} ${states[s]}`),
      () => { choose({ state: filter.state === s ? "" : s }); $("list-part").scrollIntoView(); });
    b.title = w.show(W().state[s], states[s]);
    b.setAttribute("aria-pressed", String(filter.state === s));
    return b;
  }));
}

// ---- What changed since the last visit

// A visit ends when nobody has looked for half an hour. `since` is the end of the one before.
function lastVisit() {
  const now = Date.now(), seen = Number(stored.get("visit.seen")) || 0;
  if (!seen) stored.set("visit.since", now);
  else if (now - seen > 1800000) stored.set("visit.since", seen);
  stored.set("visit.seen", now);
  return Number(stored.get("visit.since")) || now;
}
let since = null;

async function showChanges() {
  stored.set("visit.seen", Date.now());
  const c = await get(`/api/v1/changes?since=${Math.round(since)}`), w = W().overview, names = new Map(overview.meters.map(m => [m.id, m]));
  const title = e => link(isMeter(e.sensor) ? eventLink(e.key) : "#recent-part", "", (e.text[page.language] || e.text.ja).split("\n")[0]);
  const place = id => { const m = names.get(id); return m ? `${m.zoneName} ${m.name}` : id; };
  const rows = [
    [w.opened, c.opened, title], [w.closed, c.closed, title],
    [w.said, c.actions, a => link(meterLink(a.sensor), "", `${W().actions[a.action] || a.action}　${place(a.sensor)}　${a.by}`)],
    [w.sensors, c.sensors, id => link(meterLink(id), "", place(id))],
  ].filter(([, items]) => items.length);
  $("changes").hidden = !rows.length;
  const mark = JSON.stringify([c.opened.map(e => e.key), c.closed.map(e => e.key), c.actions.map(a => a.id), c.sensors]);
  if (!rows.length || $("changes").mark === mark) return;
  $("changes").mark = mark;
  say($("changes-title"), w.changes(time(since)));
  say($("changes-counts"), rows.map(([name, items]) => `${name} ${items.length}`).join(w.comma));
  $("changed").replaceChildren(...rows.flatMap(([name, items, make]) => [element("dt", "", name),
    element("dd", "", element("ul", "", ...items.slice(0, 4).map(i => element("li", "", make(i))),
      items.length > 4 ? element("li", "faint", w.others(items.length - 4)) : null))]));
}

function seenChanges() {
  since = Date.now();
  stored.set("visit.since", since);
  $("changes").hidden = true;
  $("main").focus();
}

// ---- Zones

function trend(night, reference) {
  const w = W().overview;
  if (!isNumber(night) || !isNumber(reference) || reference <= 0) return element("span", "trend", element("span", "hidden", w.trend.none));
  const percent = Math.round(100 * (night - reference) / reference), way = percent >= 10 ? "up" : percent <= -10 ? "down" : "level";
  return element("span", `trend ${way}`, `${{ up: "↗", down: "↘", level: "→" }[way]} ${w.percent(percent)}`,
    element("span", "hidden", ` ${w.trend[way]}`));
}

function nightsLine(x) {
  const known = (x.nights || []).filter(isNumber);
  if (!known.length) return element("span", "faint", "–");
  return sparkline(x.nights, { reference: x.nightReference, label: W().spark(number(Math.min(...known)), number(Math.max(...known)),
    number(x.night)) });
}

const zoneColumns = () => {
  const w = W().overview;
  return [
    { head: w.zone, isHead: true, cell: z => zoneName(z) },
    { head: w.state, name: "state", cell: z => badge(z.state, W().state[z.state]) },
    { head: w.now, isNumber: true, cell: z => element("span", "", element("strong", "", number(z.flow)),
      element("small", "", isNumber(z.expected) ? w.usual(number(z.expected)) : "")) },
    { head: w.night, isNumber: true, cell: z => element("span", "", element("strong", "", number(z.night)), " ", trend(z.night, z.nightReference)) },
    { head: w.nights, cell: nightsLine },
    { head: `${w.leak} m³/h`, isNumber: true, name: "lost", cell: z => z.leakM3h ? element("span", "", `+${number(z.leakM3h)}`,
      element("small", "", ` ${w.aDay(whole(z.yenPerDay))}`)) : null },
    { head: "", name: "more-about", cell: z => z.event ? link(eventLink(z.event), "explained", w.explained) : null },
  ];
};

function zoneName(z) {
  const b = button(z.name, () => { choose({ town: "", zone: z.id, state: "", text: "" }); $("list-part").scrollIntoView(); });
  const town = overview.towns.length > 1 ? overview.towns.find(t => t.id === z.municipality) : null;
  return element("span", "", b, town ? element("small", "", town.name) : null);
}

// Rows are kept where nothing changed; roles are said, since a phone shows each row as a card.
function showZones() {
  const columns = zoneColumns(), body = $("zones").querySelector("tbody");
  $("zones-part").hidden = !overview.zones.length;
  const zones = filter.town ? overview.zones.filter(z => z.municipality === filter.town) : overview.zones;
  fill(body, zones.map(z => ({ key: z.id, z })), ({ z }) => {
    const row = tableRow(columns, z, c => c.isHead, { mark: () => z.state });
    row.setAttribute("role", "row");
    columns.forEach((c, n) => {
      row.children[n].setAttribute("role", c.isHead ? "rowheader" : "cell");
      if (c.name) row.children[n].classList.add(c.name);
    });
    return row;
  });
}

// ---- The page

function build(main) {
  const w = W().overview;
  for (const name of Object.keys(filter)) filter[name] = new URLSearchParams(location.search).get(name) || "";
  since = lastVisit();
  const alarmMark = withId("alarm-mark", element("span")), headline = withId("headline", element("span"));
  const title = element("h1", "", alarmMark, headline);
  title.setAttribute("aria-live", "polite");
  const changes = withId("changes", element("section", "card changes",
    element("details", "", element("summary", "", withId("changes-title", element("h2")), withId("changes-counts", element("span"))),
      withId("changed", element("dl"))), button(w.seen, seenChanges)));
  changes.setAttribute("aria-labelledby", "changes-title");
  changes.hidden = true;
  const zones = table(w.zones, zoneColumns(), [], { hidesCaption: true });
  zones.id = "zones";
  zones.classList.add("zones");
  for (const [selector, role] of [["table", "table"], ["thead", "rowgroup"], ["tbody", "rowgroup"], ["tr", "row"], ["th", "columnheader"]]) {
    for (const e of zones.querySelectorAll(selector)) e.setAttribute("role", role);
  }
  const changed = name => event => choose({ [name]: event.target.value });
  const bar = element("div", "bar",
    field({ id: "filter-town", label: w.town, type: "select", options: [], onchange: changed("town") }),
      field({ id: "filter-zone", label: w.filterZone, type: "select", options: [], onchange: changed("zone") }),
    field({ id: "filter-state", label: w.filterState, type: "select", options: [], onchange: changed("state") }),
      field({ id: "filter-text", label: w.search, type: "search", value: filter.text, oninput: changed("text") }),
    withId("clear", button(w.clear, () => choose({ town: "", zone: "", state: "", text: "" }))));
  const count = withId("count", element("p", "count"));
  count.setAttribute("role", "status");
  const more = withId("meters-more", button(W().more, drawMore, "more"));
  new IntersectionObserver(seen => { if (seen.some(s => s.isIntersecting)) drawMore(); }, { rootMargin: "600px" }).observe(more);
  main.append(withId("notices", element("ul", "notices")),
    withId("alarm", element("div", "alarm well", title, withId("cost", element("p")), withId("leaks", element("ul", "leaks")))), changes,
    section("totals", w.totals, withId("totals", element("div", "totals"))), section("zones", w.zones, zones),
    section("list", w.list, bar, count, withId("meters", element("ul", "meters")), more),
    element("div", "two", section("open", w.events, withId("open", element("ul", "events"))),
      section("recent", w.recent, withId("recent", element("ul", "events")))));
  $("totals-title").className = "hidden";
}

// The first answer is asked for at once, while the page is still told its language.
const ask = () => Promise.all([get("/api/v1/overview"), get("/api/v1/events?open=true&limit=50"), get("/api/v1/events?limit=10")]);
let early = ask();
early.catch(() => {});

async function refresh() {
  const w = W().overview, asked = early || ask();
  early = null;
  const [o, open, recent] = await asked;
  overview = o;
  townClock.see(Math.max(...o.meters.map(m => m.time ? Date.parse(m.time) : -Infinity)));
  showLine(o.isConnected);
  fill($("notices"), o.notices.map(n => ({ key: n.en, n })), ({ n }) => element("li", "", n[page.language] || n.en));
  showAlarm();
  showTotals();
  showZones();
  showFilters();
  showMeters();
  const list = (id, events, none) => fill($(id), events.length ? events.map(e => ({ key: e.key, e })) : [{ key: "none" }],
    item => item.e ? eventItem(item.e, true) : element("li", "none", none));
  list("open", open.filter(e => !e.isLeak), w.noOpen);
  list("recent", recent.filter(e => !e.isOpen), w.noRecent);
  await showChanges();
}

// A live value is written where it stands; what follows from it (expectation, state) is asked for now and then.
function reading(r) {
  const m = overview && overview.meters.find(x => x.id === r.sensor);
  if (!m) return 0;
  m.value = r.value;
  const item = document.querySelector(`#meters > [data-key="${CSS.escape(r.sensor)}"]`);
  if (item) {
    say(item.querySelector(".flow strong"), number(r.value));
    item.mark = null;
  }
  return 15000;
}

openPage({ name: "overview", title: () => W().overview.title, build, refresh, reading });
