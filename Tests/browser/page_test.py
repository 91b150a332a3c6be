#!/usr/bin/python3
"""Looks at the page in a real browser (headless Chromium), as a 水道担当 would.

Opens overview and meter in both languages and two sizes, and asserts that the open leak is seen in words and state, that the graph is
really drawn, that times are the utility's whatever zone the browser is in, that an update does not take the keyboard's place away, that
nothing is logged to the console as an error, and that no request goes to another origin. Keeps screenshots.

  page_test.py --demo .build/release/mizumori --out out/screenshots                  starts the demo and looks at its page
  page_test.py --url http://127.0.0.1:8080 --out out/screenshots                     looks at a running service
  page_test.py --url http://127.0.0.1:8080 --out out/screenshots --expect-open-leak  the same; it must show an open leak

Needs Debian's chromium, chromium-driver and python3-selenium.
"""
import argparse, datetime, json, os, re, signal, subprocess, sys, time, urllib.request

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
LEAK = {"ja": "異常", "en": "Leak"}
HEADLINE = {"ja": "漏水の疑い", "en": "suspected leak"}


def browser(size):
    options = Options()
    width, height = size
    for a in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={width},{height}"):
        options.add_argument(a)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    # Below 500 px a window cannot go: the phone is emulated.
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
    return driver


def check(condition, text):
    if not condition:
        raise AssertionError(text)


def wait(driver, what, condition, seconds=20):
    try:
        WebDriverWait(driver, seconds, poll_frequency=0.2).until(condition)
    except Exception as e:
        raise AssertionError(f"{what}: not seen within {seconds} s; page says: {driver.find_element(By.TAG_NAME, 'body').text[:600]}") from e


def painted_pixels(driver):
    """Pixels of the graph's canvases that are not transparent."""
    return driver.execute_script("""
      let n = 0;
      for (const c of document.querySelectorAll('#graph canvas')) {
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        for (let i = 3; i < d.length; i += 4) if (d[i]) n++;
      }
      return n;""")


def requests_elsewhere(driver, origin):
    found = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            if not url.startswith((origin, "data:", "about:", "chrome:")):
                found.append(url)
    return found


def look(url, out, language, name, size, expect_leak):
    driver = browser(size)
    try:
        # Far from Japan: no time on the page may follow the browser's zone.
        driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "America/New_York"})
        link = look_at_overview(driver, url, language, expect_leak)
        driver.save_screenshot(f"{out}/overview-{language}-{name}.png")
        look_at_meter(driver, link, language, expect_leak)
        driver.save_screenshot(f"{out}/meter-{language}-{name}.png")
        look_at_record(driver)
        driver.save_screenshot(f"{out}/record-{language}-{name}.png")
        look_at_moment(driver)
        driver.save_screenshot(f"{out}/moment-{language}-{name}.png")
        elsewhere = requests_elsewhere(driver, url)
        check(not elsewhere, f"requests to other origins: {elsewhere}")
        # The refusal that was asked for is an answer, not a fault of the page.
        errors = [e["message"] for e in driver.get_log("browser") if e["level"] == "SEVERE" and "400 (Bad Request)" not in e["message"]]
        check(not errors, f"console errors: {errors}")
    finally:
        driver.quit()


def look_at_overview(driver, url, language, expect_leak):
    driver.get(f"{url}/?lang={language}")
    wait(driver, "the list of meters", lambda d: d.find_elements(By.CSS_SELECTOR, "#meters a"))
    first = driver.find_element(By.CSS_SELECTOR, "#meters a")
    if expect_leak:
        wait(driver, "the leak's headline", lambda d: HEADLINE[language] in d.find_element(By.ID, "headline").text)
        check(first.get_attribute("data-state") == "leak", "the leak must stand first")
        check(LEAK[language] in first.text and "m³/h" in first.text, f"state and flow in words: {first.text!r}")
    check(driver.execute_script("return document.documentElement.lang") == language, "lang attribute")
    stays_inside(driver)
    link = first.get_attribute("href")
    # An update must leave the keyboard where it is.
    driver.execute_script("arguments[0].focus()", first)
    driver.execute_async_script("refresh().then(arguments[0])")
    check(driver.execute_script("return document.activeElement.href") == link, "focus was lost by an update")
    return link


def look_at_meter(driver, link, language, expect_leak):
    # The language was chosen on the overview and must hold here without being asked for again.
    driver.get(link)
    wait(driver, "the graph", lambda d: d.find_elements(By.CSS_SELECTOR, "#graph canvas") and d.execute_script("return document.body.dataset.ready"))
    wait(driver, "a drawn graph", lambda d: painted_pixels(d) > 3000)
    check(driver.execute_script("return document.documentElement.lang") == language, "the language must be kept from page to page")
    if expect_leak:
        look_at_leak(driver, language)
    for key in ("month", "all", "day", "week"):
        button = driver.find_element(By.CSS_SELECTOR, f"#ranges button[data-range={key}]")
        button.click()
        wait(driver, f"range {key}", lambda d: button.get_attribute("aria-pressed") == "true" and d.execute_script("return document.body.dataset.ready") == key)
        wait(driver, f"the drawn graph of {key}", lambda d: painted_pixels(d) > 3000)
    stays_inside(driver)


