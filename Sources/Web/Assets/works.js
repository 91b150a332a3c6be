"use strict";
// Planned work: the month, what ended works hid, what recurs.
const works = { year: 0, month: 0, windows: [], recurring: [], sensors: [] };

function buildWorks(main) {
  const w = W().works;
  const adding = may("write") ? element("div", "bar", press(w.once, () => openOnce(), { class: "primary", id: "add-once" }), press(w.often, openOften, { id: "add-often" })) : element("p", "faint", D().viewer);
  const turn = element("div", "bar month-bar", press("‹", () => turnMonth(-1), { id: "previous", "aria-label": w.previous }), withId("month", make("h2", { "aria-live": "polite" })),
    press("›", () => turnMonth(1), { id: "following", "aria-label": w.following }), press(w.today, () => goTo(today()), { id: "today" }));
  const legend = make("ul", { class: "legend", "aria-label": w.legend }, ...["planned", "active", "ended", "cancelled"].map(s => element("li", "", workBadge(s))));
  main.append(element("h1", "", w.title), element("p", "lead", w.explain), toldBox(), adding, make("section", { "aria-labelledby": "month" }, turn, withId("calendar", element("div")), legend),
    section("hidden", w.hiddenTitle, element("p", "lead", w.hiddenExplain), withId("hidden", element("div"))),
    section("recurring", w.recurringTitle, withId("recurring", element("ul", "list"))));
}

const monthRange = () => [startOfDay(weeksOf(works.year, works.month)[0][0]), startOfDay(weeksOf(works.year, works.month).at(-1)[6] + 1)];

// Nothing is drawn anew that did not change: who is in the calendar with the keyboard stays there.
async function refreshWorks() {
  // Who the sensors are tells also which day it is in the town.
  if (!works.year) {
    works.sensors = await getAll("/api/v1/sensors");
    seeTown(works.sensors);
    const d = dateOf(today());
    Object.assign(works, { year: d.year, month: d.month });
  }
  const [from, to] = monthRange(), asked = `${works.year}-${works.month}`;
  const found = await get(`/api/v1/works?from=${from}&to=${to}`);
  if (asked !== `${works.year}-${works.month}`) return;
  Object.assign(works, found);
  const mark = JSON.stringify([asked, found, today()]);
  if (mark === works.mark) return;
  works.mark = mark;
  say($("month"), W().month(works.year, works.month));
  drawCalendar();
  drawHidden();
  fill($("recurring"), works.recurring.length ? works.recurring.map((r, i) => ({ key: r.source === "file" ? `file-${i}` : `page-${r.id}`, r })) : [{ key: "none" }],
    item => item.r ? recurringItem(item.r) : element("li", "none", W().works.noRecurring));
}

function drawCalendar() {
  const around = document.activeElement.closest("[data-key], [id]"), inside = $("calendar").contains(document.activeElement);
  $("calendar").replaceChildren(calendarTable(works.windows, works.year, works.month), dayList(works.windows, works.year, works.month));
  if (!inside || !around) return;
  const again = around.id ? $(around.id) : document.querySelector(`#calendar [data-key="${CSS.escape(around.dataset.key)}"]`);
  if (again) again.focus();
}

async function turnMonth(step) {
  const d = dateOf(Date.UTC(works.year, works.month - 1 + step, 1) / DAY);
  Object.assign(works, { year: d.year, month: d.month });
  await refreshWorks();
}
async function goTo(day) {
  const d = dateOf(day);
  Object.assign(works, { year: d.year, month: d.month });
  await refreshWorks();
}

// What a window hid: a pump's usual nothing is said as such, and what is not counted yet too.
const hiddenText = w => isNumber(w.hiddenM3) ? (w.hiddenM3 > 0 ? `${number(w.hiddenM3)} m³` : W().works.noneHidden) : W().works.pending;
const eventLinks = w => (w.events || []).map((key, i) => link(eventLink(key), "", W().works.event(i + 1)));
const spaced = nodes => nodes.flatMap((n, i) => i ? [" ", n] : [n]);

