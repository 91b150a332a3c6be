"use strict";
// What both pages need: language, times in the utility's own offset, small DOM helpers, the live stream.
const page = { language: null, offset: 540 };
const W = () => WORDS[page.language];
const $ = id => document.getElementById(id);

// A browser may refuse storage: then the choice lasts for the page.
const stored = {
  get language() { try { return localStorage.getItem("language"); } catch { return null; } },
  set language(value) { try { localStorage.setItem("language", value); } catch { /* nothing to do */ } },
};

function chooseLanguage(fallback) {
  const asked = new URLSearchParams(location.search).get("lang");
  if (WORDS[asked]) stored.language = asked;
  const wanted = [asked, stored.language, fallback].find(l => WORDS[l]);
  page.language = wanted || "ja";
  document.documentElement.lang = page.language;
  $("skip").textContent = W().skip;
  const button = $("language");
  button.textContent = W().switchTo;
  button.lang = page.language === "ja" ? "en" : "ja";
  button.onclick = () => {
    stored.language = button.lang;
    const url = new URL(location.href);
    url.searchParams.set("lang", button.lang);
    location.replace(url);
  };
}

function element(tag, className, ...children) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  for (const c of children) if (c !== null && c !== undefined) e.append(c);
  return e;
}

// Writes only what changed: a screen reader must not hear the same again, and the keyboard's place must not be lost.
function say(node, text) { if (node.textContent !== text) node.textContent = text; }

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
      if (hadFocus) node.querySelector("a, button").focus();
    }
  });
  for (const node of old.values()) node.remove();
}

// A shape for each state, so that colour is never the only sign.
const SHAPES = {
  leak: "M8 0l8 15H0z", attention: "M8 0l8 8-8 8-8-8z", offline: "M2 0l6 6 6-6 2 2-6 6 6 6-2 2-6-6-6 6-2-2 6-6-6-6z",
  learning: "M8 0a8 8 0 1 0 8 8h-3a5 5 0 1 1-5-5z", normal: "M8 0a8 8 0 1 0 .01 0z",
};
function badge(meter) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[meter.state]);
  svg.append(path);
  const text = meter.state === "learning" ? W().learning(meter.learnedDays, meter.learningDays) : W().state[meter.state];
  return element("span", "badge " + meter.state, svg, text);
}

const isNumber = v => typeof v === "number" && isFinite(v);
const number = v => !isNumber(v) ? "–" : v.toLocaleString(page.language, { maximumFractionDigits: Math.abs(v) < 10 ? 2 : 1 });
const whole = v => Math.round(v).toLocaleString(page.language);
const unitName = unit => ({ "m3/h": "m³/h", m3: "m³", Cel: "°C" })[unit] || unit;
const flow = (v, unit) => `${number(v)} ${unitName(unit)}`;

// The browser's own time zone must not matter: shift by the utility's offset and read the result as UTC.
const local = t => new Date((typeof t === "number" ? t : Date.parse(t)) + page.offset * 60000);
const two = n => String(n).padStart(2, "0");
function time(t) {
  if (!t) return "–";
  const d = local(t);
  return `${W().date(d.getUTCMonth() + 1, d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

async function get(path) {
  const answer = await fetch(path);
  if (answer.status === 401) toLogIn();
  if (!answer.ok) throw Object.assign(new Error(`${path}: ${answer.status}`), { status: answer.status });
  return answer.json();
}

// What has to be sent along by who is logged in; asked for when it is needed first.
const session = { csrf: null };
async function post(path, body) {
  if (session.csrf === null) session.csrf = (await get("/api/v1/session")).csrf;
  const headers = { "Content-Type": "application/json" };
  if (session.csrf) headers["X-CSRF-Token"] = session.csrf;
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (answer.status === 401 && location.pathname !== "/login") toLogIn();
  return answer;
}

function toLogIn() {
  if (location.pathname !== "/login") location.replace("/login?next=" + encodeURIComponent(location.pathname + location.search));
}

// Who is logged in, and the way out.
async function showPerson() {
  const now = await get("/api/v1/session");
  session.csrf = now.csrf;
  session.now = now;
  if (!now.name || $("logout")) return;
  const button = element("button", "", W().login.out);
  Object.assign(button, { id: "logout", type: "button", title: now.name });
  button.onclick = async () => {
    await post("/api/v1/session/end", {}).catch(() => {});
    location.replace("/login");
  };
  $("language").before(element("span", "person", now.name), button);
}

// Why the service refused. Its texts are Japanese and English, divided by a slash.
function reason(problem, otherwise) {
  const text = (problem && problem.detail) || otherwise, parts = text.split(" / ");
  return parts.length === 2 ? parts[page.language === "ja" ? 0 : 1] : text;
}

// What the service says of itself belongs to no meter.
const isMeter = id => id !== "_/_/mizumori/flow";
const meterLink = id => "/meter?id=" + encodeURIComponent(id);

function eventItem(event, withPlace) {
  const [title, ...rest] = (event.text[page.language] || event.text.ja).split("\n");
  const head = element("p", "event-title");
  if (withPlace && isMeter(event.sensor)) {
    const link = element("a", "", title);
    link.href = meterLink(event.sensor);
    head.append(link);
  } else head.append(title);
  if (event.isOpen) head.append(element("span", "open-mark", W().open));
  return element("li", event.isOpen ? (event.isLeak ? "open leak" : "open") : "", head, element("p", "", rest.join("\n")));
}

function showLine(isConnected) {
  const line = $("line");
  line.dataset.line = isConnected === null ? "lost" : isConnected ? "live" : "deaf";
  say(line, isConnected === null ? W().lost : isConnected ? W().live : W().deaf);
}

// Keeps the page up to date. `refresh` asks for everything; `reading` takes one live value and says after how many ms a refresh is due.
//
// Refreshes never overlap; they rest at least a second and ten times as long as the last one took, so that a page of a thousand meters
// does not ask without pause. A hidden page asks for nothing until it is looked at again.
function follow(refresh, reading) {
  let due = Infinity, timer = 0, isBusy = false, rest = 1000, stream = null;
  async function run() {
    if (document.hidden) return;
    due = Infinity;
    isBusy = true;
    const began = performance.now();
    await refresh().catch(failed);
    rest = Math.max(1000, 10 * (performance.now() - began));
    isBusy = false;
    if (due < Infinity) plan(due - Date.now());
  }
  function plan(delay) {
    if (delay === Infinity) return;
    due = Math.min(due, Date.now() + Math.max(delay, rest));
    clearTimeout(timer);
    if (!isBusy) timer = setTimeout(run, Math.max(0, due - Date.now()));
  }
  function failed() {
    showLine(null);
    plan(5000);
  }
  function open() {
    stream = new EventSource("/api/v1/stream");
    stream.onopen = () => plan(0);
    stream.addEventListener("change", () => plan(0));
    stream.addEventListener("reset", () => plan(0));
    stream.addEventListener("reading", m => plan(reading(JSON.parse(m.data))));
    stream.onerror = () => {
      showLine(null);
      // Refused (too many pages): the browser does not try again by itself. Until there is room, look now and then.
      if (stream.readyState === EventSource.CLOSED) setTimeout(open, 30000);
      plan(5000);
    };
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) plan(0); });
  open();
}
