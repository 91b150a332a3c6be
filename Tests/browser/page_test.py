#!/usr/bin/python3
"""Looks at the pages that decide in a real browser (headless Chromium), as a 水道担当 would: overview, meter, event, night flow.

In both languages and two sizes: the open leak is seen in words and state, the graphs are really drawn, every action works, times are the
utility's whatever zone the browser is in, an update does not take the keyboard's place away; every page has labels, headings, landmarks and
contrast, weighs less than 400 kB, stays inside the screen, logs no error and asks no other origin. Keeps screenshots.

  page_test.py --demo .build/release/mizumori --out out/screenshots                  starts the demo and looks at its page
  page_test.py --url http://127.0.0.1:8080 --out out/screenshots                     looks at a running service
  page_test.py --url http://127.0.0.1:8080 --out out/screenshots --expect-open-leak  the same; it must show an open leak

Needs Debian's chromium, chromium-driver and python3-selenium.
"""
import argparse, os, signal, sys

from selenium.common.exceptions import WebDriverException

import event_page, meter_page, nights_page, overview_page
from kit import SIZES, browser, check, no_errors, overview, requests_elsewhere, run_demo, stays_inside, wait  # noqa: F401 (for the other tests)

# The ways in which a person ends a leak: each is tried on one of those that are open.
ENDS = ("repaired", "false_alarm", "accept_as_normal")


def look(url, out, language, name, size, expect_leak):
    driver = browser(size)

    def keep(page, pdf=None):
        path = f"{out}/{page}-{language}-{name}"
        if pdf:
            with open(path + ".pdf", "wb") as f:
                f.write(pdf)
        driver.save_screenshot(path + ".png")

    try:
        link, event = overview_page.look(driver, url, language, expect_leak, keep)
        meter_page.look(driver, link, language, expect_leak, keep)
        nights_page.look(driver, url, language, keep)
        if event:
            event_page.look(driver, event, language, keep)
        elsewhere = requests_elsewhere(driver, url)
        check(not elsewhere, f"requests to other origins: {elsewhere}")
        # The refusal that was asked for is an answer, not a fault of the page.
        no_errors(driver, "400 (Bad Request)", "422 (Unprocessable")
    except Exception:
        keep("failed")
        raise
    finally:
        driver.quit()


def end_leaks(url, out):
    """What a person says ends a leak, each way that there is an open leak for; the page says by what it ended."""
    driver = browser(SIZES["desktop"])
    try:
        leaks = [m["event"]["key"] for m in overview(url)["meters"] if m["state"] == "leak"]
        check(leaks, "an open leak to end")
        for code, key in zip(ENDS, leaks):
            event_page.end(driver, f"{url}/event?key={key}&lang=ja", code, "ja")
            driver.save_screenshot(f"{out}/event-{code}.png")
            print(f"ok {code}", flush=True)
        no_errors(driver)
    finally:
        driver.quit()


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
        if a.demo:
            end_leaks(url, a.out)
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
