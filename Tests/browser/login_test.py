#!/usr/bin/python3
"""Logs in with a real browser (headless Chromium): the first account with the code of the log, a record under its name, out and in again,
a wrong password, a viewer who may only look. In both languages and two sizes; keeps screenshots.

  login_test.py --program .build/debug/mizumori --out out/screenshots
"""
import argparse, json, os, re, socket, subprocess, sys, tempfile, time, urllib.request

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By

from kit import SIZES, browser, check, press, requests_elsewhere, stays_inside, wait

PASSWORD = "山の水はつめたくておいしい"
WORDS = {
    "ja": {"first": "最初の利用者を作る", "in": "ログイン", "wrong": "名前かパスワード", "out": "ログアウト"},
    "en": {"first": "Make the first account", "in": "Log in", "wrong": "wrong name", "out": "Log out"},
}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Box:
    """A broker, and a service that asks for a log-in, with one meter."""

    def __init__(self, program, folder):
        self.program, self.folder, self.port, broker = program, folder, free_port(), free_port()
        with open(f"{folder}/mosquitto.conf", "w") as f:
            f.write(f"listener {broker} 127.0.0.1\nallow_anonymous true\n")
        with open(f"{folder}/mizumori.yaml", "w") as f:
            f.write(f"utility: {{municipality: ina, name: 山の町}}\nbroker: {{host: 127.0.0.1, port: {broker}, client_id: login}}\n"
                    f'data: {{directory: "{folder}/data"}}\nweb: {{port: {self.port}}}\n')
        self.broker = subprocess.Popen(["mosquitto", "-c", f"{folder}/mosquitto.conf"], stderr=subprocess.DEVNULL)
        self.log = f"{folder}/log"
        with open(self.log, "w") as log:
            self.service = subprocess.Popen([program, "run", "--settings", f"{folder}/mizumori.yaml"], stderr=log)
        for _ in range(200):
            if self.is_ready():
                break
            time.sleep(0.1)
        for n in range(20):
            subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(broker), "-q", "1", "-t", "water/ina/nishi/m01/flow", "-m",
                            json.dumps({"ts": int(time.time()) - 1200 + n * 60, "value": 10 + n % 3})], check=True)
        self.url = f"http://127.0.0.1:{self.port}"

    def is_ready(self):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2).status == 200
        except OSError:
            return False

    def code(self):
        return re.search(r'"code":"([0-9a-z-]{14})"', open(self.log).read()).group(1)

    def account(self, *arguments):
        subprocess.run([self.program, "account", *arguments, "--settings", f"{self.folder}/mizumori.yaml"],
                       input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)

    def end(self):
        for p in (self.service, self.broker):
            p.terminate()
            p.wait(timeout=20)


def type_in(driver, **fields):
    for name, text in fields.items():
        field = driver.find_element(By.ID, name)
        field.clear()
        field.send_keys(text)
    driver.find_element(By.ID, "send").click()


def at(path):
    return lambda d: d.execute_script("return location.pathname + location.search") == path


def look(box, out, language, name, size):
    driver, words = browser(size), WORDS[language]
    person = f"yamada.{language}"
    try:
        box.account("remove", person) if os.path.exists(f"{box.folder}/data/accounts.json") else None
        # Nobody is logged in: any page leads to the log-in, and back to where one wanted to go.
        meter = "/meter?id=ina%2Fnishi%2Fm01%2Fflow"
        driver.get(f"{box.url}/login?lang={language}")
        wait(driver, "the first account", lambda d: d.find_element(By.ID, "title").text == words["first"])
        driver.get(box.url + meter)
        wait(driver, "the log-in", lambda d: d.find_elements(By.CSS_SELECTOR, "#title") and d.find_element(By.ID, "title").text == words["first"])
        type_in(driver, code="0000-0000-0000", name=person, password=PASSWORD)
        wait(driver, "the refusal", lambda d: words["wrong"] in d.find_element(By.ID, "said").text)
        stays_inside(driver)
        driver.save_screenshot(f"{out}/login-first-{language}-{name}.png")
        type_in(driver, code=box.code(), name=person, password=PASSWORD)
        wait(driver, "the meter", at(meter))
        wait(driver, "who is logged in", lambda d: d.find_elements(By.ID, "logout"))
        check(person in driver.find_element(By.CSS_SELECTOR, "header .person").text, "the name must be seen")
        stays_inside(driver)
        driver.save_screenshot(f"{out}/login-head-{language}-{name}.png")
        record(driver, person, language)
        driver.save_screenshot(f"{out}/login-meter-{language}-{name}.png")
        press(driver, "header .person")
        press(driver, "#logout")
        wait(driver, "the log-in", lambda d: at("/login")(d) and d.find_element(By.ID, "title").text == words["in"])
        check(driver.get_cookies() == [], "the cookie must be gone")
        type_in(driver, name=person, password="wrong password")
        wait(driver, "the refusal", lambda d: words["wrong"] in d.find_element(By.ID, "said").text)
        driver.save_screenshot(f"{out}/login-{language}-{name}.png")
        look_only(box, driver, meter)
        elsewhere = requests_elsewhere(driver, box.url)
        check(not elsewhere, f"requests to other origins: {elsewhere}")
        expected = ("401 (Unauthorized)",)
        errors = [e["message"] for e in driver.get_log("browser") if e["level"] == "SEVERE" and not any(t in e["message"] for t in expected)]
        check(not errors, f"console errors: {errors}")
    finally:
        driver.quit()
    box.account("remove", person)
    box.account("remove", "mieru")


def record(driver, person, language):
    """Planned work, under the name of who is logged in."""
    wait(driver, "the choices", lambda d: d.find_elements(By.ID, "choice-planned_work"))
    check(not driver.find_element(By.ID, "person").is_displayed(), "who is logged in is not asked for a name")
    driver.execute_script(
        "document.getElementById('choice-planned_work').click();"
        "for (const [id, hour] of [['from', 9], ['to', 12]]) document.getElementById(id).value = typed(Date.now() + hour * 3600000);"
        "document.getElementById('note').value = '洗管';")
    press(driver, "#record .primary")
    wait(driver, "the record", lambda d: person in d.find_element(By.ID, "actions").text)


def look_only(box, driver, meter):
    box.account("add", "mieru", "--role", "viewer", "--municipality", "ina")
    driver.get(f"{box.url}/login?next={meter.replace('?', '%3F').replace('%', '%25').replace('%253F', '%3F')}")
    wait(driver, "the form", lambda d: d.find_element(By.ID, "title").text != "")
    type_in(driver, name="mieru", password=PASSWORD)
    wait(driver, "who is logged in", lambda d: d.find_elements(By.ID, "logout"))
    wait(driver, "the meter", lambda d: d.execute_script("return document.body.dataset.ready") == "yes")
    check(not driver.find_elements(By.ID, "record") and not driver.find_elements(By.ID, "card-details"), "a viewer records and changes nothing")
    cookie = driver.get_cookie("__Host-sid")
    check(cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Strict", f"the cookie: {cookie}")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--program", required=True)
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    for language, name in (("ja", "desktop"), ("en", "phone")):
        with tempfile.TemporaryDirectory() as folder:
            box = Box(a.program, folder)
            try:
                look(box, a.out, language, name, SIZES[name])
                print(f"ok log-in {language} {name}", flush=True)
            except (AssertionError, WebDriverException) as e:
                print(f"FAILED: {e}\n{open(box.log).read()[-1500:]}", file=sys.stderr)
                return 1
            finally:
                box.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
