import Readings
import Store

/// The night minima of one meter or zone, a day each, and which of these nights lay in a leak. m³/h.
struct NightSeries: Sendable, Hashable {
  /// Nights that a night is compared with, and how many of them there must be.
  static let window = 28
  static let fewest = 3

  var values: [Double?]
  var isInLeak: [Bool]
  /// Nights of freeze mode: taps trickle, so that they are no reference.
  var isFrozen: [Bool]

  init(count: Int) {
    values = Array(repeating: nil, count: count)
    isInLeak = Array(repeating: false, count: count)
    isFrozen = isInLeak
  }

  /// Several meters together: a night counts where all have it, and lies in a leak where one of them does.
  static func sum(_ all: [NightSeries], count: Int) -> NightSeries {
    var out = NightSeries(count: count)
    guard !all.isEmpty else { return out }
    for n in 0..<count {
      out.values[n] = all.reduce(0.0) { total, s in total.flatMap { t in s.values[n].map { t + $0 } } }
      out.isInLeak[n] = all.contains { $0.isInLeak[n] }
      out.isFrozen[n] = all.contains { $0.isFrozen[n] }
    }
    return out
  }

  /// The median of the nights of the 28 days before the day at `n` that were neither in a leak nor freezing; nil with fewer than 3.
  func reference(at n: Int) -> Double? {
    var before = (max(0, n - NightSeries.window)..<n).compactMap { isInLeak[$0] || isFrozen[$0] ? nil : values[$0] }
    guard before.count >= NightSeries.fewest else { return nil }
    before.sort()
    let half = before.count / 2
    return before.count % 2 == 1 ? before[half] : (before[half - 1] + before[half]) / 2
  }
}

/// The night minima of all meters.
struct NightBook: Sendable {
  /// Local days since 1970-01-01, in order.
  let days: Range<Int>
  private var series: [SensorSlot: NightSeries] = [:]

  /// A leak that was open from the first to the last of these days' nights.
  struct Leak: Sendable {
    var slot: SensorSlot
    var nights: ClosedRange<Int>
  }

  /// - Parameter frozen: the days whose night was one of freeze mode, by meter.
  init(days: Range<Int>, rows: [DayRow], leaks: [Leak], frozen: (SensorSlot) -> Set<Int> = { _ in [] }) {
    self.days = days
    for r in rows where days.contains(r.day) {
      series[r.slot, default: NightSeries(count: days.count)].values[r.day - days.lowerBound] = r.night
    }
    for leak in leaks where series[leak.slot] != nil {
      for day in leak.nights.clamped(to: days.lowerBound...max(days.lowerBound, days.upperBound - 1)) where leak.nights.contains(day) {
        series[leak.slot]?.isInLeak[day - days.lowerBound] = true
      }
    }
    freeze(frozen)
  }

  private mutating func freeze(_ frozen: (SensorSlot) -> Set<Int>) {
    for slot in series.keys {
      for day in frozen(slot) where days.contains(day) { series[slot]?.isFrozen[day - days.lowerBound] = true }
    }
  }

  subscript(slot: SensorSlot) -> NightSeries { series[slot] ?? NightSeries(count: days.count) }

  func sum(_ slots: [SensorSlot]) -> NightSeries { NightSeries.sum(slots.map { self[$0] }, count: days.count) }
}
