"use strict";
// What was sent to whom: the receivers, what failed and why, and everything that was sent.
const deliveries = { names: new Map(), endpoints: [], failed: [] };
const BADGE = { pending: "waiting", failed: "failed", delivered: "done", dropped: "off" };
// What concerns the whole machine is for those who see all towns.
const seesAll = () => !(session.now.municipalities || []).length;

function buildDeliveries(main) {
  const w = W().deliveries, list = withId("all", element("div"));
  const states = [["all", w.everything], ...Object.entries(w.states)];
  const reload = () => loadAll().catch(() => showLine(null));
  main.append(element("h1", "", w.title), withId("lead", make("p", { class: "headline", "aria-live": "polite" })), toldBox(),
    section("receivers", w.receivers, withId("receivers", element("ul", "receivers")), may("write") && !seesAll() ? element("p", "faint", w.onlyOwn) : null),
    section("failed", w.failedTitle, withId("failed", element("div"))),
    section("all", w.allTitle, element("div", "bar", field({ id: "state", label: w.state, type: "select", options: states, value: "all", onchange: reload }), withId("receiver-filter", element("div"))), list, withId("more", press(W().more, moreOfAll, { class: "more", hidden: true }))));
}

async function refreshDeliveries() {
  const [endpoints, failed, pending, sensors] = await Promise.all([get("/api/v1/endpoints"), getList("/api/v1/deliveries?state=failed&limit=200"), getList("/api/v1/deliveries?state=pending&limit=200"), deliveries.names.size ? null : getAll("/api/v1/sensors")]);
  if (sensors) deliveries.names = new Map(sensors.map(s => [s.id, s.name]));
  // A receiver that runs, but does not take what it is sent: that has to be seen before the last try fails, days later.
  for (const e of endpoints) e.trouble = e.disabled ? undefined : pending.items.find(d => d.endpoint === e.name && d.attempts > 0 && (d.lastError || d.lastStatus));
  Object.assign(deliveries, { endpoints, failed: failed.items });
  drawLead();
  fill($("receivers"), endpoints.length ? endpoints.map(e => ({ key: e.name, e })) : [{ key: "none" }], item => item.e ? receiverItem(item.e) : element("li", "none", W().deliveries.noReceivers));
  drawFailed();
  drawReceiverFilter();
  // What has been opened further stays open: only the first part is looked at again.
  if (!deliveries.isLong) await loadAll();
}

function drawLead() {
  const w = W().deliveries.lead, sum = f => deliveries.endpoints.reduce((n, e) => n + f(e), 0), stopped = deliveries.endpoints.filter(e => e.disabled).map(e => e.name);
  const failed = sum(e => e.failed), waiting = sum(e => e.pending);
  const trying = deliveries.endpoints.filter(e => e.trouble).map(e => e.name);
  const parts = [stopped.length ? w.stopped(D().list(stopped)) : "", trying.length ? w.trying(D().list(trying)) : "", failed ? w.failed(whole(failed)) : "", waiting ? w.waiting(whole(waiting)) : ""].filter(Boolean);
  $("lead").className = failed || stopped.length || trying.length ? "headline bad" : "headline";
  $("lead").hidden = !deliveries.endpoints.length;
  say($("lead"), parts.length ? parts.join(page.language === "ja" ? "" : " ") : w.well);
}

function receiverItem(e) {
  const w = W().deliveries;
  const facts = element("dl", "receiver-figures", pair(w.waiting, whole(e.pending)), pair(w.failed, element("span", e.failed ? "bad" : "", whole(e.failed))), pair(w.last, e.lastDelivered ? time(e.lastDelivered) : w.never));
  const buttons = may("write") && seesAll() ? element("p", "send",
    e.disabled ? button(w.enable, doing(async () => { await send(`/api/v1/endpoints/${encodeURIComponent(e.name)}/enable`, {}); await refreshDeliveries(); return w.enabled(e.name); }), "primary") : null,
    e.failed ? press(`${w.failed} ${whole(e.failed)} – ${w.replayAll}`, () => askReplay(e.name, e.failed)) : null) : null;
  const state = e.disabled ? badge("off", w.stopped) : e.trouble ? badge("attention", w.trying) : badge("normal", w.running);
  const why = e.disabled ? w.why(reasonOf({ lastError: e.disabled, lastStatus: statusIn(e.disabled) })) : e.trouble ? w.tryingWhy(reasonOf(e.trouble)) : null;
  return element("li", e.disabled ? "stopped" : e.trouble ? "trying" : "", element("p", "receiver-name", element("strong", "", e.name), element("small", "faint", e.type ? w.types[e.type] || e.type : w.gone), state), why ? element("p", "", why) : null, facts, buttons && buttons.children.length ? buttons : null);
}

function askReplay(endpoint, n) {
  const w = W().deliveries;
  ask(w.replayAll, w.askAll(whole(n)), w.replayAll, async () => {
    const found = await send("/api/v1/deliveries/replay", endpoint ? { endpoint } : {});
    tell(w.replayedAll(whole(found.count)));
    await refreshDeliveries();
  });
}

// ---- Why it failed, in words

