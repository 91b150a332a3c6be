"use strict";
// One meter: how it does, its graph, what one says of it, and everything that is known of it.
const id = new URLSearchParams(location.search).get("id") || "";
let detail = null, panel = null;

// いつから, どれだけ, 損失: the answer that one would give on the telephone.
function leakBox(e, unit) {
  const w = W().meter, title = (e.text[page.language] || e.text.ja).split("\n")[0], next = nextStep(e);
  const percent = e.expected > 0 ? whole(100 * e.excess / e.expected) : null;
  return [withId("leak-title", element("h2", "", title)), figures(
    pair(w.leak.since, W().about(time(e.onset))),
    pair(w.leak.size, w.more(number(e.excess), unitName(unit), percent) + (e.isGrowing ? w.growing : "")),
    pair(w.leak.lost, w.money(number(e.volume), whole(e.yen))), pair(w.leak.perDay, W().yenPerDay(whole(e.yenPerDay))),
    pair(w.leak.sure, `${whole(100 * e.confidence)}%`)),
  next ? element("p", "next", `${W().next}　${next}`) : "", link(eventLink(e.key), "button primary", w.about)];
}

function describe() {
  const m = detail.meter, w = W().meter, e = m.event;
  say($("title"), m.zoneName && m.zoneName !== m.name ? `${m.zoneName}　${m.name}` : m.name);
  setTitle(`${W().state[m.state]} ${m.name}`);
  fill($("state"), [{ key: "badge", m: { state: m.state, learnedDays: m.learnedDays, learningDays: m.learningDays } },
    { key: "value", text: flow(m.value, m.unit) },
    ...(isNumber(m.low) ? [{ key: "range", text: `${w.range} ${number(m.low)}–${number(m.high)}` }] : []),
      { key: "time", text: w.now(time(m.time)) }],
  item => item.m ? stateBadge(item.m) : element(item.key === "value" ? "strong" : "span", "", item.text));
  const isOpen = Boolean(e && e.isLeak && e.isOpen);
  $("leak").hidden = !isOpen;
  if (isOpen && $("leak").mark !== JSON.stringify(e)) {
    $("leak").mark = JSON.stringify(e);
    $("leak").replaceChildren(...leakBox(e, m.unit));
  }
  describeFigures();
  describeNights();
  fill($("events"), detail.events.length ? detail.events.map(event => ({ key: event.key, event })) : [{ key: "none" }],
    item => item.event ? eventItem(item.event, false) : element("li", "none", w.noEvents));
  describeActions(detail.actions);
  $("graph").setAttribute("aria-label", `${W().graph.title}: ${m.zoneName} ${m.name}${isOpen ? ". " + W().told(time(e.onset), number(e.excess)) : ""}`);
}

function describeFigures() {
  const m = detail.meter, w = W().meter, has = (name, v) => isNumber(v) ? [{ key: name, text: flow(v, m.unit) }] : [];
  fill($("figures"), [...has(w.mean, detail.meanFlow), ...has(w.night, detail.nightMinimum), ...has(w.nightReference, detail.nightReference),
    { key: w.suspended, text: detail.isLearningSuspended ? w.suspendedYes : w.suspendedNo },
    ...(isNumber(detail.battery) ? [{ key: w.battery, text: w.percent(whole(detail.battery), time(detail.batteryTime)) }] : []),
    ...(detail.falseAlarms ? [{ key: w.feedback, text: w.raised(whole(100 * (detail.feedbackFactor - 1)), detail.falseAlarms) }] : []),
    ...(detail.workFrom ? [{ key: w.work, text: `${time(detail.workFrom)} – ${time(detail.workTo)}` }] : []),
    ...(m.parent ? [{ key: w.parent, text: m.parent, href: meterLink(m.parent) }] : []),
    ...detail.statistics.map(s => ({ key: statisticName(s.name), text: w.against(number(s.value), number(s.threshold)) }))],
  item => pair(item.key, item.href ? link(item.href, "", item.text) : item.text));
}

function describeNights() {
  const values = detail.nights || [], mark = JSON.stringify([values, detail.nightReference]);
  $("nights-part").hidden = !values.some(isNumber);
  if ($("nights").mark === mark) return;
  $("nights").mark = mark;
  $("nights").replaceChildren(nightBars(values, detail.nightDays, detail.nightReference));
}

function build(main) {
  const w = W().meter, asked = new URLSearchParams(location.search), [from, to] = [Number(asked.get("from")), Number(asked.get("to"))];
  panel = new GraphPanel({ spans: SPANS, initial: asked.get("span") in SPANS ? asked.get("span") : "week",
    onClick: t => lookAt(t, detail.meter.unit) });
  if (to > from && from > 0) panel.custom = [from, to];
  const leak = withId("leak", element("section", "leakbox"));
  leak.setAttribute("aria-labelledby", "leak-title");
  leak.hidden = true;
  const graph = section("graph", W().graph.title, panel.node);
  graph.firstChild.className = "hidden";
  const card = may("write") ? cardSection(refresh) : "";
  main.append(element("p", "back", link("/", "", w.back)), withId("title", element("h1", "place-title")),
    withId("state", element("p", "state")), element("div", "both", leak, graph),
    element("div", "split", recordSection(() => ({ sensor: id, event: detail.meter.event && detail.meter.event.key,
      onset: detail.meter.event && Date.parse(detail.meter.event.onset) }), refresh),
      section("events", w.events, withId("events", element("ul", "events")))),
    section("nights", W().graph.nights(60), withId("nights", element("div"))),
    section("figures", w.figures, withId("figures", element("dl", "figures"))),
    momentSection(() => detail.meter.unit), card,
    element("p", "links", link(`/nights?by=meter&only=${encodeURIComponent(id)}`, "button", w.nightsTable), link("/reports", "button", w.reports)));
}

async function refresh() {
  detail = await get(meterPath(id));
  if (isNumber(detail.last)) townClock.see(detail.last);
  describe();
  // The line is up again, whatever it was before.
  if ($("line").dataset.line === "lost") showLine((await get("/api/v1/utility")).isConnected);
  await panel.refresh(detail.meter.id ? { ...detail.meter, first: detail.first, last: detail.last } : null,
    JSON.stringify([detail.events.map(e => [e.key, e.isOpen]), detail.actions.map(a => a.id)]));
}

function reading(r) {
  if (r.sensor !== id) return Infinity;
  panel.add(r.t, r.value);
  return 2000;
}

openPage({ name: "meter", title: () => W().meter.title, build, refresh, reading });
