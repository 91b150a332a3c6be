"""A meter: its leak in words, its graph in every range and zoom, records, a moment explained, its settings."""
import base64, datetime

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

from kit import check, holds_everywhere, open_page, painted_pixels, press, scheme, stays_inside, texts, wait, words

RANGE = "return document.body.dataset.range"


def look(driver, link, language, expect_leak, keep):
    # The language was chosen on the overview and must hold here without being asked for again.
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    open_page(driver, link)
    wait(driver, "a drawn graph", lambda d: painted_pixels(d) > 3000)
    if expect_leak:
        look_at_leak(driver)
    keep("meter")
    look_at_ranges(driver)
    look_at_zoom(driver, language)
    look_at_week(driver)
    keep("meter-week")
    look_at_table(driver)
    holds_everywhere(driver, language)
    look_at_print(driver, keep)
    look_at_record(driver)
    keep("record")
    look_at_moment(driver)
    keep("moment")
    look_at_card(driver, language)
    keep("card")


def look_at_leak(driver):
    leak = driver.find_element(By.ID, "leak")
    check(leak.is_displayed() and "m³/h" in leak.text, "the open leak's words")
    event, offset = driver.execute_script("return [detail.meter.event, page.offset]")
    onset = datetime.datetime.fromisoformat(event["onset"]).astimezone(datetime.timezone(datetime.timedelta(minutes=offset)))
    clock = onset.strftime("%H:%M")
    check(clock in leak.text, f"since when, in the utility's time ({clock}): {leak.text!r}")
    for key in ("since", "size", "lost", "perDay"):
        word = words(driver, f"meter.leak.{key}")
        check(word in leak.text, f"{word!r} in {leak.text!r}")
    check("/event?key=" in leak.find_element(By.TAG_NAME, "a").get_attribute("href"), "the way to the explanation")
    choose(driver, "all")
    check(driver.execute_script("return panel.chart.marks.events.some(e => e.isLeak)"), "the leak must be shaded in the graph")
    check(words(driver, "graph.legend.leak") in driver.find_element(By.ID, "caption").text, "and be told in the legend")


def choose(driver, key):
    css = f"#ranges button[data-range='{key}']"
    button = driver.find_element(By.CSS_SELECTOR, css)
    press(driver, css)
    wait(driver, f"range {key}", lambda d: button.get_attribute("aria-pressed") == "true" and d.execute_script(RANGE) == key)
    wait(driver, f"the drawn graph of {key}", lambda d: painted_pixels(d) > 3000)


def span(driver):
    return driver.execute_script("const [a, b] = panel.range(); return b - a")


def look_at_ranges(driver):
    for key in ("month", "year", "all", "6h", "day", "week"):
        choose(driver, key)
    stays_inside(driver)


def look_at_zoom(driver, language):
    """Closer, wider, earlier, later; and with the mouse, which loads finer rows for what it framed."""
    choose(driver, "all")
    before, step = span(driver), driver.execute_script("return panel.series.step || 0")
    press(driver, "#closer")
    wait(driver, "a narrower range", lambda d: abs(span(d) - before / 2) < 0.02 * before and d.execute_script(RANGE) == "custom")
    for _ in range(3):
        press(driver, "#closer")
        wait(driver, "the answer", lambda d: d.find_element(By.ID, "closer").is_enabled())
    finer = driver.execute_script("return panel.series.step || 0")
    check(finer <= step and driver.execute_script("return panel.series.rows.length") > 5, f"finer rows when closer: {step} → {finer} ms")
    shown = driver.find_element(By.ID, "shown").text
    press(driver, "#earlier")
    wait(driver, "an earlier range", lambda d: d.find_element(By.ID, "shown").text != shown)
    press(driver, "#later")
    wait(driver, "back again", lambda d: d.find_element(By.ID, "shown").text == shown)
    press(driver, "#wider")
    if driver.execute_script("return innerWidth") > 1000:
        choose(driver, "week")
        before, graph = span(driver), driver.find_element(By.ID, "graph")
        driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", graph)
        ActionChains(driver).move_to_element_with_offset(graph, 60, 0).click_and_hold().move_by_offset(80, 0).move_by_offset(60, 0).release().perform()
        wait(driver, "what the mouse framed", lambda d: d.execute_script(RANGE) == "custom" and span(d) < before / 2)
        ActionChains(driver).move_to_element(graph).double_click().perform()
        wait(driver, "wider by a double click", lambda d: span(d) > before / 4)
    choose(driver, "day")
    choose(driver, "week")


def look_at_week(driver):
    press(driver, "#compare")
    wait(driver, "the week before", lambda d: d.execute_script("return panel.chart.rows.some(r => r[3][1] !== null)"))
    wait(driver, "its key", lambda d: words(d, "graph.legend.week") in d.find_element(By.ID, "caption").text)


