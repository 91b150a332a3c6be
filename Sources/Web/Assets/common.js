"use strict";
// What every page needs: its frame (header, navigation, language, person), talking with the service, times in the utility's own offset, the
// live stream. The small parts that pages are built of are in parts.js.
const page = { language: null, offset: 540, utility: "", version: "" };
const W = () => WORDS[page.language];
const $ = id => document.getElementById(id);

// A browser may refuse storage: then what was chosen lasts for the page.
const stored = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, value); } catch { /* nothing to do */ } },
};

// ---- The frame

// In the order of the header: name, address, drawing (24 × 24, strokes).
const NAV = [
  ["overview", "/", "M4 11l8-7 8 7v9h-5v-6H9v6H4z"],
  ["nights", "/nights", "M20 14.500A8 8 0 0 1 9.500 4 8 8 0 1 0 20 14.500z"],
  ["works", "/works", "M4 20h16M12 4l5 16M12 4L7 20M9.500 12h5M8.300 16h7.400"],
  ["deliveries", "/deliveries", "M6 17V11a6 6 0 0 1 12 0v6l1.500 1.500h-15zM10 20.500a2 2 0 0 0 4 0"],
  ["sensors", "/sensors", "M4.500 18a9 9 0 1 1 15 0zM12 13l4-5"],
  ["reports", "/reports", "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"],
  ["system", "/system", "M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11z"],
];

// Builds the body around `main`; once for a page. `name` is that of the navigation, or of a page below it ("meter", "event"), or "login".
function frame(name) {
  const w = W();
  const skip = element("a", "skip", w.skip);
  Object.assign(skip, { href: "#main", id: "skip" });
  const mark = element("img");
  Object.assign(mark, { src: "/assets/icon.svg", alt: "", width: 28, height: 28 });
  const brand = element("a", "brand", mark, element("span", "", w.brand));
  brand.href = "/";
  brand.lastChild.id = "utility";
  const line = element("span", "line");
  line.id = "line";
  line.setAttribute("role", "status");
  const language = element("button", "", w.switchTo);
  Object.assign(language, { id: "language", type: "button", lang: page.language === "ja" ? "en" : "ja", onclick: switchLanguage });
  const header = element("header", "", brand, name === "login" ? null : navigation(name), element("div", "tools", line, language));
  const main = element("main");
  Object.assign(main, { id: "main", tabIndex: -1 });
  const foot = element("footer");
  foot.id = "foot";
  document.body.dataset.page = name;
  document.body.prepend(skip, header, main, foot);
}

function navigation(name) {
  const here = { meter: "overview", event: "overview" }[name] || name;
  const nav = element("nav", "nav", ...NAV.map(([key, href, drawing]) => {
    const link = element("a", "", svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: drawing })), element("span", "", W().nav[key]));
    link.href = href;
    link.dataset.nav = key;
    if (key === here) link.setAttribute("aria-current", key === name ? "page" : "true");
    return link;
  }));
  nav.setAttribute("aria-label", W().menu);
  return nav;
}

function chooseLanguage(fallback) {
  const asked = new URLSearchParams(location.search).get("lang");
  if (WORDS[asked]) stored.set("language", asked);
  page.language = [asked, stored.get("language"), fallback].find(l => WORDS[l]) || "ja";
  document.documentElement.lang = page.language;
}

function switchLanguage() {
  stored.set("language", $("language").lang);
  const url = new URL(location.href);
  url.searchParams.set("lang", $("language").lang);
  location.replace(url);
}

// Who is logged in, and the way out. What one may not see is not offered.
async function showPerson() {
  const now = await get("/api/v1/session");
  session.csrf = now.csrf;
  session.now = now;
  const isOfOneTown = (now.municipalities || []).length > 0;
  for (const link of document.querySelectorAll('[data-nav="system"]')) link.hidden = isOfOneTown;
  if (!now.name || $("logout")) return;
  const button = element("button", "", W().logOut);
  Object.assign(button, { id: "logout", type: "button" });
  button.onclick = async () => {
    session.isLeaving = true;
    await post("/api/v1/session/end", {}).catch(() => {});
    location.replace("/login");
  };
  const menu = element("details", "menu", element("summary", "person", now.name), button);
  $("language").before(menu);
  document.addEventListener("click", e => { if (!menu.contains(e.target)) menu.open = false; });
  menu.addEventListener("keydown", e => { if (e.key === "Escape") { menu.open = false; menu.firstChild.focus(); } });
}
const may = scope => Boolean(session.now && session.now.scopes.includes(scope));

