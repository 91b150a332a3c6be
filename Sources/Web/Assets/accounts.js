"use strict";
// Who may use the page (people) and the API (programs). For operators of all towns; everybody else sees the own account.
const A = () => W().system.account;
const townsText = list => list.length ? D().list(list) : A().allTowns;
const accountPath = (kind, name, what) => `/api/v1/${kind}/${encodeURIComponent(name)}/${what}`;

async function drawAccounts() {
  const a = A();
  if (!session.now.isGuarded) return $("accounts").replaceChildren(element("p", "lead", a.open));
  const found = may("write") ? await allowed("/api/v1/accounts") : null;
  if (!found) return drawOwn();
  $("accounts").replaceChildren(element("div", "bar", element("h3", "", a.people), press(a.add, addAccount, { id: "add-account", class: "primary" })), peopleTable(found.accounts),
    element("div", "bar", element("h3", "", a.programs), press(a.addToken, addToken, { id: "add-token" })), found.tokens.length ? tokenTable(found.tokens) : element("p", "faint", a.none));
}

function drawOwn() {
  const a = A(), s = session.now;
  if (!s.isGuarded) return $("accounts").replaceChildren(element("p", "lead", a.open));
  $("accounts").replaceChildren(element("div", "card", element("h3", "", a.mine), element("p", "", a.mineText(s.name, may("write") ? a.roleShort.operator : a.roleShort.viewer, townsText(s.municipalities || []))),
    may("write") ? null : element("p", "", a.guestRole), element("p", "faint", a.ask), press(a.ownPassword, ownPassword, { id: "own-password" })));
}

function ownPassword() {
  const a = A();
  dialogForm(a.ownPassword, W().save, async () => {
    await send("/api/v1/session/password", { old: $("password-old").value, password: checkPassword() });
    toLogIn();
  }, element("p", "faint", a.self), field({ id: "password-old", label: a.oldPassword, type: "password", autocomplete: "current-password", maxLength: 200 }), passwordFields());
}

function peopleTable(list) {
  const a = A(), isSelf = p => p.name === session.now.name;
  return cards(a.people, [
    { head: a.name, isHead: true, cell: p => element("span", "", p.name, isSelf(p) ? element("span", "open-mark", a.you) : null) }, { head: a.role, cell: p => a.roleShort[p.role] || p.role }, { head: a.towns, cell: p => townsText(p.municipalities) },
    { head: a.actions, isAction: true, cell: p => element("span", "row-actions", press(a.newPassword, () => newPassword(p.name), { "aria-label": `${a.newPassword} ${p.name}` }), press(a.change, () => changeRights(p), { "aria-label": `${a.change} ${p.name}` }),
      isSelf(p) ? null : press(a.remove, () => removeIt("accounts", p.name, a.removeAsk(p.name)), { class: "danger", "aria-label": `${a.remove} ${p.name}` })) },
  ], list, { key: p => `account-${p.name}`, hidesCaption: true });
}

function tokenTable(list) {
  const a = A();
  return cards(a.programs, [
    { head: a.name, isHead: true, cell: t => t.name }, { head: a.scopes, cell: t => D().list(t.scopes.map(s => a.scopeShort[s] || s)) }, { head: a.towns, cell: t => townsText(t.municipalities) },
    { head: a.actions, isAction: true, cell: t => press(a.remove, () => removeIt("tokens", t.name, a.removeToken(t.name)), { class: "danger", "aria-label": `${a.remove} ${t.name}` }) },
  ], list, { key: t => `token-${t.name}`, hidesCaption: true });
}

function removeIt(kind, name, text) {
  ask(A().remove, text, A().remove, async () => {
    await send(accountPath(kind, name, "remove"), {});
    tell(A().removed(name));
    await drawAccounts();
  });
}

// ---- Fields

const nameField = () => field({ id: "account-name", label: A().name, hint: A().nameHint, maxLength: 32, autocomplete: "off", autocapitalize: "none", spellcheck: false });
function checkName() {
  const name = valueOf("account-name");
  if (!/^[A-Za-z0-9._-]{1,32}$/.test(name)) throw wrong(A().badName, $("account-name"));
  return name;
}

