"use strict";
// What pages are built of: elements, lists that keep the keyboard's place, badges, tables, fields, lists that go on, small drawings.
// Data become text nodes and attributes only, never markup.

function element(tag, className, ...children) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  for (const c of children) if (c !== null && c !== undefined) e.append(c);
  return e;
}

function svg(tag, attributes, ...children) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) e.setAttribute(name, value);
  for (const c of children) if (c !== null && c !== undefined) e.append(c);
  return e;
}

function link(href, className, ...children) {
  const a = element("a", className, ...children);
  a.href = href;
  return a;
}

// A button that runs `action`; while it runs it cannot be pressed again.
function button(text, action, className = "") {
  const b = element("button", className, text);
  b.type = "button";
  b.onclick = async () => {
    b.disabled = true;
    try { await action(b); } finally { b.disabled = false; }
  };
  return b;
}

// A part of a page under its own heading. `id` is that of the heading's text; what is put into it follows the heading.
function section(id, title, ...children) {
  const heading = element("h2", "", title);
  heading.id = `${id}-title`;
  const s = element("section", "", heading, ...children);
  s.id = `${id}-part`;
  s.setAttribute("aria-labelledby", heading.id);
  return s;
}
function withId(id, e) { e.id = id; return e; }

// Writes only what changed: a screen reader must not hear the same again, and the keyboard's place must not be lost.
function say(node, text) { if (node.textContent !== text) node.textContent = text; }

// Makes the children of `list` those of `items` (each with a unique `key`), building anew only what changed. Focus stays.
function fill(list, items, make) {
  const old = new Map([...list.children].map(c => [c.dataset.key, c]));
  items.forEach((item, n) => {
    const mark = JSON.stringify(item);
    let node = old.get(item.key);
    old.delete(item.key);
    if (!node || node.mark !== mark) {
      const fresh = make(item);
      fresh.dataset.key = item.key;
      fresh.mark = mark;
      const hadFocus = node && node.contains(document.activeElement);
      if (node) node.replaceWith(fresh);
      node = fresh;
      if (hadFocus) (node.querySelector("a, button") || node).focus();
    }
    if (list.children[n] !== node) {
      const hadFocus = node.contains(document.activeElement);
      list.insertBefore(node, list.children[n] || null);
      if (hadFocus) (node.querySelector("a, button") || node).focus();
    }
  });
  for (const node of old.values()) node.remove();
}

// ---- Badges: a shape and a word for each state, so that colour is never the only sign

const CIRCLE = "M8 0a8 8 0 1 0 .01 0z", TRIANGLE = "M8 0l8 15H0z", CROSS = "M2 0l6 6 6-6 2 2-6 6 6 6-2 2-6-6-6 6-2-2 6-6-6-6z";
const SHAPES = {
  leak: TRIANGLE, attention: "M8 0l8 8-8 8-8-8z", offline: CROSS, learning: "M8 0a8 8 0 1 0 8 8h-3a5 5 0 1 1-5-5z", normal: CIRCLE,
  // Of deliveries, windows of work, sensors …: the same few shapes in the same few colours.
  done: "M1 8l2.500-2.500L6.500 8.500 12.500 2 15 4.500l-8.500 9z", waiting: "M8 0a8 8 0 1 0 .01 0zM7 3h2v5l3 2-1 1.700L7 9z", failed: TRIANGLE, off: CROSS,
  planned: "M0 2h16v13H0zM2 6v7h12V6z", active: "M3 1l11 7-11 7z", ended: "M2 2h12v12H2z",
};
// `state` is one of SHAPES, and the class of its colour.
function badge(state, text) {
  return element("span", `badge ${state}`, svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: SHAPES[state] || CIRCLE, "fill-rule": "evenodd" })), text);
}
const stateText = m => m.state === "learning" && isNumber(m.learnedDays) ? W().learning(m.learnedDays, m.learningDays) : W().state[m.state];
const stateBadge = m => badge(m.state, stateText(m));

// ---- Tables and figures

