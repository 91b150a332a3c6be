/// Baths, washing machines and gardens of single households: what makes the flow of a small zone jump.
enum Households {
  /// Large draws of one household a day.
  private static let drawsADay = 4.0
  /// m³, smallest and largest draw.
  private static let volume = 0.05...0.13
  /// Seconds that a draw takes.
  private static let duration = 300

  /// Mean flow of the draws of one household, m³/h.
  static let meanFlow = drawsADay * (volume.lowerBound + volume.upperBound) / 2 / 24

  /// Adds to `flow` the draws less their mean, so that only the noise changes.
  /// - Parameters:
  ///   - level: demand relative to its mean, a value a step
  ///   - interval: seconds of a step
  static func add(_ count: Int, level: [Double], interval: Int, random: inout Random, to flow: inout [Double]) {
    guard count > 0 else { return }
    let spread = max(1, duration / interval)
    for i in flow.indices {
      let expected = Double(count) * drawsADay / 86_400 * Double(interval) * level[i]
      flow[i] -= Double(count) * meanFlow * level[i]
      // Many small chances: a Poisson number without its exponential.
      let slots = max(16, Int(4 * expected) + 1)
      for _ in 0..<slots where random.uniform() < expected / Double(slots) {
        let v = volume.lowerBound + (volume.upperBound - volume.lowerBound) * random.uniform()
        let added = v * 3600 / Double(interval * spread)
        for k in i..<min(i + spread, flow.count) { flow[k] += added }
      }
    }
  }
}
