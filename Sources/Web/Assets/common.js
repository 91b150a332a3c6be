"use strict";
// What both pages need: language, times in the utility's own offset, small DOM helpers, the live stream.
const page = { language: null, offset: 540 };

function chooseLanguage(fallback) {
  const asked = new URLSearchParams(location.search).get("lang") || localStorage.getItem("language") || fallback;
  page.language = WORDS[asked] ? asked : "ja";
  document.documentElement.lang = page.language;
  const button = document.getElementById("language");
  button.textContent = W().switchTo;
  button.lang = page.language === "ja" ? "en" : "ja";
  button.onclick = () => {
    localStorage.setItem("language", page.language === "ja" ? "en" : "ja");
    const url = new URL(location.href);
    url.searchParams.delete("lang");
    location.replace(url);
  };
}
const W = () => WORDS[page.language];

function element(tag, className, ...children) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  for (const c of children) if (c !== null && c !== undefined) e.append(c);
  return e;
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

const number = v => v === null || v === undefined ? "–" : v.toLocaleString(page.language, { maximumFractionDigits: Math.abs(v) < 10 ? 2 : 1 });
const whole = v => Math.round(v).toLocaleString(page.language);
// The browser's own time zone must not matter: shift by the utility's offset and read the result as UTC.
const local = t => new Date((typeof t === "number" ? t : Date.parse(t)) + page.offset * 60000);
function time(t) {
  if (!t) return "–";
  const d = local(t), two = n => String(n).padStart(2, "0"), clock = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
  return page.language === "ja" ? `${d.getUTCMonth() + 1}月${d.getUTCDate()}日 ${clock}`
    : `${d.getUTCDate()} ${d.toLocaleString("en", { month: "short", timeZone: "UTC" })} ${clock}`;
}

async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

function eventItem(event, withPlace) {
  const text = event.text[page.language] || event.text.ja;
  const [title, ...rest] = text.split("\n");
  const head = element("p");
  if (withPlace) {
    const link = element("a", "", title);
    link.href = "/meter?id=" + encodeURIComponent(event.sensor);
    head.append(link);
  } else head.append(title);
  if (event.isOpen) head.append(` — ${W().open}`);
  return element("li", event.isOpen && event.isLeak ? "open" : "", head, element("p", "", rest.join("\n")));
}

function showLine(isConnected) {
  document.getElementById("line").textContent = isConnected === null ? W().lost : isConnected ? W().live : W().deaf;
}

// Calls `refresh` when something changed, at most once a second, and `reading` for each live value.
function follow(refresh, reading) {
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; refresh().catch(() => showLine(null)); }, 1000);
  };
  const stream = new EventSource("/api/v1/stream");
  stream.addEventListener("change", later);
  stream.addEventListener("reading", m => { const r = JSON.parse(m.data); if (!reading || reading(r)) later(); });
  stream.onerror = () => showLine(null);
  stream.onopen = later;
}
