"use strict";
// The volumes that were billed, month by month: the last 13 months with what was supplied and the revenue water ratio (有収率).
const billed = { months: [], mark: "" };

// The town whose volumes are shown: the chosen one, or the only one there is.
const billedTown = () => reports.town || (reports.towns.length === 1 ? reports.towns[0].id : "");

async function refreshBilled() {
  const w = W().reports, town = billedTown();
  if (!town) return $("billed").replaceChildren(element("p", "faint", reports.towns.length ? w.billedTown : W().none));
  const last = reports.now, first = last - 12, years = [...new Set([fiscalYear(first), fiscalYear(last)])];
  const [entered, ...annual] = await Promise.all([get(`/api/v1/billed?${new URLSearchParams({ from: monthCode(first), to: monthCode(last), municipality: town })}`),
    ...years.map(y => get(`/api/v1/reports/annual?${new URLSearchParams({ year: y, municipality: town })}`))]);
  const figures = new Map(annual.flatMap(r => r.months).map(m => [m.month, m.figures])), volumes = new Map(entered.map(b => [b.month, b.m3]));
  const months = Array.from({ length: 13 }, (_, i) => monthCode(last - i)).map(month => ({ month, billed: volumes.has(month) ? volumes.get(month) : null, figures: figures.get(month) || {} }));
  const mark = JSON.stringify([town, months]);
  if (mark === billed.mark) return;
  Object.assign(billed, { months, mark });
  drawBilled(town);
}

function drawBilled(town) {
  const w = W().reports, h = w.heads, m3 = v => isNumber(v) ? w.m3(whole(v)) : "–", mayEdit = may("write");
  const entry = m => {
    if (!mayEdit) return m3(m.billed);
    const text = monthText(monthOf(m.month));
    return make("input", { id: `billed-${m.month}`, inputmode: "decimal", autocomplete: "off", "aria-label": w.billedField(text), value: m.billed === null ? null : String(m.billed) });
  };
  const table = cards(w.billedTitle, [
    { head: h.month, isHead: true, cell: m => monthText(monthOf(m.month)) }, { head: h.supplied, isNumber: true, cell: m => m3(m.figures.supplied) }, { head: h.billed, isNumber: true, cell: entry },
    { head: h.ratio, isNumber: true, cell: m => isNumber(m.figures.revenueShare) ? w.percent(number(100 * m.figures.revenueShare)) : "–" }, { head: h.nonRevenue, isNumber: true, cell: m => m3(m.figures.nonRevenue) },
  ], billed.months, { key: m => `month-${m.month}`, hidesCaption: true });
  table.classList.add("billed");
  if (!mayEdit) return $("billed").replaceChildren(table);
  const f = form("billed-form", w.billedSave, () => saveBilled(town), table, personField("billed-by", D().person));
  f.classList.remove("card");
  $("billed").replaceChildren(f);
}

// Only what was changed is sent; what was emptied is taken away.
async function saveBilled(town) {
  const w = W().reports, changed = [];
  for (const m of billed.months) {
    const input = $(`billed-${m.month}`), text = input.value.trim().normalize("NFKC").replaceAll(",", ""), v = text === "" ? null : Number(text);
    input.removeAttribute("aria-invalid");
    if (v !== null && !(isFinite(v) && v >= 0)) {
      input.setAttribute("aria-invalid", "true");
      input.focus();
      throw new Error(w.billedBad);
    }
    if (v !== m.billed) changed.push({ month: m.month, m3: v });
  }
  if (!changed.length) return w.billedSame;
  for (const c of changed) await send("/api/v1/billed", { municipality: town, ...c, by: person.name });
  tell(w.billedDone(changed.length));
  await refreshReports();
  return w.billedDone(changed.length);
}
