"use strict";
// How the service and its machine are doing; who may use it. Whoever is of one town sees only what concerns the own account.
const system = { firstSeen: null, towns: [], isTownOnly: false };
const WEEK = 7 * DAY;

async function allowed(path) {
  // What one may not see is no fault of the page: null.
  try { return await get(path); } catch (error) {
    if (error.status === 403 || error.status === 404) return null;
    throw error;
  }
}
const isOfOneTown = () => (session.now.municipalities || []).length > 0;

function buildSystem(main) {
  const w = W().system;
  main.append(element("h1", "", w.title), withId("lead", make("p", { class: "headline", "aria-live": "polite", hidden: true })), toldBox(), withId("notices", element("ul", "notices")));
  if (isOfOneTown()) main.append(element("p", "lead", w.townOnly));
  else main.append(section("running", w.running, withId("running", element("dl", "figures"))), section("machine", w.machine, withId("machine", element("dl", "figures"))), section("totals", w.totals, withId("totals", element("dl", "figures"))),
    section("refused", w.refused, withId("refused", element("div"))));
  main.append(section("accounts", w.account.title, withId("accounts", element("div"))));
}

async function refreshSystem() {
  if (isOfOneTown()) return drawOwn();
  // Since when there are records: the base of the forecast. It does not change while one looks.
  const [s, sensors] = await Promise.all([get("/api/v1/system"), system.firstSeen === null ? getAll("/api/v1/sensors") : null]);
  if (sensors) {
    system.firstSeen = sensors.reduce((t, x) => Math.min(t, x.firstSeen ? Date.parse(x.firstSeen) : Infinity), Infinity);
    system.towns = [...new Set(sensors.filter(x => isMeter(x.id)).map(x => x.municipality))].sort();
  }
  showLine(s.isConnected);
  drawState(s);
  fillFigures("running", runningFigures(s));
  fillFigures("machine", machineFigures(s));
  fillFigures("totals", totalFigures(s));
  drawRefused(s.rejected);
  if (!system.hasAccounts) { await drawAccounts(); system.hasAccounts = true; }
}

// Figures are drawn anew only where they changed.
const figure = (key, name, text, extra = {}) => ({ key, name, text, ...extra });
function fillFigures(id, list) {
  fill($(id), list.filter(Boolean), f => element("div", f.isWide ? "wide" : "", element("dt", "", f.name), element("dd", f.state || "", f.text), f.part === undefined ? null : bar(f.part, f.state === "bad" ? "leak" : ""), f.hint ? element("small", "faint", f.hint) : null));
}

// Silence counts from the arrival, by this machine's clock: two hours are more than the slowest usual interval.
const isSilent = s => s.isConnected && s.lastArrival && Date.now() - new Date(s.lastArrival) > 2 * HOUR;
const isFull = s => s.diskTotalBytes > 0 && (s.diskFreeBytes < 0.05 * s.diskTotalBytes || s.diskFreeBytes < 500e6);
function drawState(s) {
  const w = W().system, problems = [!s.isConnected && w.deaf, isSilent(s) && w.silent(ago(s.lastArrival)), isFull(s) && w.full, s.sensors > 0.9 * s.maximumSensors && w.many].filter(Boolean);
  $("lead").hidden = false;
  $("lead").className = problems.length ? "headline bad" : "headline";
  say($("lead"), problems.length ? problems.join(" ") : w.well);
  fill($("notices"), (s.notices || []).map(n => ({ key: n.en, n })), ({ n }) => element("li", "", n[page.language] || n.en));
}

function runningFigures(s) {
  const w = W().system;
  return [figure("line", w.line, s.isConnected ? w.connected : w.notConnected, { state: s.isConnected ? "" : "bad", hint: `${w.address} ${s.broker}` }), figure("rate", w.rate, w.perMinute(number(s.readingsPerMinute))),
    figure("arrival", w.arrival, s.lastArrival ? ago(s.lastArrival) : "–", { hint: s.lastArrival ? time(s.lastArrival) : "" }), figure("since", w.since, time(s.started), { hint: lasts(s.uptimeS * 1000) }), figure("version", w.version, s.version),
    figure("reconnects", w.reconnects, w.times(whole(s.reconnects))), s.takeovers ? figure("takeovers", w.takeovers, w.times(whole(s.takeovers)), { state: "bad", hint: w.takeoversHint }) : null];
}

function machineFigures(s) {
  const w = W().system;
  return [figure("disk", w.disk, w.diskText(bytes(s.diskFreeBytes), bytes(s.diskTotalBytes)), { part: s.diskTotalBytes ? 1 - s.diskFreeBytes / s.diskTotalBytes : 0, state: isFull(s) ? "bad" : "" }), figure("database", w.database, bytes(s.databaseBytes)),
    figure("memory", w.memory, bytes(s.rssBytes)), figure("sensors", w.sensors, w.sensorsText(whole(s.sensors), whole(s.maximumSensors)), { part: s.sensors / s.maximumSensors, state: s.sensors > 0.9 * s.maximumSensors ? "bad" : "" }),
    figure("forecast", w.forecast, forecast(s), { isWide: true })];
}

// The history is only ever added to, so its mean growth since the first reading tells when the disk is full. With less than a week of
// records the size is mostly that of the empty tables, and nothing honest can be said.
function forecast(s) {
  const w = W().system, days = (Date.now() - system.firstSeen) / DAY;
  if (!isFinite(days) || !(s.databaseBytes > 0) || !(s.diskFreeBytes > 0)) return w.forecastNone;
  if (days < WEEK / DAY) return w.forecastYoung;
  const perDay = s.databaseBytes / days;
  return w.forecastText(bytes(perDay), w.span(s.diskFreeBytes / perDay));
}

function totalFigures(s) {
  const w = W().system, refused = Object.values(s.rejected).reduce((a, b) => a + b, 0);
  return [figure("messages", w.messages, whole(s.messages)), figure("readings", w.readings, whole(s.readings)), figure("duplicates", w.duplicates, whole(s.duplicates)), figure("commits", w.commits, whole(s.commits)), figure("refused", w.refusedTotal, whole(refused))];
}

function drawRefused(rejected) {
  const w = W().system, rows = Object.entries(rejected).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]), mark = JSON.stringify(rows);
  if (mark === system.refusedMark) return;
  system.refusedMark = mark;
  const known = reason => w.reasons[reason] || [reason, w.unknownReason];
  $("refused").replaceChildren(element("p", "lead", rows.length ? w.refusedLead : w.noRefused), ...(rows.length ? [cards(w.refused, [
    { head: w.heads.reason, isHead: true, cell: ([reason]) => element("span", "stack", known(reason)[0], element("small", "", reason)) }, { head: w.heads.count, isNumber: true, cell: ([, n]) => whole(n) },
    { head: w.heads.todo, cell: ([reason]) => known(reason)[1] }], rows, { hidesCaption: true })] : []));
}

openPage({ name: "system", title: () => W().system.title, build: buildSystem, refresh: refreshSystem, every: 10000 });
