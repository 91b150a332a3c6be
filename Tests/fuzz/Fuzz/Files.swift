import Foundation
import Readings
import Settings

@testable import Alerts
@testable import Series
@testable import Web

/// Settings are read, or every mistake has a place, a text in both languages, and unknown keys are among them.
func fuzzSettings(_ bytes: [UInt8]) {
  let yaml = String(decoding: bytes, as: UTF8.self)
  do throws(SettingsError) {
    let s = try MizumoriSettings.parse(yaml, name: "s.yaml", directory: "/nonexistent")
    require(!s.topics.isEmpty && s.data.directory.hasPrefix("/"), "settings without topics or directory")
    require(s.detection.nightEnd > s.detection.nightStart, "a night that ends before it begins")
    require(Set(s.alerts.sinks.map(\.name)).count == s.alerts.sinks.count, "two receivers of one name")
    // Whoever listens for other machines asks who comes.
    require(
      !s.web.isEnabled || s.web.needsLogin || s.web.address.hasPrefix("127.") || ["::1", "localhost"].contains(s.web.address),
      "the page is open: \(s.web.address)")
    let more = yaml + "\nzzz_unknown: 1\n"
    if (try? MizumoriSettings.parse(more, name: "s.yaml", directory: "/nonexistent")) != nil {
      require(endsEarly(yaml), "an unknown key was accepted")
    }
  } catch {
    require(!error.problems.isEmpty, "refused without a reason")
    for p in error.problems {
      require(!p.japanese.isEmpty && !p.english.isEmpty, "a problem without words")
      if case .file(let name, let line) = p.place { require(name == "s.yaml" && line >= 0, "place \(p.place)") }
    }
  }
}

/// Whether a line added at the end may be no key of the file: after the end of a document, or in a text of several lines or a comment.
private func endsEarly(_ yaml: String) -> Bool {
  yaml.contains("...") || yaml.contains("---") || yaml.contains("|") || yaml.contains(">") || yaml.contains("\0")
}

/// An export is read into finite values at sane times, or refused.
func fuzzExport(_ bytes: [UInt8]) {
  let latest = Timestamp(seconds: 1_795_500_000)
  guard let file = try? ExportFile.parse(bytes, path: "x.csv", .init(latest: latest)) else { return }
  require(file.problems.count <= ExportFile.maximumProblems && file.problemCount >= file.problems.count, "\(file.problems.count) problems")
  require(file.rows >= 0 && file.outOfOrder >= 0 && file.repeated >= 0 && file.passedOver >= 0, "negative counts")
  for column in file.columns { for r in column.rows { require(r.value.isFinite && r.time <= latest, "\(r.value) at \(r.time)") } }
  if file.rows > 0 { require(file.first <= file.last && file.last <= latest, "times \(file.first) to \(file.last)") }
}

/// A series is read into finite values, and written and read again unchanged. Without the file: opening it takes longer than the rest.
func fuzzSeries(_ bytes: [UInt8]) {
  guard let rows = try? SeriesFile.parse(bytes, file: "x.csv") else { return }
  for r in rows { require(r.value.isFinite, "value \(r.value)") }
  let finite = rows.filter { abs($0.value) < 1e12 }
  guard !finite.isEmpty, let text = try? SeriesFile.text(finite, file: "x.csv") else { return }
  let again = try? SeriesFile.parse(text, file: "x.csv")
  require(again?.count == finite.count, "\(finite.count) rows written, \(again?.count ?? -1) read")
  for (a, b) in zip(finite, again ?? []) {
    require(a.time == b.time && abs(a.value - b.value) <= 0.001, "\(a) was read again as \(b)")
  }
}

/// What comes with requests and answers: hosts, addresses, bodies of actions, `Retry-After`, what servers say.
func fuzzHTTP(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  let hosts = HostList(WebSettings())
  if hosts.contains(text) {
    let name = text.lowercased()
    require(["127.0.0.1", "localhost", "[::1]"].contains { name == $0 || name.hasPrefix($0 + ":") }, "host \(text)")
  }
  if let wait = RetryAfter.milliseconds(text, now: 1_795_500_000_000) { require(wait >= 0, "wait \(wait)") }
  let policy = AddressPolicy()
  if policy.allows(text) {
    require(!text.hasPrefix("127.") && !text.hasPrefix("10.") && !text.hasPrefix("192.168.") && text != "::1", "address \(text)")
  }
  let said = SaidText.line(bytes, hiding: ["s3cretK3y"])
  require(said.unicodeScalars.count <= 200 && !said.lowercased().contains("s3cretk3y"), "said \(said)")
  require(!said.unicodeScalars.contains { $0.value < 0x20 }, "control characters")
  _ = try? JSONDecoder().decode(ActionCommand.self, from: Data(bytes))
  _ = JSONText.quote(text)
}

/// The query of a request to the page: within its bounds, or refused.
func fuzzQuery(_ bytes: [UInt8]) {
  let uri = "/api/v1/meters/ina/nishi/m01/flow/series?" + String(decoding: bytes, as: UTF8.self)
  guard let query = try? RequestQuery(.init(uri), "at", "from", "to", "points", "limit", "open", "day", "month") else { return }
  for name in ["at", "from", "to"] {
    if let time = try? query.time(name) { require(RequestQuery.times.contains(time), "\(name) \(time)") }
  }
  if let points = try? query.count("points", in: 10...5000, otherwise: 1500) { require((10...5000).contains(points), "points \(points)") }
  if let limit = try? query.count("limit", in: 1...1000, otherwise: 100) { require((1...1000).contains(limit), "limit \(limit)") }
  _ = try? query.flag("open")
  if let day = try? query.day("day") { require((-719_162...2_932_896).contains(day), "day \(day)") }
  if let month = try? query.month("month") { require((12...119_999).contains(month), "month \(month)") }
}