// Twice, or once where it can be seen.
function passwordFields() {
  const a = A(), show = field({ id: "password-show", label: a.show, type: "checkbox", onchange: e => { for (const id of ["password-new", "password-again"]) $(id).type = e.target.checked ? "text" : "password"; } });
  return element("div", "", element("div", "fields", field({ id: "password-new", label: a.password, type: "password", autocomplete: "new-password", maxLength: 200, hint: a.passwordHint }),
    field({ id: "password-again", label: a.again, type: "password", autocomplete: "new-password", maxLength: 200 })), show);
}
function checkPassword() {
  const a = A(), password = $("password-new").value;
  if ([...password].length < 10) throw wrong(a.short, $("password-new"));
  if (password !== $("password-again").value) throw wrong(a.mismatch, $("password-again"));
  return password;
}

// The towns that send readings, those that stand there already, and room for one that does not yet.
function townFields(chosen) {
  const a = A(), known = [...new Set([...system.towns, ...chosen])].sort();
  return fieldset(a.towns, marks("town", known.map(t => [t, t]), { checked: chosen }), field({ id: "town-other", label: a.otherTown, maxLength: 64, autocomplete: "off", autocapitalize: "none", hint: a.townsHint }));
}
const typedTowns = dialog => [...new Set([...checkedOf(dialog, "town"), ...valueOf("town-other").split(/[\s,、]+/)].filter(Boolean))];
const roleFields = role => fieldset(A().role, marks("role", Object.entries(A().roles), { type: "radio", checked: [role] }));

// ---- Actions

function addAccount() {
  const a = A();
  const dialog = dialogForm(a.add, W().save, async () => {
    const name = checkName(), password = checkPassword();
    await send("/api/v1/accounts", { name, password, role: checkedOf(dialog, "role")[0], municipalities: typedTowns(dialog) });
    tell(a.added(name));
    await drawAccounts();
  }, nameField(), passwordFields(), roleFields("operator"), townFields([]));
}

function newPassword(name) {
  const a = A(), isSelf = name === session.now.name;
  dialogForm(a.passwordTitle(name), W().save, async () => {
    await send(accountPath("accounts", name, "password"), { password: checkPassword() });
    if (isSelf) return toLogIn();
    tell(a.changed(name));
  }, ...(isSelf ? [element("p", "faint", a.self)] : []), passwordFields());
}

function changeRights(p) {
  const a = A();
  const dialog = dialogForm(a.changeTitle(p.name), W().save, async () => {
    await send(accountPath("accounts", p.name, "change"), { role: checkedOf(dialog, "role")[0], municipalities: typedTowns(dialog) });
    if (p.name === session.now.name) return location.reload();
    tell(a.changedRights(p.name));
    await drawAccounts();
  }, roleFields(p.role), townFields(p.municipalities));
}

function addToken() {
  const a = A();
  const dialog = dialogForm(a.addToken, W().save, async () => {
    const name = checkName(), scopes = checkedOf(dialog, "scope");
    if (!scopes.length) throw wrong(a.needScope, dialog.querySelector("input[name=scope]"));
    const { token } = await send("/api/v1/tokens", { name, scopes, municipalities: typedTowns(dialog) });
    await drawAccounts();
    // After this dialog has closed, so that the keyboard goes where it belongs.
    dialog.addEventListener("close", () => showToken(name, token), { once: true });
  }, nameField(), fieldset(a.scopes, marks("scope", Object.entries(a.scope), { checked: ["read"] })), townFields([]));
}

function showToken(name, token) {
  const a = A(), said = make("span", { class: "said", role: "status" });
  const output = make("input", { id: "token", readonly: true, value: token, "aria-label": a.tokenTitle(name), class: "token" });
  output.onfocus = () => output.select();
  const dialog = openDialog(a.tokenTitle(name), element("p", "", a.tokenOnce), output, element("p", "send", press(a.copy, async () => {
    try { await navigator.clipboard.writeText(token); say(said, a.copied); } catch { output.select(); say(said, a.selected); }
  }, { class: "primary", "data-first": true }), press(a.done, () => dialog.close()), said));
}
