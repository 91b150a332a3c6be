/// A graph of one line of text: it shows where flow jumped wherever text is shown, and no picture has to lie somewhere.
enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// - Parameter values: oldest first; nil where nothing came, shown as `·`.
  /// - Returns: as many characters as values; nil when there are fewer than six values to show.
  static func text(_ values: [Double?]) -> String? {
    let known = values.compactMap { $0 }.filter(\.isFinite)
    guard known.count >= 6, let low = known.min(), let high = known.max() else { return nil }
    return String(
      values.map { value in
        guard let value, value.isFinite else { return "·" }
        guard high > low else { return bars[0] }
        return bars[min(bars.count - 1, Int((value - low) / (high - low) * Double(bars.count)))]
      })
  }
}
