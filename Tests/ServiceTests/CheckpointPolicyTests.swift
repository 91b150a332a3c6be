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
    Case(testDescription: "small, after the interval", bytes: 5000, seconds: 60, rows: 1, isDue: true),
    Case(testDescription: "before the interval", bytes: 5000, seconds: 59, rows: 2_000_000, isDue: false),
    Case(testDescription: "nothing new", bytes: 5000, seconds: 100_000, rows: 0, isDue: false),
    Case(testDescription: "200 sensors: 1 MB, not every minute", bytes: 1_000_000, seconds: 3455, rows: 10_000, isDue: false),
    Case(testDescription: "200 sensors: 25 a day", bytes: 1_000_000, seconds: 3456, rows: 10_000, isDue: true),
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

  @Test func aDayOf200SensorsStaysWithinItsBytes() {
    var p = CheckpointPolicy(interval: 60_000, now: 0, position: 0)
    var (saved, position): (Int, Int64) = (0, 0)
    for second in 1...Int64(86_400) {
      if second % 60 == 0 { position += 200 }
      guard p.isDue(position: position, now: second * 1000) else { continue }
      p.tried(bytes: 1_040_000, position: position, now: second * 1000)
      saved += 1
    }
    #expect(saved * 2 * 1_040_000 <= 52_000_000 && saved >= 20)
  }

  @Test func oneInVainIsTriedAgainAfterTheInterval() {
    var p = CheckpointPolicy(interval: 1000, now: 0, position: 0)
    #expect(p.isDue(position: 1, now: 1000))
    p.tried(bytes: 0, position: 1, now: 1000)
    #expect(!p.isDue(position: 1, now: 1999))
    #expect(p.isDue(position: 1, now: 2000))
  }
}
