"use strict";
// The night-flow sheet: a row for each zone (or meter), a cell for each night, coloured and marked by how far it is from what is usual there.
const LONGEST = 400, CELLS = 9000;
let sheet = null;
// `only`: the one meter that is looked at, where another page led here.
const view = { by: "zone", from: "", to: "", only: "" };

// Until a range is chosen: the newest nights, of which the service knows which they are.
const query = () => new URLSearchParams(view.to ? { from: view.from, to: view.to, by: view.by } : { by: view.by }).toString();
function newest(found) {
  const n = Math.min(found.days.length, innerWidth < 640 ? 14 : 28), last = array => array && array.slice(-n);
  const rows = found.rows.map(r => ({ ...r, values: last(r.values), references: last(r.references), frozen: last(r.frozen) }));
  Object.assign(view, { from: found.days[found.days.length - n], to: found.days[found.days.length - 1] });
  return { ...found, days: last(found.days), rows };
}
// What was usual at that night; the newest where a night has none of its own.
const usual = (row, n) => row.references && isNumber(row.references[n]) ? row.references[n] : row.reference;
const addDays = (day, n) => new Date(Date.parse(day + "T00:00:00Z") + n * DAY).toISOString().slice(0, 10);
const daysOf = () => (Date.parse(view.to) - Date.parse(view.from)) / DAY + 1;

function percentOf(value, reference) {
  return isNumber(value) && isNumber(reference) && reference > 0 ? W().nights.percent(Math.round(100 * (value - reference) / reference)) : "";
}

// ---- The heat map: a real table, with one cell in the keyboard's order (arrow keys move on)

const isFrozen = (row, n) => Boolean(row.frozen && row.frozen[n]);

function cellWords(row, n) {
  const w = W().nights, place = row.zoneName && row.zoneName !== row.name ? `${row.zoneName} ${row.name}` : row.name, v = row.values[n],
    percent = percentOf(v, usual(row, n));
  return isNumber(v) ? w.cell(place, dayName(sheet.days[n]), number(v),
    percent ? W().aside(percent) : "") + (isFrozen(row, n) ? w.frozen : "") : `${place}　${dayName(sheet.days[n])}　${w.none}`;
}

function dayHead(day, n) {
  const d = new Date(day + "T00:00:00Z"), isFirst = n === 0 || d.getUTCDate() === 1, th = element("th");
  th.scope = "col";
  const isSparse = sheet.days.length > 45, shows = !isSparse || d.getUTCDate() === 1 || (d.getUTCDate() % 5 === 0 && d.getUTCDate() < 30);
  th.append(element("span", "hidden", dayName(day)));
  const visible = element("span", "", isFirst ? `${d.getUTCMonth() + 1}/${d.getUTCDate()}` : shows ? String(d.getUTCDate()) : "",
    element("br"), isSparse ? "" : W().weekdays[d.getUTCDay()].slice(0, 2));
  visible.setAttribute("aria-hidden", "true");
  th.append(visible);
  return th;
}

function heatCell(row, n, isWide) {
  const v = row.values[n], step = heatStep(v, usual(row, n)), td = element("td", step === null ? (isNumber(v) ? "" : "gap") : `h${step}`);
  if (sheet.days[n].endsWith("-01")) td.classList.add("month");
  if (isFrozen(row, n)) td.classList.add("frozen");
  // Where there is room the number itself stands there, else for whoever listens.
  const text = isNumber(v) ? number(v) : "–";
  td.append(isWide ? (isNumber(v) ? v.toLocaleString(page.language, { minimumFractionDigits: v < 100 ? 1 : 0,
    maximumFractionDigits: v < 100 ? 1 : 0 }) : "") : element("span", "hidden", text));
  td.tabIndex = -1;
  td.dataset.n = n;
  return td;
}

function heatMap() {
  const w = W().nights, isWide = sheet.days.length <= 31, head = element("th", "", w.place);
  head.scope = "col";
  const rowNode = row => {
    const th = element("th", "", link(view.by === "meter" ? meterLink(row.id) : `/?zone=${encodeURIComponent(row.id)}`, "", row.name),
      element("small", "", `${view.by === "meter" && row.zoneName !== row.name ? row.zoneName + "　" : ""}${w.reference} ${number(row.reference)}`));
    th.scope = "row";
    const tr = element("tr", "", th, ...row.values.map((v, n) => heatCell(row, n, isWide)));
    tr.row = row;
    return tr;
  };
  const t = element("table", "", element("caption", "hidden", w.map), element("thead", "",
    element("tr", "", head, ...sheet.days.map(dayHead))), element("tbody"));
  const box = withId("heat", element("div", isWide ? "heat wide" : "heat", t));
  // A year of a thousand meters would be more cells than a browser likes: so many at a time.
  const part = Math.max(20, Math.floor(CELLS / sheet.days.length)), body = t.querySelector("tbody");
  const add = () => {
    body.append(...sheet.rows.slice(body.children.length, body.children.length + part).map(rowNode));
    more.hidden = body.children.length >= sheet.rows.length;
  };
  const more = button(W().more, add, "more");
  add();
  const first = t.querySelector("tbody td");
  if (first) first.tabIndex = 0;
  t.onkeydown = moveCell;
  const tell = event => { const td = event.target.closest("td"); if (td) tellCell(td); };
  t.onmouseover = tell;
  t.onclick = tell;
  t.addEventListener("focusin", tell);
  return [box, more];
}

