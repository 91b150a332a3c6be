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
  const leaks = meters.filter(m => m.state === "leak");
  const sum = f => leaks.reduce((a, m) => a + (m.event ? f(m.event) : 0), 0);
  $("headline").className = leaks.length ? "headline bad" : "headline";
  say($("headline"), !meters.length ? W().none
    : leaks.length ? W().leaks(leaks.length, number(sum(e => e.excess)), whole(sum(e => e.yenPerDay))) : W().allWell(meters.length));
}

async function refresh() {
  const [o, events] = await Promise.all([get("/api/v1/overview"), get("/api/v1/events?limit=20")]);
  page.offset = o.offsetMinutes;
  if (!page.language) chooseLanguage(o.language);
  say($("utility"), o.utility);
  say($("meters-title"), W().meters);
  say($("events-title"), W().events);
  say($("foot"), `水守 Mizumori ${o.version}`);
  document.title = `${o.utility} — 水守`;
  showLine(o.isConnected);
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