def look_at_leak(driver, language):
    leak = driver.find_element(By.ID, "leak")
    check(leak.is_displayed() and "m³/h" in leak.text, "the open leak's words")
    event, offset = driver.execute_script("return [detail.meter.event, page.offset]")
    onset = datetime.datetime.fromisoformat(event["onset"]).astimezone(datetime.timezone(datetime.timedelta(minutes=offset)))
    clock = onset.strftime("%H:%M")
    check(clock in leak.text, f"since when, in the utility's time ({clock}): {leak.text!r}")
    for key in ("since", "size", "expected", "observed", "lost"):
        word = driver.execute_script(f"return W().leak.{key}")
        check(word in leak.text, f"{word!r} in {leak.text!r}")
    shaded = driver.execute_script("return chart.events.some(e => e.isLeak)")
    check(shaded, "the leak must be shaded in the graph")


def look_at_record(driver):
    """What somebody says is recorded, and what cannot be done is refused in words."""
    word = lambda path: driver.execute_script(f"return W().say.{path}")
    check(not driver.find_element(By.ID, "send").is_enabled(), "nothing chosen: nothing to send")
    driver.find_element(By.ID, "choice-planned_work").click()
    check(driver.find_element(By.ID, "period").is_displayed(), "planned work asks for a begin and an end")
    driver.find_element(By.ID, "send").click()
    said = driver.find_element(By.ID, "said")
    wait(driver, "the refusal of works without a window", lambda d: "31" in said.text)
    driver.find_element(By.ID, "choice-acknowledged").click()
    check(not driver.find_element(By.ID, "period").is_displayed(), "only planned work has a window")
    check(word("meaning.acknowledged") in driver.find_element(By.ID, "meaning").text, "what the choice does is said")
    name = driver.find_element(By.ID, "person")
    name.clear()
    name.send_keys("水道係 山田")
    driver.find_element(By.ID, "note").send_keys("現地へ")
    driver.find_element(By.ID, "send").click()
    wait(driver, "the answer", lambda d: said.text == d.execute_script("return W().say.done(W().say.actions.acknowledged)"))
    first = driver.find_element(By.CSS_SELECTOR, "#actions li")
    check(word("actions.acknowledged") in first.text and "水道係 山田" in first.text and "現地へ" in first.text, f"the list of actions: {first.text!r}")
    driver.execute_script("document.getElementById('record').scrollIntoView()")
    stays_inside(driver)


def look_at_moment(driver):
    """What the detector thought at a moment that was picked on the graph."""
    driver.execute_script("lookAt(chart.rows[chart.rows.length - 2][0])")
    wait(driver, "statistics of that moment", lambda d: len(d.find_elements(By.CSS_SELECTOR, "#judgement table")) == 2, 60)
    tables = driver.find_elements(By.CSS_SELECTOR, "#judgement table")
    check(len(tables[0].find_elements(By.CSS_SELECTOR, "tbody tr")) >= 8, "statistics with thresholds")
    check(len(tables[1].find_elements(By.CSS_SELECTOR, "tbody tr")) == 24, "the baseline of the day")
    driver.execute_script("document.getElementById('judgement').scrollIntoView()")
    stays_inside(driver)


def stays_inside(driver):
    check(driver.execute_script("return document.documentElement.scrollWidth <= innerWidth"), "the page must not scroll sideways")


def open_leak(url):
    with urllib.request.urlopen(url + "/api/v1/overview", timeout=5) as answer:
        return any(m["state"] == "leak" for m in json.load(answer)["meters"])


def run_demo(program):
    """Starts the demo and waits until its page shows an open leak."""
    demo = subprocess.Popen([program, "demo", "--speed", "3600", "--seed", "1"], stdout=subprocess.PIPE, text=True)
    url = None
    for line in demo.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            url = found.group(0)
            break
    check(url, "the demo printed no address")
    end = time.time() + 150
    while time.time() < end:
        if open_leak(url):
            return demo, url
        time.sleep(1)
    demo.send_signal(signal.SIGINT)
    raise AssertionError("no open leak within 150 s")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--url")
    ap.add_argument("--demo")
    ap.add_argument("--out", required=True)
    ap.add_argument("--expect-open-leak", action="store_true", help="the page must show an open leak (the demo's always must)")
    a = ap.parse_args()
    if bool(a.url) == bool(a.demo):
        ap.error("give either --url or --demo")
    os.makedirs(a.out, exist_ok=True)
    demo = None
    try:
        url = a.url
        if a.demo:
            demo, url = run_demo(a.demo)
        for language in ("ja", "en"):
            for name, size in SIZES.items():
                look(url.rstrip("/"), a.out, language, name, size, a.expect_open_leak or bool(a.demo))
                print(f"ok {language} {name}", flush=True)
    except (AssertionError, WebDriverException) as e:
        print(f"FAILED: {e}", file=sys.stderr)
        return 1
    finally:
        if demo:
            demo.send_signal(signal.SIGINT)
            demo.stdout.close()
            demo.wait(timeout=30)
    return 0


if __name__ == "__main__":
    sys.exit(main())
