/// How much water a tank holds at a level: a line between points, and beyond the outermost as between the two next to them.
public struct TankShape: Hashable, Sendable {
  public static let maximumPoints = 8

  /// Ascending levels, m, and the volume at each, m³.
  public let points: [Point]

  public struct Point: Hashable, Sendable {
    /// m
    public var level: Double
    /// m³
    public var volume: Double

    public init(level: Double, volume: Double) {
      self.level = level
      self.volume = volume
    }
  }

  /// Walls that stand upright.
  /// - Parameter area: m², > 0.
  public init?(area: Double) {
    self.init([Point(level: 0, volume: 0), Point(level: 1, volume: area)])
  }

  /// Nil unless there are 2 to 8 points of which each is higher than the one before and holds more.
  public init?(_ points: [Point]) {
    guard (2...TankShape.maximumPoints).contains(points.count), points.allSatisfy({ $0.level.isFinite && $0.volume.isFinite }),
      zip(points, points.dropFirst()).allSatisfy({ $0.level < $1.level && $0.volume < $1.volume })
    else { return nil }
    self.points = points
  }

  /// The largest surface, m².
  public var largestArea: Double {
    zip(points, points.dropFirst()).map { ($1.volume - $0.volume) / ($1.level - $0.level) }.max() ?? 0
  }

  /// The width of bins, ms: the narrowest of 10, 15, 20, 30, 60 min in which a step of the gauge is no more than `error`.
  ///
  /// A step of δ m is A·δ m³; in a bin of W hours it looks like A·δ/W m³/h, so W ≥ A·δ/error. Wider bins than an hour would leave hours
  /// without a value; what a bin's bounds err makes up for itself in the next one (both share the level there).
  /// - Parameters:
  ///   - resolution: smallest step of the gauge, m.
  ///   - error: m³/h.
  public func width(resolution: Double, error: Double) -> Int64 {
    let minutes = error > 0 ? largestArea * resolution / error * 60 : .infinity
    return [10, 15, 20, 30].first { minutes <= Double($0) }.map { Int64($0) * 60_000 } ?? 3_600_000
  }
}
