import Foundation

/// Numbers as base64 of little-endian Int16, in steps of a scale: 2.7 characters each instead of some ten.
enum PackedNumbers {
  /// Stands for "no number".
  static let none = Int16.min

  /// - Parameter scale: m³/h of one step; values beyond ±32,767 steps are cut there
  static func text(_ values: [Float], scale: Float) -> String {
    var bytes = Data(capacity: values.count * 2)
    for v in values {
      let n = v.isFinite ? Int16(max(-32_767, min(32_767, (v / scale).rounded()))) : none
      bytes.append(UInt8(truncatingIfNeeded: n))
      bytes.append(UInt8(truncatingIfNeeded: n >> 8))
    }
    return bytes.base64EncodedString()
  }

  /// A scale for a series: up to twenty times its median magnitude fits, so that one wild value does not coarsen all others.
  static func scale(_ values: [Float]) -> Float {
    let sizes = values.filter(\.isFinite).map { abs($0) }.sorted()
    guard let most = sizes.last, most > 0 else { return 1 }
    let typical = sizes[sizes.count / 2]
    return (typical > 0 ? min(most, 20 * typical) : most) / 32_000
  }
}
