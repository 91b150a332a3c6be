"use strict";
// Every sensor, worst first: is it alive, is its battery, what is wrong with it; and its settings.
const sensors = { all: [], shown: 100, only: "any" };
const OLD_BATTERY = 7 * DAY, LOW_BATTERY = 20, PART = 100;

function buildSensors(main) {
  const w = W().sensors;
  const find = field({ id: "find", label: w.find, type: "search", autocomplete: "off", oninput: () => { sensors.shown = PART; drawSensors(); } });
  const only = fieldset(w.state, marks("only", [["any", w.filters.any], ["bad", w.filters.bad], ...["leak", "attention", "offline", "learning", "normal"].map(s => [s, W().state[s]]), ["battery", w.filters.battery]],
    { type: "radio", checked: ["any"], onchange: e => { Object.assign(sensors, { only: e.target.value, shown: PART }); drawSensors(); } }));
  only.className = "filter";
  main.append(element("h1", "", w.title), withId("lead", make("p", { class: "lead", "aria-live": "polite" })), toldBox(), element("div", "bar", find, only), element("div", "bar", withId("count", make("p", { class: "count", role: "status" })),
    press(D().csv, saveSensors, { id: "csv" })), withId("sensors", element("div")));
}

async function refreshSensors() {
  sensors.all = (await getAll("/api/v1/sensors")).filter(s => isMeter(s.id));
  seeTown(sensors.all);
  const bad = sensors.all.filter(isBad).length;
  say($("lead"), W().sensors.lead(sensors.all.length, bad));
  drawSensors();
}

const isLow = s => isNumber(s.battery) && s.battery < LOW_BATTERY;
const isBad = s => ["leak", "attention", "offline"].includes(s.state) || s.faults.length > 0 || isLow(s);
const fits = (s, wanted) => (sensors.only === "any" || sensors.only === s.state || sensors.only === "bad" && isBad(s) || sensors.only === "battery" && isLow(s))
  && (!wanted || `${s.name} ${s.zoneName} ${s.id}`.toLowerCase().includes(wanted));

// Drawn anew only when something changed, and the keyboard goes back to the row where it was.
function drawSensors() {
  const w = W().sensors, found = sensors.all.filter(s => fits(s, valueOf("find").toLowerCase())), shown = found.slice(0, sensors.shown);
  const mark = JSON.stringify([shown, found.length, sensors.all.length, Math.floor(townClock.now() / MINUTE)]);
  if (mark === sensors.mark) return;
  sensors.mark = mark;
  say($("count"), w.count(found.length, sensors.all.length));
  const focused = $("sensors").contains(document.activeElement) ? document.activeElement.closest("[data-key]") : null, isLink = document.activeElement.tagName === "A";
  const rest = found.length - shown.length;
  $("sensors").replaceChildren(...(shown.length ? [sensorTable(shown)] : [element("p", "empty", w.noMatch)]), ...(rest ? [press(w.rest(rest), () => { sensors.shown += 500; drawSensors(); }, { class: "more" })] : []));
  const row = focused && document.querySelector(`#sensors [data-key="${CSS.escape(focused.dataset.key)}"]`);
  if (row) row.querySelector(isLink ? "a" : "button, a").focus();
}

function sensorTable(shown) {
  const w = W().sensors, cell = (...nodes) => element("span", "stack", ...nodes);
  return cards(w.caption, [
    { head: w.name, isHead: true, cell: s => cell(link(meterLink(s.id), "", s.name), element("small", "", s.id), hasCard(s) ? element("small", "changed", `✎ ${w.changed}`) : null) },
    { head: w.zone, cell: s => s.zoneName }, { head: w.state, cell: s => badge(s.state, W().state[s.state]) },
    { head: w.seen, cell: s => s.lastSeen ? cell(ago(s.lastSeen), element("small", "still", time(s.lastSeen))) : w.never },
    { head: w.value, isNumber: true, cell: s => isNumber(s.lastValue) ? flow(s.lastValue, s.unit) : "–" }, { head: w.interval, cell: s => element("span", "still", isNumber(s.intervalS) && s.intervalS > 0 ? w.wide(s.intervalS) : w.unknownInterval) },
    { head: w.battery, cell: batteryCell }, { head: w.faults, cell: s => s.faults.length ? D().list(s.faults.map(f => W().kinds[f] || f)) : "–" },
    { head: w.odd, cell: s => s.late || s.invalid ? cell(...[s.late && w.late(whole(s.late)), s.invalid && w.invalid(whole(s.invalid))].filter(Boolean).map(t => element("span", "", t))) : "–" },
    ...(may("write") ? [{ head: w.edit, isAction: true, cell: s => press(W().edit, () => editCard(s), { "aria-label": `${W().edit} ${s.name}` }) }] : []),
  ], shown, { key: s => s.id, mark: s => `sensor-${s.state}`, hidesCaption: true });
}
const hasCard = s => s.card && Object.entries(s.card).some(([k, v]) => v !== null && k !== "note");

// A battery as a bar beside its number; a value that came long ago is told to be old.
function batteryCell(s) {
  const w = W().sensors;
  const signal = isNumber(s.signalDbm) ? element("small", "", `${w.signal} ${whole(s.signalDbm)} dBm`) : null;
  if (!isNumber(s.battery)) return signal || "–";
  const isOld = s.batteryTime && townClock.now() - new Date(s.batteryTime) > OLD_BATTERY;
  const drawing = svg("svg", { viewBox: "0 0 30 14", class: `battery ${isLow(s) ? "low" : ""}`, "aria-hidden": "true" }, svg("rect", { class: "shell", x: 1, y: 1, width: 25, height: 12, rx: 2 }),
    svg("rect", { class: "knob", x: 27, y: 4, width: 2, height: 6 }), svg("rect", { class: "charge", x: 3, y: 3, width: 21 * Math.max(0, Math.min(100, s.battery)) / 100, height: 8 }));
  return element("span", "stack", element("span", isLow(s) ? "bad" : "", drawing, ` ${whole(s.battery)}%`, isLow(s) ? ` ${w.low}` : ""), isOld ? element("small", "", `${w.oldBattery} ${date(s.batteryTime)}`) : null, signal);
}

function saveSensors() {
  const c = W().sensors.csv, rows = sensors.all.filter(s => fits(s, valueOf("find").toLowerCase())).map(s => [
    s.id, s.municipality, s.zone, s.zoneName, s.name, W().quantities[s.quantity] || s.quantity, unitName(s.unit), W().state[s.state], s.firstSeen, s.lastSeen, s.lastValue, s.intervalS, s.battery, s.batteryTime, s.late, s.invalid,
    s.faults.map(f => W().kinds[f] || f).join(" "), s.card && s.card.note]);
  saveFile(`${page.utility}-${c.file}-${dayText(townClock.now())}.csv`, csvText([c.heads, ...rows]));
}

openPage({ name: "sensors", title: () => W().sensors.title, build: buildSensors, refresh: refreshSensors, reading: () => 60000 });
