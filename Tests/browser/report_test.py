#!/usr/bin/python3
"""Prints the reports as a town hall does: by the command as files, and from the page of a running service.

A meter and the one behind it are imported with a leak of a day and a half. Day, month and year are printed to PDF by headless Chromium in
both languages, and looked at: A4 (the year on its side), few pages, page numbers, the words and figures as text, fonts embedded. The page of
the service must print the same without a complaint of the browser. PDFs, and pictures of their pages, stay in the folder given.

  report_test.py --program .build/debug/mizumori --out out/reports

Needs Debian's chromium, chromium-driver, python3-selenium, poppler-utils, fonts-noto-cjk and mosquitto.
"""
import argparse, base64, datetime, json, math, os, random, re, signal, socket, subprocess, sys, tempfile, time, urllib.request

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

PERIODS = {"day": ("2026-10-20", "daily", "date"), "month": ("2026-10", "monthly", "month"), "year": ("2026", "annual", "year")}
WORDS = {
    ("day", "ja"): ["漏水監視 日報", "令和8年", "10月20日（火）", "課長", "時間別の配水流量"],
    ("month", "ja"): ["漏水監視 月報", "令和8年", "10月", "前月", "前年同月", "有収率（推定）", "日別", "防いだ水量"],
    ("year", "ja"): ["漏水監視 年報", "令和8年度", "月別（統計用）", "2027-03", "年度計"],
    ("day", "en"): ["Daily leakage report 20 October 2026", "Flow by the hour"],
    ("month", "en"): ["Monthly leakage report October 2026", "Revenue water ratio"],
    ("year", "en"): ["Annual leakage report", "April 2026 to March 2027", "By month, for statistics"],
}
ALWAYS = {"ja": ["伊那市 水道", "配水池 流出", "従来の日数は突発 30 日", "配水量", "実測ではなく仮定"],
          "en": ["Former practice: 30 days", "Supplied", "an assumption"]}
A4 = (595, 842)


def check(condition, text):
    if not condition:
        raise AssertionError(text)


def flows(path):
    """September and October 2026 in quarter hours; the leak from 19 October 02:00 to 20 October 14:00."""
    random.seed(5)
    start = datetime.datetime(2026, 9, 1)
    with open(path, "w", encoding="utf-8") as f:
        f.write("日時,配水池(m3/h),本町(m3/h)\r\n")
        for n in range(61 * 96):
            t = start + datetime.timedelta(minutes=15 * n)
            hour = t.hour + t.minute / 60
            base = 4 + 4 * math.exp(-((hour - 7.5) / 2) ** 2) + 5 * math.exp(-((hour - 19) / 2.5) ** 2) + 2 * math.exp(-((hour - 13) / 4) ** 2)
            leak = 3 if datetime.datetime(2026, 10, 19, 2) <= t < datetime.datetime(2026, 10, 20, 14) else 0
            upper = base * random.gauss(1, 0.03) + leak
            f.write(f"{t:%Y/%m/%d %H:%M},{upper:.2f},{(base * 0.4) * random.gauss(1, 0.03):.2f}\r\n")


def run(program, *arguments):
    r = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120)
    check(r.returncode == 0, f"{arguments}: {r.returncode} {r.stdout[-500:]}{r.stderr[-500:]}")
    return r.stdout


def driver():
    options = Options()
    for a in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(a)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def print_pdf(browser, url, path):
    browser.get(url)
    pdf = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    with open(path, "wb") as f:
        f.write(base64.b64decode(pdf["data"]))
    errors = [e["message"] for e in browser.get_log("browser") if e["level"] in ("SEVERE", "WARNING")]
    check(not errors, f"{url}: the browser complains: {errors}")


