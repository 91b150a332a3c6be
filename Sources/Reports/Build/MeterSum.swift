/// What the days of one meter add up to.
struct MeterSum {
  var volume = 0.0
  var hours = 0
  var low = Double.infinity
  var high = -Double.infinity
  var nightSum = 0.0
  var nightCount = 0
  var smallestNight = Double.infinity
  /// First local day with readings.
  var firstDay: Int?
  /// Nights of the four weeks before the period that lie in no leak.
  var before: [Double] = []
  /// Of each day of the period.
  var nights: [Double?]

  init(days: Int) { nights = Array(repeating: nil, count: days) }

  mutating func add(_ d: MeterDay, at index: Int) {
    guard d.hours > 0 else { return }
    volume += d.volume
    hours += d.hours
    low = min(low, d.low)
    high = max(high, d.high)
    nights[index] = d.night
    guard let night = d.night else { return }
    nightSum += night
    nightCount += 1
    smallestNight = min(smallestNight, night)
  }

  var night: Double? { nightCount > 0 ? nightSum / Double(nightCount) : nil }

  /// Nights that a reference needs.
  static let leastNights = 7

  /// The median of those nights; nil while they are too few.
  var reference: Double? {
    guard before.count >= MeterSum.leastNights else { return nil }
    let sorted = before.sorted()
    let n = sorted.count
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2
  }
}

/// A day of all meters that count.
struct DaySum {
  var volume = 0.0
  var hours = 0
  var nightSum = 0.0
  var nightCount = 0
}
