import Detection
import Readings
import Testing

/// In the same noise a larger leak is found no later than a smaller one, and is taken no lighter.
@Suite struct SizeTests {
  private static let shares = [0.1, 0.2, 0.4, 0.8, 1.6]

  private struct Found {
    /// Days since the start; infinity = never.
    var day = Double.infinity
    var severity = Severity.info
  }

  private static func find(_ seed: UInt64, _ kind: Happening.Kind, length: Double, _ share: Double) -> Found {
    var s = Scenario(seed: seed)
    var rng = SplitMix(seed)
    s.minutes = [10, 15, 30, 60][Int(seed % 4)]
    s.noise = Double.random(in: 0.02...0.06, using: &rng)
    s.means = [Double.random(in: 1...200, using: &rng)]
    let from = 24 + Double.random(in: 0..<3, using: &rng)
    s.days = Int(from + min(length, 12)) + 2
    s.happenings = [[Happening(kind: kind, from: from, to: from + length, size: share * s.means[0])]]
    var settings = DetectorSettings()
    // Only the size relative to the mean matters here.
    settings.minimumLeak = 0.01
    var d = s.detector(settings: settings)
    let leaks = d.run(s.readings()).leaks.filter { s.day($0.time) >= from }
    return Found(day: leaks.openedLeaks.first.map { s.day($0.time) } ?? .infinity, severity: leaks.map(\.severity).max() ?? .info)
  }

  private static func check(_ seed: UInt64, _ kind: Happening.Kind, length: Double) {
    var smaller = Found()
    for share in shares {
      let found = find(seed, kind, length: length, share)
      #expect(found.day <= smaller.day + 1.0 / 24, "\(share) of the mean, after day \(smaller.day)")
      #expect(found.severity >= smaller.severity, "\(share) of the mean")
      smaller = found
    }
    #expect(smaller.day < .infinity)
  }

  @Test(arguments: UInt64(1)...8) func largerBurst(seed: UInt64) { Self.check(seed, .burst, length: 6) }

  @Test(arguments: UInt64(1)...8) func steeperRamp(seed: UInt64) { Self.check(seed, .ramp, length: 14) }
}
