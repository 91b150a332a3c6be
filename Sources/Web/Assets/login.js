"use strict";
// The log-in and, at the first start, the first account.
async function start() {
  chooseLanguage("ja");
  frame("login");
  const now = await get("/api/v1/session"), w = W().login, first = now.needsSetUp;
  const title = first ? w.first : w.title;
  document.title = `${title} – 水守`;
  const said = withId("said", element("p")), go = withId("send", element("button", "primary", first ? w.make : w.title));
  said.setAttribute("role", "alert");
  const text = { autocapitalize: "none", spellcheck: false, required: true };
  const f = withId("form", element("form", "login",
    first ? field({ id: "code", label: w.code, autocomplete: "one-time-code", ...text }) : null,
    field({ id: "name", label: w.name, autocomplete: "username", maxLength: 32, ...text }),
    field({ id: "password", label: first ? w.newPassword : w.password, type: "password", autocomplete: first ? "new-password" : "current-password",
      required: true, minLength: first ? 10 : 1, maxLength: 200 }), go, said));
  f.onsubmit = event => { event.preventDefault(); logIn(first).catch(() => say(said, w.failed)); };
  $("main").append(withId("title", element("h1", "", title)), element("p", "", first ? w.explainFirst : w.explain), f);
  $(first ? "code" : "name").focus();
}

async function logIn(first) {
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

start().catch(error => broken("login", error));
