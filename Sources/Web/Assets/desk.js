"use strict";
// What the pages of the desk share, on top of parts.js: days of the utility, dialogs, fields, tables that become cards on a phone, CSV.
const MINUTE = 60000, HOUR = 3600000;
const D = () => W().desk;
SHAPES.cancelled = CROSS;

// Day numbers are days since 1970-01-01 in the utility's own time, as the service counts them.
const dayOf = t => Math.floor((+new Date(t) + page.offset * MINUTE) / DAY);
const startOfDay = day => day * DAY - page.offset * MINUTE;
const dateOf = day => { const d = new Date(day * DAY); return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate(), weekday: d.getUTCDay() }; };
const isoDay = day => new Date(day * DAY).toISOString().slice(0, 10);
const dayLabel = day => dayName(isoDay(day));
const clock = t => { const d = local(t); return `${d.getUTCHours()}:${two(d.getUTCMinutes())}`; };
// `11/27（金） 9:00–12:00`; what goes over several days names the last one too.
const span = (from, to) => dayOf(from) === dayOf(new Date(to) - 1) ? `${dayLabel(dayOf(from))} ${clock(from)}–${clock(to)}`
  : `${dayLabel(dayOf(from))} ${clock(from)} – ${dayLabel(dayOf(to))} ${clock(to)}`;
