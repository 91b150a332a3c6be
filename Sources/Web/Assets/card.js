"use strict";
// Name and settings of a meter, which an operator may change from the page. Used by the meter's page only.
function cardSection(onSaved) {
  const w = W().meter.card, details = withId("card-details", element("details", "", element("summary", "", w.edit),
    withId("card-box", element("div"))));
  // The meters that may be upstream are asked for when the form is opened first.
  details.ontoggle = async () => {
    if (!details.open || $("card-box").childElementCount) return;
    const o = await get("/api/v1/overview").catch(() => ({ meters: [] }));
    $("card-box").replaceChildren(cardForm(detail.card || {}, o.meters, onSaved));
  };
  return section("card", w.title, details);
}

function cardForm(card, meters, onSaved) {
  const w = W().meter.card, m = detail.meter, town = id.split("/")[0];
  const upstream = meters.filter(x => x.id !== id && x.id.split("/")[0] === town && x.unit === m.unit).map(x => [x.id, `${x.zoneName} ${x.name}`]);
  const reverse = card.reverseFlow === true ? "yes" : card.reverseFlow === false ? "no" : "file";
  const [low, high] = Array.isArray(card.range) ? card.range : [null, null];
  const input = { type: "number", step: "any", inputMode: "decimal" };
  return form("card", W().save, () => saveCard(onSaved), element("p", "faint", w.lead),
    element("div", "fields", field({ id: "card-name", label: w.name, value: card.name, placeholder: m.name, maxLength: 100 }),
      field({ id: "card-zone", label: w.zoneName, value: card.zoneName, placeholder: m.zoneName, maxLength: 100 })),
    element("div", "fields", field({ id: "card-leak", label: w.minimumLeak, value: card.minimumLeakM3h, min: 0, ...input }),
      field({ id: "card-interval", label: w.interval, value: card.intervalS, type: "number", min: 1, step: 1 }),
      field({ id: "card-low", label: `${w.low}（${unitName(m.unit)}）`, value: low, ...input }),
        field({ id: "card-high", label: `${w.high}（${unitName(m.unit)}）`, value: high, ...input })),
    element("div", "fields", field({ id: "card-reverse", label: w.reverse, type: "select", options: Object.entries(w.reverseOptions),
      value: reverse }),
      field({ id: "card-parent", label: w.parent, type: "select", options: [["", w.noParent], ...upstream], value: card.parent || "" })),
    element("div", "fields", field({ id: "card-note", label: w.note, value: card.note, maxLength: 1000 })));
}

async function saveCard(onSaved) {
  const text = name => $(`card-${name}`).value.trim() || null, figure = name => text(name) === null ? null : Number(text(name));
  const low = figure("low"), high = figure("high");
  if ((low === null) !== (high === null) || (low !== null && low >= high)) throw new Error(W().meter.card.badRange);
  await send(meterPath(id) + "/card", {
    name: text("name"), zoneName: text("zone"), minimumLeakM3h: figure("leak"), intervalS: figure("interval"),
      range: low === null ? null : [low, high],
    reverseFlow: { yes: true, no: false, file: null }[text("reverse")], parent: text("parent"), note: text("note"),
  });
  await onSaved();
  return W().meter.card.saved;
}
