import Testing

@testable import Service

struct CheckpointPolicyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Of the last one, saved at 1,000 s.
    var bytes: Int
    var seconds: Int64
    var rows: Int64
    var isFrugal = true
    var isDue: Bool
  }

  @Test(arguments: [
    Case(testDescription: "the first of a run", bytes: 0, seconds: 60, rows: 1, isDue: true),
    Case(testDescription: "before the interval", bytes: 5000, seconds: 59, rows: 2_000_000, isDue: false),
    Case(testDescription: "nothing new", bytes: 5000, seconds: 100_000, rows: 0, isDue: false),
    Case(testDescription: "little to read anew", bytes: 5000, seconds: 60, rows: 49_999, isDue: false),
    Case(testDescription: "enough to read anew, and small", bytes: 5000, seconds: 60, rows: 50_000, isDue: true),
    Case(testDescription: "little, but for hours", bytes: 5000, seconds: 21_600, rows: 1, isDue: true),
    Case(testDescription: "200 sensors: 1 MB, within a day's bytes", bytes: 1_000_000, seconds: 3456, rows: 50_000, isDue: true),
    Case(testDescription: "not within them", bytes: 1_000_000, seconds: 3455, rows: 60_000, isDue: false),
    Case(testDescription: "a million readings", bytes: 100_000_000, seconds: 60, rows: 1_000_000, isDue: true),
    Case(testDescription: "fewer", bytes: 100_000_000, seconds: 60, rows: 999_999, isDue: false),
    Case(testDescription: "as often as was asked for", bytes: 100_000_000, seconds: 60, rows: 1, isFrugal: false, isDue: true),
  ])
  func due(_ c: Case) {
    var p = CheckpointPolicy(interval: 60_000, now: 0, position: 7)
    if !c.isFrugal { p.bytesPerDay = nil }
    p.tried(bytes: c.bytes, position: 50, now: 1_000_000)
    #expect(p.isDue(position: 50 + c.rows, now: 1_000_000 + c.seconds * 1000) == c.isDue)
  }

  /// A bench tells what the policy does.
  @Test(arguments: [1, 20, 170, 200, 2000, 20_000] as [Int64]) func aDayWritesWhatIsTold(sensors: Int64) {
    var p = CheckpointPolicy(interval: 60_000, now: 0, position: 0)
    let bytes = Int(sensors) * 6000
    // Above 1 MiB into a file of its own.
    let times = sensors < 175 ? 2 : 1
    var (saved, position): (Int, Int64) = (0, 0)
    for second in 1...Int64(10 * 86_400) {
      if second % 60 == 0 { position += sensors }
      guard p.isDue(position: position, now: second * 1000) else { continue }
      p.tried(bytes: bytes, times: times, position: position, now: second * 1000)
      saved += 1
    }
    let told = CheckpointPolicy.written(bytes: Double(bytes), rowsPerDay: Double(sensors) * 1440) * 10
    let written = saved * times * bytes
    #expect(abs(Double(written) - told) <= told / 20 + Double(2 * times * bytes), "\(written) \(told)")
  }

  @Test func oneInVainIsTriedAgainAfterTheInterval() {
    var p = CheckpointPolicy(interval: 1000, now: 0, position: 0)
    #expect(p.isDue(position: 1, now: 1000))
    p.tried(bytes: 0, position: 1, now: 1000)
    #expect(!p.isDue(position: 1, now: 1999))
    #expect(p.isDue(position: 1, now: 2000))
  }
}
