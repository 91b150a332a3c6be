import Detection
import Readings
import Testing

/// Loggers that keep their readings and send them at once: their pauses are no gaps, and silence beyond two deliveries is.
@Suite struct RhythmTests {
  /// A meter whose readings reach the broker in deliveries.
  private struct Logger {
    var minutes = 10
    /// Hours between deliveries.
    var hours = 6.0
    var days = 12
    /// Minutes that a delivery comes late at most.
    var jitter = 4.0

    /// - Parameter sends: whether a reading is ever sent, by the hours since the start.
    func readings(_ sends: (Double) -> Bool = { _ in true }) -> [Reading] {
      var rng = SplitMix(7)
      let meter = Meter(days: days, minutes: minutes)
      var due = hours * 0.7
      var late = 0.0
      return meter.readings().compactMap { r in
        let hour = Double(r.time.since(meter.start)) / 3_600_000
        while due < hour {
          due += hours
          late = Double.random(in: 0...jitter, using: &rng) / 60
        }
        guard sends(hour) else { return nil }
        var r = r
        if hours > 0 { r.arrival = meter.start.adding(milliseconds: Int64((due + late) * 3_600_000)) }
        return r
      }
    }
  }

  /// Feeds readings by arrival, and lets time pass minute by minute between them and to `end`.
  private func live(_ readings: [Reading], _ d: inout Detector, to end: Timestamp? = nil) -> [Transition] {
    var out: [Transition] = []
    var now = readings.first?.arrival ?? .distantPast
    func pass(to t: Timestamp, _ d: inout Detector) {
      while now < t {
        now = min(t, now.adding(seconds: 60))
        d.advance(to: now) { out.append($0) }
      }
    }
    for r in readings {
      pass(to: r.arrival, &d)
      out += d.run([r])
    }
    if let end { pass(to: end, &d) }
    return out
  }

  private func gaps(_ out: [Transition]) -> [Transition] { out.opened(.gap) }

  @Test(arguments: [(10, 1.0), (15, 1), (10, 2), (5, 6), (10, 24), (60, 24), (30, 12)])
  func pausesAreGapsUntilTheyAreKnown(minutes: Int, hours: Double) throws {
    let logger = Logger(minutes: minutes, hours: hours)
    let readings = logger.readings()
    var d = detector()
    let out = live(readings, &d)
    #expect(gaps(out).count <= 2, "\(gaps(out).map(\.time))")
    #expect(gaps(out).allSatisfy { !$0.evidence.contains(.deliveryRhythm) })

    // Then it falls silent: told when two deliveries are missing, before the third is due.
    let last = try #require(readings.last)
    let told = live([last], &d, to: last.arrival.adding(seconds: Int64(hours * 4 * 3600)))
    let gap = try #require(gaps(told).first)
    let silence = Double(gap.time.since(last.arrival)) / 3_600_000
    #expect(gaps(told).count == 1 && gap.evidence == [.health, .deliveryRhythm] && gap.onset == last.time)
    #expect(silence > 2 * hours && silence < 2.25 * hours + 0.25, "after \(silence) h")
    var back = last
    back.time = gap.time
    back.arrival = gap.time.adding(seconds: 60)
    #expect(d.run([back]).filter { $0.kind == .gap }.map(\.change) == [.closed])
  }

  @Test func whatWasSetHolds() {
    var settings = DetectorSettings()
    settings.gapMinutes = 120
    var d = detector(settings: settings)
    // Four a day, but for the part of one before the first.
    #expect(gaps(live(Logger().readings(), &d)).count >= 46)
  }

  /// Silences in which readings are lost are no rhythm, however regular.
  @Test func aGatewayThatComesAndGoesIsTold() {
    let meter = Meter(days: 6, minutes: 10)
    let readings = meter.readings().filter { meter.day($0.time).truncatingRemainder(dividingBy: 0.25) < 0.15 }
    var d = detector()
    let out = gaps(live(readings, &d))
    #expect(out.count == 23 && out.allSatisfy { !$0.evidence.contains(.deliveryRhythm) }, "\(out.count)")
  }

  /// A logger that was set to send at once is judged as any other soon after.
  @Test func aRhythmIsForgotten() throws {
    let batched = Logger(hours: 6, days: 6).readings()
    var d = detector()
    _ = live(batched, &d)
    let end = try #require(batched.last)
    var prompt: [Reading] = []
    for n in 1...80 {
      let time = end.arrival.adding(seconds: Int64(n) * 600)
      prompt.append(Reading(slot: 0, time: time, arrival: time, value: 20 + Double(n % 7)))
    }
    // The days end within a delivery, so that the first one comes after a hole.
    _ = live(Array(prompt[..<1]), &d)
    #expect(gaps(live(Array(prompt[1...]), &d)).isEmpty)
    let last = try #require(prompt.last)
    let told = gaps(live([last], &d, to: last.arrival.adding(seconds: 7200)))
    #expect(told.map { $0.time.since(last.time) / 60_000 } == [46] && told.first?.evidence == .health)
  }

  /// Outages after which everything is sent do not stretch what is told; a rhythm of days has its bound.
  @Test func outagesAndTheBound() throws {
    let logger = Logger(hours: 1, days: 8)
    var readings = logger.readings()
    for (from, to) in [(100.0, 110.0), (130, 142)] {
      let end = Meter().start.adding(seconds: Int64(to * 3600))
      for i in readings.indices where readings[i].arrival >= Meter().start.adding(seconds: Int64(from * 3600)) && readings[i].arrival < end
      {
        readings[i].arrival = end
      }
    }
    var d = detector()
    let out = gaps(live(readings, &d))
    #expect(out.filter { $0.evidence.contains(.deliveryRhythm) }.count == 2 && out.count <= 4, "\(out.map(\.time))")
    let last = try #require(readings.last)
    let told = try #require(gaps(live([last], &d, to: last.arrival.adding(seconds: 20 * 3600))).first)
    #expect(told.time.since(last.arrival) < 150 * 60_000)

    let slow = Logger(minutes: 60, hours: 48, days: 20).readings()
    var e = detector()
    _ = live(slow, &e)
    let newest = try #require(slow.last)
    let gap = try #require(gaps(live([newest], &e, to: newest.arrival.adding(seconds: 100 * 3600))).first)
    #expect(abs(gap.time.since(newest.arrival) - 72 * 3_600_000) <= 120_000)
  }

  /// A replay gives the same: readings, and the ticks that changed something; and so does what goes on from a checkpoint.
  @Test func aReplayLearnsTheSame() throws {
    let readings = Logger(hours: 6, days: 8).readings { !(100..<130).contains($0) }
    var d = detector()
    let out = live(readings, &d)
    let ticks = out.filter { $0.kind == .gap && $0.change == .opened }
    #expect(ticks.count >= 3)
    var replayed = detector()
    var again: [Transition] = []
    var left = ticks[...]
    for (n, r) in readings.enumerated() {
      while let t = left.first, t.time < r.arrival {
        replayed.advance(to: t.time) { again.append($0) }
        left.removeFirst()
      }
      again += replayed.run([r])
      if n == 700 { replayed = try Detector.restore(replayed.snapshot(), settings: replayed.settings, calendar: replayed.calendar) }
    }
    #expect(again == out && replayed.snapshot() == d.snapshot())
  }
}
