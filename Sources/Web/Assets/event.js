"use strict";
// One event: what happened, in words and as a graph; what to do; what was said and who was told.
const key = new URLSearchParams(location.search).get("key") || "";
let event = null, meter = null, panel = null;

const isoMs = text => text ? Date.parse(text) : null;

// From two days before the onset (four weeks for a slow leak) until its end, or now.
function wholeRange() {
  const onset = isoMs(event.onset), before = event.kind === "incipient" ? 28 * DAY : 2 * DAY, closed = isoMs(event.closed);
  const end = closed ? Math.min(meter.last, closed + Math.max(6 * HOUR, (closed - onset) / 5)) : meter.last;
  return [Math.max(meter.first, onset - before), Math.max(end, onset + HOUR) + 60000];
}

// ---- The answers

function answer(name, title, strong, ...rest) {
  return element("div", `answer ${name}`, element("h2", "", title), strong ? element("strong", "", strong) : null, ...rest);
}

// "なぜ漏水か（続く増加）: 何時間も…": what it is about stands out.
function leading(sentence) {
  const found = /^([^:：。.]{1,40})[:：]\s*(.*)$/s.exec(sentence);
  return found ? [element("b", "", found[1]), `　${found[2]}`] : [sentence];
}

function answers() {
  const w = W().event, e = event, onset = isoMs(e.onset), closed = isoMs(e.closed), lines = (e.text[page.language] || e.text.ja).split("\n").slice(1);
  const since = [W().event.from(time(onset)), element("p", "", closed ? w.until(time(closed), lasts(closed - onset)) : ago(onset))];
  if (isoMs(e.opened) > onset) since.push(element("p", "faint", w.found(time(e.opened), lasts(isoMs(e.opened) - onset))));
  const why = (e.reasons && (e.reasons[page.language] || e.reasons.ja)) || [];
  const reasons = why.length ? element("ul", "", ...why.map(r => element("li", "", ...leading(r)))) : element("p", "", lines.join("\n"));
  const next = nextStep(e);
  const grid = (...parts) => element("div", "grid", ...parts);
  if (!e.isLeak) return [grid(answer("since", w.since, ...since), answer("why", w.whyOther, null, reasons), nextAnswer(next))];
  const percent = e.expected > 0 ? whole(100 * e.excess / e.expected) : null;
  return [grid(
    answer("since", w.since, ...since),
    answer("size", w.size, w.more(number(e.excess), percent), element("p", "", w.flows(number(e.expected), number(e.observed))),
      e.isOpen ? element("p", "", e.isGrowing ? w.growing : w.notGrowing) : null),
    answer("cost", w.cost, e.isOpen ? W().yenPerDay(whole(e.yenPerDay)) : W().yen(whole(e.yen)),
      e.isOpen ? element("p", "", w.goesOn) : null, element("p", "", e.isOpen ? w.soFar(number(e.volume), whole(e.yen)) : w.inAll(number(e.volume)))),
    nextAnswer(next)), answer("why", w.why, null, reasons, why.length ? null : element("p", "faint", w.confidence(whole(100 * e.confidence))))];
}
const nextAnswer = line => line ? answer("next", W().event.next, null, element("p", "", line)) : null;

function describe() {
  const w = W().event, e = event, kind = W().kinds[e.kind] || e.kind,
    place = e.zoneName && e.zoneName !== e.name ? `${e.zoneName} ${e.name}` : e.name;
  const title = e.isLeak ? w.suspected(kind, place) : w.other(kind, place);
  say($("title"), title);
  setTitle(title);
  const state = e.isOpen ? badge(e.isLeak ? "leak" : "attention", w.open) : badge("done", w.closed(time(e.closed)));
  const mark = JSON.stringify([e.isOpen, e.closed, e.isAcknowledged]);
  if ($("state").mark !== mark) {
    $("state").mark = mark;
    $("state").replaceChildren(state, e.isOpen ? badge(e.isAcknowledged ? "done" : "waiting",
      e.isAcknowledged ? w.acknowledged : w.notAcknowledged) : "",
      link(meterLink(e.sensor), "", w.meter), e.upstream ? link(meterLink(e.upstream), "", w.upstream) : "",
      e.pressure && e.pressure.sensor && e.pressure.sensor !== e.sensor ? link(meterLink(e.pressure.sensor), "", w.pressure) : "");
  }
  $("answers").className = e.isOpen ? "answers" : "answers ended";
  fill($("answers"), [{ key: "all", e: [e.onset, e.closed, e.excess, e.volume, e.reasons, e.text, Math.floor(townClock.now() / 60000)] }],
    () => element("div", "", ...answers()));
  $("graph").setAttribute("aria-label", `${W().graph.title}: ${place}. ${W().told(time(e.onset), number(e.excess))}`);
  describeActions(e.actions || []);
  describeNights();
  describeHistory();
  describeDeliveries();
}

// The evidence of a slow leak: its nights.
function describeNights() {
  const isShown = event.kind === "incipient" && meter && (meter.nights || []).some(isNumber), mark = isShown ? JSON.stringify(meter.nights) : "";
  $("nights-part").hidden = !isShown;
  if ($("nights").mark === mark) return;
  $("nights").mark = mark;
  if (isShown) $("nights").replaceChildren(nightBars(meter.nights, meter.nightDays, meter.nightReference));
}

