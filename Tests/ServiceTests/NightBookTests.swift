import Readings
import Settings
import Store
import Testing

@testable import Service

/// Night minima and what they are compared with; which meters show the same water.
struct NightBookTests {
  private static func book(_ nights: [Double?], leak: ClosedRange<Int>? = nil) -> NightBook {
    let rows = nights.enumerated().map { n, v in DayRow(slot: 0, day: 100 + n, hours: 24, volume: 1, low: 0, high: 9, night: v) }
    return NightBook(days: 100..<100 + nights.count, rows: rows, leaks: leak.map { [NightBook.Leak(slot: 0, nights: $0)] } ?? [])
  }

  @Test func theReferenceIsTheMedianOfTheNightsBeforeWithoutThoseInALeak() {
    let nights: [Double?] = [1, 2, nil, 3, 40, 50, 4]
    #expect(Self.book(nights)[0].reference(at: 3) == nil, "two nights are too few")
    #expect(Self.book(nights)[0].reference(at: 4) == 2)
    #expect(Self.book(nights)[0].reference(at: 6) == 3)
    #expect(Self.book(nights, leak: 104...105)[0].reference(at: 6) == 2)
    #expect(Self.book(nights, leak: 0...99)[0].reference(at: 6) == 3, "a leak of before")
    #expect(Self.book(nights, leak: 90...500)[0].reference(at: 6) == nil, "all nights in a leak")
    // Four weeks and no more.
    let long = [Double?](repeating: 100, count: 10) + [Double?](repeating: 1, count: 28)
    #expect(Self.book(long)[0].reference(at: 37) == 1)
  }

  @Test func aSumNeedsAllItsMeters() {
    var (a, b) = (NightSeries(count: 2), NightSeries(count: 2))
    (a.values, b.values) = ([1, 2], [10, nil])
    b.isInLeak[0] = true
    let sum = NightSeries.sum([a, b], count: 2)
    #expect(sum.values == [11, nil] && sum.isInLeak == [true, false])
    #expect(NightSeries.sum([], count: 2).values == [nil, nil])
  }

  private static func id(_ name: String) -> SensorID { SensorID("t/z/\(name)/flow")! }

  /// m00 ← m01 ← m02 and m00 ← m03; apart from them m04.
  @Test func waterThatSeveralMetersShowCountsOnce() {
    let parents = [Self.id("m01"): Self.id("m00"), Self.id("m02"): Self.id("m01"), Self.id("m03"): Self.id("m00")]
    let tree = WaterTree(parents: parents, zones: [])
    let all = (0...4).map { Self.id("m0\($0)") }
    func total(_ own: [String: Double], _ members: [SensorID]? = nil) -> Double {
      tree.total(Dictionary(uniqueKeysWithValues: own.map { (Self.id($0), $1) }), within: members ?? all)
    }
    #expect(total(["m02": 3, "m01": 2.5, "m00": 3.5]) == 3.5)
    #expect(total(["m02": 3, "m03": 2, "m00": 4]) == 5, "those below together are more than the one above saw")
    #expect(total(["m02": 3, "m04": 1]) == 4)
    #expect(total(["m02": 3, "m00": 2], [Self.id("m02"), Self.id("m04")]) == 3)
    #expect(total([:]) == 0)
    let circle = WaterTree(parents: [Self.id("m01"): Self.id("m00"), Self.id("m00"): Self.id("m01")], zones: [])
    #expect(circle.total([Self.id("m00"): 1, Self.id("m01"): 2], within: all) == 3)
  }

  /// A sum of two inlets stands between these and the meter above both.
  @Test func aZonesSumShowsTheWaterOfItsInlets() throws {
    let (main, a, b, net) = (Self.id("main"), Self.id("a"), Self.id("b"), Self.id("net"))
    let plan = try #require(ZonePlan("t/z", MizumoriSettings.Zone(inlets: [a, b])))
    let tree = WaterTree(parents: [a: main, b: main], zones: [plan])
    #expect(tree.total([a: 2, net: 2.2], within: [main, a, b, net]) == 2.2)
    #expect(tree.total([a: 2, b: 1, net: 2.2, main: 1], within: [main, a, b, net]) == 3)
  }

  /// One of a single inlet: what lies in the zone is part of the sum, what leaves it is not.
  @Test func aZoneOfOneInletCountsItsMetersOnce() throws {
    let (inlet, sub, net) = (Self.id("in"), Self.id("sub"), Self.id("net"))
    let outlet = try #require(SensorID("t/y/out/flow"))
    let plan = try #require(ZonePlan("t/z", MizumoriSettings.Zone(inlets: [inlet], outlets: [outlet])))
    let tree = WaterTree(parents: [sub: inlet, outlet: inlet, net: inlet], zones: [plan])
    let all = [inlet, sub, net, outlet]
    #expect(tree.total([inlet: 5, net: 5.2, sub: 4.8], within: all) == 5.2)
    #expect(tree.total([net: 5, sub: 4, outlet: 3], within: all) == 8, "one leak in the zone, one behind the outlet")
  }
}

extension NightBookTests {
  @Test func aFreezingNightIsNoReference() {
    let rows = [1.0, 2, 3, 40, 50, 4].enumerated().map { n, v in
      DayRow(slot: 0, day: 100 + n, hours: 24, volume: 1, low: 0, high: 9, night: v)
    }
    let book = NightBook(days: 100..<106, rows: rows, leaks: [], frozen: { $0 == 0 ? [103, 104, 999] : [] })
    #expect(book[0].isFrozen == [false, false, false, true, true, false])
    #expect(book[0].reference(at: 5) == 2 && book[0].values[3] == 40)
    #expect(book.sum([0]).isFrozen == book[0].isFrozen)
  }
}
