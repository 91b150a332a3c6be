"use strict";
// The forms of a single and of a recurring work.

// Flow meters and totalizers, by zone; only they are judged for leaks. What a zone adds up by itself is no meter.
function zonesOf(sensors) {
  const zones = new Map();
  for (const s of sensors) {
    const [municipality, zone, name, quantity] = s.id.split("/"), id = `${municipality}/${zone}`;
    if (quantity !== "flow" && quantity !== "total" || name === "net" || !isMeter(s.id)) continue;
    if (!zones.has(id)) zones.set(id, { id, name: s.zoneName || zone, meters: [] });
    zones.get(id).meters.push(s);
  }
  return [...zones.values()].sort((a, b) => a.name.localeCompare(b.name, page.language));
}

// Zones and their meters to choose from, with a search. `chosen()` gives { zones, sensors }.
function placePicker(sensors) {
  const w = W().works.form, zones = zonesOf(sensors), count = make("p", { class: "chosen", "aria-live": "polite" }), none = make("p", { class: "faint", hidden: true }, w.noMatch);
  const chosen = () => ({ zones: checkedOf(list, "zone"), sensors: [...list.querySelectorAll("input[name=sensor]:checked:enabled")].map(i => i.value) });
  const update = () => { const c = chosen(); say(count, w.chosen(c.zones.length, c.sensors.length)); };
  const list = make("div", { class: "places", role: "group", "aria-label": w.where }, ...zones.map(zone => placeGroup(zone, update, zones.length <= 8)), none);
  const find = make("input", { type: "search", id: "place-search", autocomplete: "off", "aria-label": w.find, placeholder: w.find });
  find.oninput = () => { none.hidden = filterPlaces(list, find.value.trim().toLowerCase()); };
  update();
  return { node: fieldset(w.where, find, list, count), chosen, find };
}

// Hides what does not fit; gives whether anything is left. A zone that fits is shown with its meters.
function filterPlaces(list, wanted) {
  for (const item of list.querySelectorAll("[data-text]")) item.hidden = Boolean(wanted) && !item.dataset.text.includes(wanted);
  let any = false;
  for (const part of list.querySelectorAll(".place-group")) {
    part.hidden = !part.querySelector("[data-text]:not([hidden])");
    if (wanted && !part.hidden) part.open = true;
    any = any || !part.hidden;
  }
  return any;
}

// A zone is one mark; when it is set its meters need none.
function placeGroup(zone, update, isOpen) {
  const item = (className, text, input, ...words) => make("label", { class: `place-item ${className}`, "data-text": text.toLowerCase() }, input, element("span", "", ...words));
  const meters = zone.meters.map(m => make("input", { type: "checkbox", name: "sensor", value: m.id, onchange: update }));
  const whole = make("input", { type: "checkbox", name: "zone", value: zone.id });
  whole.onchange = () => {
    for (const i of meters) i.disabled = i.checked = whole.checked;
    update();
  };
  return make("details", { class: "place-group", open: isOpen }, element("summary", "", zone.name, " ", element("small", "", W().works.nMeters(zone.meters.length))),
    item("whole", `${zone.name} ${zone.id}`, whole, W().works.form.whole(zone.name)),
    ...zone.meters.map((m, i) => item("", `${m.name} ${m.id} ${zone.name}`, meters[i], m.name, " ", element("small", "", m.id))));
}

function openOnce(day) {
  const w = W().works.form, places = placePicker(works.sensors), now = townClock.now();
  const base = day === undefined || day === dayOf(now) ? Math.ceil(now / HOUR) * HOUR : startOfDay(day) + 9 * HOUR;
  const measure = make("p", { class: "faint", "aria-live": "polite" });
  dialogForm(w.once, w.save, async () => {
    const c = places.chosen(), [from, to] = [valueOf("work-from"), valueOf("work-to")];
    if (!c.zones.length && !c.sensors.length) throw wrong(w.needWhere, places.find);
    if (!from || !to) throw wrong(w.needWhen, $(from ? "work-to" : "work-from"));
    if (untyped(to) <= untyped(from)) throw wrong(w.needOrder, $("work-to"));
    const found = await send("/api/v1/works", { ...c, from, to, note: valueOf("work-note"), by: person.name });
    const refused = found.refused || [];
    tell(w.done(found.sensors.length) + refused.map(r => ` ${sensorName(r.sensor)}: ${reason(r, W().failed)}`).join(""), refused.length > 0);
    await goTo(dayOf(untyped(from)));
  }, places.node, fieldset(w.when, element("div", "fields", field({ id: "work-from", label: w.from, type: "datetime-local", value: typed(base) }),
    field({ id: "work-to", label: w.to, type: "datetime-local", value: typed(base + 3 * HOUR) })), measure, element("p", "faint", w.zone(zoneText()))),
  field({ id: "work-note", label: w.note, maxLength: 1000, placeholder: w.notePlaceholder }), personField("work-by", w.person));
  keepLength($("work-from"), $("work-to"), measure);
}

