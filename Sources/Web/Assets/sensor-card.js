"use strict";
// The settings of one sensor, as far as the page may change them. Empty = as the settings file says, which stands below each field.
function editCard(s) {
  const w = W().sensors.card, card = s.card || {}, file = s.file || {};
  const said = (v, text = String) => v === null || v === undefined || v === "" ? w.fileNone : w.file(text(v));
  const one = (key, id, label, rest = {}) => field({ id, label, value: card[key], placeholder: file[key] ?? "", hint: said(file[key]), ...rest });
  const isFlow = s.quantity === "flow" || s.quantity === "total";
  const decimal = { inputMode: "decimal", autocomplete: "off" };
  const range = file.range ? file.range.map(number).join("–") : null;
  dialogForm(w.title(s.name), W().save, () => saveCard(s, isFlow), element("p", "lead", w.lead),
    element("div", "fields", one("name", "card-name", w.name, { maxLength: 100 }), one("zoneName", "card-zone", w.zoneName, { maxLength: 100 })),
    element("div", "fields", isFlow ? one("minimumLeakM3h", "card-leak", w.minimumLeak, decimal) : null, one("intervalS", "card-interval", w.interval, { inputMode: "numeric", autocomplete: "off", hint: file.intervalS ? said(file.intervalS, v => W().sensors.wide(v)) : w.learnt })),
    element("div", "fields", field({ id: "card-low", label: w.low, value: card.range ? card.range[0] : "", placeholder: file.range ? file.range[0] : "", hint: said(range), ...decimal }),
      field({ id: "card-high", label: w.high, value: card.range ? card.range[1] : "", placeholder: file.range ? file.range[1] : "", hint: said(range), ...decimal })),
    isFlow ? element("div", "fields", field({ id: "card-reverse", label: w.reverse, type: "select", value: card.reverseFlow === true ? "yes" : card.reverseFlow === false ? "no" : "", hint: said(file.reverseFlow, v => v ? w.allowed : w.denied),
      options: [["", w.unset], ["yes", w.allowed], ["no", w.denied]] }),
    field({ id: "card-parent", label: w.parent, type: "select", value: card.parent || "", hint: said(file.parent, v => (sensors.all.find(x => x.id === v) || { name: v }).name), options: [["", w.unset], ...upstreamOf(s, card.parent)] })) : null,
    field({ id: "card-note", label: w.note, type: "textarea", value: card.note || "", maxLength: 1000 }));
}

// Who can be upstream: the other flow meters of the same town. What is set stays a choice even when it is not there any more.
function upstreamOf(s, present) {
  const others = sensors.all.filter(x => x.id !== s.id && x.municipality === s.municipality && (x.quantity === "flow" || x.quantity === "total") && x.id.split("/")[2] !== "net");
  const list = others.map(x => [x.id, `${x.zoneName} ${x.name}`]).sort((a, b) => a[1].localeCompare(b[1], page.language));
  return present && !others.some(x => x.id === present) ? [[present, present], ...list] : list;
}

// A number as people type it: full-width digits and a comma for thousands are understood. Null when nothing stands there.
function typedNumber(id, refusal, isRight = () => true) {
  const text = valueOf(id).normalize("NFKC").replaceAll(",", "");
  if (!text) return null;
  const v = Number(text);
  if (!isFinite(v) || !isRight(v)) throw wrong(refusal, $(id));
  return v;
}

async function saveCard(s, isFlow) {
  const w = W().sensors.card, text = id => valueOf(id) || null;
  const [low, high] = [typedNumber("card-low", w.badNumber), typedNumber("card-high", w.badNumber)];
  if ((low === null) !== (high === null) || low !== null && low >= high) throw wrong(w.badRange, $(low === null ? "card-low" : "card-high"));
  await send(`/api/v1/meters/${s.id.split("/").map(encodeURIComponent).join("/")}/card`, {
    name: text("card-name"), zoneName: text("card-zone"), note: text("card-note"), range: low === null ? null : [low, high],
    minimumLeakM3h: isFlow ? typedNumber("card-leak", w.badLeak, v => v > 0) : null, intervalS: typedNumber("card-interval", w.badInterval, v => Number.isInteger(v) && v >= 1),
    reverseFlow: isFlow && valueOf("card-reverse") ? valueOf("card-reverse") === "yes" : null, parent: isFlow ? text("card-parent") : null,
  });
  tell(w.done(text("card-name") || s.name));
  sensors.mark = null;
  await refreshSensors();
}
