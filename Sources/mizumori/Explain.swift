import ArgumentParser
import Detection
import Foundation
import Readings
import Service
import Settings
import Store

/// `mizumori explain`: what the detector thought of a sensor, now or at a moment of the past.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "ある時刻の平常値・統計量・しきい値を表示します / shows baseline, statistics and thresholds of a sensor at a moment.")

  @Argument(help: "センサー（市町村/区域/センサー/量） / sensor, for example ina/nishi/m01/flow")
  var sensor: String

  @Option(help: "時刻（例 2026-11-23T10:00 や 2026-11-23）。なければ最新 / moment, local time unless an offset is given; default: the latest")
  var at: String?

  @Flag(name: .customLong("json"), help: "JSON で出力 / as JSON")
  var json = false

  @OptionGroup var options: SettingsOptions

  func run() throws {
    let settings = try options.load()
    guard let id = SensorID(sensor) else {
      throw Failure(.usage, "\(sensor): 「市町村/区域/センサー/量」の形で / expected municipality/zone/sensor/quantity")
    }
    let moment = try at.map { text in
      // A day alone means its end.
      let full = text.count == 10 ? text + "T23:59:59" : text
      guard let t = Timestamp(iso8601: full.replacing(" ", with: "T"), defaultOffset: settings.calendar.offset) else {
        throw Failure(.usage, "--at \(text): 2026-11-23T10:00 のように / expected a time like 2026-11-23T10:00")
      }
      return t
    }
    let found: Hindsight?
    do {
      guard let store = try StoreReader.ifPresent(directory: settings.data.directory) else {
        throw Failure(.noInput, "\(settings.data.directory): 記録がまだありません / no data yet")
      }
      found = try Hindsight(of: id, at: moment, store: store, settings: settings)
    } catch let error as StoreError {
      throw Run.failure(error)
    }
    guard let found else { throw Failure(.noInput, "\(id): その時刻までの測定値がありません / no reading of this sensor up to then") }
    say(json ? ExplanationText.json(found, settings.calendar) : ExplanationText.table(found, settings.calendar))
  }
}

/// An explanation for people and for programs.
enum ExplanationText {
  static func table(_ h: Hindsight, _ calendar: LocalCalendar) -> String {
    let e = h.explanation
    func time(_ t: Timestamp?) -> String { t.map { $0.iso8601(offset: calendar.offset) } ?? "–" }
    var lines = [
      row("センサー / sensor", "\(h.sensor)"), row("測定値 / reading", "\(flow(e.lastValue))  \(time(e.lastTime))"),
      row("平常 / expected", "\(flow(e.expected))（\(flow(e.low)) 〜 \(flow(e.high))）"),
      row("平均流量 / mean flow", flow(e.meanFlow)), row("状態 / state", state(e)),
      row("夜間最小 / night minimum", "\(flow(e.nightMinimum))（平常 / usual \(flow(e.nightReference))）"),
      row("学習 / learning", e.isLearningSuspended ? "停止中 / suspended" : "継続 / going on"),
    ]
    if let excess = e.leakExcess {
      lines.append(row("漏水 / leak", "\(flow(excess))  \(time(e.leakOnset)) から / since, \(number(e.leakVolume)) m³"))
    }
    lines.append("")
    lines.append("統計量 / statistic      値 / value  しきい値 / threshold")
    for s in e.statistics {
      let mark = s.value > s.threshold ? "  ← 超過 / above" : ""
      lines.append(pad(s.name, 22) + pad(number(s.value), 12) + number(s.threshold) + mark)
    }
    lines.append(
      "この計測点の係数 / factor of this sensor: \(number(e.thresholdFactor))（誤報による分 / of which by false alarms: \(number(e.feedbackFactor)), \(e.falseAlarms)）"
    )
    if !h.baseline.isEmpty {
      lines.append("")
      lines.append("時 / hour  平常 / expected  下限 / low  上限 / high")
      for (hour, b) in h.baseline.enumerated() {
        lines.append(pad("\(hour)", 11) + pad(number(b.expected), 17) + pad(number(b.low), 12) + number(b.high))
      }
    }
    return lines.joined(separator: "\n")
  }

  static func json(_ h: Hindsight, _ calendar: LocalCalendar) -> String {
    let e = h.explanation
    func value(_ v: Double?) -> String { v.map { $0.isFinite ? "\($0)" : "null" } ?? "null" }
    func time(_ t: Timestamp?) -> String { t.map { "\"\($0.iso8601(offset: calendar.offset))\"" } ?? "null" }
    let statistics = e.statistics.map { "{\"name\":\"\($0.name)\",\"value\":\(value($0.value)),\"threshold\":\(value($0.threshold))}" }
    return """
      {"sensor":"\(h.sensor)","time":\(time(e.lastTime)),"value":\(value(e.lastValue)),"expected":\(value(e.expected)),\
      "low":\(value(e.low)),"high":\(value(e.high)),"mean_flow_m3h":\(value(e.meanFlow)),"state":"\(e.state.code)",\
      "learned_days":\(e.learnedDays),"learning_days":\(e.learningDays),"learning_suspended":\(e.isLearningSuspended),\
      "leak_m3h":\(value(e.leakExcess)),"leak_onset":\(time(e.leakOnset)),"leak_volume_m3":\(value(e.leakVolume)),\
      "night_minimum_m3h":\(value(e.nightMinimum)),"night_reference_m3h":\(value(e.nightReference)),\
      "threshold_factor":\(value(e.thresholdFactor)),"feedback_factor":\(value(e.feedbackFactor)),"false_alarms":\(e.falseAlarms),\
      "baseline":[\(h.baseline.map { "[\(value($0.expected)),\(value($0.low)),\(value($0.high))]" }.joined(separator: ","))],"statistics":[\(statistics.joined(separator: ","))],"replayed":\(h.replayed)}
      """
  }

  private static func state(_ e: Explanation) -> String {
    switch e.state {
    case .learning(let days, let all): "学習中 / learning (\(days)/\(all))"
    case .normal: "平常 / normal"
    case .leak(let kind): "漏水の疑い / leak suspected (\(kind.code))"
    case .fault(let kind): "計器・通信の異常 / fault (\(kind.code))"
    }
  }

  private static func row(_ name: String, _ value: String) -> String { "\(name): \(value)" }
  private static func pad(_ s: String, _ n: Int) -> String { s + String(repeating: " ", count: max(1, n - s.count)) }
  private static func flow(_ v: Double?) -> String { v == nil ? "–" : number(v) + " m³/h" }
  private static func number(_ v: Double?) -> String {
    guard let v, v.isFinite else { return "–" }
    return String((v * 100).rounded() / 100)
  }
}