def look(path, kind, language):
    """The figures of a printed report."""
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    width, height = (float(x) for x in re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", info).groups())
    wanted = A4 if kind != "year" else A4[::-1]
    check(abs(width - wanted[0]) < 2 and abs(height - wanted[1]) < 2, f"{path}: not A4: {width} x {height}")
    pages = int(re.search(r"Pages:\s+(\d+)", info).group(1))
    check(1 <= pages <= 5, f"{path}: {pages} pages")
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    flat = re.sub(r"\s+", "", text)
    for word in WORDS[kind, language] + ALWAYS[language]:
        check(re.sub(r"\s+", "", word) in flat, f"{path}: {word!r} is not in the print")
    for n in range(1, pages + 1):
        check(f"Mizumori{n}/{pages}" in flat, f"{path}: page number {n} / {pages}")
    check("NaN" not in text, f"{path}: numbers that are none")
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    check(fonts and all(re.search(r"\syes\s+(yes|no)\s+(yes|no)\s+\d", f) for f in fonts), f"{path}: fonts not embedded: {fonts}")
    subprocess.run(["pdftoppm", "-r", "80", "-png", path, path[:-4]], check=True)
    return pages, flat


def numbers(program, options):
    """What the JSON says must stand in the print."""
    report = json.loads(run(program, "report", "--month", "2026-10", "--format", "json", *options))
    leaks = [k for k in report["leaks"] if k["kind"] == "burst"]
    check(len(leaks) == 1 and leaks[0]["sensor"] == "ina/nishi/m01/flow", f"leaks: {report['leaks']}")
    leak = leaks[0]
    check(2 < leak["size"] < 4, f"3 m3/h were leaking, found {leak['size']}")
    check(70 < report["total"]["lost"] < 160, f"108 m3 were lost, found {report['total']['lost']}")
    check(report["total"]["saved"] > 1000, "a leak that ended after 36 h has saved water")
    return [f"{round(report['total']['supplied']):,}", f"{report['total']['lostYen']:,}", f"{report['total']['savedYen']:,}"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def serve(program, home, options):
    """The service over the same directory, with a broker of its own."""
    broker_port, port = free_port(), free_port()
    broker = subprocess.Popen(["/usr/sbin/mosquitto", "-p", str(broker_port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    log = open(f"{home}/run.log", "w")
    service = subprocess.Popen(
        [program, "run", "--set", f"broker.port={broker_port}", "--set", f"web.port={port}", "--set", "web.login=false", *options],
        stdout=log, stderr=log)
    end = time.time() + 40
    while time.time() < end:
        try:
            if urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=2).status == 200:
                return f"http://127.0.0.1:{port}", [service, broker]
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the service does not answer: {open(f'{home}/run.log').read()[-1500:]}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--out", required=True)
    a = arguments.parse_args()
    program, out = os.path.abspath(a.program), os.path.abspath(a.out)
    os.makedirs(out, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        options = ["--set", f"data.directory={home}/data", "--set", "utility.name=伊那市 水道", "--set",
                   "sensors={ina/nishi/m01/flow: {name: 配水池 流出, zone_name: 西町}, ina/nishi/m02/flow: {name: 本町, zone_name: 西町, parent: ina/nishi/m01/flow}}"]
        flows(f"{home}/export.csv")
        run(program, "import", f"{home}/export.csv", "--write", "--map", "配水池=ina/nishi/m01/flow", "--map", "本町=ina/nishi/m02/flow", *options)
        run(program, "billed", "set", "2026-10", "3900", *options)
        figures = numbers(program, options)
        browser = driver()
        processes = []
        try:
            for kind, (code, _, _) in PERIODS.items():
                for language in ("ja", "en"):
                    page = f"{out}/{kind}-{language}.html"
                    run(program, "report", f"--{kind}", code, "--language", language, "--out", page, *options)
                    print_pdf(browser, f"file://{page}", page[:-5] + ".pdf")
                    pages, flat = look(page[:-5] + ".pdf", kind, language)
                    if kind == "month":
                        missing = [f for f in figures if f not in flat]
                        check(not missing, f"{page}: not in the print: {missing}")
                    print(f"{kind} {language}: {pages} pages")
            url, processes = serve(program, home, options)
            for kind, (code, name, parameter) in PERIODS.items():
                path = f"{out}/web-{kind}.pdf"
                print_pdf(browser, f"{url}/report/{name}?{parameter}={code}&municipality=ina&lang=ja", path)
                look(path, kind, "ja")
                check("CSV" in browser.find_element("tag name", "nav").text, "links to the CSV on the screen")
                check("Ctrl+P" not in subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True).stdout, "the links are not printed")
            with urllib.request.urlopen(f"{url}/api/v1/reports/monthly.csv?month=2026-10&encoding=cp932") as answer:
                check("配水量" in answer.read().decode("cp932"), "CSV for Excel")
        finally:
            browser.quit()
            for p in processes:
                p.send_signal(signal.SIGTERM)
                p.wait(20)
    print("reports: printed and read back")


if __name__ == "__main__":
    main()
