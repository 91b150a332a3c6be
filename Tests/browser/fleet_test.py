#!/usr/bin/python3
"""Looks at the page of `mizumori fleet` in a real browser: a real instance that leaks (the demo) and one that does not answer.

In both languages and two sizes: worst first, the dead instance is said, nothing is wider than the screen, structure, contrast, no error and
no other origin. Then the demo is ended, and the page must say within its interval that what it shows is old, and still show the leak.

  fleet_test.py --program .build/debug/mizumori --out out/screenshots
"""
import argparse, json, os, signal, socket, subprocess, sys, tempfile, urllib.error, urllib.request

from selenium.common.exceptions import WebDriverException

from kit import CONTRAST, SIZES, STRUCTURE, browser, check, no_errors, open_page, overview, requests_elsewhere, run_demo, scheme, stays_inside, texts, wait, words


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def fleet(program, directory, demo_url):
    file = os.path.join(directory, "fleet.yaml")
    with open(file, "w", encoding="utf-8") as f:
        f.write("name: 県内の水守\ninterval_s: 5\ntimeout_s: 3\ninstances:\n")
        f.write(f'  - {{name: 実演, url: "{demo_url}", page: "{demo_url}", allow_addresses: [127.0.0.1]}}\n')
        f.write(f'  - {{name: 応じない箱, url: "http://127.0.0.1:{free_port()}", allow_addresses: [127.0.0.1]}}\n')
    port = free_port()
    process = subprocess.Popen([program, "fleet", "--config", file, "--port", str(port)], stderr=subprocess.PIPE, text=True)
    line = process.stderr.readline()
    check(f":{port}/" in line, f"fleet said {line!r}")
    return process, f"http://127.0.0.1:{port}", file


def look(url, demo_url, out, language, name, size):
    driver = browser(size)
    try:
        open_page(driver, f"{url}/?lang={language}")
        wait(driver, "both instances asked", lambda d: d.execute_script("return fleet.unreachable === 1 && fleet.towns.length > 1"))
        wait(driver, "drawn", lambda d: len(texts(d, "#towns tbody tr")) > 1)
        states = driver.execute_script("return fleet.towns.map(t => t.state)")
        check(states[0] == "leak" and states == sorted(states, key=["leak", "unreachable", "attention", "offline", "learning", "normal"].index), f"order: {states}")
        rows = texts(driver, "#towns tbody tr")
        check(words(driver, "fleet.states.leak") in rows[0], f"first row: {rows[0]}")
        check(any("応じない箱" in r and words(driver, "fleet.states.unreachable") in r for r in rows), f"the dead one: {rows}")
        totals = overview(demo_url)["totals"]
        check(driver.execute_script("return fleet.leaks") > 0 and totals["leaks"] > 0, "leaks are counted")
        check("bad" in driver.find_element("id", "headline").get_attribute("class"), "headline")
        check(texts(driver, "#silent li") == [driver.execute_script("return W().fleet.unreachable(1)")], "what cannot be read is said")
        dead = texts(driver, "#instances tbody tr")[1]
        check(("つながりません" if language == "ja" else "cannot be reached") in dead, f"why: {dead}")
        wrong = driver.execute_script(STRUCTURE.replace("'nav[aria-label]', ", ""))
        check(not wrong, f"structure: {wrong}")
        check(driver.execute_script("return document.documentElement.lang") == language, "lang attribute")
        for colours in ("light", "dark"):
            scheme(driver, colours)
            pale = driver.execute_script(CONTRAST)
            check(not pale, f"contrast in {colours}: {pale}")
            driver.save_screenshot(f"{out}/fleet-{language}-{name}-{colours}.png")
        scheme(driver, "light")
        stays_inside(driver)
        driver.execute_script("const s = document.getElementById('filter-state'); s.value = 'unreachable'; s.dispatchEvent(new Event('change'))")
        wait(driver, "filtered", lambda d: len(texts(d, "#towns tbody tr")) == 1)
        check(not requests_elsewhere(driver, url), f"other origins: {requests_elsewhere(driver, url)}")
        no_errors(driver)
    finally:
        driver.quit()


def look_when_gone(url, out):
    driver = browser(SIZES["desktop"])
    try:
        open_page(driver, f"{url}/?lang=ja")
        wait(driver, "the demo's end is noticed", lambda d: d.execute_script("return fleet.unreachable === 2"), 30)
        wait(driver, "said", lambda d: texts(d, "#silent li") == [d.execute_script("return W().fleet.unreachable(2)")], 30)
        check(driver.execute_script("return fleet.towns[0].state") == "leak", "a leak that is known does not vanish with its instance")
        old = driver.execute_script("return W().fleet.old('').trim()")
        check(old in texts(driver, "#towns tbody tr")[0], "that it is old stands beside it")
        driver.save_screenshot(f"{out}/fleet-gone.png")
    finally:
        driver.quit()


def printed(program, file, expected):
    r = subprocess.run([program, "fleet", "--config", file, "--json"], capture_output=True, text=True, timeout=60)
    check(r.returncode == 69, f"--json with a dead instance ends with {r.returncode}: {r.stderr[-500:]}")
    view = json.loads(r.stdout)
    check(view["unreachable"] == expected and len(view["instances"]) == 2, f"--json: {view}")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--program", required=True)
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    demo = process = None
    try:
        demo, demo_url = run_demo(a.program)
        demo_url = demo_url.rstrip("/")
        with tempfile.TemporaryDirectory() as directory:
            process, url, file = fleet(a.program, directory, demo_url)
            for language in ("ja", "en"):
                for name, size in SIZES.items():
                    look(url, demo_url, a.out, language, name, size)
                    print(f"ok {language} {name}", flush=True)
            printed(a.program, file, 1)
            for address, status in ((f"{url}/api/v1/fleet?x=1", 400), (f"{url}/api/v1/overview", 404)):
                try:
                    urllib.request.urlopen(address, timeout=10)
                    check(False, f"{address} was answered")
                except urllib.error.HTTPError as e:
                    check(e.code == status, f"{address}: {e.code}")
            demo.send_signal(signal.SIGINT)
            demo.stdout.close()
            demo.wait(timeout=30)
            look_when_gone(url, a.out)
            print("ok gone", flush=True)
            process.send_signal(signal.SIGTERM)
            check(process.wait(timeout=20) in (0, -signal.SIGTERM), f"ended with {process.returncode}")
    except (AssertionError, WebDriverException) as e:
        print(f"FAILED: {e}", file=sys.stderr)
        return 1
    finally:
        for p in (process, demo):
            if p and p.poll() is None:
                p.send_signal(signal.SIGINT)
                p.wait(timeout=30)
    return 0


if __name__ == "__main__":
    sys.exit(main())
