import Readings

/// The inputs of Reference/workload.h, made the same way.
enum Workload {
  static let payload = "{\"ts\":\"2026-11-23T10:00:00+09:00\",\"value\":12.34,\"unit\":\"m3/h\",\"seq\":123456}"
  static let payloadNow = Timestamp(milliseconds: 1_795_395_601_000)
  /// ms
  static let firstTime: Int64 = 1_780_000_000_000
  /// ms between the readings of one sensor.
  static let interval: Int64 = 300_000

  /// Readings of each sensor before time is taken: four days by the hour, so that the profile is learnt, and 30 at `interval`.
  static let warmUp = 126

  /// ms; time of a sensor's reading number `k`.
  static func time(_ k: Int) -> Int64 {
    firstTime + Int64(min(k, 96)) * 3_600_000 + Int64(max(0, k - 96)) * interval
  }

  /// The sensors of one round, each once; scattered by a multiplier that has no factor in common with a power of ten.
  static func slot(_ n: Int, of sensors: Int, isRandom: Bool) -> Int32 {
    Int32(isRandom ? (n % sensors) * 2_654_435_761 % sensors : n % sensors)
  }

  /// m³/h: a course of the day and 8 % of noise.
  static func value(at time: Int64, _ numbers: inout Numbers) -> Double {
    let hour = (time / 3_600_000 + 9) % 24
    let course: Double = hour < 5 ? 6 : hour < 9 ? 14 : hour < 17 ? 10 : 13
    return course * (0.96 + Double(numbers.next() % 1000) * 0.00008)
  }
}

/// Knuth's linear congruence.
struct Numbers {
  var state: UInt64

  mutating func next() -> UInt32 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt32(truncatingIfNeeded: state >> 33)
  }
}
