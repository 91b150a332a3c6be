"use strict";
// Daily, monthly and annual reports: what they say in short, the way to the printable page and the table, and the billed volumes.
const reports = { kind: "daily", day: 0, month: 0, year: 0, town: "", towns: [], asked: "" };
const KINDS = ["daily", "monthly", "annual"];
// Months are counted as year × 12 + month − 1; a fiscal year begins in April.
const monthCode = m => `${Math.floor(m / 12)}-${two(m % 12 + 1)}`;
const monthText = m => W().month(Math.floor(m / 12), m % 12 + 1);
const monthOf = code => { const [y, m] = code.split("-").map(Number); return y * 12 + m - 1; };
const fiscalYear = month => Math.floor((month - 3) / 12);

const periodCode = () => reports.kind === "daily" ? isoDay(reports.day) : reports.kind === "monthly" ? monthCode(reports.month) : String(reports.year);
const periodText = () => reports.kind === "daily" ? dayLabel(reports.day) : reports.kind === "monthly" ? monthText(reports.month) : W().reports.fiscal(reports.year);
const periodName = { daily: "date", monthly: "month", annual: "year" };
function reportQuery(more = {}) {
  const query = new URLSearchParams({ [periodName[reports.kind]]: periodCode(), ...(reports.town ? { municipality: reports.town } : {}), ...more });
  return `${reports.kind}?${query}`;
}

// The last day and month that are over, and this fiscal year; what the address asks for comes first.
function readAddress() {
  const query = new URLSearchParams(location.search), last = today(), d = dateOf(last), now = d.year * 12 + d.month - 1;
  Object.assign(reports, { day: last - 1, month: now - 1, year: fiscalYear(now), last, now, town: query.get("municipality") || "", kind: KINDS.includes(query.get("kind")) ? query.get("kind") : "daily" });
  if (/^\d{4}-\d\d-\d\d$/.test(query.get("date"))) reports.day = Date.parse(query.get("date")) / DAY;
  if (/^\d{4}-\d\d$/.test(query.get("month"))) reports.month = monthOf(query.get("month"));
  if (/^\d{4}$/.test(query.get("year"))) reports.year = Number(query.get("year"));
}
// So that reloading, going back and the switch of language stay where one is.
function writeAddress() {
  const query = new URLSearchParams({ kind: reports.kind, [periodName[reports.kind]]: periodCode(), ...(reports.town ? { municipality: reports.town } : {}) });
  history.replaceState(null, "", `${location.pathname}?${query}`);
}

function buildReports(main) {
  const w = W().reports;
  const kinds = fieldset(w.kind, marks("kind", KINDS.map(k => [k, w.kinds[k]]), { type: "radio", onchange: e => { reports.kind = e.target.value; change(); } }));
  kinds.className = "filter kinds";
  main.append(element("h1", "", w.title), toldBox(), element("div", "bar noprint", kinds, withId("period", element("div", "period")), withId("town-field", element("div"))),
    element("div", "bar noprint", withId("open-report", link("", "button primary", w.open)), press(w.print, printReport, { id: "print-report" }), withId("csv-report", link("", "button", w.csv)), withId("csv-old", link("", "button", w.csvOld))),
    make("section", { "aria-labelledby": "report-title" }, withId("report-title", make("h2", { "aria-live": "polite" })), withId("report", element("div"))), section("billed", w.billedTitle, element("p", "lead", w.billedLead), withId("billed", element("div"))));
}

const change = () => { writeAddress(); drawChoice(); refreshReports().catch(showFailure); };
function showFailure(error) { $("report").replaceChildren(element("p", "bad", reason(error.problem, W().failed))); }
function move(step) {
  reports[{ daily: "day", monthly: "month", annual: "year" }[reports.kind]] += step;
  change();
}

// Fields that every browser has: a date, two lists for a month, one for a fiscal year. Nothing that lies ahead can be asked for.
function drawChoice() {
  const w = W().reports, k = reports.kind, years = Array.from({ length: 12 }, (_, i) => fiscalYear(reports.now) - i), list = (id, label, options, value, set) => field({ id, label, type: "select", options, value, onchange: e => { set(Number(e.target.value)); change(); } });
  const isLast = k === "daily" ? reports.day >= reports.last : k === "monthly" ? reports.month >= reports.now : reports.year >= fiscalYear(reports.now);
  const fields = k === "daily" ? [field({ id: "date", label: w.date, type: "date", value: isoDay(reports.day), max: isoDay(reports.last), onchange: e => { if (e.target.value) { reports.day = Date.parse(e.target.value) / DAY; change(); } } })]
    : k === "monthly" ? [list("month-year", w.year, [...new Set([...years, Math.floor(reports.month / 12), Math.floor(reports.now / 12)])].sort((a, b) => b - a).map(y => [y, W().year(y)]), Math.floor(reports.month / 12), y => { reports.month = Math.min(reports.now, y * 12 + reports.month % 12); }),
      list("month", w.month, Array.from({ length: 12 }, (_, i) => [i, w.monthOnly(i + 1)]), reports.month % 12, m => { reports.month = Math.min(reports.now, Math.floor(reports.month / 12) * 12 + m); })]
      : [list("year", w.fiscalYear, [...new Set([...years, reports.year])].sort((a, b) => b - a).map(y => [y, w.fiscal(y)]), reports.year, y => { reports.year = y; })];
  const focused = document.activeElement.id;
  $("period").replaceChildren(press("‹", () => move(-1), { id: "previous", "aria-label": w.previous[k] }), ...fields, press("›", () => move(1), { id: "following", "aria-label": w.following[k], disabled: isLast }));
  if (focused && $(focused) && $("period").contains($(focused))) $(focused).focus();
  $("open-report").href = `/report/${reportQuery({ lang: page.language })}`;
  $("csv-report").href = `/api/v1/reports/${reportQuery({ lang: page.language }).replace("?", ".csv?")}`;
  $("csv-old").href = `/api/v1/reports/${reportQuery({ lang: page.language, encoding: "cp932" }).replace("?", ".csv?")}`;
}

function drawTowns() {
  if (reports.towns.length < 2) return;
  $("town-field").replaceChildren(field({ id: "town", label: W().reports.town, type: "select", value: reports.town, options: [["", W().reports.allTowns], ...reports.towns.map(t => [t.id, t.name])], onchange: e => { reports.town = e.target.value; change(); } }));
}

// The printable page, and its print dialog once it stands.
function printReport() {
  const opened = window.open($("open-report").href);
  if (opened) opened.addEventListener("load", () => opened.print());
}

async function refreshReports() {
  if (!reports.hasTowns) {
    const overview = await get("/api/v1/overview");
    seeTown(overview.meters);
    readAddress();
    Object.assign(reports, { towns: overview.towns || [], hasTowns: true });
    $(`kind-${reports.kind}`).checked = true;
    drawTowns();
    drawChoice();
  }
  const path = reports.asked = `/api/v1/reports/${reportQuery()}`;
  // A day has no billed volume.
  $("billed-part").hidden = reports.kind === "daily";
  const [report] = await Promise.all([get(path), reports.kind === "daily" ? null : refreshBilled()]);
  if (path === reports.asked) drawReport(report);
}

openPage({ name: "reports", title: () => W().reports.title, build: buildReports, refresh: refreshReports });
