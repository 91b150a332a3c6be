#!/usr/bin/python3
"""The desk of the 水道担当 in a real browser (headless Chromium): planned work, deliveries, sensors, system with accounts, reports.

Broker, receivers and service are real (desk_town.py). Every action of the pages is done as a person does it, in both languages and two
sizes; who may only look and who is of one town see what is theirs. Asserts that results are said, that fields have labels, that the keyboard
has its place after a dialog, that nothing scrolls sideways, weighs too much, goes to another origin or is logged as an error. Keeps screenshots.

  desk_test.py --program .build/debug/mizumori --out out/screenshots

Needs Debian's chromium, chromium-driver, python3-selenium and mosquitto.
"""
import argparse, os, sys, tempfile

from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from desk_town import BROKEN, METERS, PASSWORD, WORKED, Town
from kit import SIZES, browser, check, holds_everywhere, no_errors, requests_elsewhere, resize, scheme, wait
from login_test import type_in

NARROW = (360, 780)
PAGES = ("works", "deliveries", "sensors", "system", "reports")


class Visit:
    """One person at the browser, in one language and size."""

    def __init__(self, town, out, language, name):
        self.town, self.out, self.language, self.name = town, out, language, name
        self.driver = browser(SIZES[name])
        # What the browser keeps would weigh nothing.
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    # ---- The person's hands and eyes

    def log_in(self, person):
        self.driver.get(f"{self.town.url}/login?lang={self.language}")
        wait(self.driver, "the log-in", lambda d: d.find_elements(By.ID, "password"))
        type_in(self.driver, name=person, password=PASSWORD)
        wait(self.driver, "who is logged in", lambda d: d.find_elements(By.ID, "logout"))

    def open(self, page, ready="yes"):
        self.driver.get(f"{self.town.url}/{page}")
        wait(self.driver, f"/{page}", lambda d: d.execute_script("return document.body.dataset.ready") == ready, 30)

    def word(self, path):
        return self.driver.execute_script(f"return W().{path}")

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def seen(self, selector):
        """The texts of what is visible, at one moment: an update may build anew what one holds in the hand."""
        return self.driver.execute_script("return [...document.querySelectorAll(arguments[0])].filter(e => e.getClientRects().length).map(e => e.innerText)", selector)

    def text(self, selector="main"):
        return self.driver.execute_script("return document.querySelector(arguments[0]).innerText", selector)

    def one(self, selector, text):
        found = [t for t in self.seen(selector) if text in t]
        check(found, f"no {selector} with {text!r}: {self.seen(selector)[:10]}")
        return found[0]

    def press(self, selector, text=None, button=None):
        """Presses what is seen: of several the one with that text or name; with `button` the n-th button in it."""
        for _ in range(10):
            e = self.driver.execute_script("""const [selector, text, button] = arguments;
              const found = [...document.querySelectorAll(selector)].filter(e => e.getClientRects().length && (text === null || e.innerText.includes(text) || e.getAttribute('aria-label') === text))[0];
              const e = found && button !== null ? [...found.querySelectorAll('button')].at(button) : found;
              if (e) e.scrollIntoView({ block: 'center' });
              return e || null;""", selector, text, button)
            check(e, f"nothing to press: {selector} {text!r}: {self.seen(selector)[:10]}")
            try:
                return e.click()
            except StaleElementReferenceException:
                continue
        raise AssertionError(f"{selector} {text!r} never stands still")

    def set(self, **values):
        """Dates and times go in by value: how they are typed depends on the browser's own language."""
        for name, value in values.items():
            self.driver.execute_script("""const e = document.getElementById(arguments[0]); e.value = arguments[1];
              e.dispatchEvent(new Event('input', { bubbles: true })); e.dispatchEvent(new Event('change', { bubbles: true }));""", name.replace("_", "-"), value)

    def type(self, name, text):
        e = self.driver.find_element(By.ID, name)
        e.clear()
        e.send_keys(text)

    def submit(self):
        self.press("dialog .send .primary, dialog .send .danger")

    def told(self, what, *parts):
        wait(self.driver, what, lambda d: not d.find_elements(By.TAG_NAME, "dialog") and all(p in d.find_element(By.ID, "told").text for p in parts))

    def refused(self, what, text):
        wait(self.driver, what, lambda d: text in d.execute_script("return [...document.querySelectorAll('dialog .said')].map(e => e.textContent).join()"))

    def look(self, label):
        """What must hold of whatever is on the screen, and its picture."""
        holds_everywhere(self.driver, self.language)
        # An emulated phone makes room for what is too wide, so that innerWidth tells nothing.
        wide = self.driver.execute_script("return Math.max(innerWidth, document.documentElement.scrollWidth)")
        check(wide <= SIZES[self.name][0], f"{label} is {wide} px wide")
        self.driver.save_screenshot(f"{self.out}/{label}-{self.language}-{self.name}.png")

    def narrow(self, page):
        """The smallest phone there is, and the dark."""
        self.open(page)
        weight = holds_everywhere(self.driver, self.language)
        self.dark(page)
        resize(self.driver, NARROW)
        wait(self.driver, f"/{page} on 360 px", lambda d: d.execute_script("return Math.max(innerWidth, document.documentElement.scrollWidth)") <= NARROW[0])
        resize(self.driver, SIZES[self.name])
        return weight

    def dark(self, label):
        scheme(self.driver, "dark")
        self.driver.save_screenshot(f"{self.out}/{label}-dark-{self.language}-{self.name}.png")
        scheme(self.driver, "light")

    # ---- Works

    def works(self):
        self.open("works")
        self.look("works")
        self.hidden_water()
        self.single_work()
        self.recurring_work()
        if self.name == "desktop":
            self.keyboard_in_calendar()

    def hidden_water(self):
        d = self.driver
        # Shortly after the turn of a month it is in the month before.
        d.execute_async_script("goTo(dayOf(arguments[0])).then(arguments[1])", 1000 * self.town.work_from)
        wait(d, "what the work hid", lambda d: "消火栓の取替え" in self.text("#hidden"))
        row = self.one("#hidden tbody tr", "消火栓の取替え")
        check("m³" in row and "m³/h" in row, f"how much it hid: {row!r}")
        check(self.seen("#hidden a[href^='/event?key=']"), "the way to the event")

    def single_work(self):
        w = self.word
        self.press("#today")
        self.press("#add-once")
        self.submit()
        self.refused("the question where", w("works.form.needWhere"))
        check(self.driver.switch_to.active_element.get_attribute("id") == "place-search", "the keyboard goes to what is missing")
        self.type("place-search", "通り町")
        check([t.split()[0] for t in self.seen("dialog .place-item")] == ["通り町"], f"the search: {self.seen('dialog .place-item')}")
        self.press("dialog input[value='ina/higashi/m03/flow']")
        note = f"仕切弁 {self.language} {self.name}"
        day = self.driver.execute_script("return isoDay(today() + 1)")
        self.set(work_from=f"{day}T13:00", work_to=f"{day}T11:00")
        self.submit()
        self.refused("an end before the begin", w("works.form.needOrder"))
        self.set(work_to=f"{day}T15:30")
        self.type("work-note", note)
        self.look("works-once")
        self.submit()
        self.told("that the work was added", "1")
        check(self.driver.switch_to.active_element.get_attribute("id") == "add-once", "the keyboard is back at the button")
        self.press(".work", note)
        check("13:00–15:30" in self.text("dialog") and w("works.state.planned") in self.text("dialog") and "yamada" in self.text("dialog"), self.text("dialog"))
        self.look("works-window")
        self.press("#cancel-work")
        self.press("dialog:last-of-type .danger")
        self.told("that it was cancelled", w("works.cancelled"))
        wait(self.driver, "the cancelled work", lambda d: any(note in t and w("works.state.cancelled") in t for t in self.seen(".work")))

    def recurring_work(self):
        w, name = self.word, f"配水池の清掃 {self.language}"
        check(w("works.fromFile") in self.text("#recurring") and "洗管（夜間）" in self.text("#recurring"), "the works of the settings file")
        check(not self.seen("#recurring [data-key^='file'] button"), "works of the settings file are not ended here")
        self.press("#add-often")
        self.type("work-title", name)
        self.press("dialog input[name=zone][value='ina/nishi']")
        check(not self.find("dialog input[value='ina/nishi/m01/flow']").is_enabled(), "a whole zone needs no mark for each meter")
        self.set(work_from="22:00", work_to="02:30")
        for value in ("weekday-tue", "week-2", "week-4"):
            self.press(f"dialog label[for='{value}']")
        rule = self.text("dialog .preview")
        check("22:00" in rule and "2:30" in rule and rule.count("22:00") >= 3, f"the rule and its next times: {rule!r}")
        self.look("works-often")
        self.submit()
        self.told("that the recurring work was added", name)
        wait(self.driver, "it in the list", lambda d: name in self.text("#recurring"))
        self.press("#recurring li", name, 0)
        self.submit()
        self.told("that it was ended", name)
        wait(self.driver, "that it is gone", lambda d: name not in self.text("#recurring"))

    def keyboard_in_calendar(self):
        d = self.driver
        d.execute_script("document.querySelector('.calendar [tabindex=\"0\"]').focus()")
        day = lambda: int(d.switch_to.active_element.get_attribute("data-day"))
        first, month = day(), self.text("#month")
        d.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
        wait(d, "the next day", lambda _: day() == first + 1)
        d.switch_to.active_element.send_keys(Keys.PAGE_DOWN)
        wait(d, "the next month", lambda _: self.text("#month") != month)
        wait(d, "a day of it", lambda _: d.switch_to.active_element.get_attribute("data-day"))
        d.switch_to.active_element.send_keys(Keys.ENTER)
        wait(d, "the form", lambda _: self.seen("dialog"))
        d.switch_to.active_element.send_keys(Keys.ESCAPE)
        wait(d, "the calendar again", lambda _: not self.seen("dialog") and d.switch_to.active_element.get_attribute("data-day"))

    # ---- Deliveries

    def deliveries(self):
        self.town.until_unsettled()
        self.open("deliveries")
        w = self.word
        wait(self.driver, "the failed deliveries", lambda d: self.seen("#failed tbody tr"))
        check(w("deliveries.reasons.broken") in self.text("#failed"), f"why, in words: {self.text('#failed')!r}")
        receivers = {name: self.one("#receivers li", name) for name in ("kencho", "kyuyaku", "kiroku")}
        check(w("deliveries.stopped") in receivers["kyuyaku"] and w("deliveries.reasons.gone") in receivers["kyuyaku"], receivers["kyuyaku"])
        check(w("deliveries.running") in receivers["kiroku"] and w("deliveries.never") not in receivers["kiroku"], receivers["kiroku"])
        check(self.seen("#failed a[href^='/event?key=']"), "the way to the event")
        self.look("deliveries")
        self.filter_deliveries()
        self.replay()

    def filter_deliveries(self):
        for state, badge in (("delivered", "done"), ("failed", "failed"), ("all", None)):
            self.set(state=state)
            wait(self.driver, f"those {state}", lambda d: self.seen("#all tbody tr") and (
                badge is None or len(self.seen(f"#all tbody .badge.{badge}")) == len(self.seen("#all tbody tr"))))
        self.set(receiver="kiroku")
        wait(self.driver, "those of one receiver", lambda d: self.seen("#all tbody tr") and all("kiroku" in t for t in self.seen("#all tbody tr")))
        self.set(receiver="")

    def replay(self):
        w, failed, tried = self.word, len(self.seen("#failed tbody tr")), self.town.bad.count
        self.press("#failed tbody tr button")
        wait(self.driver, "that it goes out again", lambda d: w("deliveries.replayed") in d.find_element(By.ID, "told").text)
        wait(self.driver, "one failed less", lambda d: len(self.seen("#failed tbody tr")) < failed)
        self.town.until("the second try", lambda: self.town.endpoint("kencho")["pending"] == 0 or self.town.bad.count > tried)
        self.town.fail_again()
        self.driver.execute_async_script("refreshDeliveries().then(arguments[0])")
        self.press("#receivers li", "kencho", -1)
        self.look("deliveries-ask")
        self.town.bad.status = 200
        self.submit()
        wait(self.driver, "that all go out again", lambda d: d.find_element(By.ID, "told").text and not self.seen("dialog"))
        self.town.until("their delivery", lambda: not self.town.endpoint("kencho")["failed"] and not self.town.endpoint("kencho")["pending"])
        self.driver.execute_async_script("refreshDeliveries().then(arguments[0])")
        check(w("deliveries.noFailed") in self.text("#failed"), self.text("#failed"))
        self.press("#receivers li", "kyuyaku", 0)
        wait(self.driver, "that it is taken up again", lambda d: "kyuyaku" in d.find_element(By.ID, "told").text)

    # ---- Sensors

    def sensors(self):
        self.open("sensors")
        w = self.word
        wait(self.driver, "the sensors", lambda d: len(self.seen("#sensors tbody tr")) >= len(METERS))
        first = self.seen("#sensors tbody tr")[0]
        check("荒井 本管" in first and w("state.leak") in first and "74%" in first, f"worst first, state in words, battery: {first!r}")
        self.look("sensors")
        self.type("find", "通り町")
        wait(self.driver, "the search", lambda d: len(self.seen("#sensors tbody tr")) == 1)
        self.edit_card()
        self.type("find", "ふじさん")
        wait(self.driver, "that nothing fits", lambda d: w("sensors.noMatch") in self.text("#sensors"))
        self.driver.find_element(By.ID, "find").clear()
        self.set(find="")
        self.press("label[for='only-leak']")
        wait(self.driver, "the leaks only", lambda d: 1 <= len(self.seen("#sensors tbody tr")) < len(METERS))
        csv = self.csv_of_sensors()
        check(csv.startswith("\ufeff") and "荒井 本管" in csv and "\r\n" in csv and "通り町" not in csv, f"the CSV: {csv[:200]!r}")

    def csv_of_sensors(self):
        """What the button saves, read from the file that the browser was given."""
        self.driver.execute_script("window.saved = []; const make = URL.createObjectURL; URL.createObjectURL = b => { window.saved.push(b); return make.call(URL, b); };")
        self.press("#csv")
        return self.driver.execute_async_script("const done = arguments[0]; window.saved[0].arrayBuffer().then(b => done(new TextDecoder('utf-8', { ignoreBOM: true }).decode(b)))")

    def edit_card(self):
        w, note = self.word, f"鍵は庁舎 {self.language}"
        self.press("#sensors tbody tr button")
        check("通り町" in self.text("dialog") and "東区" in self.text("dialog"), "what the settings file says stands there")
        self.type("card-low", "10")
        self.submit()
        self.refused("half a range", w("sensors.card.badRange"))
        self.type("card-high", "５")
        self.submit()
        self.refused("a range upside down", w("sensors.card.badRange"))
        self.type("card-low", "0")
        self.type("card-high", "１２０")
        self.type("card-leak", "0.5")
        self.type("card-note", note)
        self.look("sensors-card")
        self.submit()
        self.told("that it was saved", "通り町")
        card = next(s for s in self.town.ask("/sensors") if s["id"] == f"ina/{WORKED}/flow")["card"]
        check(card["range"] == [0, 120] and card["minimumLeakM3h"] == 0.5 and card["note"] == note, f"what was stored: {card}")
        wait(self.driver, "that it was changed here", lambda d: w("sensors.changed") in self.text("#sensors"))
        # Empty = as the settings file says.
        self.press("#sensors tbody tr button")
        check(self.driver.find_element(By.ID, "card-high").get_attribute("value") == "120", "what was stored stands in the form")
        for name in ("card-low", "card-high", "card-leak"):
            self.driver.find_element(By.ID, name).clear()
        self.submit()
        self.told("that it was saved", "通り町")
        card = next(s for s in self.town.ask("/sensors") if s["id"] == f"ina/{WORKED}/flow")["card"]
        check("range" not in card and "minimumLeakM3h" not in card, f"taken back: {card}")

    # ---- System and accounts

    def system(self):
        self.town.spoil()
        self.open("system")
        w = self.word
        wait(self.driver, "the figures", lambda d: w("system.connected") in self.text("#running") and self.seen("#accounts tbody tr"))
        wait(self.driver, "why messages were refused", lambda d: w("system.reasons.json_syntax")[0] in self.text("#refused"), 40)
        check(w("system.reasons.json_syntax")[1] in self.text("#refused"), "what to do about it")
        check("GB" in self.text("#machine") or "TB" in self.text("#machine"), f"the disk: {self.text('#machine')!r}")
        self.look("system")
        self.people()
        self.programs()

    def people(self):
        w, name = self.word, f"sato.{self.language}.{self.name}"
        self.press("#add-account")
        self.type("account-name", "さとう")
        self.submit()
        self.refused("a name that cannot be", w("system.account.badName"))
        self.type("account-name", name)
        self.type("password-new", PASSWORD)
        self.type("password-again", PASSWORD + "!")
        self.submit()
        self.refused("two passwords", w("system.account.mismatch"))
        self.type("password-again", PASSWORD)
        self.press("dialog label[for='role-viewer']")
        self.press("dialog label[for='town-ina']")
        self.look("system-account")
        self.submit()
        self.told("the new account", name)
        row = lambda: self.one("#accounts tbody tr", name)
        check(w("system.account.roleShort.viewer") in row() and "ina" in row(), row())
        self.press("#accounts tbody tr", name, 0)
        self.type("password-new", "short")
        self.submit()
        self.refused("a short password", w("system.account.short"))
        self.type("password-new", PASSWORD + "2")
        self.type("password-again", PASSWORD + "2")
        self.submit()
        self.told("the new password", name)
        self.press("#accounts tbody tr", name, 1)
        self.press("dialog label[for='role-operator']")
        self.press("dialog label[for='town-ina']")
        self.submit()
        self.told("the new role", name)
        check(w("system.account.roleShort.operator") in row() and w("system.account.allTowns") in row(), row())
        self.press("#accounts tbody tr", name, 2)
        self.submit()
        self.told("that it is gone", name)
        check(not any(name in t for t in self.seen("#accounts tbody tr")), "the account must be gone")

    def programs(self):
        w, name = self.word, f"ken.{self.language}.{self.name}"
        self.press("#add-token")
        self.type("account-name", name)
        self.submit()
        wait(self.driver, "the token", lambda d: self.seen("#token"))
        token = self.find("#token").get_attribute("value")
        check(token.startswith("mzm_") and w("system.account.tokenOnce") in self.text("dialog"), "the token and that it is shown once")
        check(self.town.ask("/utility", token=token)["utility"] == "山の町", "the token works")
        self.look("system-token")
        self.press("dialog button", w("system.account.done"))
        wait(self.driver, "the list", lambda d: not self.seen("dialog") and any(name in t for t in self.seen("#accounts tbody tr")))
        wait(self.driver, "that nobody can read it afterwards", lambda d: token not in d.page_source, 5)
        self.press("#accounts tbody tr", name, 0)
        self.submit()
        self.told("that the token is gone", name)

    # ---- Reports

    def reports(self):
        self.open("reports")
        w = self.word
        wait(self.driver, "the daily report", lambda d: self.seen("#report .figures"))
        check(w("reports.names.supplied") in self.text("#report"), self.text("#report"))
        check("30" in self.text("#report") and "180" in self.text("#report"), "how savings are reckoned, with the setting in force")
        self.look("reports-daily")
        day = self.text("#report-title")
        self.press("#previous")
        wait(self.driver, "the day before", lambda d: self.text("#report-title") != day and self.seen("#report .figures, #report .empty"))
        self.press("label[for='kind-monthly']")
        self.this_month()
        wait(self.driver, "the leak in the report", lambda d: "荒井 本管" in self.text("#report"))
        check(self.seen("#report a[href^='/event?key=']"), "the way to the event")
        self.billed()
        self.look("reports-monthly")
        self.files_of_report()
        self.press("label[for='kind-annual']")
        wait(self.driver, "the months of the year", lambda d: len(self.seen("#report table")) == 2)
        self.look("reports-annual")

    def this_month(self):
        wait(self.driver, "the monthly report", lambda d: self.seen("#month") and self.seen("#report .figures, #report .empty"))
        if self.find("#following").is_enabled():
            self.press("#following")

    def billed(self):
        w = self.word
        wait(self.driver, "the months", lambda d: len(self.seen("#billed tbody tr")) == 13)
        month = self.driver.execute_script("return document.querySelectorAll('#billed input[inputmode]')[1].id")
        self.type(month, "千")
        self.press("#billed button")
        wait(self.driver, "the refusal", lambda d: w("reports.billedBad") in self.text("#billed"))
        typed, volume = {"ja": ("１,２３４", 1234), "en": ("1,500", 1500)}[self.language]
        self.type(month, typed)
        self.press("#billed button")
        query = self.driver.execute_script("return `from=${monthCode(reports.now - 12)}&to=${monthCode(reports.now)}&municipality=ina`")
        stored = lambda: [b["m3"] for b in self.town.ask("/billed?" + query)]
        wait(self.driver, "that it was saved", lambda d: d.find_element(By.ID, "told").text and stored() == [volume])
        wait(self.driver, "it in the field", lambda d: d.find_element(By.ID, month).get_attribute("value") == str(volume))
        self.driver.find_element(By.ID, month).clear()
        self.press("#billed button")
        wait(self.driver, "that it was taken away", lambda d: not stored())

    def files_of_report(self):
        """The links lead to what they say: a table that Excel reads, in both codes, and the printable page."""
        fetch = "const [id, done] = arguments; fetch(document.getElementById(id).href).then(async a => done([a.status, a.headers.get('Content-Type'), [...new Uint8Array(await a.arrayBuffer())]]))"
        for name, encoding in (("csv-report", "utf-8-sig"), ("csv-old", "cp932")):
            status, kind, body = self.driver.execute_async_script(fetch, name)
            text = bytes(body).decode(encoding)
            check(status == 200 and kind.startswith("text/csv") and "荒井 本管" in text, f"{name}: {status} {kind} {text[:200]!r}")
        self.printed()
        self.press("#open-report")
        wait(self.driver, "the printable report", lambda d: "/report/" in d.current_url and "荒井 本管" in d.find_element(By.TAG_NAME, "body").text)
        self.driver.back()
        wait(self.driver, "the page again", lambda d: d.execute_script("return document.body.dataset.ready") == "yes")
        check("kind=monthly" in self.driver.current_url, "where one was")


    def printed(self):
        """The button opens the printable page and, once it stands, its print dialog (which is counted instead of shown)."""
        d = self.driver
        d.execute_script("""const open = window.open; window.prints = 0; window.open = url => {
          const w = open.call(window, url), listen = w.addEventListener.bind(w);
          w.addEventListener = (name, act) => listen(name, () => { w.print = () => { window.prints++; }; act(); });
          return w; };""")
        here = d.current_window_handle
        self.press("#print-report")
        wait(d, "the print dialog", lambda d: d.execute_script("return window.prints") == 1)
        d.switch_to.window(next(w for w in d.window_handles if w != here))
        check("/report/monthly" in d.current_url, d.current_url)
        d.close()
        d.switch_to.window(here)