def look_at_table(driver):
    """The graph for those who cannot see it."""
    driver.execute_script("document.querySelector('#as-table > summary').click()")
    wait(driver, "the range in numbers", lambda d: len(d.find_elements(By.CSS_SELECTOR, "#tables tbody tr")) > 5)
    check(driver.find_element(By.ID, "graph").get_attribute("aria-label"), "the graph says what it is")


def look_at_print(driver, keep):
    """On paper: the graph is there (a canvas may come out empty), in light colours though the screen is dark."""
    scheme(driver, "dark")
    pdf = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})["data"])
    check(pdf.count(b"/Subtype /Image") >= 2 or pdf.count(b"/Subtype/Image") >= 2, "the graph is printed")
    check(not driver.execute_script("return panel.chart.isPaper || document.documentElement.classList.contains('paper')"), "the screen is as before")
    keep("meter-print", pdf)
    scheme(driver, "light")


def look_at_record(driver):
    """What somebody says is recorded, and what cannot be done is refused in words."""
    driver.execute_script("document.getElementById('record').scrollIntoView()")
    go, said = "#record .primary", driver.find_element(By.CSS_SELECTOR, "#record .said")
    press(driver, go)
    wait(driver, "that something is to be chosen", lambda d: said.text == words(d, "say.choose"))
    press(driver, "#choice-planned_work")
    check(driver.find_element(By.ID, "period").is_displayed(), "planned work asks for a begin and an end")
    driver.execute_script("document.getElementById('from').value = document.getElementById('to').value = ''")
    press(driver, go)
    wait(driver, "the refusal of works without a window", lambda d: "bad" in said.get_attribute("class") and len(said.text) > 5 and said.text != words(d, "say.choose"))
    press(driver, "#choice-acknowledged")
    check(not driver.find_element(By.ID, "period").is_displayed(), "only planned work has a window")
    check(words(driver, "say.meaning.acknowledged") in driver.find_element(By.ID, "meaning").text, "what the choice does is said")
    record(driver, "acknowledged", "水道係 山田", "現地へ")
    driver.execute_script("document.getElementById('record').scrollIntoView()")
    stays_inside(driver)


def record(driver, code, person, note, seconds=20):
    """Says something through the form, and waits until it stands in the list."""
    press(driver, f"#choice-{code}")
    for field, text in (("person", person), ("note", note)):
        input = driver.find_element(By.ID, field)
        if input.is_displayed():
            input.clear()
            input.send_keys(text)
    press(driver, "#record .primary")
    done = driver.execute_script("return W().say.done(W().actions[arguments[0]])", code)
    wait(driver, f"the answer to {code}", lambda d: d.find_element(By.CSS_SELECTOR, "#record .said").text == done, seconds)
    wait(driver, f"{code} in the list", lambda d: any(words(d, f"actions.{code}") in t and note in t for t in texts(d, "#actions li")))


def look_at_moment(driver):
    """What the detector thought at a moment that was picked on the graph."""
    driver.execute_script("lookAt(panel.chart.rows[panel.chart.rows.length - 2][0], detail.meter.unit)")
    wait(driver, "statistics of that moment", lambda d: len(d.find_elements(By.CSS_SELECTOR, "#judgement table")) == 2, 60)
    tables = driver.find_elements(By.CSS_SELECTOR, "#judgement table")
    check(len(tables[0].find_elements(By.CSS_SELECTOR, "tbody tr")) >= 5, "statistics with thresholds")
    check(len(tables[1].find_elements(By.CSS_SELECTOR, "tbody tr")) == 24, "the baseline of the day")
    driver.execute_script("document.getElementById('judgement').scrollIntoView()")
    stays_inside(driver)


def look_at_card(driver, language):
    """The meter gets another name, and its old one again."""
    driver.execute_script("document.querySelector('#card-details > summary').click()")
    wait(driver, "the settings", lambda d: d.find_elements(By.ID, "card-name"))
    field, said = driver.find_element(By.ID, "card-name"), lambda: driver.find_element(By.CSS_SELECTOR, "#card .said")
    driver.execute_script("document.getElementById('card-details').scrollIntoView()")
    old = field.get_attribute("value")
    for name in (f"新しい名前 {language} <b>太字</b>", old):
        field.clear()
        field.send_keys(name)
        press(driver, "#card .primary")
        wait(driver, f"the name {name!r}", lambda d: said().text == words(d, "meter.card.saved"), 30)
        if name:
            wait(driver, "the new name in the title", lambda d: d.execute_async_script("const done = arguments[0]; refresh().then(() => done(document.getElementById('title').textContent))").find(name) >= 0, 30)
            check(not driver.find_elements(By.CSS_SELECTOR, "#title b"), "what is typed is text, never markup")
    low, high = driver.find_element(By.ID, "card-low"), driver.find_element(By.ID, "card-high")
    low.send_keys("9")
    high.send_keys("1")
    press(driver, "#card .primary")
    wait(driver, "the refusal of a range the wrong way round", lambda d: said().text == words(d, "meter.card.badRange"))
    for field in (low, high):
        field.clear()
    stays_inside(driver)
