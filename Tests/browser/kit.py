"""What the browser tests share: a headless Chromium in two sizes, waiting, and what must hold on every page."""
import datetime, json, re, subprocess, time, urllib.request

from selenium import webdriver
from selenium.common.exceptions import ElementClickInterceptedException, NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
# Bytes of a page with its styles, scripts and pictures, as they are on the disk.
HEAVIEST = 400_000


def browser(size):
    options = Options()
    width, height = size
    for a in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={width},{height}"):
        options.add_argument(a)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    resize(driver, size)
    # Far from Japan: no time on the page may follow the browser's zone.
    driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "America/New_York"})
    return driver


def resize(driver, size):
    # Below 500 px a window cannot go: the phone is emulated.
    width, height = size
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500,
                            "screenWidth": width, "screenHeight": height})


def scheme(driver, name):
    """`light` or `dark`."""
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})


def check(condition, text):
    if not condition:
        raise AssertionError(text)


def wait(driver, what, condition, seconds=20):
    try:
        WebDriverWait(driver, seconds, poll_frequency=0.2, ignored_exceptions=(NoSuchElementException, StaleElementReferenceException)).until(condition)
    except Exception as e:
        raise AssertionError(f"{what}: not seen within {seconds} s; page says: {driver.find_element(By.TAG_NAME, 'body').text[:600]}") from e


def open_page(driver, address):
    """Opens a page and waits until it is filled."""
    driver.get(address)
    wait(driver, f"{address} filled", lambda d: d.execute_script("return document.body && document.body.dataset.ready") == "yes", 40)


def press(driver, css):
    """Clicks what may lie under the bar at the foot of a phone's page, and may be moved or built anew by an update meanwhile."""
    for attempt in range(5):
        try:
            element = driver.find_element(By.CSS_SELECTOR, css)
            driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", element)
            return element.click()
        except (StaleElementReferenceException, ElementClickInterceptedException):
            time.sleep(0.2)
    raise AssertionError(f"{css} never stands still")


def texts(driver, css):
    """The texts of all that match, at one moment."""
    return driver.execute_script("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", css)


def words(driver, path):
    """A word of the page's own dictionary, in its language."""
    return driver.execute_script(f"return W().{path}")


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


def no_errors(driver, *expected):
    """Nothing in the console but refusals that were asked for."""
    errors = [e["message"] for e in driver.get_log("browser") if e["level"] == "SEVERE" and not any(t in e["message"] for t in expected)]
    check(not errors, f"console errors: {errors}")


def stays_inside(driver):
    # An emulated phone lays a page out as wide as its widest part, and innerWidth says that: what counts is the screen that was set.
    wide = driver.execute_script("""
      const width = screen.width, found = document.documentElement.scrollWidth;
      if (found <= width) return null;
      return [found, width,
        [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1).slice(0, 5).map(e => e.tagName + '.' + e.className)];""")
    check(wide is None, f"the page must not scroll sideways: {wide}")


def holds_everywhere(driver, language):
    """What is asked of every page: its weight, its structure for those who cannot see it, nothing wider than the screen, readable contrast."""
    check(driver.execute_script("return document.documentElement.lang") == language, "lang attribute")
    stays_inside(driver)
    weight = driver.execute_script("""
      const files = performance.getEntriesByType('resource').filter(e => new URL(e.name).pathname.startsWith('/assets/'));
      return [...files, performance.getEntriesByType('navigation')[0]].reduce((sum, e) => sum + e.decodedBodySize, 0);""")
    check(50_000 < weight < HEAVIEST, f"the page's files weigh {weight} bytes")
    wrong = driver.execute_script(STRUCTURE)
    check(not wrong, f"structure: {wrong}")
    for name in ("light", "dark"):
        scheme(driver, name)
        pale = driver.execute_script(CONTRAST)
        check(not pale, f"contrast in {name}: {pale}")
    scheme(driver, "light")
    return weight


