"use strict";
// A report in short: the main figures against those before, the leaks, the zones or months, and how savings are reckoned.

// How figures are written, in the order in which they stand. Those that a day has not are left out there.
const FIGURES = [
  ["supplied", f => f.supplied, v => W().reports.m3(whole(v))], ["perDay", f => f.perDay, v => W().reports.m3(whole(v)), "notDaily"], ["largest", f => f.largest, v => W().reports.m3(whole(v)), "notDaily"], ["night", f => f.night, v => W().reports.m3h(number(v))],
  ["share", f => f.share, v => W().reports.percent(number(100 * v))], ["leaksFound", f => f.leaksFound, v => W().reports.cases(whole(v))], ["hoursToFind", f => f.hoursToFind, v => W().reports.hours(number(v))],
  ["lost", f => f.lost, v => W().reports.m3(whole(v))], ["saved", f => f.saved, v => W().reports.m3(whole(v))], ["revenueShare", f => f.revenueShare, v => W().reports.percent(number(100 * v)), "notDaily"], ["nonRevenue", f => f.nonRevenue, v => W().reports.m3(whole(v)), "notDaily"],
];

function drawReport(r) {
  const w = W().reports;
  say($("report-title"), w.heading(w.kinds[r.kind], periodText()));
  const parts = [r.isFinished ? null : element("p", "lead", w.unfinished)];
  if (!isNumber(r.total.supplied) && !r.leaks.length) parts.push(element("p", "empty", w.empty));
  else parts.push(figuresOf(r), element("h3", "", w.leaks), leakTable(r), ...(r.months.length ? [element("h3", "", w.months), monthTable(r)] : r.zones.length ? [element("h3", "", w.zones), zoneTable(r)] : []), element("p", "faint", w.moreInReport));
  $("report").replaceChildren(...parts.filter(Boolean), element("h3", "", w.savingTitle), savingText(r));
}

function figuresOf(r) {
  const w = W().reports;
  return element("dl", "figures", ...FIGURES.filter(([, , , when]) => !(when && r.kind === "daily")).map(([name, value, text]) => {
    const v = value(r.total), box = element("div", "", element("dt", "", w.names[name]), element("dd", "", isNumber(v) ? text(v) : "–"));
    for (const line of besides(name, r)) box.append(element("small", "faint", line));
    return box;
  }));
}

// What stands below a figure: money, what it is part of, and the figure of the time before.
function besides(name, r) {
  const w = W().reports, t = r.total, lines = [];
  if (name === "lost" && t.lost > 0) lines.push(W().yen(whole(t.lostYen)));
  if (name === "saved" && t.saved > 0) lines.push(W().yen(whole(t.savedYen)), ...(t.savedByRepair > 0 ? [w.byRepair(whole(t.savedByRepair))] : []));
  if (name === "leaksFound" && t.leaksOpen) lines.push(w.stillOpen(whole(t.leaksOpen)));
  if (name === "largest" && t.largestDay) lines.push(dayName(t.largestDay));
  const [, value, text] = FIGURES.find(f => f[0] === name), v = value(t);
  for (const c of ["lost", "saved", "hoursToFind"].includes(name) ? [] : r.comparisons) {
    const before = value(c.figures), relation = (w.relation[c.relation] || {})[r.kind];
    if (!relation || !isNumber(before)) continue;
    // A part of a month against a whole one tells nothing.
    const isAlike = name !== "supplied" || Math.abs(c.figures.days / Math.max(1, t.days) - 1) <= 0.12;
    const percent = isAlike && isNumber(v) && before > 0 && ["supplied", "perDay", "night"].includes(name) ? Math.round(100 * (v / before - 1)) : null;
    lines.push(w.compare(relation, text(before), percent === null ? "" : `${percent > 0 ? "+" : percent < 0 ? "−" : "±"}${Math.abs(percent)}%`));
  }
  return lines;
}

function leakTable(r) {
  const w = W().reports, h = w.heads;
  if (!r.leaks.length) return element("p", "faint", w.noLeaks);
  return cards(w.leaks, [
    { head: h.where, isHead: true, cell: l => element("span", "stack", link(eventLink(l.key), "", l.name), element("small", "", l.zoneName)) }, { head: h.kind, cell: l => W().kinds[l.kind] || l.kind }, { head: h.since, cell: l => time(l.onset) },
    { head: h.found, isNumber: true, cell: l => w.hours(number(l.hoursToFind)) }, { head: h.size, isNumber: true, cell: l => w.m3h(number(l.size)) }, { head: h.lost, isNumber: true, cell: l => element("span", "stack", w.m3(whole(l.lost)), element("small", "", W().yen(whole(l.lostYen)))) },
    { head: h.saved, isNumber: true, cell: l => isNumber(l.saved) ? element("span", "stack", w.m3(whole(l.saved)), element("small", "", W().yen(whole(l.savedYen)))) : "–" }, { head: h.outcome, cell: l => w.outcomes[l.outcome] || l.outcome },
  ], r.leaks, { key: l => l.key, hidesCaption: true });
}

function zoneTable(r) {
  const w = W().reports, h = w.heads;
  return cards(w.zones, [
    { head: h.zone, isHead: true, cell: z => z.name }, { head: h.volume, isNumber: true, cell: z => isNumber(z.volume) ? w.m3(whole(z.volume)) : "–" }, { head: h.night, isNumber: true, cell: z => isNumber(z.night) ? w.m3h(number(z.night)) : "–" },
    { head: h.reference, isNumber: true, cell: z => isNumber(z.nightReference) ? w.m3h(number(z.nightReference)) : "–" }, { head: h.leaks, isNumber: true, cell: z => w.cases(whole(z.leaksFound)) }, { head: h.lost, isNumber: true, cell: z => w.m3(whole(z.lost)) },
  ], r.zones, { hidesCaption: true });
}

function monthTable(r) {
  const w = W().reports, h = w.heads, m3 = v => isNumber(v) ? w.m3(whole(v)) : "–";
  return cards(w.months, [
    { head: h.month, isHead: true, cell: m => monthText(monthOf(m.month)) }, { head: h.supplied, isNumber: true, cell: m => m3(m.figures.supplied) }, { head: h.night, isNumber: true, cell: m => isNumber(m.figures.night) ? w.m3h(number(m.figures.night)) : "–" },
    { head: h.leaks, isNumber: true, cell: m => w.cases(whole(m.figures.leaksFound)) }, { head: h.lost, isNumber: true, cell: m => m3(m.figures.lost) }, { head: h.saved, isNumber: true, cell: m => m3(m.figures.saved) },
    { head: h.billed, isNumber: true, cell: m => m3(m.figures.billed) }, { head: h.ratio, isNumber: true, cell: m => isNumber(m.figures.revenueShare) ? w.percent(number(100 * m.figures.revenueShare)) : "–" },
  ], r.months.filter(m => monthOf(m.month) <= reports.now), { hidesCaption: true });
}

function savingText(r) {
  const w = W().reports;
  return element("div", "card", element("p", "", w.saving(number(r.practice.burstDays), number(r.practice.incipientDays), number(r.yenPerM3))), element("p", "faint", w.savingNote));
}