// Who moves the begin moves the end with it: the length stays, and is said.
function keepLength(from, to, measure) {
  const w = W().works.form;
  let before = untyped(from.value);
  const look = () => {
    const [a, b] = [untyped(from.value), untyped(to.value)], minutes = Math.round((b - a) / MINUTE);
    say(measure, isNaN(minutes) ? "" : minutes <= 0 ? w.needOrder : w.length(w.hours(Math.floor(minutes / 60), minutes % 60)) + (a < townClock.now() - MINUTE ? ` ${w.past}` : ""));
  };
  from.onchange = () => {
    const t = untyped(from.value), end = untyped(to.value);
    if (!isNaN(t) && !isNaN(before) && !isNaN(end)) to.value = typed(end + t - before);
    before = t;
    look();
  };
  to.onchange = look;
  look();
}

function openOften() {
  const w = W().works.form, r = W().works.rule, places = placePicker(works.sensors);
  const part = (text, name, options) => fieldset(text, marks(name, options));
  const days = element("details", "days", element("summary", "", w.days), marks("day", Array.from({ length: 31 }, (_, i) => [i + 1, String(i + 1)])));
  const preview = make("div", { class: "preview", "aria-live": "polite" });
  const dialog = dialogForm(w.often, w.save, async () => {
    const c = places.chosen(), rule = typedRule(dialog), name = valueOf("work-title");
    if (!name) throw wrong(w.needName, $("work-title"));
    if (!c.zones.length && !c.sensors.length) throw wrong(w.needWhere, places.find);
    if (!rule.from || !rule.to) throw wrong(w.needWhen, $(rule.from ? "work-to" : "work-from"));
    if (rule.from === rule.to) throw wrong(w.sameTime, $("work-to"));
    if (rule.first && rule.last && rule.last < rule.first) throw wrong(w.needOrder, $("work-last"));
    await send("/api/v1/works/recurring", { name, ...c, ...rule, by: person.name });
    tell(w.doneOften(name));
    await refreshWorks();
  }, field({ id: "work-title", label: w.name, maxLength: 100, placeholder: w.namePlaceholder }), places.node,
  fieldset(w.when, element("div", "fields", field({ id: "work-from", label: w.startTime, type: "time", value: "01:00" }), field({ id: "work-to", label: w.endTime, type: "time", value: "04:00" })), element("p", "faint", w.zone(zoneText()))),
  part(w.weekdays, "weekday", WEEKDAY_CODES.map((code, i) => [code, W().weekdays[(i + 1) % 7]])), part(w.weeks, "week", [1, 2, 3, 4, 5].map(n => [n, r.week(n)])), days,
  element("div", "fields", field({ id: "work-first", label: w.first, type: "date" }), field({ id: "work-last", label: w.last, type: "date" })), preview, personField("work-by", w.person));
  const look = () => { const rule = typedRule(dialog); preview.replaceChildren(...(rule.from && rule.to && rule.from !== rule.to ? ruleParts(rule) : [])); };
  dialog.addEventListener("change", look);
  look();
}

function typedRule(dialog) {
  return {
    from: valueOf("work-from"), to: valueOf("work-to"), weekdays: checkedOf(dialog, "weekday"), weeks: checkedOf(dialog, "week").map(Number),
    days: checkedOf(dialog, "day").map(Number), first: valueOf("work-first") || null, last: valueOf("work-last") || null,
  };
}

// The rule in words and its next three times: what one means is seen before it is saved.
function ruleParts(rule) {
  const next = nextTimes(rule, townClock.now(), 3);
  return [element("p", "rule", ruleText(rule)), element("p", "faint", next.length ? W().works.nextTimes(next.map(n => span(n.from, n.to))) : W().works.noNext)];
}