// A table that scrolls inside itself where it is too wide.
// - caption: what it shows; columns: [{ head, cell: row => text or node, isNumber, isHead }]; options: { key: row => id, mark: row => class }
function table(caption, columns, rows, options = {}) {
  const isHead = c => c.isHead || (!columns.some(d => d.isHead) && c === columns[0]);
  const head = element("tr", "", ...columns.map(c => {
    const th = element("th", c.isNumber ? "number" : "", c.head);
    th.scope = "col";
    return th;
  }));
  const body = element("tbody", "", ...rows.map(row => tableRow(columns, row, isHead, options)));
  const t = element("table", "numbers", element("caption", options.hidesCaption ? "hidden" : "", caption), element("thead", "", head), body);
  const box = element("div", "scroll", t);
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", caption);
  return box;
}
function tableRow(columns, row, isHead, options) {
  const tr = element("tr", options.mark ? options.mark(row) : "", ...columns.map(c => {
    const cell = element(isHead(c) ? "th" : "td", c.isNumber ? "number" : "");
    if (isHead(c)) cell.scope = "row";
    // On a phone a row may stand as a card: each cell then says of which column it is.
    cell.dataset.head = c.head;
    const content = c.cell(row);
    if (content !== null && content !== undefined) cell.append(content);
    return cell;
  }));
  if (options.key) tr.dataset.key = options.key(row);
  return tr;
}

// One figure of a <dl class="figures">.
function pair(name, ...value) { return element("div", "", element("dt", "", name), element("dd", "", ...value)); }
function figures(...pairs) { return element("dl", "figures", ...pairs); }

// ---- Fields

// A labelled input: { id, label, type, value, options: [[value, text]], hint, … } where the rest are properties of the input itself.
// Gives the label; the input is found by its id.
function field({ id, label, type = "text", value, options, hint, ...rest }) {
  const input = element(type === "select" ? "select" : type === "textarea" ? "textarea" : "input");
  if (type !== "select" && type !== "textarea") input.type = type;
  for (const [v, text] of options || []) {
    const option = element("option", "", text);
    option.value = v;
    input.append(option);
  }
  Object.assign(input, { id }, rest);
  if (type === "checkbox") input.checked = Boolean(value);
  else if (value !== undefined && value !== null) input.value = value;
  const text = element("span", "", label), box = element("label", type === "checkbox" ? "check" : "field");
  box.htmlFor = id;
  box.append(...(type === "checkbox" ? [input, text] : [text, input]));
  if (hint) {
    const small = withId(`${id}-hint`, element("small", "", hint));
    input.setAttribute("aria-describedby", small.id);
    box.append(small);
  }
  return box;
}
function fieldset(legend, ...children) { return element("fieldset", "", element("legend", "", legend), ...children); }

// One of several, as large buttons: [[value, text]]. The chosen one is the checked radio button of that name.
function choices(name, label, options, onChange) {
  const box = element("div", "choices", ...options.map(([value, text]) => {
    const input = withId(`choice-${value}`, element("input"));
    Object.assign(input, { type: "radio", name, value, onchange: onChange });
    const l = element("label", "choice", input, element("span", "", text));
    l.htmlFor = input.id;
    return l;
  }));
  box.setAttribute("role", "radiogroup");
  box.setAttribute("aria-label", label);
  return box;
}

// A form that sends itself: `submit()` does the work and may give the text that tells of success; its error's message is said.
// The last child is the line with the button and the status.
function form(id, submitText, submit, ...children) {
  const go = element("button", "primary", submitText), said = element("span", "said");
  said.setAttribute("role", "status");
  const f = withId(id, element("form", "card", ...children, element("p", "send", go, said)));
  f.noValidate = true;
  f.onsubmit = async event => {
    event.preventDefault();
    go.disabled = true;
    say(said, "…");
    said.classList.remove("bad");
    try { say(said, (await submit()) || W().saved); } catch (error) {
      said.classList.add("bad");
      say(said, error.message || W().failed);
    } finally { go.disabled = false; }
  };
  return f;
}

