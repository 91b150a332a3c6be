/// The numbers of the method. μ stands for the meter's mean flow, σ for a standard deviation.
///
/// The defaults were chosen on labelled synthetic networks.
public struct Tuning: Hashable, Sendable {
  /// Prior σ of a day's common multiplicative factor (weather, visitors, growth), as a fraction.
  public var commonFactor: Float = 0.07
  /// Residuals are clipped at this many spreads before they are summed.
  public var clip: Float = 3.3
  /// Least spread of an hour, fraction of μ.
  public var spreadFloor: Float = 0.02
  /// Prior σ of the daily mean residual, fraction of μ.
  public var dailyPrior: Float = 0.0185
  /// Noise that no averaging removes, fraction of μ.
  public var noiseFloor: Float = 0.0082
  /// Within a window residuals may scatter by this many spreads; beyond, the statistic is divided by the excess: irrigation and visitors
  /// come and go, a leak runs evenly.
  public var dispersion: Float = 1.45
  /// Threshold of the sustained shift over 6 and 12 h, and the share of a day's weight that these must hold.
  public var shift12: Float = 5
  public var shortWeight: Float = 0.4
  /// Thresholds of the sustained shift over 24, 48, 96, 168 and 336 h.
  public var shift24: Float = 5
  public var shift48: Float = 4.5
  public var shift96: Float = 4.5
  public var shift168: Float = 4
  public var shift336: Float = 3.4
  /// Threshold of the 8 h mean over its own spread.
  public var shift8: Float = 10
  /// Threshold of the second smallest of the last six hours.
  public var sixHours: Float = 5.3
  /// The median over a window must exceed this share of its mean.
  public var medianGate: Float = 0.83
  /// Days do not enter the baseline while a shift statistic stands above this.
  public var suspicion: Float = 2.75
  /// Daily gain of the level, and its largest daily steps down and up, fractions of μ.
  public var levelGain: Float = 0.2
  public var levelDown: Float = 0.01
  public var levelUp: Float = 0.00054
  /// Daily σ of the walk of the common factor (season, visitors), the variance of hours against it in spreads², and its largest daily
  /// steps down and up, as fractions.
  public var factorStep: Float = 0.004
  public var factorNoise: Float = 2
  public var factorDown: Float = 0.03
  public var factorUp: Float = 0.01
  /// Factor from a sensor's usual weekly maximum to its threshold.
  public var selfScale: Float = 2
  /// Largest factor θ of a sensor on its thresholds.
  public var selfLimit: Float = 2.3
  /// Each leak opened of late (halving in 30 days) raises the thresholds of slow statistics and of edges by these shares: a meter whose
  /// demand wanders opens one event after the other.
  public var reopen: Float = 0.05
  public var edgeReopen: Float = 0.3
  /// Least score of the sequential test, in hours × spreads.
  public var cusumThreshold: Float = 12
  /// Drift of the sequential test, in spreads.
  public var cusumDrift: Float = 5
  /// A rise is told when it has lasted this long (minutes): hydrants are shut by then, which run for two hours at most.
  public var persistence: Float = 130
  /// Factor from a sensor's usual daily maximum of the sequential test to its threshold.
  public var cusumScale: Float = 10
  /// An edge is measured over this many minutes after it. It must reach the sensor's usual daily maximum by
  /// `edgeScale` σ of these, at least `edgeThreshold` spreads, and `edgeFraction` of μ.
  public var edgeMinutes: Float = 80
  public var edgeScale: Float = 4
  public var edgeThreshold: Float = 4
  public var edgeFraction: Float = 0.2
  /// What the neighbours explain is taken from an excess from this share on; less is their noise.
  public var common: Float = 0.33
  /// A second step must exceed this share of the open leak.
  public var escalateShare: Float = 0.5
  /// The meter above is asked about a leak that exceeds its noise by so many σ, and must show at least this share of it.
  public var shareScore: Float = 2
  public var shareLeast: Float = 0.4
  /// Least excess for the sequential test, fraction of μ.
  public var fastFraction: Float = 0.1
  /// Threshold of the slow rise over weeks, in σ of its slope, and the least that it must have added, fraction of μ.
  public var trend: Float = 4
  public var trendFraction: Float = 0.05
  /// With a fall of pressure: least rise since it in σ, factor on the thresholds of the statistics over 6 to 24 h, minutes that the rise must
  /// last, and its least size as a fraction of μ.
  public var pressureScore: Float = 3
  public var pressureShift: Float = 0.7
  public var pressureMinutes: Float = 70
  public var pressureFraction: Float = 0.08
  /// In a freezing night only what exceeds this fraction of μ is taken for a burst.
  public var frostFraction: Float = 0.5
  /// The volume that a pump brings counts over four days and more (a tank may be filled once more than usual), and from this fraction of μ on:
  /// it does not tell a leak from visitors or heat.
  public var volumeFraction: Float = 0.25
  /// Threshold of the night statistics.
  public var night: Float = 9

  public init() {}
}