function showLine(isConnected) {
  const line = $("line"), state = isConnected === null ? "lost" : isConnected ? "live" : "deaf";
  line.dataset.line = state;
  line.title = W().lineHelp[state];
  say(line, W()[state]);
}

// Starts a page. `build(main)` makes what stays; `refresh()` fills it, first and whenever something changed.
//
// With `reading` the page follows the live stream, which it gets value by value (see `follow`); with `every` (ms) it asks now and then;
// else it stands as it is. `document.body.dataset.ready` tells that it was filled.
async function openPage({ name, title, build, refresh, reading, every }) {
  // Known already: the frame stands at once. Else the utility's own language is waited for.
  const isKnown = WORDS[new URLSearchParams(location.search).get("lang") || stored.get("language")];
  if (isKnown) {
    chooseLanguage(null);
    frame(name);
  }
  try {
    const [u] = await Promise.all([get("/api/v1/utility"), isKnown ? showPerson() : null]);
    Object.assign(page, { offset: u.offsetMinutes, utility: u.utility, version: u.version });
    if (!isKnown) {
      chooseLanguage(u.language);
      frame(name);
      await showPerson();
    }
    say($("utility"), u.utility);
    say($("foot"), W().foot(u.version));
    showLine(u.isConnected);
    setTitle(title());
    build($("main"));
  } catch (error) {
    return broken(name, error);
  }
  const run = async () => {
    await refresh();
    document.body.dataset.ready = document.body.dataset.ready || "yes";
  };
  try { await run(); } catch (error) {
    if (error.status && error.status !== 503) return refused(error);
    showLine(null);
  }
  if (reading) follow(run, reading);
  else if (every) setInterval(() => { if (!document.hidden) run().catch(() => showLine(null)); }, every);
}

function setTitle(text) { document.title = `${text} – ${page.utility || "水守"}`; }

// The service cannot be reached, or something in the page itself is wrong: said, and tried again.
function broken(name, error) {
  if (!page.language) chooseLanguage("ja");
  if (!$("main")) frame(name);
  if (error.status) return refused(error);
  console.warn(error);
  showLine(null);
  setTimeout(() => location.reload(), 10000);
}

// There is no such thing, or it may not be seen.
function refused(error) {
  const title = element("h1", "", W().problems[error.status] || W().problems.other);
  const back = element("a", "", W().nav.overview);
  back.href = "/";
  $("main").replaceChildren(title, element("p", "", reason(error.problem, "")), element("p", "", back));
  document.body.dataset.ready = "refused";
}

// ---- Talking with the service

const failure = async (path, answer) => Object.assign(new Error(`${path}: ${answer.status}`),
  { status: answer.status, problem: await answer.json().catch(() => null) });

async function get(path) {
  const answer = await fetch(path);
  if (answer.status === 401) toLogIn();
  if (!answer.ok) throw await failure(path, answer);
  return answer.json();
}

// One page of a list, and the address of the next one (null at the end), which stands in the Link header.
async function getList(path) {
  const answer = await fetch(path);
  if (answer.status === 401) toLogIn();
  if (!answer.ok) throw await failure(path, answer);
  const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(answer.headers.get("Link") || "");
  return { items: await answer.json(), next: next ? next[1] : null };
}

// What has to be sent along by who is logged in; asked for when it is needed first.
const session = { csrf: null, now: null, isLeaving: false };
async function post(path, body) {
  if (session.csrf === null) session.csrf = (await get("/api/v1/session")).csrf;
  const headers = { "Content-Type": "application/json" };
  if (session.csrf) headers["X-CSRF-Token"] = session.csrf;
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (answer.status === 401 && location.pathname !== "/login") toLogIn();
  return answer;
}

