/// The numbers of the method. μ stands for the meter's mean flow, σ for a standard deviation.
///
/// The defaults were chosen on labelled synthetic networks.
public struct Tuning: Hashable, Sendable {
  /// Prior σ of a day's common multiplicative factor (weather, visitors, growth), as a fraction.
  public var commonFactor: Float = 0.07
  /// Residuals are clipped at this many spreads before they are summed.
  public var clip: Float = 4
  /// Least spread of an hour, fraction of μ.
  public var spreadFloor: Float = 0.02
  /// Prior σ of the daily mean residual, fraction of μ.
  public var dailyPrior: Float = 0.0185
  /// Noise that no averaging removes, fraction of μ.
  public var noiseFloor: Float = 0.0082
  /// Thresholds of the sustained shift over 24, 48, 96, 168 and 336 h.
  public var shift24: Float = 5.1
  public var shift48: Float = 5
  public var shift96: Float = 5
  public var shift168: Float = 4
  public var shift336: Float = 3.5
  /// Threshold of the 8 h mean over its own spread.
  public var shift8: Float = 8
  /// Threshold of the second smallest of the last six hours.
  public var sixHours: Float = 5.1
  /// The median over a window must exceed this share of its mean.
  public var medianGate: Float = 0.8
  /// Days do not enter the baseline while a shift statistic stands above this.
  public var suspicion: Float = 3
  /// Daily gain of the level, and its largest daily steps down and up, fractions of μ.
  public var levelGain: Float = 0.15
  public var levelDown: Float = 0.005
  public var levelUp: Float = 0.00054
  /// Factor from a sensor's usual weekly maximum to its threshold.
  public var selfScale: Float = 1.8
  /// Least score of the sequential test, in hours × spreads.
  public var cusumThreshold: Float = 12
  /// Drift of the sequential test, in spreads.
  public var cusumDrift: Float = 4
  /// A sequential test fires only for a rise that has lasted this long (minutes): hydrants are shut by then.
  public var persistence: Float = 80
  /// Factor from a sensor's usual daily maximum of the sequential test to its threshold.
  public var cusumScale: Float = 3
  /// Least excess for the sequential test, fraction of μ.
  public var fastFraction: Float = 0.1
  /// Threshold of the night statistics.
  public var night: Float = 6

  public init() {}
}
