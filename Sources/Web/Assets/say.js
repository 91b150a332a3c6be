"use strict";
// What people say of a meter or of one of its events: the form, and what was said so far. Used by the pages of a meter and of an event.
const CHOICES = ["acknowledged", "in_progress", "repaired", "false_alarm", "accept_as_normal", "planned_work"];
const chosen = () => document.querySelector("#choices input:checked")?.value;

// - subject(): { sensor, event (key or null), onset (ms or null) }; onSaid: called when something was recorded.
function recordSection(subject, onSaid) {
  const w = W().say, meaning = withId("meaning", element("p", "meaning", w.choose));
  const period = withId("period", element("div", "fields", field({ id: "from", label: w.from, type: "datetime-local" }),
    field({ id: "to", label: w.to, type: "datetime-local" })));
  period.hidden = true;
  const buttons = choices("action", w.title, CHOICES.map(code => [code, W().actions[code]]), () => {
    const code = chosen();
    period.hidden = code !== "planned_work";
    say(meaning, w.meaning[code]);
    // Work that explains this event: from its onset until now, as a first guess.
    if (code === "planned_work" && !$("from").value && subject().onset) {
      $("from").value = typed(subject().onset);
      $("to").value = typed(townClock.now());
    }
  });
  buttons.id = "choices";
  const record = form("record", w.send, () => sendRecord(subject(), onSaid), buttons, meaning, period,
    element("div", "fields", personField("person", w.person), field({ id: "note", label: w.note, maxLength: 1000 })));
  return section("say", w.title, may("write") ? record : element("p", "faint", w.onlyLook), element("h3", "", w.said),
    withId("actions", element("ul", "events")));
}

async function sendRecord({ sensor, event }, onSaid) {
  const w = W().say, code = chosen();
  if (!code) throw new Error(w.choose);
  const body = { action: code, by: $("person").value.trim(), note: $("note").value.trim() };
  if (code === "planned_work") Object.assign(body, { from: $("from").value, to: $("to").value });
  else if (event) body.event = event;
  await send(meterPath(sensor) + "/actions", body);
  $("note").value = $("from").value = $("to").value = "";
  for (const input of document.querySelectorAll("#choices input")) input.checked = false;
  $("period").hidden = true;
  say($("meaning"), w.choose);
  await onSaid();
  return w.done(W().actions[code]);
}

function describeActions(actions) {
  fill($("actions"), actions.length ? actions.map(a => ({ key: String(a.id), a })) : [{ key: "none" }],
    ({ a }) => !a ? element("li", "none", W().say.noneSaid) : element("li", "",
    element("p", "event-title", `${W().actions[a.action] || a.action}　${time(a.time)}${a.by ? "　" + a.by : ""}`),
    a.from ? element("p", "", `${time(a.from)} – ${time(a.to)}`) : null, a.note ? element("p", "", a.note) : null));
}