// ---- The course and the deliveries

function describeHistory() {
  const w = W().event, rows = [...event.history || []].reverse(), mark = JSON.stringify(rows);
  if ($("history").mark === mark) return;
  $("history").mark = mark;
  const leakOnly = event.isLeak ? [
    { head: w.excess, isNumber: true, cell: h => number(h.excess) }, { head: w.volume, isNumber: true, cell: h => number(h.volume) },
      { head: w.sure, isNumber: true, cell: h => `${whole(100 * h.confidence)}%` }] : [];
  $("history").replaceChildren(rows.length ? longTable(w.history, [{ head: w.time, cell: h => time(h.time) },
    { head: w.change, cell: h => w.changes[h.change] || h.change }, ...leakOnly,
    { head: w.by, cell: h => h.action ? W().actions[h.action] || h.action : "" }], rows, {}) : element("p", "faint", w.noHistory));
}

// A leak of weeks has a long course: the first rows, and the rest when asked for.
const SHOWN = 8, opened = new Set();
function longTable(caption, columns, rows, options) {
  const isWhole = rows.length <= SHOWN + 2 || opened.has(caption), t = table(caption, columns, isWhole ? rows : rows.slice(0, SHOWN),
    { hidesCaption: true, ...options });
  const more = isWhole ? null : button(W().event.moreRows(rows.length - SHOWN),
    () => { opened.add(caption); box.replaceWith(longTable(caption, columns, rows, options)); }, "more");
  const box = element("div", "", t, more);
  return box;
}

const DELIVERY_BADGES = { pending: "waiting", delivered: "done", failed: "failed", dropped: "off" };
function describeDeliveries() {
  // What did not arrive first, then the newest.
  const w = W().event, order = ["failed", "pending", "dropped", "delivered"], at = d => Date.parse(d.delivered || d.queued);
  const rows = [...event.deliveries || []].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || at(b) - at(a)),
    mark = JSON.stringify(rows);
  if ($("deliveries").mark === mark) return;
  $("deliveries").mark = mark;
  const when = d => d.delivered ? time(d.delivered) : d.state === "pending" && d.due ? w.retry(time(d.due)) : time(d.queued);
  const replay = d => d.state === "failed" || d.state === "dropped" ? (may("write") ? button(w.replay, () => replayDelivery(d.id)) : null) : null;
  $("deliveries").replaceChildren(rows.length ? longTable(w.deliveries, [
    { head: w.endpoint, cell: d => d.endpoint }, { head: w.change, cell: d => (w.changes[d.change] || d.change) + (d.isReminder ? w.reminder : "") },
    { head: w.state, cell: d => element("span", "", badge(DELIVERY_BADGES[d.state] || "waiting", w.states[d.state] || d.state),
      d.lastError && d.state !== "delivered" ? element("small", "faint", ` ${d.lastError}`) : null) },
    { head: w.attempts, isNumber: true, cell: d => whole(d.attempts) }, { head: w.when, cell: when }, { head: "", cell: replay },
  ], rows, { key: d => String(d.id) }) : element("p", "faint", w.noDeliveries));
}

async function replayDelivery(delivery) {
  try {
    await send(`/api/v1/deliveries/${encodeURIComponent(delivery)}/replay`, {});
    say($("replay-said"), W().event.replayed);
    await refresh();
  } catch (error) { say($("replay-said"), error.message); }
}

// ---- The page

function build(main) {
  const w = W().event;
  panel = new GraphPanel({ spans: { whole: wholeRange, day: DAY, week: 7 * DAY, month: 30 * DAY }, initial: "whole" });
  const said = withId("replay-said", element("p", "replay-said"));
  said.setAttribute("role", "status");
  const graph = section("graph", w.graph, panel.node);
  main.append(element("p", "back", link("/", "", w.back)), withId("title", element("h1", "event-title-line")),
    withId("state", element("p", "state")), withId("answers", element("div", "answers")),
    element("div", "split wide", graph, recordSection(() => ({ sensor: event.sensor, event: event.key, onset: isoMs(event.onset) }), refresh)),
    section("nights", W().graph.nights(60), withId("nights", element("div"))),
    element("div", "split", section("history", w.history, withId("history", element("div"))),
      section("deliveries", w.deliveries, withId("deliveries", element("div")), said)));
}

async function refresh() {
  event = await get(`/api/v1/events/${encodeURIComponent(key)}`);
  const found = isMeter(event.sensor) ? await get(meterPath(event.sensor)).catch(error => { if (error.status === 404) return null; throw error; }) : null;
  meter = found && { ...found.meter, first: found.first, last: found.last, nights: found.nights, nightDays: found.nightDays,
    nightReference: found.nightReference };
  if (meter && isNumber(meter.last)) townClock.see(meter.last);
  describe();
  $("graph-part").hidden = !meter || !isNumber(meter.last);
  if ($("line").dataset.line === "lost") showLine((await get("/api/v1/utility")).isConnected);
  if (meter) {
    panel.onset = event.isLeak ? isoMs(event.onset) : null;
    await panel.refresh(meter, JSON.stringify([event.isOpen, (event.actions || []).length]));
  }
}

function reading(r) {
  if (!event || r.sensor !== event.sensor) return Infinity;
  panel.add(r.t, r.value);
  return 5000;
}

openPage({ name: "event", title: () => W().event.title, build, refresh, reading });