# Labels, headings, landmarks, texts of pictures, names of what can be pressed, ids, sizes of what a thumb must hit.
STRUCTURE = """
  const wrong = [], seen = e => e.getClientRects().length > 0, name = e => (e.getAttribute('aria-label') || e.textContent || e.title || '').trim();
  const all = s => [...document.querySelectorAll(s)];
  if (all('h1').filter(seen).length !== 1) wrong.push('h1: ' + all('h1').length);
  for (const s of ['header', 'main', 'nav[aria-label]', 'a.skip[href="#main"]']) if (all(s).length !== 1) wrong.push(s + ': ' + all(s).length);
  if (!document.title) wrong.push('title');
  for (const e of all('input, select, textarea').filter(e => !e.closest('#graph'))) if (!e.labels.length || !e.labels[0].textContent.trim()) if (!e.getAttribute('aria-label')) wrong.push('no label: ' + e.id);
  for (const e of all('img')) if (!e.hasAttribute('alt')) wrong.push('no alt: ' + e.src);
  for (const e of all('svg')) if (e.getAttribute('aria-hidden') !== 'true' && !e.getAttribute('aria-label')) wrong.push('svg without words');
  for (const e of all('button, a[href], summary').filter(seen)) if (!name(e)) wrong.push('no name: ' + e.outerHTML.slice(0, 80));
  for (const e of all('table')) if (!e.caption || !e.caption.textContent) wrong.push('table without caption');
  for (const e of all('th')) if (!e.scope) wrong.push('th without scope');
  for (const e of all('section')) if (!document.getElementById(e.getAttribute('aria-labelledby') || '')) if (!e.hidden) wrong.push('section without name: ' + e.id);
  const ids = all('[id]').map(e => e.id);
  for (const id of new Set(ids)) if (ids.filter(i => i === id).length > 1) wrong.push('twice: ' + id);
  for (const e of all('[aria-labelledby], [aria-describedby]')) for (const id of [e.getAttribute('aria-labelledby'), e.getAttribute('aria-describedby')])
    if (id && !document.getElementById(id)) wrong.push('points nowhere: ' + id);
  for (const e of all('[style]')) if (!e.closest('#graph') && !e.closest('.dygraph')) wrong.push('style attribute: ' + e.outerHTML.slice(0, 80));
  let level = 0;
  for (const e of all('h1, h2, h3, h4').filter(seen)) { const n = Number(e.tagName[1]); if (level && n > level + 1) wrong.push('heading skips: ' + e.textContent); level = n; }
  if (innerWidth < 500) for (const e of all('nav a, button, input:not([type=radio]):not([type=checkbox]), select').filter(seen)) {
    const r = e.getBoundingClientRect();
    if (r.height < 40 || r.width < 40) wrong.push('too small to hit: ' + (e.id || e.textContent) + ' ' + Math.round(r.width) + '×' + Math.round(r.height));
  }
  return wrong.slice(0, 12);"""

# WCAG 2.2, 1.4.3: 4.5 to 1, or 3 to 1 for large text.
CONTRAST = """
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = text => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1); const d = canvas.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255]; };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3]));
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = e => { const layers = []; for (let n = e; n; n = n.parentElement) { const c = rgba(getComputedStyle(n).backgroundColor); if (c[3] > 0) layers.push(c); if (c[3] === 1) break; }
    return layers.reverse().reduce((below, c) => over(c, below), [255, 255, 255]); };
  const pale = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const done = new Set();
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
    if (!text || done.has(e) || !e.getClientRects().length || e.closest('.hidden, .skip, noscript, #graph, button:disabled, option')) continue;
    done.add(e);
    if (done.size > 1500) break;
    const s = getComputedStyle(e), size = parseFloat(s.fontSize), isLarge = size >= 24 || (size >= 18.66 && Number(s.fontWeight) >= 700);
    const b = ground(e), a = over(rgba(s.color), b), [hi, lo] = [light(a), light(b)].sort((x, y) => y - x), ratio = (hi + 0.05) / (lo + 0.05);
    if (ratio < (isLarge ? 3 : 4.5)) pale.push(text.slice(0, 20) + ' ' + ratio.toFixed(2));
  }
  return pale.slice(0, 8);"""


def overview(url):
    with urllib.request.urlopen(url + "/api/v1/overview", timeout=10) as answer:
        return json.load(answer)


def open_leak(url):
    return any(m["state"] == "leak" for m in overview(url)["meters"])


def newest(url):
    """Event time of the newest reading, seconds."""
    return max((datetime.datetime.fromisoformat(m["time"]).timestamp() for m in overview(url)["meters"] if m.get("time")), default=0)


def run_demo(program):
    """Starts the demo and waits until its past is over and its page shows an open leak: in the past, which runs as fast as it can, leaks are
    found and repaired within seconds; after it, at this speed, no leak is repaired under our eyes."""
    speed = 600
    demo = subprocess.Popen([program, "demo", "--speed", str(speed), "--seed", "1"], stdout=subprocess.PIPE, text=True)
    url = None
    for line in demo.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            url = found.group(0)
            break
    check(url, "the demo printed no address")
    end, last = time.time() + 150, 0
    while time.time() < end:
        # Two readings come at once where the interval of the meters is as long as the pause.
        now = newest(url)
        if 0 < now - last < 6 * speed and open_leak(url):
            return demo, url
        last = now
        time.sleep(2)
    demo.send_signal(2)
    raise AssertionError("no open leak within 150 s")
