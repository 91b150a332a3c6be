"use strict";
function meterItem({ meter: m }) {
  const unit = unitName(m.unit);
  const link = element("a", m.state, badge(m),
    element("span", "place", m.name, element("small", "", m.zoneName)),
    element("span", "flow", element("strong", "", number(m.value)), ` ${unit}`,
      element("small", "", m.state === "offline" ? W().last(time(m.time))
        : isNumber(m.expected) ? `${W().expected} ${number(m.expected)}` : time(m.time))));
  if (m.event && m.event.isLeak) link.append(element("span", "told", W().told(time(m.event.onset), number(m.event.excess))));
  link.href = meterLink(m.id);
  link.dataset.state = m.state;
  return element("li", "", link);
}

function headline(meters) {
  // A leak that shows in the meter above too is counted where it is: of each meter counts what those below it do not explain.
  const told = meters.filter(m => m.state === "leak" && m.event);
  const below = m => told.reduce((a, c) => a + (c.parent === m.id ? c.event.excess : 0), 0);
  const share = m => m.event.excess > 0 ? Math.max(0, 1 - below(m) / m.event.excess) : 1;
  const leaks = told.filter(m => share(m) > 0.5);
  const sum = f => leaks.reduce((a, m) => a + f(m.event) * share(m), 0);
  $("headline").className = leaks.length ? "headline bad" : "headline";
  say($("headline"), !meters.length ? W().none
    : leaks.length ? W().leaks(leaks.length, number(sum(e => e.excess)), whole(sum(e => e.yenPerDay))) : W().allWell(meters.length));
}

async function refresh() {
  const [o, events] = await Promise.all([get("/api/v1/overview"), get("/api/v1/events?limit=20")]);
  page.offset = o.offsetMinutes;
  if (!page.language) chooseLanguage(o.language);
  say($("utility"), o.utility);
  if (!session.now) await showPerson();
  say($("meters-title"), W().meters);
  say($("events-title"), W().events);
  say($("foot"), `水守 Mizumori ${o.version}`);
  document.title = `${o.utility} — 水守`;
  showLine(o.isConnected);
  fill($("notices"), o.notices.map(n => ({ key: n.en, n })), ({ n }) => element("li", "", n[page.language] || n.en));
  headline(o.meters);
  fill($("meters"), o.meters.map(meter => ({ key: meter.id, meter })), meterItem);
  fill($("events"), events.length ? events.map(event => ({ key: event.key, event })) : [{ key: "none" }],
    item => item.event ? eventItem(item.event, true) : element("li", "", W().noEvents));
}

// A live value is written where it stands; what follows from it (expectation, state) is asked for now and then.
function reading(r) {
  const item = document.querySelector(`#meters > [data-key="${CSS.escape(r.sensor)}"]`);
  if (!item) return 0;
  say(item.querySelector(".flow strong"), number(r.value));
  item.mark = null;
  return 15000;
}

refresh().catch(() => { if (!page.language) chooseLanguage("ja"); showLine(null); }).then(() => follow(refresh, reading));