function tellCell(td) {
  $("told").classList.add("given");
  say($("told"), cellWords(td.parentNode.row, Number(td.dataset.n)));
}

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
function moveCell(event) {
  const td = event.target.closest("td"), move = ARROWS[event.key];
  if (!td || (!move && event.key !== "Home" && event.key !== "End")) return;
  event.preventDefault();
  const rows = [...td.closest("tbody").children], cells = tr => [...tr.querySelectorAll("td")];
  const r = rows.indexOf(td.parentNode), n = Number(td.dataset.n), last = sheet.days.length - 1;
  const row = rows[Math.max(0, Math.min(rows.length - 1, r + (move ? move[0] : 0)))];
  const next = cells(row)[event.key === "Home" ? 0 : event.key === "End" ? last : Math.max(0, Math.min(last, n + move[1]))];
  td.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function legend() {
  const w = W().nights, item = (name, text) => element("li", "", element("span", `key-box ${name}`), text);
  const keys = element("ul", "keys", ...w.steps.map((text, n) => item(`h${n}`, text)), item("gap", w.noNight), ...(sheet.rows.some(r => (r.frozen || []).some(Boolean)) ? [item("frozen", w.frozenKey)] : []));
  keys.setAttribute("aria-label", w.legend);
  return keys;
}

// ---- The table with the field names of the open night-flow data

function lastNights() {
  // Tonight has no figure yet: the newest night that has.
  const w = W().nights, known = sheet.days.findLastIndex((_, n) => sheet.rows.some(r => isNumber(r.values[n]))),
    n = known < 0 ? sheet.days.length - 1 : known;
  return table(w.table, [
    { head: "DMA_ID", cell: r => r.id, isHead: true }, { head: "DMA_NAME", cell: r => r.name }, { head: "DATE", cell: () => sheet.days[n] },
    { head: "ACTUAL_MIN_NIGHT_FLOW", isNumber: true, cell: r => number(r.values[n]) },
      { head: "MIN_NIGHT_FLOW", isNumber: true, cell: r => number(usual(r, n)) },
    { head: "UNITS", cell: () => "m3/h" },
    { head: w.change, isNumber: true, cell: r => element("span", (heatStep(r.values[n], usual(r, n)) || 0) >= 4 ? "up" : "",
      percentOf(r.values[n], usual(r, n)) || "–") },
  ], sheet.rows, { key: r => r.id });
}

// ---- The page

function build(main) {
  const w = W().nights, asked = new URLSearchParams(location.search), isDay = text => /^\d{4}-\d\d-\d\d$/.test(text || "");
  view.by = asked.get("by") === "meter" ? "meter" : "zone";
  view.only = asked.get("only") || "";
  if (isDay(asked.get("from")) && isDay(asked.get("to"))) Object.assign(view, { from: asked.get("from"), to: asked.get("to") });
  const spans = element("div", "spans", ...Object.entries(w.ranges).map(([days, text]) => {
    const b = button(text, () => choose({ from: addDays(view.to, 1 - Number(days)) }));
    b.dataset.days = days;
    return b;
  }));
  spans.setAttribute("role", "group");
  spans.setAttribute("aria-label", w.span);
  const csv = withId("csv", link("#", "button", w.csv));
  csv.setAttribute("download", "");
  const told = withId("told", element("p", "told", w.hint));
  told.setAttribute("role", "status");
  main.append(element("h1", "", w.title), withId("lead", element("p", "lead")),
    element("div", "bar",
      field({ id: "by", label: w.by, type: "select", options: [["zone", w.zone], ["meter", w.meter]], value: view.by,
        onchange: e => choose({ by: e.target.value, only: "" }) }), spans,
      field({ id: "from", label: w.from, type: "date", value: view.from, onchange: e => choose({ from: e.target.value }) }),
      field({ id: "to", label: w.to, type: "date", value: view.to, onchange: e => choose({ to: e.target.value }) }), csv,
        button(w.print, () => print()), withId("every", button(w.every, () => choose({ only: "" })))),
    withId("error", element("p", "bad")), withId("sheet-title", element("p", "sheet-title")),
    section("map", w.map, told, withId("map", element("div"))),
    withId("sheet", section("table", w.table, element("p", "faint", w.tableLead), withId("table", element("div")))));
  $("sheet").className = "sheet";
  $("map-title").className = "hidden";
}

async function choose(some) {
  Object.assign(view, some);
  const isGood = view.from && view.to && view.from <= view.to && daysOf() <= LONGEST;
  say($("error"), isGood ? "" : W().nights.badRange);
  if (!isGood) return;
  const url = new URL(location.href);
  for (const name of ["by", "from", "to"]) url.searchParams.set(name, view[name]);
  if (!view.only) url.searchParams.delete("only");
  history.replaceState(null, "", url);
  await refresh();
}

let asked = 0;
async function refresh() {
  const mine = ++asked, found = await get(`/api/v1/nights?${query()}`), w = W().nights;
  if (mine !== asked) return;
  sheet = view.to ? found : newest(found);
  if (view.only) sheet = { ...sheet, rows: sheet.rows.filter(r => r.id === view.only) };
  $("every").hidden = !view.only;
  $("from").value = view.from;
  $("to").value = view.to;
  for (const b of document.querySelectorAll("[data-days]")) b.setAttribute("aria-pressed", String(Number(b.dataset.days) === daysOf()));
  $("csv").href = `/api/v1/nights.csv?${query()}`;
  say($("lead"), w.lead(sheet.window));
  say($("sheet-title"), `${w.sheet(page.utility)}　${sheet.days[0]} – ${sheet.days[sheet.days.length - 1]}　${sheet.window}`);
  if (!sheet.rows.length) {
    $("map").replaceChildren(element("p", "empty card", w.empty));
    $("table").replaceChildren();
    return;
  }
  const [box, more] = heatMap();
  $("map").replaceChildren(box, more, legend());
  // The newest night is what one wants to see.
  box.scrollLeft = box.scrollWidth;
  $("table").replaceChildren(lastNights());
}

openPage({ name: "nights", title: () => W().nights.title, build, refresh });