// Posts and gives the answer's JSON (null where it has none); a refusal is thrown, with the reason in the page's language as its message.
async function send(path, body) {
  const answer = await post(path, body).catch(() => null);
  if (answer && answer.ok) return answer.status === 204 ? null : answer.json().catch(() => null);
  throw new Error(reason(answer ? await answer.json().catch(() => null) : null, W().failed));
}

function toLogIn() {
  // Requests that were under way when somebody logged out: the page leaves already, and not in order to come back here.
  if (session.isLeaving) return;
  if (location.pathname !== "/login") location.replace("/login?next=" + encodeURIComponent(location.pathname + location.search));
}

// Why the service refused. Its texts are Japanese and English, divided by a slash.
function reason(problem, otherwise) {
  const text = (problem && problem.detail) || otherwise, parts = text.split(" / ");
  return parts.length === 2 ? parts[page.language === "ja" ? 0 : 1] : text;
}

// ---- Numbers and times

const isNumber = v => typeof v === "number" && isFinite(v);
const number = v => !isNumber(v) ? "–" : v.toLocaleString(page.language, { maximumFractionDigits: Math.abs(v) < 10 ? 2 : Math.abs(v) < 1000 ? 1 : 0 });
const whole = v => !isNumber(v) ? "–" : Math.round(v).toLocaleString(page.language);
const unitName = unit => ({ "m3/h": "m³/h", m3: "m³", Cel: "°C" })[unit] || unit;
const flow = (v, unit) => `${number(v)} ${unitName(unit)}`;

// The browser's own time zone must not matter: shift by the utility's offset and read the result as UTC.
const local = t => new Date((typeof t === "number" ? t : Date.parse(t)) + page.offset * 60000);
const two = n => String(n).padStart(2, "0");
const DAY = 86400000;

// `11月27日 06:58`, with the year where it is not this one.
function time(t) {
  if (t === null || t === undefined || t === "") return "–";
  const d = local(t);
  return `${date(t)} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}
function date(t) {
  const d = local(t), text = W().date(d.getUTCMonth() + 1, d.getUTCDate());
  return d.getUTCFullYear() === local(townClock.now()).getUTCFullYear() ? text : page.language === "ja" ? `${W().year(d.getUTCFullYear())}${text}` : `${text} ${d.getUTCFullYear()}`;
}
// A day "2026-11-27" as `11/27（金）`; its number of milliseconds is that of its midnight in the utility's time.
const dayStart = day => Date.parse(day + "T00:00:00Z") - page.offset * 60000;
const dayText = t => { const d = local(t); return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`; };
function dayName(day) {
  const d = new Date(day + "T00:00:00Z");
  return W().dayName(W().shortDate(d.getUTCMonth() + 1, d.getUTCDate()), W().weekdays[d.getUTCDay()]);
}
const inWords = (ms, words) => ms < 60000 ? words.minutes(1) : ms < 3600000 ? words.minutes(Math.round(ms / 60000))
  : ms < 2 * DAY ? words.hours(Math.round(ms / 3600000)) : words.days(Math.round(ms / DAY));
// The time that readings tell: this moment, except in a demonstration, where a town's days run by or lie elsewhere.
const townClock = {
  shift: 0,
  see(newest) { const off = newest - Date.now(); this.shift = off > 3600000 || off < -3 * DAY ? off : 0; },
  now() { return Date.now() + this.shift; },
};
const ago = t => { const ms = townClock.now() - (typeof t === "number" ? t : Date.parse(t)); return ms < 60000 ? W().ago.now : inWords(ms, W().ago); };
const lasts = ms => inWords(ms, W().lasts);

// datetime-local has no zone: what is typed is the utility's time, which the server takes it for.
const typed = t => `${dayText(t)}T${two(local(t).getUTCHours())}:${two(local(t).getUTCMinutes())}`;
const untyped = text => Date.parse(text + "Z") - page.offset * 60000;

// What the service says of itself belongs to no meter.
const isMeter = id => id !== "_/_/mizumori/flow";
const meterLink = id => "/meter?id=" + encodeURIComponent(id);
const eventLink = key => "/event?key=" + encodeURIComponent(key);
const meterPath = id => "/api/v1/meters/" + id.split("/").map(encodeURIComponent).join("/");

// ---- The live stream

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