def nothing_wrong(visit):
    elsewhere = requests_elsewhere(visit.driver, visit.town.url)
    check(not elsewhere, f"requests to other origins: {elsewhere}")
    no_errors(visit.driver)


def at_the_desk(town, out, language, name):
    with Visit(town, out, language, name) as v:
        town.unsettle()
        v.log_in("yamada")
        for page in PAGES:
            getattr(v, page)()
            check(v.driver.execute_script("return document.documentElement.lang") == language, "the language is kept from page to page")
        weights = [v.narrow(page) for page in PAGES]
        nothing_wrong(v)
        return max(weights)


def look_only(town, out):
    """Who may only look changes nothing; who is of one town sees no machine, and no accounts of others."""
    with Visit(town, out, "ja", "desktop") as v:
        v.log_in("mieru")
        for page in PAGES:
            v.open(page)
            write = [v.seen(f"#{name}") for name in ("add-once", "add-often", "replay-all", "add-account", "add-token", "billed-form")] + [v.seen(".cards td button")]
            write = [t for found in write for t in found]
            check(not write, f"a viewer changes nothing on /{page}: {write}")
            v.look(f"viewer-{page}")
        nothing_wrong(v)
    with Visit(town, out, "ja", "phone") as v:
        v.log_in("machi")
        v.open("system")
        check("machi" in v.text() and "ina" in v.text() and "yamada" not in v.text() and not v.driver.find_elements(By.ID, "machine"), v.text())
        v.look("town-system")
        v.open("deliveries")
        check(not v.seen("#receivers button"), "receivers are of the whole machine")
        nothing_wrong(v)
        own_password(v)


