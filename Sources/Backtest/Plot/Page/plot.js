// The index of findings, the graphs, and the way between them. #NAME shows a series, #NAME/3 its fourth finding.
const $ = id => document.getElementById(id);
const make = (tag, text, className) => Object.assign(document.createElement(tag), text === undefined ? {} : { textContent: text }, className ? { className } : {});
const all = [...document.querySelectorAll("script.series")].map(s => JSON.parse(s.textContent));
const charts = new Map();
let language = WORDS[new URLSearchParams(location.search).get("lang")] ? new URLSearchParams(location.search).get("lang") : "ja";
// Without labels nothing is missed or false: every alert is shown.
let filter = all.some(s => s.isLabelled) ? "both" : "all", current = null;

// Every leak and every opening alert is a finding; what a filter shows is a part of them.
const findings = all.flatMap((s, n) => [
  ...s.labels.filter(l => l.state).map(l => ({ n, s, state: l.state, kind: l.kind, from: l.from, to: l.to, l })),
  ...s.alerts.filter(a => (a.state === "open" || a.state === "escalate") && typeof a.size === "number" && a.verdict !== "found")
    .map(a => ({ n, s, state: a.verdict, kind: a.kind, from: a.t, to: a.t, a })),
].sort((a, b) => a.from - b.from).map((f, i) => ({ ...f, hash: `#${encodeURIComponent(s.name)}/${i}` })));
const shown = () => findings.filter(f => filter === "all" || f.state === filter || filter === "both" && (f.state === "missed" || f.state === "false"));

function details(f) {
  const w = WORDS[language], kind = k => w.kinds[k] || k;
  if (f.l) return [w.size(f.l.peak, f.l.percent), f.l.hours !== undefined && f.l.hours !== null ? w.after(f.l.hours) : `– ${timeText(f.to)}`];
  const cause = f.state !== "false" ? "" : "　" + (f.a.cause.length ? w.cause(f.a.cause.map(kind).join("・")) : w.noCause);
  return [w.told(f.a.size), w.onset(timeText(f.a.onset)) + cause];
}

function showIndex() {
  const w = WORDS[language], list = shown(), table = make("table"), head = table.createTHead().insertRow(), body = table.createTBody();
  for (const c of w.columns) head.append(make("th", c));
  for (const f of list) {
    const row = body.insertRow(), link = make("a", f.s.name), [size, rest] = details(f);
    link.href = f.hash;
    row.append(make("td", w.state[f.state], f.state));
    row.insertCell().append(link);
    for (const text of [w.kinds[f.kind] || f.kind, timeText(f.from), size, rest]) row.append(make("td", text));
    f.row = row;
    if (f === current) row.setAttribute("aria-current", "true");
  }
  $("index").replaceChildren(list.length ? table : make("p", w.none));
  $("place").textContent = w.place(list.indexOf(current) + 1 || "–", list.length);
}

function showWords() {
  const w = WORDS[language], isLabelled = all.some(s => s.isLabelled), leaks = findings.filter(f => f.l), count = s => findings.filter(f => f.state === s).length;
  document.documentElement.lang = language;
  document.title = $("title").textContent = w.title;
  $("sum").textContent = w.sum(all.length, leaks.filter(f => f.state === "found").length, isLabelled ? leaks.length : null, count("false"));
  for (const id of ["next", "previous", "help"]) $(id).textContent = w[id];
  $("language").textContent = w.switchTo;
  $("legend").replaceChildren(...Object.entries(w.legend).map(([c, text]) => { const i = make("i", text); i.style.setProperty("--c", `var(--${c})`); return i; }));
  $("filters").replaceChildren(...Object.entries(w.filter).map(([k, text]) => {
    const b = make("button", text);
    b.setAttribute("aria-pressed", k === filter);
    b.onclick = () => { filter = k; showWords(); };
    return b;
  }));
  for (const b of document.querySelectorAll("section button")) b.textContent = w.whole;
  for (const c of charts.values()) { c.language = language; c.draw(); }
  showIndex();
}

// A series is unpacked and drawn when it comes near the window.
function chart(n) {
  if (charts.has(n)) return charts.get(n);
  const section = $("graphs").children[n], c = new Chart(all[n], section.querySelector("canvas"), section.querySelector(".readout"), language);
  charts.set(n, c);
  return c;
}

function build() {
  const near = new IntersectionObserver(seen => { for (const e of seen) if (e.isIntersecting) chart(+e.target.dataset.n); }, { root: $("graphs"), rootMargin: "600px" });
  all.forEach((s, n) => {
    const section = make("section"), title = make("h2", s.name), button = make("button");
    section.dataset.n = n;
    title.append(make("small", [s.network, s.facility, `${s.step / 60000} min`].filter(Boolean).join("　")), button);
    button.onclick = () => chart(n).whole();
    const canvas = make("canvas");
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", s.name);
    section.append(title, canvas, make("p", undefined, "readout"));
    $("graphs").append(section);
    near.observe(section);
  });
  addEventListener("resize", () => { for (const c of charts.values()) c.draw(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { for (const c of charts.values()) c.draw(); });
}

// The finding and some days about it: enough to see what was usual before.
function follow() {
  const [name, k] = location.hash.slice(1).split("/"), n = all.findIndex(s => s.name === decodeURIComponent(name));
  if (n < 0) return;
  const section = $("graphs").children[n], f = findings.find(x => x.hash === location.hash);
  document.querySelector("section.here")?.classList.remove("here");
  section.classList.add("here");
  if (f) {
    const margin = Math.max(4 * 24 * HOUR, .4 * (f.to - f.from));
    chart(n).show(f.from - margin, f.to + margin);
    current = f;
  } else chart(n).whole();
  showIndex();
  current?.row?.scrollIntoView({ block: "nearest" });
  section.scrollIntoView({ block: "start" });
}

function step(by) {
  const list = shown();
  if (!list.length) return;
  const i = list.indexOf(current);
  // At once: keys may come faster than the browser tells of the new address.
  current = list[i < 0 ? (by > 0 ? 0 : list.length - 1) : (i + by + list.length) % list.length];
  location.hash = current.hash;
}

$("next").onclick = () => step(1);
$("previous").onclick = () => step(-1);
$("language").onclick = () => { language = WORDS[language].other; showWords(); };
addEventListener("keydown", e => { if (!e.ctrlKey && !e.metaKey && !e.altKey && (e.key === "n" || e.key === "p")) step(e.key === "n" ? 1 : -1); });
addEventListener("hashchange", follow);
build();
showWords();
follow();
