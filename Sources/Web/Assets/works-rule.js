"use strict";
// The rule of a recurring work: in words, and its next times, as the service plans them (Recurrence.swift).
const WEEKDAY_CODES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const minutesOf = text => { const [h, m] = text.split(":").map(Number); return h * 60 + m; };
// Weekdays come as codes or as numbers from Monday.
const weekdayIndex = w => typeof w === "number" ? w : WEEKDAY_CODES.indexOf(w);
const dayNumber = text => text ? Date.parse(text + "T00:00Z") / DAY : null;
const oclock = text => { const m = minutesOf(text); return `${Math.floor(m / 60)}:${two(m % 60)}`; };

function ruleText(r) {
  const w = W().works.rule, days = (r.weekdays || []).map(weekdayIndex).sort((a, b) => a - b).map(i => W().weekdays[(i + 1) % 7]).join(w.join);
  const weeks = [...(r.weeks || [])].sort((a, b) => a - b).map(w.week).join(w.join);
  const dates = [...(r.days || [])].sort((a, b) => a - b).map(w.day).join(w.join);
  const week = weeks ? w.nth(weeks, days) : days ? w.weekly(days) : "";
  const when = dates ? (week ? w.monthly(dates) + w.and + week : w.monthly(dates)) : week || w.daily;
  const isNext = minutesOf(r.to) <= minutesOf(r.from);
  const date = text => { const d = dateOf(dayNumber(text)); return w.date(d.year, d.month, d.day); };
  return [when, w.between(oclock(r.from), oclock(r.to), isNext), r.first && w.since(date(r.first)), r.last && w.until(date(r.last))].filter(Boolean).join(w.glue);
}

function isOn(r, day) {
  if (r.first && day < dayNumber(r.first) || r.last && day > dayNumber(r.last)) return false;
  const d = dateOf(day), has = (list, v) => !list || !list.length || list.map(Number).includes(v);
  const weekdays = (r.weekdays || []).map(weekdayIndex);
  return (!weekdays.length || weekdays.includes((d.weekday + 6) % 7)) && has(r.weeks, Math.floor((d.day - 1) / 7) + 1) && has(r.days, d.day);
}

// The next `count` windows after `t`, looked for over a little more than a year.
function nextTimes(r, t, count) {
  const out = [], start = minutesOf(r.from), minutes = (minutesOf(r.to) - start + 1440) % 1440;
  for (let day = dayOf(t); day < dayOf(t) + 400 && out.length < count; day++) {
    const from = startOfDay(day) + start * MINUTE;
    if (isOn(r, day) && from > t) out.push({ from, to: from + minutes * MINUTE });
  }
  return out;
}
