import Foundation
import Readings
import TestSupport
import Testing

@testable import Store

/// Graphs of long times are drawn from hours, and show what the readings would.
struct BucketTests {
  private let home: TemporaryDirectory
  private let history = RandomHistory(seed: 3, count: 8000)
  private let reader: StoreReader

  /// Folded up to `folded` of the rows, the rest not yet.
  private init(folded: Int) throws {
    home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(history.batch(0..<folded))
    let rollup = try RollupStore<Difference>(directory: home.path, settings: .japan)
    while try rollup.step().isBehind {}
    try store.commit(history.batch(folded..<history.rows.count))
    reader = try StoreReader(directory: home.path)
  }

  init() throws { try self.init(folded: 7500) }

  /// A fixed range that begins and ends within hours.
  private let from = RandomHistory.begin.adding(seconds: 4321)
  private let to = RandomHistory.begin.adding(seconds: 6 * 86_400 + 777)

  @Test func longTimesKeepEveryReadingAndPeak() throws {
    let values = history.series(0).filter { $0.time >= from && $0.time < to }
    let buckets = try reader.buckets(0, from: from, to: to, points: 20)
    #expect(buckets.count <= 21 && buckets.count > 15)
    #expect(buckets.map(\.count).reduce(0, +) == values.count)
    #expect(buckets.map(\.minimum).min() == values.map(\.value).min())
    #expect(buckets.map(\.maximum).max() == values.map(\.value).max())
    let sum = buckets.map { $0.mean * Double($0.count) }.reduce(0, +)
    #expect(RollupTests.near(sum, values.map(\.value).reduce(0, +)))
    #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.time < $1.time })
  }

  @Test func bucketsOfWholeHoursAreThoseOfTheReadings() throws {
    // Both ends on the hour and a width of a whole number of hours: no hour lies in two buckets.
    let from = Timestamp(milliseconds: RandomHistory.begin.milliseconds / 3_600_000 * 3_600_000)
    let to = from.adding(seconds: 5 * 86_400)
    let found = try reader.buckets(0, from: from, to: to, points: 40)
    let wanted = HistoryBucket.of(history.series(0), from: from, to: to, points: 40).filter { $0.time < to }
    #expect(found.count == wanted.count)
    for (a, b) in zip(found, wanted) {
      #expect(a.count == b.count && a.minimum == b.minimum && a.maximum == b.maximum && RollupTests.near(a.mean, b.mean))
    }
  }

  @Test func shortTimesAreReadInFullDetail() throws {
    let to = from.adding(seconds: 7200)
    let found = try reader.buckets(0, from: from, to: to, points: 1000)
    let wanted = history.series(0).filter { $0.time >= from && $0.time < to }
    #expect(found.map(\.time) == wanted.map(\.time) && found.map(\.mean) == wanted.map(\.value))
  }

  @Test func aTotalizersLongTimeIsItsFlow() throws {
    let flows = history.series(RandomHistory.total)
    // A few late values are not folded: the flows around them are computed.
    let from = RandomHistory.begin
    let to = from.adding(seconds: 7 * 86_400)
    let found = try reader.buckets(RandomHistory.total, from: from, to: to, points: 14, register: Difference.self)
    #expect(found.count > 10)
    #expect(found.map(\.maximum).max() == flows.map(\.value).max())
    let mean = flows.map(\.value).reduce(0, +) / Double(flows.count)
    let own = found.map { $0.mean * Double($0.count) }.reduce(0, +) / Double(found.map(\.count).reduce(0, +))
    #expect(abs(own - mean) < 0.05 * mean)
    // In full detail.
    let short = try reader.buckets(
      RandomHistory.total, from: from.adding(seconds: 3600), to: from.adding(seconds: 7200), points: 1000, register: Difference.self)
    let wanted = flows.filter { $0.time >= from.adding(seconds: 3600) && $0.time < from.adding(seconds: 7200) }
    #expect(short.map(\.time) == wanted.map(\.time))
    #expect(zip(short, wanted).allSatisfy { RollupTests.near($0.mean, $1.value) })
  }
}
