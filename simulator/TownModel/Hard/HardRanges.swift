/// From where the generator of hard towns draws, in one place. Shares are relative to a meter's mean flow where nothing else is said.
///
/// The values were chosen so that the detector finds and errs here about as it does on labelled sets from hydraulic models (over seeds 1 to 3
/// some 75 % of leaks found, 2 false alarms a sensor-year): leaks that drown in the noise are meant to be there.
enum HardRanges {
  static let meters = 3...8
  static let days = 100...120
  /// Seconds.
  static let intervals = [300, 600, 600, 900, 900, 3600]
  /// No leak begins before, days.
  static let quiet = 21.0

  /// A place's own demand, m³/h.
  static let mean = Spread([4, 8, 18, 45, 90])
  static let night = 0.2...0.75
  static let weather = 0.006...0.027
  static let season = 0.0...0.12
  static let holidays = -0.05...0.1

  /// Small places are noisier: this much at 10 m³/h, as the root of the mean.
  static let noise = 0.02...0.06
  static let readingNoise = 0.01...0.05
  static let correlation = 0.5...5.0
  static let tail = 1.5...6.0
  static let wander = 0.003...0.018
  static let late = 0.003...0.007
  static let doubled = 0.002...0.004
  static let lost = 0.001...0.02

  /// Leaks that begin at a place, each of them with this chance: one soon after the quiet time, one later.
  static let leakChance = [0.6, 0.5]
  /// Days on which they begin.
  static let leakDays = [Spread([21, 22.5, 24.5, 28, 34]), Spread([46, 53, 61, 66, 85])]
  static let burstShare = 0.58
  static let leakSize = Spread([0.02, 0.075, 0.15, 0.27, 0.4])
  /// Hours.
  static let burstHours = Spread([25, 78, 180, 270, 470])
  static let incipientHours = Spread([300, 460, 560, 680, 810])

  /// Mean numbers a place; flushing at most twice that.
  static let flushings = 1.0
  static let flushingSize = Spread([0.05, 0.25, 0.55, 0.9, 1.3])
  static let flushingHours = 0.17...1.1
  static let gaps = 1.3
  static let gapHours = Spread([1, 6, 13, 22, 46])
  static let stuck = 0.22
  static let stuckHours = 5.0...38.0
  static let resets = 0.22
  static let resetHours = 0.25...1.0
  static let spikes = 0.3

  /// Chances of a utility.
  static let tourists = 0.2
  static let touristSize = 0.08...0.35
  static let touristHours = 72.0...144.0
  static let growths = 0.4
  static let growthSize = 0.05...0.12
  static let freezes = 0.5
  static let freezeSize = 0.03...0.24
  static let freezeHours = 36.0...72.0
}

/// A distribution by its quantiles, evenly spaced from the least to the most, straight between.
struct Spread: Sendable {
  private let quantiles: [Double]

  init(_ quantiles: [Double]) { self.quantiles = quantiles }

  func draw(_ random: inout Random) -> Double {
    let x = random.uniform() * Double(quantiles.count - 1)
    let i = min(Int(x), quantiles.count - 2)
    return quantiles[i] + (quantiles[i + 1] - quantiles[i]) * (x - Double(i))
  }
}

extension ClosedRange<Double> {
  func draw(_ random: inout Random) -> Double { lowerBound + (upperBound - lowerBound) * random.uniform() }
}

extension ClosedRange<Int> {
  func draw(_ random: inout Random) -> Int { lowerBound + Int(random.uniform() * Double(count)) }
}