function drawHidden() {
  const w = W().works, first = startOfDay(Date.UTC(works.year, works.month - 1, 1) / DAY), end = startOfDay(Date.UTC(works.year, works.month, 1) / DAY);
  const ended = works.windows.filter(x => x.state === "ended" && new Date(x.to) > first && new Date(x.to) <= end).sort((a, b) => new Date(b.from) - new Date(a.from));
  if (!ended.length) return $("hidden").replaceChildren(element("p", "faint", w.noEnded));
  $("hidden").replaceChildren(cards(w.hiddenTitle, [
    { head: w.when, cell: x => span(x.from, x.to), isHead: true }, { head: w.what, cell: x => workName(x) }, { head: w.meters, cell: x => placeNames(x) },
    { head: w.hidden, cell: x => element("strong", "", hiddenText(x)), isNumber: true }, { head: w.largest, cell: x => isNumber(x.largestM3h) ? flow(x.largestM3h, "m3/h") : "–", isNumber: true },
    { head: w.events, cell: x => element("span", "", ...(x.events && x.events.length ? spaced(eventLinks(x)) : ["–"])) },
  ], ended, { hidesCaption: true }));
}

function recurringItem(r) {
  const w = W().works, next = nextTimes(r, townClock.now(), 2), isFile = r.source === "file";
  const places = [...(r.zones || []).map(z => zoneLabel(z)), ...(r.sensors || []).map(s => sensorName(s))];
  return element("li", "recurring", element("div", "", element("p", "event-title", r.name, element("span", "open-mark", isFile ? w.fromFile : w.fromPage)), element("p", "", ruleText(r)),
    element("p", "faint", D().list(places)), element("p", "faint", (next.length ? w.nextTimes(next.map(n => span(n.from, n.to))) : w.noNext) + (r.by && !isFile ? ` ${w.by} ${r.by}` : ""))),
  isFile || !may("write") ? (isFile ? element("small", "faint", w.fileNote) : null) : press(w.end, () => ask(w.end, w.endAsk(r.name), w.end, async () => {
    await send(`/api/v1/works/recurring/${r.id}/end`, {});
    tell(w.ended(r.name));
    await refreshWorks();
  }), { id: `end-${r.id}` }));
}

const sensorName = id => { const s = works.sensors.find(s => s.id === id); return s ? s.name : id; };
const zoneLabel = zone => { const s = works.sensors.find(s => s.id.startsWith(zone + "/")); return (s && s.zoneName) || zone; };

function showDay(day, on) { openDialog(W().works.dayTitle(dayLabel(day)), element("div", "day-works", ...on.map(w => workButton(w, day)))); }

// One window: what it is, whom it concerns, what it hid; a planned one can be cancelled here.
function showWork(x) {
  const w = W().works, facts = figures(pair(w.when, span(x.from, x.to)));
  // What a recurring work plans by itself was entered by nobody else.
  if (x.by && x.by !== x.recurring) facts.append(pair(w.by, x.by));
  if (x.state === "ended") facts.append(pair(w.hidden, hiddenText(x)), ...(isNumber(x.largestM3h) ? [pair(w.largest, flow(x.largestM3h, "m3/h"))] : []));
  if (x.events && x.events.length) facts.append(pair(w.events, ...spaced(eventLinks(x))));
  const dialog = openDialog(workName(x), element("p", "", workBadge(x.state)), x.note && x.recurring ? element("p", "", x.note) : null, x.recurring ? element("p", "faint", w.recurs(x.recurring)) : null, facts,
    element("h3", "", `${w.targets} ${w.nMeters(x.sensors.length)}`), element("ul", "targets", ...x.sensors.map((id, i) => element("li", "", link(meterLink(id), "", x.names[i] || id)))));
  if (x.state !== "planned" || !may("write")) return;
  dialog.append(element("p", "send", press(w.cancelThis, () => ask(w.cancelThis, w.cancelAsk, w.cancelYes, async () => {
    await send("/api/v1/works/cancel", { sensors: x.sensors, from: x.from, to: x.to, note: x.note, by: person.name });
    dialog.close();
    tell(w.cancelled);
    await refreshWorks();
  }), { class: "danger", id: "cancel-work" })));
}

openPage({ name: "works", title: () => W().works.title, build: buildWorks, refresh: refreshWorks, every: 30000 });
