"use strict";
function meterItem(m) {
  const link = element("a", m.state === "leak" ? "leak" : "", badge(m),
    element("span", "place", m.zoneName, element("small", "", m.name)),
    element("span", "flow", element("strong", "", number(m.value)), ` ${m.unit === "m3/h" ? "m³/h" : m.unit}`,
      element("small", "", m.expected === undefined || m.expected === null ? time(m.time) : `${W().expected} ${number(m.expected)}`)));
  if (m.event && m.event.isLeak) {
    link.append(element("span", "told", W().told(time(m.event.onset), number(m.event.excess))));
  }
  link.href = "/meter?id=" + encodeURIComponent(m.id);
  link.dataset.state = m.state;
  return element("li", "", link);
}

async function refresh() {
  const [o, events] = await Promise.all([get("/api/v1/overview"), get("/api/v1/events?limit=20")]);
  page.offset = o.offsetMinutes;
  if (!page.language) chooseLanguage(o.language);
  document.getElementById("utility").textContent = o.utility;
  document.title = `${o.utility} — 水守`;
  showLine(o.isConnected);
  const leaks = o.meters.filter(m => m.state === "leak");
  const headline = document.getElementById("headline");
  headline.className = leaks.length ? "headline bad" : "headline";
  const sum = f => leaks.reduce((a, m) => a + (m.event ? f(m.event) : 0), 0);
  headline.textContent = !o.meters.length ? W().none
    : leaks.length ? W().leaks(leaks.length, number(sum(e => e.excess)), whole(sum(e => e.yenPerDay))) : W().allWell(o.meters.length);
  document.getElementById("meters").replaceChildren(...o.meters.map(meterItem));
  document.getElementById("events-title").textContent = W().events;
  document.getElementById("events").replaceChildren(
    ...(events.length ? events.map(e => eventItem(e, true)) : [element("li", "", W().noEvents)]));
}
refresh().catch(() => { chooseLanguage("ja"); showLine(null); }).then(() => follow(refresh, null));
