import Detection
import Readings
import TestSupport

/// What happens at one sensor of a scenario, from one day to another (counted from the start, with fractions).
struct Happening {
  enum Kind: CaseIterable { case burst, ramp, hydrant, spike, stuck, reverse, gap }
  var kind: Kind
  var from: Double
  var to: Double
  /// m³/h at most.
  var size: Double

  /// m³/h that it adds.
  func extra(_ day: Double) -> Double {
    guard day >= from && day < to else { return 0 }
    switch kind {
    case .burst, .hydrant, .spike: return size
    case .ramp: return size * (day - from) / (to - from)
    case .stuck, .reverse, .gap: return 0
    }
  }
}

/// One to four sensors of a group and what happens to them: everything at random, and everything follows from the seed.
///
/// The noise is cheaper to make than `Meter`'s: unoptimised, the making would take longer than the judging.
struct Scenario {
  var seed: UInt64
  var minutes = 15
  var days = 30
  /// Monday.
  var start = Timestamp(iso8601: "2026-06-01T00:00:00+09:00") ?? Timestamp(milliseconds: 0)
  /// m³/h; one a sensor.
  var means: [Double] = [20]
  /// Standard deviation of the wandering part of the flow, as a fraction.
  var noise = 0.04
  /// The first sensor measures what flows to the others too.
  var isTree = false
  var happenings: [[Happening]] = [[]]

  /// - Parameter quiet: nothing happens.
  static func random(_ seed: UInt64, quiet: Bool = false, days: ClosedRange<Int> = 19...25) -> Scenario {
    var rng = SplitMix(seed)
    var s = Scenario(seed: seed)
    s.minutes = [5, 10, 15, 30, 60].randomElement(using: &rng) ?? 15
    s.days = Int.random(in: days, using: &rng)
    let count = Int.random(in: 1...(s.minutes < 10 ? 1 : s.minutes < 30 ? 2 : 4), using: &rng)
    s.means = (0..<count).map { _ in Double(exp2: Double.random(in: 0...7.64, using: &rng)) }
    s.noise = Double.random(in: 0.02...0.07, using: &rng)
    s.isTree = Bool.random(using: &rng)
    s.happenings = s.means.map { mean in
      (0..<(quiet ? 0 : Int.random(in: 3...8, using: &rng))).map { _ in
        let kind = Happening.Kind.allCases.randomElement(using: &rng) ?? .burst
        let from = Double.random(in: 3..<Double(s.days), using: &rng)
        let lengths: ClosedRange<Double> =
          switch kind {
          case .burst: 0.3...8
          case .ramp: 5...20
          case .hydrant: 0.01...0.05
          // One reading.
          case .spike: Double(s.minutes) / 1440...Double(s.minutes) / 1440
          case .stuck, .reverse: 0.1...1.5
          case .gap: 0.02...3
          }
        let size = mean * Double.random(in: kind == .burst || kind == .ramp ? 0.1...1.5 : 1...20, using: &rng)
        return Happening(kind: kind, from: from, to: from + Double.random(in: lengths, using: &rng), size: size)
      }
    }
    return s
  }

  /// Of all sensors, in the order of time.
  func readings() -> [Reading] {
    let calendar = LocalCalendar.japan
    let first = calendar.day(of: start)
    let isRestDay = (0..<days).map { calendar.dayType(ofDay: first + $0) != .workday }
    let persistence = minutes >= 60 ? 0.5 : 0.9
    let fresh = (1 - persistence * persistence).squareRoot()
    var rng = SplitMix(seed ^ 0x5eed)
    var wander = [Double](repeating: 0, count: means.count)
    var last = [Double](repeating: 0, count: means.count)
    var out: [Reading] = []
    out.reserveCapacity(days * 1440 / minutes * means.count)
    for i in 0..<(days * 1440 / minutes) {
      let minute = i * minutes
      let day = Double(minute) / 1440
      let h = minute / 60 % 24
      let f = Double(minute % 60) / 60
      let shape = (Meter.shape[h] * (1 - f) + Meter.shape[(h + 1) % 24] * f) * (isRestDay[minute / 1440] ? (h < 9 ? 0.8 : 1.1) : 1)
      let time = start.adding(milliseconds: Int64(minute) * 60_000)
      for k in means.indices {
        wander[k] = persistence * wander[k] + fresh * rng.quickNormal()
        var value = means[k] * (shape * (1 + noise * wander[k]) + 0.01 * rng.quickNormal())
        for m in k == 0 && isTree ? 0..<means.count : k..<(k + 1) {
          for e in happenings[m] { value += e.extra(day) }
        }
        value = (max(value, 0.001 * means[k]) * 1000).rounded() / 1000
        let faults = happenings[k].filter { day >= $0.from && day < $0.to }
        if faults.contains(where: { $0.kind == .gap }) { continue }
        if faults.contains(where: { $0.kind == .stuck }) { value = last[k] }
        last[k] = value
        if faults.contains(where: { $0.kind == .reverse }) { value = -value }
        out.append(Reading(slot: SensorSlot(k), time: time, arrival: time, value: value))
      }
    }
    return out
  }

  func profile(_ k: Int) -> SensorProfile { SensorProfile(group: 3, parent: isTree && k > 0 ? 0 : nil) }

  func detector(settings: DetectorSettings = .init(), calendar: LocalCalendar = .japan) -> Detector {
    var d = Detector(settings: settings, calendar: calendar)
    for k in means.indices { _ = d.addSensor(profile(k)) }
    return d
  }

  func judge(_ readings: [Reading]) -> [Transition] {
    var d = detector()
    return d.run(readings)
  }

  /// Days since the start, with fractions.
  func day(_ t: Timestamp) -> Double { Double(t.since(start)) / 86_400_000 }
}

extension SplitMix {
  /// Roughly normal, σ = 1: the sum of four uniforms out of one number.
  mutating func quickNormal() -> Double {
    let x = next()
    let sum = (x & 0xffff) + (x >> 16 & 0xffff) + (x >> 32 & 0xffff) + (x >> 48)
    return (Double(sum) / 65_536 - 2) * 1.732_050_8
  }
}

extension Double {
  /// 2 to that power, without a mathematical library: linear between whole powers.
  fileprivate init(exp2 x: Double) {
    let whole = x.rounded(.down)
    self = Double(sign: .plus, exponent: Int(whole), significand: 1 + x - whole)
  }
}

extension [Reading] {
  /// As gateways deliver: neighbours of up to nine minutes swapped.
  func swapped(_ rng: inout SplitMix) -> [Reading] {
    let due = map { $0.time.milliseconds + Int64.random(in: 0..<540_000, using: &rng) }
    return indices.sorted { (due[$0], $0) < (due[$1], $1) }.map { self[$0] }
  }

  /// Each tenth reading up to four times.
  func duplicated(_ rng: inout SplitMix) -> [Reading] {
    flatMap { r in [Reading](repeating: r, count: Int.random(in: 0..<10, using: &rng) == 0 ? Int.random(in: 2...4, using: &rng) : 1) }
  }
}

/// Nil for equal lists; else where they part, in fewer words than the lists have.
func difference<T: Equatable>(_ a: [T], _ b: [T]) -> String? {
  guard a != b else { return nil }
  let i = zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(a.count, b.count)
  return "\(a.count) and \(b.count) differ at \(i): \(i < a.count ? "\(a[i])" : "end") and \(i < b.count ? "\(b[i])" : "end")"
}
