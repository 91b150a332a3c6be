"use strict";
// The month: a table on a screen, a list by day on a phone. Both hold the same buttons.
const workBadge = state => badge(state, W().works.state[state] || state);
const workName = w => w.recurring || w.note || placeNames(w);
const placeNames = w => {
  const names = [...new Set(w.names)];
  return D().list(names.slice(0, 2)) + (names.length > 2 ? ` +${names.length - 2}` : "");
};
const workKey = w => [w.from, w.to, w.by, w.note, w.recurring, w.sensors[0]].join("|");

// A work stands on the day it begins, and on the days after it as long as it lasts a whole day: a night is told once.
function worksOn(windows, day) {
  return windows.filter(w => {
    const first = dayOf(w.from), last = dayOf(new Date(w.to) - 1);
    return day === first || day > first && day <= last && new Date(w.to) - new Date(w.from) >= DAY;
  });
}

function workButton(w, day) {
  const [first, last] = [dayOf(w.from), dayOf(new Date(w.to) - 1)], short = t => `${W().shortDate(dateOf(dayOf(t)).month, dateOf(dayOf(t)).day)} ${clock(t)}`;
  const when = first !== day ? W().works.until(short(w.to)) : first === last || new Date(w.to) - new Date(w.from) < DAY ? `${clock(w.from)}–${clock(w.to)}` : W().works.onwards(clock(w.from));
  const b = make("button", { type: "button", class: `work work-${w.state}`, onclick: () => showWork(w) }, workBadge(w.state),
    element("b", "", when), element("span", "work-name", workName(w)), element("small", "", W().works.nMeters(w.sensors.length)));
  b.dataset.key = workKey(w);
  return b;
}

// The weeks that hold the month, as rows of day numbers.
function weeksOf(year, month) {
  const first = Date.UTC(year, month - 1, 1) / DAY, last = Date.UTC(year, month, 0) / DAY, weeks = [];
  for (let day = first - (dateOf(first).weekday - D().firstWeekday + 7) % 7; day <= last; day += 7) weeks.push([0, 1, 2, 3, 4, 5, 6].map(i => day + i));
  return weeks;
}

const weekdayClass = weekday => weekday === 0 ? "sunday" : weekday === 6 ? "saturday" : "";

function dayCell(windows, day, month) {
  const d = dateOf(day), on = worksOn(windows, day), isToday = day === today(), shown = on.length > 3 ? on.slice(0, 2) : on;
  const number = may("write") ? press(String(d.day), () => openOnce(day), { class: "day-number", id: `day-${day}`, tabindex: "-1", "data-day": day, "aria-label": W().works.addOn(dayLabel(day)) })
    : element("span", "day-number", String(d.day));
  if (isToday) number.setAttribute("aria-current", "date");
  const rest = on.length - shown.length;
  return make("td", { class: `${d.month === month ? "" : "outside"} ${isToday ? "today" : ""} ${weekdayClass(d.weekday)}` }, number, ...shown.map(w => workButton(w, day)),
    rest ? press(W().works.moreOfDay(rest), () => showDay(day, on), { class: "rest" }) : null);
}

function calendarTable(windows, year, month) {
  const order = [0, 1, 2, 3, 4, 5, 6].map(i => (i + D().firstWeekday) % 7);
  const head = element("tr", "", ...order.map(i => make("th", { scope: "col", class: weekdayClass(i) }, W().weekdays[i])));
  const table = element("table", "calendar", element("caption", "hidden", W().month(year, month)), element("thead", "", head),
    element("tbody", "", ...weeksOf(year, month).map(week => element("tr", "", ...week.map(day => dayCell(windows, day, month))))));
  table.addEventListener("keydown", moveDay);
  const days = [...table.querySelectorAll("button.day-number")];
  const start = days.find(b => b.hasAttribute("aria-current")) || days.find(b => !b.closest(".outside"));
  if (start) start.tabIndex = 0;
  return table;
}

// The days are one stop of the Tab key; arrows go from day to day, Page Up and Down from month to month.
function moveDay(event) {
  const from = event.target.closest("button.day-number");
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key] || 0, turn = { PageUp: -1, PageDown: 1 }[event.key] || 0;
  if (!from || !step && !turn) return;
  event.preventDefault();
  const wanted = Number(from.dataset.day) + step, isShown = !turn && $(`day-${wanted}`);
  if (isShown) return focusDay(wanted);
  turnMonth(turn || Math.sign(step)).then(() => focusDay(turn ? null : wanted)).catch(() => showLine(null));
}

function focusDay(day) {
  const all = [...document.querySelectorAll("button.day-number")];
  const to = all.find(b => Number(b.dataset.day) === day) || all.find(b => !b.closest(".outside"));
  if (!to) return;
  for (const b of all) b.tabIndex = b === to ? 0 : -1;
  to.focus();
}

// On a phone: the days that have something, and today; what is over in this month comes last.
function dayList(windows, year, month) {
  const first = Date.UTC(year, month - 1, 1) / DAY, last = Date.UTC(year, month, 0) / DAY, now = today(), items = [], past = [];
  for (let day = first; day <= last; day++) {
    const on = worksOn(windows, day);
    if (!on.length && day !== now) continue;
    (day < now && now <= last ? past : items).push(element("li", day === now ? "today" : "", element("h3", weekdayClass(dateOf(day).weekday), dayLabel(day) + (day === now ? W().works.todayMark : "")),
      ...(on.length ? on.map(w => workButton(w, day)) : [element("p", "faint", W().none)])));
  }
  const earlier = past.length ? element("details", "earlier", element("summary", "", W().works.earlier(past.length)), element("ul", "", ...past)) : null;
  return element("div", "day-list", items.length ? element("ul", "", ...items) : earlier ? null : element("p", "faint", W().works.emptyMonth), earlier);
}
