import Readings
import Testing

@testable import Detection

/// A snapshot that is taken in pieces while everything that changes a detector goes on holds the moment when it began.
struct SavingTests {
  /// Collects the pieces as a file would.
  private final class Sink {
    var bytes: [UInt8] = []
    var sum: UInt64 = 0
    var taken: [Int] = []

    func put(_ first: Int, _ records: UnsafeRawBufferPointer) {
      sum &+= SnapshotFrame.checksum(ofRecords: records, from: first)
      let at = SnapshotFrame.headerSize + first * SnapshotFrame.recordSize
      bytes.withUnsafeMutableBytes { UnsafeMutableRawBufferPointer(rebasing: $0[at..<at + records.count]).copyMemory(from: records) }
      for n in 0..<records.count / SnapshotFrame.recordSize { taken.append(first + n) }
    }
  }

  private static func begin(_ d: inout Detector) -> (SnapshotFrame, Sink) {
    let sink = Sink()
    let frame = d.beginSnapshot { sink.put($0, $1) }
    sink.bytes = [UInt8](repeating: 0, count: frame.count)
    return (frame, sink)
  }

  private static func finish(_ d: inout Detector, _ frame: SnapshotFrame, _ sink: Sink) -> [UInt8] {
    while d.nextPiece(3, sink.put) {}
    d.endSnapshot()
    sink.bytes.replaceSubrange(0..<SnapshotFrame.headerSize, with: frame.header(sum: sink.sum))
    sink.bytes.replaceSubrange(frame.offset(of: frame.sensors)..., with: frame.rest)
    return sink.bytes
  }

  /// Five groups, meters upstream, a zone of two meters.
  private static func town() -> Detector {
    var d = Detector()
    for n in 0..<40 {
      var profile = SensorProfile(quantity: .flow, group: Int32(n % 5))
      profile.parent = n >= 10 ? SensorSlot(n % 10) : nil
      profile.expectedInterval = 600_000
      _ = d.addSensor(profile)
    }
    d.setZone(39, [ZoneMember(slot: 0, isOutlet: false), ZoneMember(slot: 1, isOutlet: true)])
    return d
  }

  private struct Course {
    var rng: SplitMix
    var time: Int64 = 1_780_239_600_000

    /// One of the things that change a detector.
    mutating func step(_ d: inout Detector) {
      let slot = SensorSlot.random(in: 0..<SensorSlot(d.sensorCount), using: &rng)
      let now = Timestamp(milliseconds: time)
      switch Int.random(in: 0..<60, using: &rng) {
      case 0: d.advance(to: now.adding(seconds: 30 * 3600)) { _ in }
      case 1: d.noteClockAhead(slot, arrival: now) { _ in }
      case 2:
        let kind = ActionKind.allCases.randomElement(using: &rng)!
        let window = (now, now.adding(seconds: 7200))
        d.apply(OperatorAction(slot: slot, kind: kind, time: now, from: window.0, to: window.1)) { _ in }
      case 3: d.setProfile(slot, SensorProfile(quantity: .flow, group: Int32.random(in: 0..<5, using: &rng)))
      case 4: _ = d.addSensor(SensorProfile(quantity: .flow, group: Int32.random(in: 0..<5, using: &rng)))
      case 5:
        let members = [2, 3, 4, 5].map { ZoneMember(slot: $0, isOutlet: Bool.random(using: &rng)) }
        d.setZone(38, Array(members.prefix(Int.random(in: 0...4, using: &rng))))
      default:
        for n in 0..<40 where n % 7 != Int(slot) % 7 {
          let value = 10 + Double(n) + Double.random(in: -1...1, using: &rng) + (Int(slot) == n ? 30 : 0)
          _ = d.run([Reading(slot: SensorSlot(n), time: now, arrival: now, value: value)])
        }
      }
      time += 600_000
    }
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func itHoldsTheMomentWhenItBegan(seed: UInt64) throws {
    var d = Self.town()
    var course = Course(rng: SplitMix(seed))
    for _ in 0..<400 { course.step(&d) }
    for _ in 0..<12 {
      let whole = d.snapshot()
      let (frame, sink) = Self.begin(&d)
      for _ in 0..<Int.random(in: 0...30, using: &course.rng) {
        if Bool.random(using: &course.rng) { _ = d.nextPiece(Int.random(in: 1...5, using: &course.rng), sink.put) }
        course.step(&d)
      }
      let saved = Self.finish(&d, frame, sink)
      #expect(saved == whole)
      #expect(sink.taken.sorted() == Array(0..<frame.sensors), "each record once")
      #expect(frame.count == whole.count)
    }
  }

