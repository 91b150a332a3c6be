"use strict";
// The log-in and, at the first start, the first account.
async function start() {
  chooseLanguage("ja");
  const session = await get("/api/v1/session"), w = W().login;
  const first = session.needsSetUp;
  document.title = `${first ? w.first : w.title} – 水守`;
  say($("title"), first ? w.first : w.title);
  say($("explanation"), first ? w.explainFirst : w.explain);
  say($("code-label"), w.code);
  say($("name-label"), w.name);
  say($("password-label"), first ? w.newPassword : w.password);
  say($("send"), first ? w.make : w.title);
  $("code").hidden = $("code-label").hidden = !first;
  $("code").required = first;
  $("password").minLength = first ? 10 : 1;
  $("password").autocomplete = first ? "new-password" : "current-password";
  $(first ? "code" : "name").focus();
  $("form").onsubmit = event => { event.preventDefault(); send(first).catch(() => say($("said"), w.failed)); };
}

async function send(first) {
  const body = { name: $("name").value.trim(), password: $("password").value };
  if (first) body.code = $("code").value.trim();
  $("send").disabled = true;
  say($("said"), "");
  try {
    const answer = await post(first ? "/api/v1/setup" : "/api/v1/session", body);
    if (answer.ok) return location.replace(wanted());
    say($("said"), reason(await answer.json().catch(() => null), W().login.failed));
    $("password").focus();
  } finally {
    $("send").disabled = false;
  }
}

// Only a path of this page: nobody may use the log-in to lead elsewhere.
function wanted() {
  const next = new URLSearchParams(location.search).get("next") || "/";
  const url = new URL(next, location.origin);
  return url.origin === location.origin && next.startsWith("/") ? url.pathname + url.search : "/";
}

start();
