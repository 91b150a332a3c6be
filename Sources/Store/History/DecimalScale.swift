/// Values as whole numbers of a decimal unit. What meters send is decimal; what is not comes back from its bits.
enum DecimalScale {
  static let most = 9
  private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

  /// How many of units of 10^-scale a value is; nil unless exactly that value comes back.
  static func whole(_ value: Double, _ scale: Int) -> Int64? {
    let scaled = (value * powers[scale]).rounded()
    guard scaled.magnitude < 9_007_199_254_740_992 else { return nil }
    let n = Int64(scaled)
    return Self.value(n, scale).bitPattern == value.bitPattern ? n : nil
  }

  /// The correctly rounded n / 10^scale.
  static func value(_ n: Int64, _ scale: Int) -> Double { Double(n) / powers[scale] }

  /// The least scale, from `least` on, at which a value is whole.
  static func scale(of value: Double, from least: Int = 0) -> Int? { (least...most).first { whole(value, $0) != nil } }
}
