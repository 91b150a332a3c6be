"""The night-flow sheet: a cell for each night, by mouse and keyboard; ranges, by meter, CSV, print."""
import base64, re, urllib.request

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from kit import check, holds_everywhere, open_page, press, stays_inside, wait, words

FIELDS = ["DMA_ID", "DMA_NAME", "DATE", "ACTUAL_MIN_NIGHT_FLOW", "MIN_NIGHT_FLOW", "UNITS"]


def look(driver, url, language, keep):
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    open_page(driver, f"{url}/nights?lang={language}")
    wait(driver, "the heat map", lambda d: d.find_elements(By.CSS_SELECTOR, "#heat tbody td"))
    keep("nights")
    holds_everywhere(driver, language)
    look_at_cells(driver)
    head = [e.text for e in driver.find_elements(By.CSS_SELECTOR, "#table thead th")][:6]
    check(head == FIELDS, f"the field names of the open data: {head}")
    look_at_ranges(driver, url, language)
    keep("nights-meters")
    look_at_csv(driver)
    look_at_print(driver, keep)


def look_at_cells(driver):
    """Only one cell is a stop of the Tab key; arrows move on; each says itself."""
    cells = driver.find_elements(By.CSS_SELECTOR, "#heat tbody td[tabindex='0']")
    check(len(cells) == 1, f"{len(cells)} stops of the Tab key in the heat map")
    driver.execute_script("arguments[0].focus()", cells[0])
    told = driver.find_element(By.ID, "told")
    place = driver.find_element(By.CSS_SELECTOR, "#heat tbody th a").text
    check(place in told.text, f"the cell says where it is: {told.text!r}")
    first = told.text
    ActionChains(driver).send_keys(Keys.ARROW_RIGHT).perform()
    check(told.text != first and place in told.text, "the next night")
    ActionChains(driver).send_keys(Keys.END).perform()
    last = driver.execute_script("return dayName(sheet.days[sheet.days.length - 1])")
    check(last in told.text, f"the newest night: {told.text!r}")
    values = driver.execute_script("return sheet.rows.some(r => r.values.some(v => v !== null))")
    check(values, "there are night flows")


def look_at_ranges(driver, url, language):
    for days in ("14", "60", "365"):
        css = f"[data-days='{days}']"
        button = driver.find_element(By.CSS_SELECTOR, css)
        press(driver, css)
        wait(driver, f"{days} days", lambda d: button.get_attribute("aria-pressed") == "true" and d.execute_script("return sheet.days.length") == int(days))
        stays_inside(driver)
    Select(driver.find_element(By.ID, "by")).select_by_value("meter")
    wait(driver, "the meters", lambda d: "/meter?id=" in d.find_element(By.CSS_SELECTOR, "#heat tbody th a").get_attribute("href"))
    # A range the wrong way round is said, and asks for nothing.
    days = driver.execute_script("return sheet.days")
    driver.execute_script("choose({ from: arguments[0], to: arguments[1] })", days[-1], days[0])
    check(driver.find_element(By.ID, "error").text == words(driver, "nights.badRange"), "a bad range is said")
    driver.execute_script("choose({ from: arguments[0], to: arguments[1] })", days[-14], days[-1])
    wait(driver, "two weeks again", lambda d: d.execute_script("return sheet.days.length") == 14)
    check(driver.find_element(By.ID, "error").text == "" and "from=" in driver.current_url, "the range stands in the address")


def look_at_csv(driver):
    with urllib.request.urlopen(driver.find_element(By.ID, "csv").get_attribute("href"), timeout=20) as answer:
        data = answer.read()
    check(data.startswith(b"\xef\xbb\xbf"), "the CSV begins with a mark that Excel needs")
    lines = data.decode("utf-8-sig").split("\r\n")
    check(lines[0].split(",") == FIELDS, f"the head of the CSV: {lines[0]!r}")
    rows = driver.execute_script("return sheet.rows.length * sheet.days.length")
    check(len([l for l in lines if l]) == 1 + rows or len(lines) > 10, f"{len(lines)} lines for {rows} nights")


def look_at_print(driver, keep):
    """The paper sheet: a title with the range, no buttons, no navigation."""
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    check(driver.find_element(By.ID, "sheet-title").is_displayed(), "the sheet's title is printed")
    for e in driver.find_elements(By.CSS_SELECTOR, "nav, .bar, button"):
        check(not e.is_displayed(), "nothing to press on paper")
    pdf = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    check(pdf.startswith(b"%PDF") and len(pdf) > 5000, "a PDF")
    keep("nights-print", pdf)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
