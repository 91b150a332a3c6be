"""The overview, as an official with no time reads it: does anything leak, where, how much, what to do; then the whole utility."""
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from kit import check, holds_everywhere, open_page, press, texts, wait, words

LEAK = {"ja": "異常", "en": "Leak"}
HEADLINE = {"ja": "漏水の疑い", "en": "suspected leak"}


def look(driver, url, language, expect_leak, keep):
    """Gives the address of the first meter, and of the first leak's explanation (None without a leak)."""
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    open_page(driver, f"{url}/?lang={language}")
    wait(driver, "the list of meters", lambda d: d.find_elements(By.CSS_SELECTOR, "#meters a"))
    event = None
    if expect_leak:
        wait(driver, "the leak's headline", lambda d: HEADLINE[language] in d.find_element(By.ID, "headline").text)
        wait(driver, "the tab says it too", lambda d: HEADLINE[language] in d.title)
        check(driver.execute_script("return document.querySelector('#meters a').dataset.state") == "leak", "the leak must stand first")
        first = texts(driver, "#meters a")[0]
        check(LEAK[language] in first and "m³/h" in first, f"state and flow in words: {first!r}")
        event = look_at_alarm(driver)
    keep("overview")
    link = driver.execute_script("return document.querySelector('#meters a').href")
    look_at_totals(driver)
    holds_everywhere(driver, language)
    # An update must leave the keyboard where it is.
    focused = driver.execute_script("const a = document.querySelector('#meters a'); a.focus(); return a.href")
    driver.execute_async_script("refresh().then(arguments[0])")
    check(driver.execute_script("return document.activeElement.href") == focused, "focus was lost by an update")
    look_at_filters(driver)
    keep("overview-list")
    look_at_changes(driver, url, language)
    if event:
        walk_by_keyboard(driver, url, language)
    return link, event


def look_at_alarm(driver):
    """Where, how much, since when, what it costs, what to do: each in words."""
    check("m³/h" in texts(driver, "#leaks li .size")[0], "how much")
    for part in ("where", "when", "price"):
        check(texts(driver, f"#leaks li .{part}")[0].strip(), f"the leak's {part}")
    yen = {"ja": "円", "en": "¥"}[driver.execute_script("return page.language")]
    check(yen in texts(driver, "#leaks li")[0] and yen in texts(driver, "#cost")[0], "what it costs")
    return driver.execute_script("return document.querySelector('#leaks a').href")


def look_at_totals(driver):
    """What the page was told, and what it shows of it, at one moment."""
    states, zones, tiles, chips, rows, shapes = driver.execute_script("""
      const count = css => document.querySelectorAll(css).length;
      return [overview.totals.states, overview.zones.length, count('#totals .tile'), count('#totals .chips button'), count('#zones tbody tr'),
        count('#zones tbody .badge svg')];""")
    check(tiles == 4, "four totals")
    check(chips == sum(1 for n in states.values() if n), f"a chip for each state that there is: {chips}, {states}")
    check(rows == zones == shapes, "every zone has a row, and a shape for its state")


def look_at_filters(driver):
    """By zone, state and text; the choice stands in the address."""
    count = lambda: len(driver.find_elements(By.CSS_SELECTOR, "#meters li"))
    every = driver.execute_script("return overview.meters.length")
    press(driver, "#zones tbody button")
    wait(driver, "the meters of one zone", lambda d: 0 < count() < every or every == 1)
    check("zone=" in driver.current_url, "the choice stands in the address")
    value = Select(driver.find_element(By.ID, "filter-zone")).first_selected_option.get_attribute("value")
    mine = driver.execute_script("return overview.meters.filter(m => `${m.municipality}/${m.zone}` === arguments[0]).length", value)
    check(count() == mine, f"{count()} meters shown of {mine} in {value}")
    driver.refresh()
    wait(driver, "the same choice after a reload", lambda d: d.execute_script("return document.body.dataset.ready") == "yes" and count() == mine)
    press(driver, "#clear")
    check("zone=" not in driver.current_url, "the choice is gone")
    name = driver.execute_script("return overview.meters[overview.meters.length - 1].name")
    field = driver.find_element(By.ID, "filter-text")
    field.send_keys(name)
    wait(driver, "the meters of that name", lambda d: 0 < count() <= every and all(name in t for t in texts(d, "#meters li")))
    field.send_keys("zzzz")
    wait(driver, "that there is none", lambda d: d.find_element(By.ID, "count").text == words(d, "overview.noMatch"))
    press(driver, "#clear")
    Select(driver.find_element(By.ID, "filter-state")).select_by_value(driver.execute_script("return overview.meters[0].state"))
    wait(driver, "one state only", lambda d: len(d.execute_script("return [...new Set([...document.querySelectorAll('#meters a')].map(e => e.dataset.state))]")) == 1)
    press(driver, "#clear")


def look_at_changes(driver, url, language):
    """What happened since the last visit, until one says that one has seen it."""
    driver.execute_script("localStorage.setItem('visit.since', 1); localStorage.setItem('visit.seen', Date.now())")
    open_page(driver, f"{url}/?lang={language}")
    box = driver.find_element(By.ID, "changes")
    wait(driver, "what changed", lambda d: box.is_displayed())
    press(driver, "#changes summary")
    check(box.find_elements(By.CSS_SELECTOR, "dd a"), "the changes lead to what changed")
    press(driver, "#changes > button")
    check(not box.is_displayed(), "seen is seen")
    open_page(driver, f"{url}/?lang={language}")
    since = driver.execute_script("return Date.now() - Number(localStorage.getItem('visit.since'))")
    check(since < 60_000, "the next visit counts from here")


def walk_by_keyboard(driver, url, language):
    """Tab, Enter: over the navigation to the content; Tab, Enter: to the first leak."""
    open_page(driver, f"{url}/?lang={language}")
    keys = lambda *k: ActionChains(driver).send_keys(*k).perform()
    active = lambda script: driver.execute_script(f"const e = document.activeElement; return {script}")
    keys(Keys.TAB)
    check(active("e.id") == "skip", "the first stop is the way over the navigation")
    keys(Keys.ENTER)
    keys(Keys.TAB)
    check(active("Boolean(e.closest('#leaks'))"), f"the next stop is the first leak, not {active('e.outerHTML.slice(0, 100)')}")
    check(active("getComputedStyle(e).outlineStyle") != "none", "the place of the keyboard is seen")
    keys(Keys.ENTER)
    wait(driver, "the leak's page", lambda d: "/event?key=" in d.current_url and d.execute_script("return document.body.dataset.ready") == "yes")