const statusIn = text => Number((/^HTTP (\d{3})/.exec(text || "") || [])[1]) || undefined;
const TEXTS = [
  [/name not found|resolve host/i, "name"], [/private address/i, "private"], [/timeout|timed out|no acknowledgement/i, "timeout"], [/certificate|SSL|TLS/i, "tls"], [/connect|refused|reset by peer|empty reply|nothing from the server/i, "connect"],
  [/exit code|ended by signal|killed|not started/i, "program"], [/broker|publish|ACL|MQTT/i, "broker"],
];
function reasonKey(status, text) {
  if (status === 401 || status === 403) return "auth";
  if (status === 404) return "missing";
  if (status === 410) return "gone";
  if (status === 429) return "busy";
  if (status >= 500) return "broken";
  if (status >= 400) return "refused";
  if (status >= 300) return "redirect";
  const found = TEXTS.find(([pattern]) => pattern.test(text || ""));
  return found ? found[1] : text ? "other" : "waiting";
}
const reasonOf = d => W().deliveries.reasons[reasonKey(d.lastStatus, d.lastError)];

// ---- Tables

const what = d => `${W().kinds[d.kind] || d.kind} ${W().deliveries.change[d.change] || d.change}`;
function eventCell(d) {
  const w = W().deliveries, name = deliveries.names.get(d.sensor);
  return element("span", "stack", element("span", "", link(eventLink(d.event), "", what(d)), d.isReminder ? ` ${w.reminder}` : ""), name || isMeter(d.sensor) ? element("small", "", name || d.sensor) : null);
}
function stateCell(d) {
  const w = W().deliveries;
  return element("span", "stack", badge(BADGE[d.state] || "off", w.states[d.state] || d.state), d.delivered && d.state === "delivered" ? element("small", "", time(d.delivered)) : d.due && d.state === "pending" ? element("small", "", w.next(time(d.due))) : null);
}
// The words first; what the other side said stands below for whoever mends it.
const reasonCell = d => d.state === "delivered" || !d.lastError && !d.lastStatus ? "–"
  : element("span", "stack", element("span", "", reasonOf(d)), element("small", "", `${W().deliveries.raw}: ${d.lastError || d.lastStatus}`));

function columns(isFailed) {
  const h = W().deliveries.heads, w = W().deliveries;
  return [{ head: h.queued, cell: d => time(d.queued), isHead: true }, { head: h.event, cell: eventCell }, { head: h.receiver, cell: d => d.endpoint }, isFailed ? null : { head: h.state, cell: stateCell }, { head: h.attempts, cell: d => w.times(d.attempts), isNumber: true },
    { head: h.reason, cell: reasonCell }, isFailed && may("write") ? { head: h.action, isAction: true, cell: d => replayButton(d) } : null].filter(Boolean);
}
function replayButton(d) {
  const w = W().deliveries, b = button(w.replay, doing(async () => { await send(`/api/v1/deliveries/${d.id}/replay`, {}); await refreshDeliveries(); $("failed-title").focus(); return w.replayed; }));
  b.setAttribute("aria-label", w.replayOf(what(d), d.endpoint));
  return b;
}

function drawFailed() {
  const w = W().deliveries, mark = JSON.stringify(deliveries.failed);
  if (mark === deliveries.failedMark) return;
  deliveries.failedMark = mark;
  $("failed-title").tabIndex = -1;
  if (!deliveries.failed.length) return $("failed").replaceChildren(element("p", "faint", w.noFailed));
  const all = may("write") && seesAll() && deliveries.failed.length > 1 ? press(w.replayAll, () => askReplay(null, deliveries.endpoints.reduce((n, e) => n + e.failed, 0)), { id: "replay-all" }) : null;
  $("failed").replaceChildren(...(all ? [element("div", "bar", all)] : []), cards(w.failedTitle, columns(true), deliveries.failed, { key: d => String(d.id), mark: () => "failed", hidesCaption: true }));
}

function drawReceiverFilter() {
  const names = deliveries.endpoints.map(e => e.name);
  if (JSON.stringify(names) === deliveries.filterMark) return;
  deliveries.filterMark = JSON.stringify(names);
  const w = W().deliveries, old = $("receiver") ? $("receiver").value : "";
  $("receiver-filter").replaceChildren(field({ id: "receiver", label: w.receiver, type: "select", options: [["", w.everything], ...names.map(n => [n, n])], value: old, onchange: () => loadAll().catch(() => showLine(null)) }));
}

// The list of everything, page by page.
async function loadAll() {
  const query = new URLSearchParams({ state: $("state").value, limit: "25" });
  if ($("receiver") && $("receiver").value) query.set("endpoint", $("receiver").value);
  const asked = deliveries.asked = String(query), found = await getList(`/api/v1/deliveries?${query}`);
  if (asked !== deliveries.asked) return;
  const mark = JSON.stringify([asked, found]);
  if (mark === deliveries.allMark) return;
  Object.assign(deliveries, { allMark: mark, next: found.next, isLong: false });
  $("all").replaceChildren(found.items.length ? cards(W().deliveries.allTitle, columns(false), found.items, { key: d => `all-${d.id}`, mark: d => d.state, hidesCaption: true }) : element("p", "faint", W().deliveries.noMatch));
  $("more").hidden = !found.next;
}
async function moreOfAll() {
  const asked = deliveries.asked, found = await getList(deliveries.next);
  if (asked !== deliveries.asked) return;
  const rows = cards("", columns(false), found.items, { key: d => `all-${d.id}`, mark: d => d.state });
  $("all").querySelector("tbody").append(...rows.querySelectorAll("tbody tr"));
  Object.assign(deliveries, { next: found.next, isLong: true, allMark: null });
  $("more").hidden = !found.next;
}

openPage({ name: "deliveries", title: () => W().deliveries.title, build: buildDeliveries, refresh: refreshDeliveries, every: 20000 });
