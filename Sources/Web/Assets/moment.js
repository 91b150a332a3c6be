"use strict";
// What the detector thought of a meter at a moment. Used by the meter's page only.
const statisticName = name => W().meter.statistics[name] || (/^shift_\d+h$/.test(name) ? W().meter.shift(lasts(Number(name.slice(6,
  -1)) * 3600000)) : name);

function momentSection(unit) {
  const w = W().meter.moment, f = withId("moment", element("form", "fields card",
    field({ id: "at", label: w.at, type: "datetime-local", required: true }), withId("look", element("button", "", w.look))));
  f.onsubmit = event => { event.preventDefault(); if ($("at").value) look(untyped($("at").value), unit()); };
  const judgement = withId("judgement", element("div"));
  judgement.setAttribute("role", "status");
  return section("moment", w.title, f, judgement);
}

function lookAt(t, unit) {
  $("at").value = typed(+t);
  look(+t, unit);
}

let looked = 0;
async function look(t, unit) {
  const mine = ++looked;
  $("judgement").replaceChildren(element("p", "", W().meter.moment.looking));
  try {
    const found = await get(`${meterPath(id)}/explain?at=${Math.round(t)}`);
    if (mine === looked) $("judgement").replaceChildren(...momentParts(found, unit));
  } catch (error) {
    if (mine === looked) $("judgement").replaceChildren(element("p", "bad", reason(error.problem, W().failed)));
  }
}

function momentParts(m, unit) {
  const w = W().meter, s = w.moment, has = (name, v) => isNumber(v) ? pair(name, flow(v, unit)) : null;
  const state = W().kinds[m.state] || W().state[m.state] || m.state;
  const facts = figures(
    pair(s.reading, flow(m.value, unit) + W().aside(time(m.time))), has(s.expected, m.expected),
    isNumber(m.low) ? pair(w.range, `${number(m.low)}–${number(m.high)} ${unitName(unit)}`) : null,
    pair(s.state, m.state === "learning" ? W().learning(m.learnedDays, m.learningDays) : state),
    isNumber(m.leakExcess) ? pair(w.leak.size, s.sizeSince(w.more(number(m.leakExcess), unitName(unit), null), time(m.leakOnset))) : null,
    has(w.mean, m.meanFlow), has(w.night, m.nightMinimum), has(w.nightReference, m.nightReference),
    pair(w.suspended, m.isLearningSuspended ? w.suspendedYes : w.suspendedNo),
    pair(s.factor, number(m.thresholdFactor) + (m.falseAlarms ? W().aside(w.raised(whole(100 * (m.feedbackFactor - 1)), m.falseAlarms)) : "")));
  const isAbove = x => x.value > x.threshold;
  const statistics = table(s.statistics, [{ head: s.statistic, cell: x => statisticName(x.name) },
    { head: s.value, isNumber: true, cell: x => number(x.value) },
    { head: s.threshold, isNumber: true, cell: x => number(x.threshold) + (isAbove(x) ? " " + s.above : "") }], m.statistics,
      { mark: x => isAbove(x) ? "above" : "" });
  const baseline = m.baseline.length ? table(s.baseline, [{ head: s.hour, cell: x => s.oclock(x.h) },
    ...[s.expected, s.low, s.high].map((head, n) => ({ head, isNumber: true, cell: x => number(x.b[n]) }))],
      m.baseline.map((b, h) => ({ b, h }))) : null;
  return [facts, element("div", "tables", statistics, baseline)];
}
