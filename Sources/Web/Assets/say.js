"use strict";
// What people say of a meter, and what the detector thought at a moment. Used by the meter's page only.
const CHOICES = ["acknowledged", "in_progress", "repaired", "false_alarm", "accept_as_normal", "planned_work"];
const chosen = () => document.querySelector("#choices input:checked")?.value;

// datetime-local has no zone: what is typed is the utility's time, which the server takes it for.
const typed = t => { const d = local(t); return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}T${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`; };
const untyped = text => Date.parse(text + "Z") - page.offset * 60000;

const person = {
  get name() { try { return localStorage.getItem("person") || ""; } catch { return ""; } },
  set name(value) { try { localStorage.setItem("person", value); } catch { /* nothing to do */ } },
};

function startSaying() {
  const w = W().say;
  say($("say-title"), w.title);
  for (const key of ["from", "to", "person", "note"]) say($(key + "-label"), w[key]);
  say($("send"), w.send);
  say($("moment-title"), w.moment);
  say($("at-label"), w.at);
  say($("look"), w.look);
  // Who is logged in needs no name; who may only look records nothing.
  const { name, scopes } = session.now;
  $("person").closest("label").hidden = Boolean(name);
  $("person").value = name ? "" : person.name;
  $("record").closest("section").querySelector("form").hidden = !scopes.includes("write");
  $("choices").replaceChildren(...CHOICES.map(code => {
    const input = element("input");
    Object.assign(input, { type: "radio", name: "action", value: code, id: "choice-" + code });
    input.onchange = showChoice;
    const label = element("label", "choice", input, element("span", "", w.actions[code]));
    label.htmlFor = input.id;
    return label;
  }));
  showChoice();
  $("record").onsubmit = event => { event.preventDefault(); send().catch(() => say($("said"), w.failed)); };
  $("moment").onsubmit = event => { event.preventDefault(); if ($("at").value) look(untyped($("at").value)); };
}

function showChoice() {
  const code = chosen();
  $("period").hidden = code !== "planned_work";
  $("send").disabled = !code;
  say($("meaning"), code ? W().say.meaning[code] : W().say.choose);
}

async function send() {
  const w = W().say, code = chosen();
  const body = { action: code, by: $("person").value.trim(), note: $("note").value.trim() };
  if (code === "planned_work") Object.assign(body, { from: $("from").value, to: $("to").value });
  else if (detail && detail.meter.event) body.event = detail.meter.event.key;
  if (!session.now.name) person.name = body.by;
  $("send").disabled = true;
  say($("said"), w.sending);
  const answer = await post(base + "/actions", body);
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    say($("said"), reason(problem, w.failed));
    return showChoice();
  }
  say($("said"), w.done(w.actions[code]));
  $("note").value = "";
  for (const input of document.querySelectorAll("#choices input")) input.checked = false;
  showChoice();
  await refresh();
}

function describeActions() {
  const w = W().say;
  fill($("actions"), detail.actions.map(a => ({ key: String(a.id), a })), ({ a }) => element("li", "",
    element("p", "event-title", `${w.actions[a.action] || a.action}　${time(a.time)}${a.by ? "　" + a.by : ""}`),
    a.from ? element("p", "", `${time(a.from)} – ${time(a.to)}`) : null, a.note ? element("p", "", a.note) : null));
}

function lookAt(t) {
  $("at").value = typed(+t);
  look(+t);
}

let looked = 0;
async function look(t) {
  const mine = ++looked, w = W().say;
  $("judgement").replaceChildren(element("p", "", w.looking));
  const answer = await fetch(`${base}/explain?at=${Math.round(t)}`).catch(() => null);
  const found = answer ? await answer.json().catch(() => null) : null;
  if (mine !== looked) return;
  if (!found || !answer.ok) {
    return $("judgement").replaceChildren(element("p", "", reason(found, w.failed)));
  }
  $("judgement").replaceChildren(...momentParts(found));
}

function table(caption, heads, rows) {
  const head = element("tr", "", ...heads.map(h => { const th = element("th", "", h); th.scope = "col"; return th; }));
  return element("table", "numbers", element("caption", "", caption), element("thead", "", head),
    element("tbody", "", ...rows.map(({ cells, mark }) => {
      const th = element("th", "", cells[0]);
      th.scope = "row";
      return element("tr", mark || "", th, ...cells.slice(1).map(c => element("td", "", c)));
    })));
}

function momentParts(m) {
  const w = W(), s = w.say, unit = detail.meter.unit;
  const has = (name, v) => isNumber(v) ? pair(name, flow(v, unit)) : null;
  const state = w.kinds[m.state] || w.state[m.state] || m.state;
  const facts = element("dl", "figures",
    pair(s.reading, flow(m.value, unit) + s.aside(time(m.time))), has(w.leak.expected, m.expected),
    isNumber(m.low) ? pair(w.range, `${number(m.low)}–${number(m.high)} ${unitName(unit)}`) : null,
    pair(s.state, m.state === "learning" ? w.learning(m.learnedDays, m.learningDays) : state),
    isNumber(m.leakExcess) ? pair(w.leak.size, s.sizeSince(w.more(number(m.leakExcess), unitName(unit), null), time(m.leakOnset))) : null,
    has(w.mean, m.meanFlow), has(w.night, m.nightMinimum), has(w.nightReference, m.nightReference),
    pair(w.suspended, m.isLearningSuspended ? w.suspendedYes : w.suspendedNo),
    pair(s.factor, number(m.thresholdFactor) + (m.falseAlarms ? s.aside(w.raised(whole(100 * (m.feedbackFactor - 1)), m.falseAlarms)) : "")));
  const statistics = table(s.statistics, [s.statistic, s.value, s.threshold], m.statistics.map(x => (
    { cells: [statisticName(x.name), number(x.value), number(x.threshold) + (x.value > x.threshold ? " " + s.above : "")], mark: x.value > x.threshold ? "above" : "" })));
  const baseline = m.baseline.length ? table(s.baseline, [s.hour, w.leak.expected, s.low, s.high],
    m.baseline.map((b, h) => ({ cells: [s.oclock(h), ...b.map(number)] }))) : null;
  return [facts, element("div", "tables", statistics, baseline)];
}