// A person's name, kept for the next time; who is logged in needs none.
const person = {
  get name() { return (session.now && session.now.name) || stored.get("person") || ""; },
  set name(value) { stored.set("person", value); },
};
const personField = (id, label) => {
  const f = field({ id, label, value: person.name, maxLength: 100, autocomplete: "name", onchange: e => { person.name = e.target.value.trim(); } });
  f.hidden = Boolean(session.now && session.now.name);
  return f;
};

// ---- Lists that go on

// Fills `list` from `path`, page by page: { list, path, make: item => node with dataset.key, none: text }. `more` is the button below.
// `load(path)` begins anew, e.g. with another filter.
function goOn({ list, make, none }) {
  let next = null, asked = 0;
  const more = button(W().more, () => add(next), "more");
  more.hidden = true;
  async function add(path, isFirst) {
    const mine = ++asked, found = await getList(path);
    if (mine !== asked) return;
    const nodes = found.items.map(make);
    if (isFirst) list.replaceChildren(...(nodes.length || !none ? nodes : [element(list.tagName === "TBODY" ? "tr" : "li", "none", list.tagName === "TBODY" ? element("td", "", none) : none)]));
    else list.append(...nodes);
    next = found.next;
    more.hidden = !next;
  }
  return { more, load: path => add(path, true) };
}

// ---- Small drawings

// A line of a few values (null = a gap, where the line is broken), the reference dashed, the last value as a dot.
// Says itself in words, since a drawing alone tells a screen reader nothing.
function sparkline(values, { reference = null, label = "", width = 112, height = 28 } = {}) {
  const known = values.filter(isNumber);
  const box = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "spark", role: "img", "aria-label": label, width, height });
  if (!known.length) return box;
  const all = isNumber(reference) ? [...known, reference] : known;
  const low = Math.min(...all), high = Math.max(...all), span = Math.max(high - low, 0.15 * Math.abs(high), 1e-9), pad = 4;
  const x = n => pad + n * (width - 2 * pad) / Math.max(1, values.length - 1);
  const y = v => height - pad - (v - (low + high - span) / 2) / span * (height - 2 * pad);
  if (isNumber(reference)) box.append(svg("line", { class: "reference", x1: pad, x2: width - pad, y1: y(reference).toFixed(1), y2: y(reference).toFixed(1) }));
  let d = "";
  values.forEach((v, n) => { if (isNumber(v)) d += `${isNumber(values[n - 1]) ? "L" : "M"}${x(n).toFixed(1)} ${y(v).toFixed(1)}`; });
  box.append(svg("path", { d }));
  const last = values.findLastIndex(isNumber);
  box.append(svg("circle", { cx: x(last).toFixed(1), cy: y(values[last]).toFixed(1), r: 2.5 }));
  return box;
}

// The step 0…7 of a value against what is usual: 2 is usual (within a tenth), 7 is twice that or more. Null where there is nothing to compare.
const HEAT_STEPS = [0.75, 0.9, 1.1, 1.2, 1.35, 1.6, 2];
function heatStep(value, reference) {
  if (!isNumber(value) || !isNumber(reference) || reference <= 0) return null;
  const n = HEAT_STEPS.findIndex(limit => value / reference < limit);
  return n < 0 ? HEAT_STEPS.length : n;
}

// What to do about an event that is open: as its last message says, or as is usual for its kind. Null where there is nothing.
function nextStep(event) {
  const said = (event.text[page.language] || event.text.ja).split("\n").map(l => /^(?:次にすること|Next)[:：]\s*(.*)/.exec(l)).find(Boolean);
  return !event.isOpen ? null : said ? said[1] : W().nextSteps[event.kind] || null;
}

// One thing that happened, as an item of a list.
function eventItem(event, withPlace) {
  const [title, ...rest] = (event.text[page.language] || event.text.ja).split("\n");
  const head = element("p", "event-title", isMeter(event.sensor) ? link(eventLink(event.key), "", title) : title);
  if (event.isOpen) head.append(element("span", "open-mark", W().open));
  const item = element("li", event.isOpen ? (event.isLeak ? "open leak" : "open") : "", head, element("p", "", rest.join("\n")));
  if (withPlace && isMeter(event.sensor)) item.append(element("p", "where", link(meterLink(event.sensor), "", `${event.zoneName} ${event.name}`)));
  return item;
}