def own_password(v):
    """Everybody changes the own password, by the old one, and logs in anew."""
    v.open("system")
    v.press("#own-password")
    v.type("password-old", PASSWORD + "x")
    for name in ("password-new", "password-again"):
        v.type(name, PASSWORD + "3")
    v.submit()
    v.refused("the wrong old password", "いまのパスワードが違います")
    v.look("own-password")
    v.type("password-old", PASSWORD)
    v.submit()
    wait(v.driver, "the log-in", lambda d: "/login" in d.current_url and d.find_elements(By.ID, "password"))
    type_in(v.driver, name="machi", password=PASSWORD + "3")
    wait(v.driver, "who is logged in", lambda d: d.find_elements(By.ID, "logout"))
    no_errors(v.driver, "403")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--program", required=True)
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        town = None
        try:
            town = Town(a.program, folder)
            for language in ("ja", "en"):
                for name in SIZES:
                    heaviest = at_the_desk(town, a.out, language, name)
                    print(f"ok desk {language} {name}; heaviest page {heaviest // 1000} kB", flush=True)
            look_only(town, a.out)
            print("ok desk, viewer and one town", flush=True)
        except (AssertionError, WebDriverException, StopIteration) as e:
            print(f"FAILED: {e!r}\n{open(f'{folder}/log').read()[-1500:]}", file=sys.stderr)
            return 1
        finally:
            if town:
                town.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
