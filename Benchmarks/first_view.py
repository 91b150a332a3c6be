#!/usr/bin/python3
"""How long an official waits for the overview: measured in a real browser (headless Chromium), not asserted.

  Benchmarks/first_view.py --url http://127.0.0.1:8080                       a running service
  Benchmarks/first_view.py --program .build/release/mizumori --data DIR      starts one over a copy of DIR, without a broker

DIR: for 1,000 meters and a year, what `swift package benchmark --target PageBenchmarks` leaves in $TMPDIR/mizumori-page-benchmarks.
Each round is a browser with an empty cache. `frame`: something is painted; `first`: the headline says whether it leaks; `complete`: the
page says that it is filled (`document.body.dataset.ready`). Times in ms since the navigation began; median and worst of the rounds.

Needs Debian's chromium, chromium-driver and python3-selenium.
"""
import argparse, json, os, shutil, socket, sqlite3, statistics, subprocess, sys, tempfile, time, urllib.request

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

WATCH = """
  window.seen = {};
  const look = () => {
    const head = document.getElementById('headline');
    if (!seen.first && head && head.textContent) seen.first = performance.now();
    if (!seen.complete && document.body && document.body.dataset.ready) seen.complete = performance.now();
    if (!seen.complete) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""


def browser(width, height):
    options = Options()
    for a in ("--headless=new", "--no-sandbox", "--disable-gpu", f"--window-size={width},{height}"):
        options.add_argument(a)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    return driver


def view(url, width, height):
    """One cold view: times in ms, bytes on the wire, requests, meters listed."""
    driver = browser(width, height)
    try:
        driver.get(url + "/")
        WebDriverWait(driver, 120, poll_frequency=0.1).until(lambda d: d.execute_script("return seen.complete && seen.first"))
        seen = driver.execute_script("return seen")
        seen["frame"] = driver.execute_script(
            "const p = performance.getEntriesByName('first-contentful-paint')[0]; return p ? p.startTime : null")
        seen["listed"] = driver.execute_script("return document.querySelectorAll('#meters > *').length")
        seen["nodes"] = driver.execute_script("return document.querySelectorAll('*').length")
        received = [json.loads(e["message"])["message"] for e in driver.get_log("performance")]
        ends = [m["params"]["encodedDataLength"] for m in received if m["method"] == "Network.loadingFinished"]
        seen["kB"], seen["requests"] = sum(ends) / 1000, len(ends)
        return seen
    finally:
        driver.quit()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def copy(data, folder, days):
    """A copy of a data directory that keeps the raw readings of the last days only: a start without a checkpoint judges them all anew.
    Hours and days, of which the page is made, stay whole."""
    os.mkdir(f"{folder}/data")
    db = sqlite3.connect(f"file:{folder}/data/mizumori.db", isolation_level=None, uri=True)
    db.execute("PRAGMA journal_mode=OFF")
    db.execute("PRAGMA synchronous=OFF")
    db.execute("ATTACH ? AS source", (f"file:{os.path.abspath(data)}/mizumori.db?mode=ro",))
    for pragma in ("application_id", "user_version"):
        db.execute(f"PRAGMA {pragma}={db.execute(f'PRAGMA source.{pragma}').fetchone()[0]}")
    objects = db.execute("SELECT type, name, sql FROM source.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'").fetchall()
    for _, _, sql in sorted(objects, key=lambda o: o[0] != "table"):
        db.execute(sql)
    db.execute("BEGIN")
    last = db.execute("SELECT max(to_time) FROM source.extent").fetchone()[0]
    for kind, name, _ in objects:
        if kind == "table" and name not in ("segment", "part", "checkpoint"):
            db.execute(f"INSERT INTO {name} SELECT * FROM source.{name}")
    # Whole segments: the rows of some hours of all sensors lie together.
    db.execute("INSERT INTO segment SELECT * FROM source.segment WHERE to_time > ?", (last - days * 86_400_000,))
    db.execute("INSERT INTO part SELECT p.* FROM source.part p JOIN segment s ON p.id >> 32 = s.number")
    db.execute("COMMIT")
    db.close()


def start(program, data, folder, days):
    """The service over a copy of the data, its broker being out of reach: nothing moves while it is looked at."""
    began = time.time()
    copy(data, folder, days)
    print(f"data copied in {time.time() - began:.1f} s", flush=True)
    port, broker = free_port(), free_port()
    with open(f"{folder}/mizumori.yaml", "w") as f:
        f.write(f"utility: {{ name: 測定, municipality: town }}\nbroker: {{ host: 127.0.0.1, port: {broker} }}\n"
                f"data: {{ directory: {folder}/data }}\nweb: {{ port: {port}, login: false }}\n")
    began = time.time()
    service = subprocess.Popen([program, "run", "--settings", f"{folder}/mizumori.yaml"],
                               stdout=open(f"{folder}/log", "w"), stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    while True:
        if service.poll() is not None:
            sys.exit("the service ended:\n" + open(f"{folder}/log").read()[-2000:])
        try:
            urllib.request.urlopen(url + "/livez", timeout=2).read()
            print(f"service up after {time.time() - began:.1f} s", flush=True)
            return service, url
        except OSError:
            time.sleep(0.5)


def answers(url, rounds):
    """What the page waits for, asked directly."""
    for path in ("/api/v1/overview", "/api/v1/events?open=true&limit=100", "/api/v1/nights"):
        times, size = [], 0
        for _ in range(rounds):
            begin = time.time()
            try:
                size = len(urllib.request.urlopen(url + path, timeout=60).read())
            except OSError as e:
                size = 0
                print(f"{path}: {e}")
                break
            times.append(1000 * (time.time() - begin))
        if times:
            print(f"{path:40} first {times[0]:7.0f} ms, median {statistics.median(times):7.0f} ms, {size / 1000:8.1f} kB uncompressed")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--url")
    ap.add_argument("--program")
    ap.add_argument("--data")
    ap.add_argument("--raw-days", type=int, default=14, help="days of raw readings that are kept")
    ap.add_argument("--rounds", type=int, default=5)
    a = ap.parse_args()
    if bool(a.url) == bool(a.program) or bool(a.program) != bool(a.data):
        ap.error("give either --url, or --program and --data")
    folder, service, url = tempfile.mkdtemp(prefix="mizumori-first-view-"), None, a.url
    try:
        if a.program:
            service, url = start(os.path.abspath(a.program), a.data, folder, a.raw_days)
        answers(url.rstrip("/"), a.rounds)
        print(f"{'size':>12} {'frame':>13} {'first':>13} {'complete':>13} {'kB':>7} {'requests':>9} {'meters':>7} {'nodes':>7}   (median/worst ms)")
        for name, size in (("390 × 844", (390, 844)), ("1280 × 800", (1280, 800))):
            views = [view(url.rstrip("/"), *size) for _ in range(a.rounds)]
            cell = lambda key: f"{statistics.median(v[key] or 0 for v in views):6.0f}/{max(v[key] or 0 for v in views):6.0f}"
            last = views[-1]
            print(f"{name:>12} {cell('frame')} {cell('first')} {cell('complete')} {last['kB']:7.1f} {last['requests']:9} {last['listed']:7} {last['nodes']:7}",
                  flush=True)
    finally:
        if service:
            service.terminate()
            service.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
