"use strict";
// The meters of the overview, worst first, and the choice among them. All are known, only some are drawn; more as one scrolls.
const PART = 60;
let drawn = PART;

function meterItem({ m }) {
  const w = W().overview, e = m.event;
  const a = link(meterLink(m.id), m.state, stateBadge(m),
    element("span", "place", m.name, element("small", "", m.zoneName)),
    m.quantity === "flow" || m.quantity === "total" ? nightsLine(m) : element("span"),
    element("span", "flow", element("strong", "", number(m.value)), ` ${unitName(m.unit)}`,
      element("small", "", m.state === "offline" ? w.last(time(m.time)) : isNumber(m.expected) ? w.usual(number(m.expected)) : time(m.time))));
  if (e && e.isLeak && e.isOpen) a.append(element("span", "told", W().told(time(e.onset), number(e.excess))));
  a.dataset.state = m.state;
  return element("li", "", a);
}

function matching() {
  const text = filter.text.trim().toLowerCase();
  return overview.meters.filter(m => (!filter.town || m.municipality === filter.town) && (!filter.zone || `${m.municipality}/${m.zone}` === filter.zone)
    && (!filter.state || m.state === filter.state) && (!text || `${m.name} ${m.zoneName} ${m.id}`.toLowerCase().includes(text)));
}

function showMeters() {
  const w = W().overview, found = matching();
  say($("count"), found.length ? w.count(found.length, overview.meters.length) : w.noMatch);
  fill($("meters"), found.slice(0, drawn).map(m => ({ key: m.id, m })), meterItem);
  $("meters-more").hidden = found.length <= drawn;
  $("clear").hidden = !Object.values(filter).some(Boolean);
}

function drawMore() {
  if (!overview || $("meters-more").hidden) return;
  drawn += 2 * PART;
  showMeters();
}

// The choice stands in the address, so that it outlives a reload and can be sent to a colleague.
function choose(some) {
  Object.assign(filter, some);
  drawn = PART;
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(filter)) value ? url.searchParams.set(name, value) : url.searchParams.delete(name);
  history.replaceState(null, "", url);
  for (const name of Object.keys(filter)) if ($(`filter-${name}`).value !== filter[name]) $(`filter-${name}`).value = filter[name];
  showZones();
  showTotals();
  showMeters();
}

function showFilters() {
  const w = W().overview;
  const options = (id, all, items) => {
    const mark = JSON.stringify(items), select = $(id), value = filter[id.slice(7)];
    if (select.mark === mark) return;
    select.mark = mark;
    select.replaceChildren(...[["", all], ...items].map(([v, text]) => Object.assign(element("option", "", text), { value: v })));
    select.value = value;
  };
  options("filter-town", W().all, overview.towns.map(t => [t.id, t.name]));
  $("filter-town").closest("label").hidden = overview.towns.length < 2;
  options("filter-zone", W().all, [...overview.zones].sort((a, b) => a.name.localeCompare(b.name, page.language)).map(z => [z.id, z.name]));
  options("filter-state", W().all, Object.entries(W().state));
}
