import Readings
import Reports
import Series
import Testing

@Suite struct RenderTests {
  static var town: Town {
    var town = Town()
    town.leaks = [leak(onset: "2026-11-20T02:00", opened: "2026-11-20T09:00", closed: "2026-11-24T00:00")]
    town.leaks[0].note = "=1+1 \"第2\", <b>\u{7}髙橋𠮷"
    town.faults = [FaultRecord(sensor: sensor("ina/nishi/m01/flow"), kind: .gap, from: time("2026-11-10T00:00"), to: nil)]
    town.works = [
      WorkRecord(
        sensor: sensor("ina/nishi/m01/flow"), window: time("2026-11-12T01:00")..<time("2026-11-12T05:00"), person: "@佐藤", note: "洗管",
        hidden: nil, largest: nil)
    ]
    town.billed = [.init(municipality: "ina", month: MonthNumber.of(year: 2026, month: 11), volume: 6480)]
    return town
  }

  static let periods: [ReportPeriod] = [.day(day(2026, 11, 23)), .month(MonthNumber.of(year: 2026, month: 11)), .year(2026)]

  /// Read by an XML parser, which forgives nothing.
  @Test(arguments: periods, ReportLanguage.allCases)
  func htmlIsWellFormed(_ period: ReportPeriod, _ language: ReportLanguage) throws {
    var town = Self.town
    town.period = period
    town.hours = [1, nil, 3]
    let html = ReportPage(town.report, language, style: .inline).html
    let program = """
      import sys, xml.etree.ElementTree as E
      t = E.fromstring(open(sys.argv[1], encoding='utf-8').read().replace('<!DOCTYPE html>', ''))
      tables = t.findall('.//table')
      ok = all(h.get('scope') for h in t.iter('th')) and all(x.find('caption') is not None for x in tables)
      print(t.get('lang'), ok, len(tables) > 3, t.find('head/style') is not None, t.find('.//script') is None)
      """
    #expect(try python(program, Array(html.utf8)) == "\(language.rawValue) True True True True\n")
    #expect(html.contains(language == .ja ? "漏水監視" : "leakage report"))
    #expect(html.contains("&lt;b&gt;") && !html.contains("<b>"))
  }

  @Test func htmlForTheWebHasNoStyleOfItsOwn() {
    let links = ReportPage.Links(
      reports: "/reports", csv: "/a?b=1&c=2", csvForExcel: "/e", previous: "/p", next: "/n", event: "/event?key=", icon: "/i.svg")
    let html = ReportPage(Self.town.report, .ja, style: .linked("/assets/report.css"), links: links).html
    #expect(html.contains("<link rel=\"stylesheet\" href=\"/assets/report.css\"/>"))
    #expect(!html.contains("<style") && !html.contains(" style=") && !html.contains("<script"))
    #expect(html.contains("href=\"/a?b=1&amp;c=2\"") && html.contains("href=\"/event?key=k\""))
    #expect(html.contains("令和8年（2026年）11月"))
  }

  static let readCSV = """
    import csv, sys
    rows = list(csv.reader(open(sys.argv[1], encoding='ENCODING', newline='')))
    titles = [r[0] for r in rows if len(r) == 1]
    leak = next(i for i, r in enumerate(rows) if r == ['漏水'])
    print('|'.join(titles[:7]))
    print(len(rows[leak + 1]) == len(rows[leak + 2]), rows[leak + 2][8], rows[leak + 2][9], rows[leak + 2][10])
    print(rows[leak + 2][-1])
    print([r for r in rows if r and r[0] == '配水量'][0][2])
    work = next(i for i, r in enumerate(rows) if r == ['工事'])
    print(rows[work + 2][2])
    """

  @Test(arguments: ["utf-8-sig", "cp932"]) func csvIsReadBack(_ encoding: String) throws {
    let text = ReportCSV.text(Self.town.report, .ja)
    let (cp932, replaced) = TextEncoding.cp932(text)
    let bytes = encoding == "cp932" ? cp932 : [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    let out = try python(Self.readCSV.replacing("ENCODING", with: encoding), bytes)
    let lines = out.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "漏水監視 月報 令和8年（2026年）11月|概要|有収率（推定）|区域別|メーター別|漏水|工事")
    #expect(lines[1] == "True 2.00 188.0 31960")
    // No formula, whatever was written; what CP932 lacks is seen.
    #expect(lines[2] == (encoding == "cp932" ? "'=1+1 \"第2\", <b>\u{7}髙橋〓" : "'=1+1 \"第2\", <b>\u{7}髙橋𠮷"))
    #expect(lines[3] == "7200" && lines[4] == "'@佐藤")
    #expect(replaced == ["𠮷"], "units and words must be those of CP932")
    #expect(!text.replacing("\r\n", with: "").contains("\n") && text.hasSuffix("\r\n"))
  }

  /// All words of all reports in both languages, without a name from outside, are CP932.
  @Test(arguments: periods, ReportLanguage.allCases)
  func wordsAreThoseOfCP932(_ period: ReportPeriod, _ language: ReportLanguage) {
    var town = Self.town
    town.leaks[0].note = ""
    town.period = period
    #expect(TextEncoding.cp932(ReportCSV.text(town.report, language)).replaced.isEmpty)
  }

  @Test(arguments: [
    ("=SUM(A1)", "'=SUM(A1)"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("＝１", "'＝１"), ("\tx", "\"'\tx\""), ("a,b", "\"a,b\""),
    ("a\"b", "\"a\"\"b\""), ("a\r\nb", "\"a\r\nb\""), ("", ""), (" a", "\" a\""), ("普通", "普通"),
  ])
  func cellsAreNoFormulas(_ text: String, _ written: String) throws {
    var town = Self.town
    town.meters[0].name = text
    let csv = ReportCSV.text(town.report, .ja)
    #expect(csv.contains("ina/nishi/m01/flow,西町,\(written),はい,"))
  }

  @Test func periodsInWords() {
    func title(_ p: ReportPeriod, _ l: ReportLanguage) -> String {
      var town = Town()
      town.period = p
      return String(ReportCSV.text(town.report, l).prefix { $0 != "\r\n" })
    }
    #expect(title(.day(day(2026, 11, 26)), .ja) == "漏水監視 日報 令和8年（2026年）11月26日（木）")
    #expect(title(.month(MonthNumber.of(year: 2019, month: 4)), .ja) == "漏水監視 月報 平成31年（2019年）4月")
    #expect(title(.month(MonthNumber.of(year: 2019, month: 5)), .ja) == "漏水監視 月報 令和元年（2019年）5月")
    #expect(title(.year(2026), .ja) == "漏水監視 年報 令和8年度（2026年度）")
    #expect(title(.year(2026), .en) == "Annual leakage report fiscal year 2026 (April 2026 to March 2027)")
    #expect(title(.day(day(2026, 11, 26)), .en) == "Daily leakage report 26 November 2026")
  }

  @Test func encodingOfLongTexts() throws {
    let text = String(repeating: "水守😀あ\r\n", count: 10_000)
    let (bytes, replaced) = TextEncoding.cp932(text)
    #expect(replaced == ["😀"])
    #expect(try python("import sys; s=open(sys.argv[1],encoding='cp932',newline='').read(); print(len(s), s[:3])", bytes) == "60000 水守〓\n")
  }
}
