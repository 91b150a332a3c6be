import Detection
import Readings
import TestSupport

typealias SplitMix = SeededGenerator

extension SeededGenerator {
  init(_ seed: UInt64) { self.init(seed: seed) }

  /// Roughly normal, σ = 1 (sum of twelve uniforms).
  mutating func normal() -> Double { (0..<12).reduce(-6.0) { s, _ in s + Double.random(in: 0..<1, using: &self) } }
}

/// One meter of a small town: two peaks a day, quieter weekends, autocorrelated noise that grows with the flow.
struct Meter {
  var days = 60
  var minutes = 15
  var mean = 20.0
  var noise = 0.04
  var seed: UInt64 = 1
  var slot: SensorSlot = 0
  /// Monday, 2026-06-01T00:00+09:00 unless set.
  var start = Timestamp(iso8601: "2026-06-01T00:00:00+09:00") ?? Timestamp(milliseconds: 0)
  /// m³/h added at a day counted from the start, with fractions.
  var extra: (Double) -> Double = { _ in 0 }

  static let shape: [Double] = [
    0.35, 0.3, 0.28, 0.28, 0.32, 0.6, 1.2, 1.8, 1.6, 1.3, 1.1, 1.05, 1.1, 1.0, 0.95, 0.95, 1.05, 1.3, 1.6, 1.7, 1.5, 1.2, 0.8, 0.55,
  ]

  func readings() -> [Reading] {
    var rng = SplitMix(seed)
    var wander = 0.0
    let persistence = minutes >= 60 ? 0.5 : 0.9
    return (0..<(days * 1440 / minutes)).map { i in
      let hour = Double(i * minutes) / 60
      let day = hour / 24
      let h = Int(hour) % 24
      let f = hour - hour.rounded(.down)
      var flow = Meter.shape[h] * (1 - f) + Meter.shape[(h + 1) % 24] * f
      if LocalCalendar.japan.dayType(ofDay: LocalCalendar.japan.day(of: start) + Int(day)) != .workday { flow *= h < 9 ? 0.8 : 1.1 }
      wander = persistence * wander + (1 - persistence * persistence).squareRoot() * rng.normal()
      let value = mean * flow * (1 + noise * wander) + 0.01 * mean * rng.normal() + extra(day)
      let t = start.adding(milliseconds: Int64(i * minutes) * 60_000)
      // Three decimals, as meters send.
      return Reading(slot: slot, time: t, arrival: t, value: (max(value, 0.001 * mean) * 1000).rounded() / 1000)
    }
  }
}

/// Three meters with leaks and gaps, merged by time.
func town(minutes: Int = 10, days: Int = 45) -> [Reading] {
  var all: [Reading] = []
  for k in 0..<3 {
    var meter = Meter(days: days, minutes: minutes, mean: 5 * Double(k + 1), seed: UInt64(k + 7), slot: SensorSlot(k))
    let size = 3 * Double(k + 1)
    meter.extra = { $0 >= 25.3 + Double(k) && $0 < 32 ? size : $0 > 40.2 && $0 < 40.23 ? 10 * size : 0 }
    all += meter.readings().enumerated().filter { i, _ in !(i > 2000 && i < 2000 + 60 * k) }.map { $0.element }
  }
  return all.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
}

/// A detector with `count` sensors.
func detector(_ count: Int = 1, settings: DetectorSettings = .init(), _ profile: SensorProfile = .init()) -> Detector {
  var d = Detector(settings: settings)
  for _ in 0..<count { _ = d.addSensor(profile) }
  return d
}

extension Detector {
  mutating func run(_ readings: [Reading]) -> [Transition] {
    var out: [Transition] = []
    readings.withUnsafeBufferPointer { process($0) { out.append($0) } }
    return out
  }

  /// As `run`, in batches of random sizes.
  mutating func run(_ readings: [Reading], batches rng: inout SplitMix) -> [Transition] {
    var out: [Transition] = []
    var from = 0
    while from < readings.count {
      let to = min(readings.count, from + Int.random(in: 1...700, using: &rng))
      out += run(Array(readings[from..<to]))
      from = to
    }
    return out
  }
}

func judge(_ readings: [Reading], settings: DetectorSettings = .init(), _ profile: SensorProfile = .init()) -> [Transition] {
  var d = detector(Int(readings.map(\.slot).max() ?? 0) + 1, settings: settings, profile)
  return d.run(readings)
}

extension [Transition] {
  var leaks: [Transition] { filter { $0.kind.isLeak } }
  func opened(_ kind: EventKind) -> [Transition] { filter { $0.kind == kind && $0.change == .opened } }
  var openedLeaks: [Transition] { leaks.filter { $0.change == .opened } }
}

extension Meter {
  /// Days since the start, with fractions.
  func day(_ t: Timestamp) -> Double { Double(t.since(start)) / 86_400_000 }
}