  /// Leaks that are confirmed by the meter upstream change the record of another sensor than the one that reports.
  @Test func leaksUnderAMeterUpstreamAreHeldToo() {
    var d = Detector()
    for n in 0..<2 { _ = d.addSensor(SensorProfile(group: 1, parent: n == 1 ? 0 : nil)) }
    let leak: (Double) -> Double = { $0 >= 35.1 && $0 < 45 ? 8 : 0 }
    let upper = Meter(days: 38, mean: 200, noise: 0.04, seed: 1, slot: 0, extra: leak).readings()
    let lower = Meter(days: 38, mean: 20, seed: 2, slot: 1, extra: leak).readings()
    var told = 0
    for (n, (a, b)) in zip(upper, lower).enumerated() {
      _ = d.run([a])
      // Up to there nothing of that kind comes, and a copy of everything takes its time.
      guard n > 34 * 96 else {
        _ = d.run([b])
        continue
      }
      let whole = d.snapshot()
      let (frame, sink) = Self.begin(&d)
      told += d.run([b]).filter { $0.slot == 0 && $0.change == .opened && $0.kind.isLeak }.count
      let isSame = Self.finish(&d, frame, sink) == whole
      #expect(isSame)
    }
    #expect(told > 0, "the lower meter's reading opened an event of the upper one")
  }

  /// Frost, falls of pressure and a tank's balance change the records of other sensors than the one that reports.
  @Test(arguments: 1...2 as ClosedRange<UInt64>) func frostPressureAndTanksAreHeldToo(seed: UInt64) throws {
    var rng = SplitMix(seed)
    let readings = GaugeDeterminismTests.readings
    var d = GaugeDeterminismTests.detector()
    var at = readings.count * 25 / 34
    _ = d.run(Array(readings[..<at]))
    var told: Set<EventKind> = []
    while at < readings.count {
      let whole = d.snapshot()
      let (frame, sink) = Self.begin(&d)
      let since = at
      for _ in 0..<Int.random(in: 0...12, using: &rng) {
        if Bool.random(using: &rng) { _ = d.nextPiece(Int.random(in: 1...2, using: &rng), sink.put) }
        told.formUnion(d.go(on: readings, &at, Int.random(in: 1...30, using: &rng)))
      }
      let saved = Self.finish(&d, frame, sink)
      let isSame = saved == whole
      #expect(isSame, "seed \(seed), reading \(since)")
      // What starts from there comes to where the one that went on is.
      var again = GaugeDeterminismTests.tied(try Detector.restore(saved, settings: d.settings, calendar: d.calendar))
      _ = again.run(Array(readings[since..<at]))
      let goesOn = again.snapshot() == d.snapshot()
      #expect(goesOn, "seed \(seed), readings \(since) to \(at)")
    }
    #expect(told.isSuperset(of: [.freezing, .commonCause, .pressureFall, .burst]), "\(told)")
  }

  @Test func anotherOneEndsTheFirst() {
    var d = Self.town()
    _ = Self.begin(&d)
    let whole = d.snapshot()
    let (frame, sink) = Self.begin(&d)
    #expect(Self.finish(&d, frame, sink) == whole)
    let done = d.nextPiece(1) { _, _ in }
    #expect(!done)
  }

  @Test func restoredByPartsItGoesOnTheSame() throws {
    var d = Self.town()
    var course = Course(rng: SplitMix(3))
    for _ in 0..<200 { course.step(&d) }
    let bytes = d.snapshot()
    var calls = 0
    var again = try Detector.restore(count: bytes.count, settings: d.settings, calendar: d.calendar, room: 1000) { offset, out in
      calls += 1
      bytes.withUnsafeBytes { out.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + out.count])) }
      return true
    }
    #expect(calls >= 3 && again.snapshot() == bytes)
    var other = course
    for _ in 0..<50 { course.step(&d) }
    for _ in 0..<50 { other.step(&again) }
    #expect(again.snapshot() == d.snapshot())
  }

  @Test func whatCannotBeReadIsRefused() {
    let d = Self.town()
    let bytes = d.snapshot()
    for limit in [
      0, SnapshotFrame.headerSize, SnapshotFrame.headerSize + 20 * SnapshotFrame.recordSize,
      SnapshotFrame.headerSize + 40 * SnapshotFrame.recordSize,
    ] {
      #expect(throws: SnapshotError.self) {
        _ = try Detector.restore(count: bytes.count, settings: d.settings, calendar: d.calendar) { offset, out in
          guard offset + out.count <= limit else { return false }
          bytes.withUnsafeBytes { out.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + out.count])) }
          return true
        }
      }
    }
  }

  @Test func recordsThatChangedPlacesAreFound() throws {
    var d = Self.town()
    _ = d.run([Reading(slot: 3, time: Timestamp(seconds: 1_780_239_600), arrival: Timestamp(seconds: 1_780_239_600), value: 3)])
    var bytes = d.snapshot()
    let (a, b) = (SnapshotFrame.headerSize + 3 * SnapshotFrame.recordSize, SnapshotFrame.headerSize + 4 * SnapshotFrame.recordSize)
    for n in 0..<SnapshotFrame.recordSize { bytes.swapAt(a + n, b + n) }
    #expect(throws: SnapshotError.corrupt) { _ = try Detector.restore(bytes, settings: d.settings, calendar: d.calendar) }
  }
}

extension Detector {
  /// Judges `count` readings more, and says what that told.
  fileprivate mutating func go(on readings: [Reading], _ at: inout Int, _ count: Int) -> Set<EventKind> {
    let to = min(readings.count, at + count)
    defer { at = to }
    return Set(run(Array(readings[at..<to])).map(\.kind))
  }
}
