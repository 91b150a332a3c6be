import Foundation
import Readings
import TestSupport
import Testing

@testable import Store

/// A register whose flow is its increase from value to value.
struct Difference: RegisterFlow {
  private var last: (time: Timestamp, value: Double)?

  init() {}

  mutating func take(_ value: Double, at time: Timestamp) -> (time: Timestamp, value: Double)? {
    defer { last = (time, value) }
    return last.map { ($0.time, (value - $0.value) * 3_600_000 / Double(time.since($0.time))) }
  }
}

extension RollupSettings {
  static let japan = RollupSettings(offset: 32_400, nightStart: 60, nightEnd: 240)
}

/// Random readings of some sensors: minutes apart, some hours or days late, some not numbers; the last sensor is a totalizer.
struct RandomHistory {
  static let sensors = 4
  static let total: SensorSlot = 3
  static let begin = Timestamp(milliseconds: 1_760_000_000_000)

  /// In order of arrival.
  private(set) var rows: [Reading] = []

  init(seed: UInt64, count: Int) {
    var random = SeededRandom(seed: seed)
    var held: [(after: Int, reading: Reading)] = []
    var register = 1000.0
    for n in 0..<count {
      let slot = SensorSlot(n % RandomHistory.sensors)
      let time = RandomHistory.begin.adding(seconds: Int64(n / RandomHistory.sensors) * 300 + Int64(slot))
      register += slot == RandomHistory.total ? random.next(below: 100) / 100 : 0
      let value = slot == RandomHistory.total ? register : random.next(below: 500) / 10 - 5
      let r = Reading(slot: slot, time: time, arrival: time, value: random.next(below: 50) < 1 ? .nan : value, sequence: Int64(n))
      // A totalizer's rows come late only now and then, as after a break of its line.
      let isLate = slot == RandomHistory.total ? n / 400 % 5 == 2 : random.next(below: 10) < 1
      if isLate { held.append((n + 40 + Int(random.next(below: 900)), r)) } else { rows.append(r) }
      while let due = held.firstIndex(where: { $0.after <= n }) { rows.append(held.remove(at: due).reading) }
    }
    rows += held.map(\.reading)
  }

  /// All readings of a sensor that are numbers, by time; a totalizer's as flow.
  func series(_ slot: SensorSlot, upTo count: Int? = nil) -> [(time: Timestamp, value: Double)] {
    let own = rows.prefix(count ?? rows.count).filter { $0.slot == slot && $0.value.isFinite }.sorted { $0.time < $1.time }
    guard slot == RandomHistory.total else { return own.map { ($0.time, $0.value) } }
    var register = Difference()
    return own.compactMap { register.take($0.value, at: $0.time) }
  }

  func batch(_ range: Range<Int>) -> IngestBatch {
    var b = IngestBatch()
    var entries: [HistoryEntry] = rows[range].map { .reading($0) }
    if range.lowerBound == 0 {
      b.newSensors = (0..<RandomHistory.sensors).map { n in
        (
          SensorSlot(n),
          SensorID(municipality: "t", zone: "z", sensor: "m\(n)", quantity: SensorSlot(n) == RandomHistory.total ? .total : .flow)!
        )
      }
    }
    // What is no reading lies between them.
    entries.insert(.tick(RandomHistory.begin), at: entries.count / 2)
    b.entries = HistoryEntries(entries)
    return b
  }
}

struct SeededRandom {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func next(below n: Int) -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Double(state % UInt64(n))
  }
}

struct RollupTests {
  /// Hours and days by a straight computation.
  static func straight(_ history: RandomHistory, _ slot: SensorSlot, upTo count: Int? = nil) -> (hours: [HourRow], days: [DayRow]) {
    let values = Dictionary(grouping: history.series(slot, upTo: count)) { Int(($0.time.milliseconds + 32_400_000) / 3_600_000) }
    let hours = values.sorted { $0.key < $1.key }.map { hour(slot, $0.key, $0.value.map(\.value)) }
    let days = Dictionary(grouping: hours) { $0.hour / 24 }.sorted { $0.key < $1.key }.map { day(slot, $0.key, $0.value) }
    return (hours, days)
  }

  private static func hour(_ slot: SensorSlot, _ hour: Int, _ v: [Double]) -> HourRow {
    HourRow(slot: slot, hour: hour, count: v.count, mean: v.reduce(0, +) / Double(v.count), low: v.min()!, high: v.max()!)
  }

  private static func day(_ slot: SensorSlot, _ day: Int, _ hours: [HourRow]) -> DayRow {
    let night = hours.filter { (1..<4).contains($0.hour % 24) }.map(\.mean).min()
    return DayRow(
      slot: slot, day: day, hours: hours.count, volume: hours.map(\.mean).reduce(0, +), low: hours.map(\.low).min()!,
      high: hours.map(\.high).max()!, night: night)
  }

  static func expectEqual(_ reader: StoreReader, _ history: RandomHistory, upTo count: Int? = nil, _ comment: Comment) throws {
    let all = try reader.days(from: 0, to: 100_000)
    for slot in 0..<SensorSlot(RandomHistory.sensors) {
      let (hours, days) = straight(history, slot, upTo: count)
      let found = try reader.hours(slot, from: 0, to: .max)
      #expect(found.map(\.hour) == hours.map(\.hour), comment)
      for (a, b) in zip(found, hours) {
        #expect(a.count == b.count && near(a.mean, b.mean) && near(a.low, b.low) && near(a.high, b.high), "\(comment): \(a) \(b)")
      }
      let own = try reader.days(slot, from: 0, to: .max)
      #expect(own == all.filter { $0.slot == slot }, comment)
      #expect(own.map(\.day) == days.map(\.day), comment)
      for (a, b) in zip(own, days) {
        #expect(a.hours == b.hours && near(a.volume, b.volume) && near(a.low, b.low) && near(a.high, b.high), "\(comment): \(a) \(b)")
        #expect((a.night == nil) == (b.night == nil) && near(a.night ?? 0, b.night ?? 0), "\(comment): \(a) \(b)")
      }
    }
  }