function zoneText() {
  const minutes = Math.abs(page.offset);
  return `UTC${page.offset < 0 ? "−" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

// The town's own time, which in a demonstration is not the wall's (townClock): from the newest reading of a list of sensors or meters.
function seeTown(list) {
  const times = list.map(x => Date.parse(x.lastSeen || x.time || "")).filter(t => !isNaN(t));
  if (times.length) townClock.see(times.reduce((a, b) => Math.max(a, b)));
}
const today = () => dayOf(townClock.now());

function bytes(n) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const i = Math.min(4, Math.floor(Math.log10(Math.max(1, n)) / 3)), v = n / 1000 ** i;
  return new Intl.NumberFormat(page.language, { style: "unit", unit: units[i], unitDisplay: "short", maximumFractionDigits: i && v < 10 ? 1 : 0 }).format(v);
}

// An element with attributes: make("th", { scope: "col", class: "x" }, …). What is null or false is left out; `on…` is a handler.
function make(tag, attributes, ...children) {
  const e = element(tag, attributes.class, ...children);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class" || value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) e[name] = value; else e.setAttribute(name, value === true ? "" : value);
  }
  return e;
}
// A button that opens something: it is not disabled meanwhile, so that it gets the keyboard back.
const press = (text, onclick, attributes = {}) => make("button", { type: "button", onclick, ...attributes }, text);

// A bar of 0…1 beside words that say the same.
const bar = (part, state = "") => svg("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", class: `gauge ${state}`, "aria-hidden": "true" },
  svg("rect", { class: "trough", width: 100, height: 8 }), svg("rect", { class: "fill", width: Math.max(0, Math.min(100, 100 * part)), height: 8 }));

// Several of a few, or one of them, as buttons that a finger finds: [[value, text]].
const marks = (name, options, { type = "checkbox", checked = [], onchange = null } = {}) => element("div", "choices", ...options.map(([value, text]) => {
  const input = make("input", { type, name, value, id: `${name}-${value}`, onchange });
  input.checked = checked.includes(value);
  return make("label", { class: "choice", for: input.id }, input, element("span", "", text));
}));
const checkedOf = (node, name) => [...node.querySelectorAll(`input[name="${name}"]:checked`)].map(i => i.value);
const valueOf = id => $(id).value.trim();

// ---- Dialogs

// Opens a dialog that is gone when it closes. The browser keeps the keyboard inside; afterwards it goes back to where it was, also when
// what was pressed has been drawn anew meanwhile (then by its id or its `data-key`).
let dialogs = 0;
function openDialog(title, ...content) {
  const head = withId(`dialog-${++dialogs}`, make("h2", { tabindex: "-1" }, title));
  const dialog = make("dialog", { "aria-labelledby": head.id }, element("div", "dialog-head", head, press("×", () => dialog.close(), { class: "close", "aria-label": W().close })), ...content);
  const before = document.activeElement, id = before && before.id, around = before && before.closest("[data-key]");
  dialog.addEventListener("close", () => {
    dialog.remove();
    const again = before.isConnected ? before : id ? $(id) : around && document.querySelector(`[data-key="${CSS.escape(around.dataset.key)}"] button`);
    (again || $("main")).focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  (dialog.querySelector("[data-first]") || head).focus();
  return dialog;
}

// A form in a dialog. `submit()` checks and sends; what it throws is said at the foot, and `error.field` gets the keyboard. Done, it closes.
function dialogForm(title, submitText, submit, ...children) {
  const f = form(`form-${dialogs + 1}`, submitText, async () => {
    for (const e of f.querySelectorAll("[aria-invalid]")) e.removeAttribute("aria-invalid");
    try {
      await submit();
    } catch (error) {
      if (error.field) {
        error.field.setAttribute("aria-invalid", "true");
        error.field.addEventListener("input", () => error.field.removeAttribute("aria-invalid"), { once: true });
        error.field.focus();
      }
      throw error;
    }
    dialog.close();
  }, ...children);
  f.classList.remove("card");
  f.querySelector(".send").append(press(W().cancel, () => dialog.close()));
  const dialog = openDialog(title, f);
  return dialog;
}
const wrong = (text, field) => Object.assign(new Error(text), { field });

// Asks before something that cannot be taken back. The way back has the keyboard.
function ask(title, text, yes, act) {
  const said = make("p", { class: "said", role: "status" });
  const go = button(yes, async () => {
    try { await act(); dialog.close(); } catch (error) { said.classList.add("bad"); say(said, error.message); }
  }, "danger");
  const dialog = openDialog(title, element("p", "", text), said, element("p", "send", go, press(W().cancel, () => dialog.close(), { "data-first": true })));
}

// What was just done, at the head of the page: for the eye and the ear.
const toldBox = () => withId("told", make("div", { role: "status", class: "told-line" }));
function tell(text, isBad = false) { $("told").replaceChildren(element("p", isBad ? "bad" : "", text)); }
// Runs what a button does, and says what came of it.
const doing = action => async () => { try { tell(await action()); } catch (error) { tell(error.message, true); } };

// ---- Tables that become cards on a phone

// As `table` of parts.js; on a phone each row is a card whose cells say of which column they are. The roles stay what they were.
function cards(caption, columns, rows, options = {}) {
  const box = table(caption, columns, rows, options);
  box.classList.add("cards");
  // On a phone what is not there takes no room.
  for (const e of box.querySelectorAll("td")) e.classList.toggle("nil", e.textContent === "–");
  // The last column holds buttons: paper needs none.
  if (columns.at(-1).isAction) box.classList.add("acts");
  for (const [selector, role] of [["table", "table"], ["thead, tbody", "rowgroup"], ["tr", "row"], ["thead th", "columnheader"], ["tbody th", "rowheader"], ["td", "cell"]]) {
    for (const e of box.querySelectorAll(selector)) e.setAttribute("role", role);
  }
  return box;
}

// All of a list, page by page; bounded, so that a fault of the service cannot hold the browser.
async function getAll(path) {
  const all = [];
  for (let at = path, n = 0; at && n < 100; n++) {
    const { items, next } = await getList(at);
    all.push(...items);
    at = next;
  }
  return all;
}

// ---- CSV

// Excel on a Japanese Windows knows UTF-8 by its mark. A text that Excel would take for a formula gets an apostrophe before it.
function csvText(rows) {
  const cell = v => {
    const text = v === null || v === undefined ? "" : typeof v === "string" && /^[=+\-@\t\r]/.test(v) ? "'" + v : String(v);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return "\ufeff" + rows.map(r => r.map(cell).join(",") + "\r\n").join("");
}
function saveFile(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
