import Readings

/// The readings of a bench: weeks by the hour, so that the detector has learnt, then one a minute up to about now. Same meter, same time,
/// same reading.
struct BenchSeries {
  /// ms of the first round, at an hour.
  let start: Int64
  /// Rounds by the hour before those by the minute.
  let hourRounds: Int
  /// Rounds by the minute that lie before now.
  let minuteRounds: Int
  /// The first so many meters leak when they are told to; their readings are equal.
  let leaky: Int
  /// The round from which on they leak.
  var leakRound = Int.max

  static let minute: Int64 = 60_000
  static let hour: Int64 = 3_600_000
  private static let minuteHours = 48
  /// What a leak adds, hundredths of m³/h.
  private static let leak = 900

  /// - Parameter learningDays: of the settings; a week more is played.
  init(now: Timestamp, learningDays: Int, leaky: Int) {
    hourRounds = (min(max(learningDays, 7), 60) + 7) * 24
    minuteRounds = BenchSeries.minuteHours * 60
    start = now.milliseconds / BenchSeries.hour * BenchSeries.hour - Int64(hourRounds + BenchSeries.minuteHours) * BenchSeries.hour
    self.leaky = leaky
  }

  var rounds: Int { hourRounds + minuteRounds }

  /// ms
  func time(_ round: Int) -> Int64 {
    start + Int64(min(round, hourRounds)) * BenchSeries.hour + Int64(max(0, round - hourRounds)) * BenchSeries.minute
  }

  /// Hundredths of m³/h: a course of the day and 8 % of noise.
  func hundredths(_ meter: Int, _ round: Int) -> Int {
    let t = time(round)
    let hour = (t / BenchSeries.hour + 9) % 24
    let course = hour < 5 ? 600 : hour < 9 ? 1400 : hour < 17 ? 1000 : 1300
    var x = UInt64(bitPattern: t / BenchSeries.minute) &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(meter < leaky ? 0 : meter) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ x >> 31) &* 0x94d0_49bb_1331_11eb
    x ^= x >> 29
    return course * (9600 + Int(x % 800)) / 10_000 + (meter < leaky && round >= leakRound ? BenchSeries.leak : 0)
  }

  /// A municipality for each: meters that rise together in one town would be taken for the weather.
  static func id(_ meter: Int) -> String { "bench\(meter)/z/m\(meter)/flow" }

  static func topic(_ meter: Int) -> String { "water/" + id(meter) }

  func payload(_ meter: Int, _ round: Int) -> String {
    let v = hundredths(meter, round)
    let rest = v % 100
    let value = "\(v / 100).\(rest < 10 ? "0" : "")\(rest)"
    return
      "{\"ts\":\"\(Timestamp(milliseconds: time(round)).iso8601(offset: 32_400))\",\"value\":\(value),\"unit\":\"m3/h\",\"seq\":\(round)}"
  }
}