  static func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, abs(a), abs(b)) }

  static var small: RollupLimits {
    var limits = RollupLimits()
    (limits.rows, limits.hours, limits.rowsPerTransaction) = (700, 100, 9)
    return limits
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func equalsAStraightComputation(seed: UInt64) throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    let history = RandomHistory(seed: seed, count: 6000)
    let reader = try StoreReader(directory: home.path)
    var rollup = try RollupStore<Difference>(directory: home.path, settings: .japan, limits: RollupTests.small)
    var random = SeededRandom(seed: seed)
    var n = 0
    while n < history.rows.count {
      let next = min(history.rows.count, n + 1 + Int(random.next(below: 900)))
      try store.commit(history.batch(n..<next))
      n = next
      // Restarted now and then: what it remembered of the registers is gone.
      if random.next(below: 3) < 1 { rollup = try RollupStore(directory: home.path, settings: .japan, limits: RollupTests.small) }
      if random.next(below: 3) < 2 { while try rollup.step().isBehind {} }
    }
    while try rollup.step().isBehind {}
    #expect(try rollup.backlog().rows == 0)
    try RollupTests.expectEqual(reader, history, "seed \(seed)")
    #expect(try rollup.step() == (0, false))
  }

  @Test func countsEachRowOnceWhereverItIsBrokenOff() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    let history = RandomHistory(seed: 77, count: 6000)
    let reader = try StoreReader(directory: home.path)
    var (transactions, halfway) = (0, 0)
    for n in stride(from: 0, to: history.rows.count, by: 500) {
      try store.commit(history.batch(n..<min(n + 500, history.rows.count)))
      while true {
        // Gone after its first transaction, each time.
        let rollup = try RollupStore<Difference>(directory: home.path, settings: .japan, limits: RollupTests.small)
        var done = 0
        while try rollup.step(pause: {
          done += 1
          rollup.stop()
        }).isBehind {}
        if done == 0 { break }
        transactions += done
        halfway += try reader.readTogether { db throws(StoreError) in try RollupPlace.read(db) }.target == nil ? 0 : 1
      }
      try RollupTests.expectEqual(reader, history, upTo: min(n + 500, history.rows.count), "rows \(n)")
    }
    #expect(transactions > 40 && halfway > 20)
  }

  @Test func isMadeAnewForAnotherOffsetOrWindow() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    let history = RandomHistory(seed: 5, count: 2000)
    try store.commit(history.batch(0..<history.rows.count))
    let reader = try StoreReader(directory: home.path)
    func fold(_ settings: RollupSettings) throws {
      let rollup = try RollupStore<Difference>(directory: home.path, settings: settings, limits: RollupTests.small)
      while try rollup.step().isBehind {}
    }
    try fold(RollupSettings(offset: 0, nightStart: 0, nightEnd: 1440))
    let other = try reader.hours(0, from: 0, to: .max)
    #expect(!other.isEmpty && other != RollupTests.straight(history, 0).hours)
    let change = try RollupStore<Difference>(directory: home.path, settings: .japan, limits: RollupTests.small)
    #expect(try change.step().isBehind)
    // What is half gone is not shown, and graphs are drawn from the readings.
    #expect(try reader.hours(0, from: 0, to: .max).isEmpty && reader.days(from: 0, to: .max).isEmpty)
    let end = RandomHistory.begin.adding(seconds: 4 * 86_400)
    #expect(try reader.buckets(0, from: RandomHistory.begin, to: end, points: 4).map(\.count).reduce(0, +) == history.series(0).count)
    try fold(.japan)
    try RollupTests.expectEqual(reader, history, "after the change")
  }

  @Test func aHalfHourOffsetAndAWindowWithoutWholeHours() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    let history = RandomHistory(seed: 6, count: 1200)
    try store.commit(history.batch(0..<history.rows.count))
    let rollup = try RollupStore<Difference>(
      directory: home.path, settings: RollupSettings(offset: 19_800, nightStart: 150, nightEnd: 230))
    while try rollup.step().isBehind {}
    let reader = try StoreReader(directory: home.path)
    let first = try #require(try reader.hours(0, from: 0, to: .max).first)
    #expect(first.hour == Int((RandomHistory.begin.milliseconds + 19_800_000) / 3_600_000))
    // Only 03:00–03:50 would be left of 02:30–03:50.
    #expect(try reader.days(0, from: 0, to: .max).allSatisfy { $0.night == nil })
  }

  @Test func keepsBatteries() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(StoreTests.batch(0..<1, isNew: true))
    let rollup = try RollupStore<Difference>(directory: home.path, settings: .japan)
    try rollup.record([(0, SensorStatus(battery: 80, batteryTime: StoreTests.t0))])
    try rollup.record([(0, SensorStatus(battery: 79, batteryTime: StoreTests.t0.adding(seconds: 60)))])
    #expect(
      try StoreReader(directory: home.path).sensorStatus()
        == [0: SensorStatus(battery: 79, batteryTime: StoreTests.t0.adding(seconds: 60))])
  }
}
