"use strict";
// Several instances on one page, to be read only: what `mizumori fleet` knows of them.
const EVERY = 10000;
const filter = { text: "", state: "" };
let fleet = null;

const FLEET_SHAPES = { unreachable: "off" };
const townBadge = state => badge(FLEET_SHAPES[state] || state, W().fleet.states[state]);
const when = t => isNumber(t) ? element("time", "", ago(t)) : "–";

// A name that leads to the instance, where the settings say how.
function name(text, pageURL) {
  if (!pageURL) return text;
  const a = link(pageURL, "", text);
  a.title = W().fleet.newWindow;
  a.rel = "noreferrer";
  return a;
}

function townColumns() {
  const w = W().fleet;
  return [
    { head: w.town, cell: t => name(t.name, t.page), isHead: true },
    { head: w.state, cell: t => element("span", "", townBadge(t.state), isNumber(t.asOf) ? element("small", "", w.old(ago(t.asOf))) : null) },
    { head: w.open, isNumber: true, cell: t => t.leaks ? w.count(t.leaks) : t.id ? w.none : "–" },
    { head: w.m3h, isNumber: true, cell: t => t.leaks ? `${number(t.leakM3h)} m³/h` : "–" },
    { head: w.flow, isNumber: true, cell: t => isNumber(t.flow) ? `${number(t.flow)} m³/h` : "–" },
    { head: w.meters, isNumber: true, cell: t => element("span", "", t.id ? whole(t.meters) : "–", t.offline ? element("small", "", w.silent(t.offline)) : null) },
    { head: w.newest, cell: t => when(t.newest) },
    { head: w.instance, cell: t => t.instance },
  ];
}

function instanceColumns() {
  const w = W().fleet;
  const problem = i => i.problem && element("small", "bad", i.problem[page.language] || i.problem.en);
  return [
    { head: w.instance, cell: i => name(i.name, i.page), isHead: true },
    { head: w.state, cell: i => element("span", "", badge(i.isReached ? "normal" : "off", i.isReached ? w.ok : w.states.unreachable), problem(i)) },
    { head: w.line, cell: i => i.isReached ? (i.isConnected ? w.connected : badge("attention", w.deaf)) : "–" },
    { head: w.townCount, isNumber: true, cell: i => whole(i.towns) },
    { head: w.meters, isNumber: true, cell: i => whole(i.meters) },
    { head: w.open, isNumber: true, cell: i => i.leaks ? `${w.count(i.leaks)} ${number(i.leakM3h)} m³/h` : w.none },
    { head: w.answered, cell: i => isNumber(i.lastAnswer) ? when(i.lastAnswer) : w.never },
    { head: w.version, cell: i => i.version || "–" },
  ];
}

function build(main) {
  const w = W().fleet;
  const choose = (key, value) => { filter[key] = value; showTowns(); };
  const bar = element("div", "bar",
    field({ id: "filter-text", label: w.search, type: "search", value: filter.text, oninput: e => choose("text", e.target.value) }),
    field({ id: "filter-state", label: w.filterState, type: "select", value: filter.state, options: [["", W().all], ...Object.entries(w.states)], onchange: e => choose("state", e.target.value) }));
  const count = withId("count", element("p", "faint"));
  count.setAttribute("role", "status");
  main.replaceChildren(
    element("h1", "hidden", w.title), withId("headline", element("p", "headline")), withId("silent", element("ul", "notices")),
    section("towns", w.towns, bar, count, withId("towns", element("div"))),
    section("instances", w.instances, withId("instances", element("div"))));
}

function showHeadline() {
  const w = W().fleet, box = $("headline"), isBad = fleet.leaks > 0;
  box.classList.toggle("bad", isBad);
  const words = isBad ? w.leaks(fleet.leakingTowns, fleet.leaks, number(fleet.leakM3h)).join("") : `${w.allWell}${page.language === "ja" ? "。" : ". "}${w.allWellMore(fleet.towns.filter(t => t.id).length)}`;
  say(box, words);
  $("silent").replaceChildren(...(fleet.unreachable ? [element("li", "", w.unreachable(fleet.unreachable))] : []));
}

function showTowns() {
  const w = W().fleet, text = filter.text.trim().toLowerCase();
  const found = fleet.towns.filter(t => (!filter.state || t.state === filter.state) && (!text || `${t.name} ${t.id} ${t.instance}`.toLowerCase().includes(text)));
  say($("count"), found.length ? w.shown(found.length, fleet.towns.length) : fleet.towns.length ? w.noMatch : w.noTowns);
  replaceTable($("towns"), w.towns, townColumns(), found, t => t.state);
}

// Anew only when something changed: the keyboard's place and the scrolling stay.
function replaceTable(box, caption, columns, rows, mark) {
  const print = JSON.stringify([page.language, rows, columns.map(c => rows.map(r => { const v = c.cell(r); return v && v.textContent !== undefined ? v.textContent : v; }))]);
  if (box.mark === print) return;
  box.mark = print;
  box.replaceChildren(table(caption, columns, rows, { hidesCaption: true, mark }));
}

function showAll() {
  showHeadline();
  showTowns();
  replaceTable($("instances"), W().fleet.instances, instanceColumns(), fleet.instances, i => i.isReached ? "" : "unreachable");
}

function showState(isLive) {
  const w = W().fleet, line = $("line");
  line.dataset.line = isLive ? "live" : "lost";
  line.title = isLive ? w.liveHelp : w.lostHelp;
  say(line, isLive ? w.live : w.lost);
}

async function look() {
  try {
    fleet = await get("/api/v1/fleet");
    if (!$("headline")) {
      if (!page.language) chooseLanguage(fleet.language);
      if (!$("main")) frame("login");
      page.utility = fleet.name;
      say($("utility"), fleet.name);
      say($("foot"), W().fleet.foot);
      setTitle(W().fleet.title);
      build($("main"));
    }
    // Times are told as "so long ago" by the clock of the program, not the browser's.
    townClock.shift = fleet.now - Date.now();
    showAll();
    showState(true);
    document.body.dataset.ready = "yes";
  } catch (error) {
    if (!page.language) chooseLanguage("ja");
    if (!$("main")) frame("login");
    showState(false);
    console.warn(error);
  }
}

setInterval(() => { if (!document.hidden) look(); }, EVERY);
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
look();
