import ArgumentParser
import Readings
import Service
import Settings
import Store
import Web

/// `mizumori works`: planned work, once and again, and what each window hid. May be called while the service runs.
struct Works: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "工事の予定と、その間に隠れた水量 / planned work, and what it hid.",
    discussion: "予定する・取り消す: mizumori action planned_work / cancel_work … --from … --to … / to plan or cancel")

  @Option(help: "この日から（例 2026-11-01）。なければ 30 日前 / from this day; default: 30 days ago")
  var from: String?

  @Option(help: "この日まで。なければ 30 日先 / to this day; default: in 30 days")
  var to: String?

  @Flag(name: .customLong("json"), help: "JSON で出力 / as JSON")
  var json = false

  @OptionGroup var options: SettingsOptions

  func run() throws {
    let calendar = try options.load().calendar
    let (first, last) = (try Self.day(from, "--from", calendar), try Self.day(to, "--to", calendar))
    let works = try options.view { view in
      let now = try view.now()
      let start = first.map { calendar.midnight(ofDay: $0) } ?? now.adding(seconds: -30 * 86_400)
      let end = last.map { calendar.midnight(ofDay: $0 + 1) } ?? now.adding(seconds: 30 * 86_400)
      guard start < end else { throw Failure(.usage, "--from は --to より前に / --from must be before --to") }
      return try view.works(from: start, to: end)
    }
    say(json ? try jsonText(works) : Self.text(works))
  }

  private static func day(_ text: String?, _ name: String, _ calendar: LocalCalendar) throws -> Int? {
    guard let text else { return nil }
    guard text.count == 10, let noon = Timestamp(iso8601: text + "T12:00", defaultOffset: calendar.offset) else {
      throw Failure(.usage, "\(name) \(text): 2026-11-01 のように / expected a date like 2026-11-01")
    }
    return calendar.day(of: noon)
  }

  private static let words = ["planned": "予定 / planned", "active": "工事中 / active", "ended": "終了 / ended", "cancelled": "取消 / cancelled"]

  static func text(_ works: WorkCalendar) -> String {
    var out = works.windows.map { w in
      let hidden = w.hiddenM3.map { "  隠れた水量 / hid \(Int($0.rounded())) m³" } ?? ""
      let what = [w.by, w.note.replacing("\n", with: " ／ ")].filter { !$0.isEmpty }.joined(separator: "、")
      return "\(words[w.state] ?? w.state)  \(w.from) 〜 \(w.to)  \(w.sensors.joined(separator: " "))  \(what)\(hidden)"
    }
    if out.isEmpty { out.append("工事はありません / no works") }
    for r in works.recurring {
      let days =
        r.weekdays + r.weeks.map { "第 \($0) 週 / week \($0)" } + r.days.map { "\($0) 日 / day \($0)" }
        + [r.first.map { "\($0) から / from" }, r.last.map { "\($0) まで / until" }].compactMap { $0 }
      out.append(
        "定期 / recurring  \(r.name)  \(r.from)〜\(r.to)  \((r.zones + r.sensors).joined(separator: " "))  \(days.joined(separator: " "))")
    }
    return out.joined(separator: "\n")
  }
}
