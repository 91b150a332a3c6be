"""An event: the answers, the evidence, every action on it, its course, its deliveries."""
from selenium.webdriver.common.by import By

from kit import check, holds_everywhere, open_page, painted_pixels, press, texts, wait, words
from meter_page import record


def look(driver, link, language, keep):
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    open_page(driver, link)
    wait(driver, "a drawn graph", lambda d: painted_pixels(d) > 3000)
    event = driver.execute_script("return event")
    for name in ("since", "size", "cost", "why"):
        text = driver.find_element(By.CSS_SELECTOR, f".answer.{name}").text
        check(words(driver, f"event.{name}") in text and len(text.split("\n")) > 1, f"{name} is answered: {text!r}")
    reasons = driver.find_elements(By.CSS_SELECTOR, ".answer.why li")
    check(reasons and len(reasons) == len(event["reasons"][language]), "why, in sentences")
    check(driver.execute_script("return panel.chart.marks.onset") > 0, "the onset is marked")
    check(words(driver, "graph.legend.onset") in driver.find_element(By.ID, "caption").text, "and told in the legend")
    steps, rows = driver.execute_script("return [event.history.length, document.querySelectorAll('#history tbody tr').length]")
    check(rows == (steps if steps <= 10 else 8) > 0, f"the course, step by step: {rows} of {steps}")
    if steps > 10:
        press(driver, "#history .more")
        check(driver.execute_script("return document.querySelectorAll('#history tbody tr').length === event.history.length"), "the whole course")
    keep("event")
    holds_everywhere(driver, language)
    look_at_deliveries(driver)
    # What only tells: the event stays open.
    record(driver, "acknowledged", "水道係 山田", f"見ました {language}")
    wait(driver, "that it was seen", lambda d: words(d, "event.acknowledged") in d.find_element(By.ID, "state").text)
    record(driver, "in_progress", "水道係 山田", f"音聴に出ます {language}")
    check(driver.execute_script("return event.isOpen"), "it is open until somebody ends it")
    keep("event-said")


def look_at_deliveries(driver):
    if driver.find_elements(By.CSS_SELECTOR, "#deliveries .more"):
        press(driver, "#deliveries .more")
    deliveries, rows = driver.execute_script("""
      return [event.deliveries, Object.fromEntries([...document.querySelectorAll('#deliveries tbody tr')].map(r => [r.dataset.key, r.textContent]))];""")
    check(len(rows) == len(deliveries), f"{len(rows)} of {len(deliveries)} deliveries")
    for d in deliveries:
        row = rows[str(d["id"])]
        check(d["endpoint"] in row and words(driver, f"event.states.{d['state']}") in row, f"endpoint and state: {row!r}")
    failed = [d for d in deliveries if d["state"] == "failed"]
    if failed:
        press(driver, f"#deliveries tr[data-key='{failed[0]['id']}'] button")
        wait(driver, "that it is sent again", lambda d: d.find_element(By.ID, "replay-said").text == words(d, "event.replayed"))


def end(driver, link, code, language):
    """Repaired, false alarm or new normal: the event is closed, and its course says by what."""
    open_page(driver, link)
    check(driver.execute_script("return event.isOpen"), "the event is open")
    record(driver, code, "水道係 山田", f"{code} {language}", 40)
    closed = "const done = arguments[0]; refresh().then(() => done(!event.isOpen && Boolean(event.closed)), () => done(false))"
    wait(driver, f"the end by {code}", lambda d: d.execute_async_script(closed), 40)
    check(words(driver, f"actions.{code}") in texts(driver, "#history")[0], "the course says what ended it")
    check(words(driver, "event.open") not in texts(driver, "#state")[0], "and the state that it is over")
