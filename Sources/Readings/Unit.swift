/// Units that payloads may name, with their factor to the base unit of the quantity.
public enum Unit: Sendable {
  /// The affine map `base = value × factor + offset`.
  public struct Conversion: Hashable, Sendable {
    public let factor: Double
    public let offset: Double

    public init(factor: Double, offset: Double) {
      self.factor = factor
      self.offset = offset
    }

    @inlinable public func callAsFunction(_ v: Double) -> Double { v * factor + offset }
  }

  /// The conversion for a unit as spelled in a payload, or nil when the unit is unknown for this quantity.
  ///
  /// Spellings are matched byte for byte: `m3/h`, `m³/h`, `L/s`, `l/s`, … RFC 8428 names (`m3/s`, `l/s`, `Cel`, `Pa`) included.
  /// - Complexity: O(length), no allocation.
  public static func conversion(_ name: UnsafeBufferPointer<UInt8>, for quantity: Quantity) -> Conversion? {
    func eq(_ s: StaticString) -> Bool {
      guard s.utf8CodeUnitCount == name.count else { return false }
      for i in 0..<name.count where s.utf8Start[i] != name[i] { return false }
      return true
    }
    func c(_ f: Double, _ o: Double = 0) -> Conversion { Conversion(factor: f, offset: o) }
    switch quantity {
    case .flow:
      if eq("m3/h") || eq("m³/h") || eq("m^3/h") || eq("MQH") { return c(1) }
      if eq("m3/s") || eq("m³/s") { return c(3600) }
      if eq("m3/min") || eq("m³/min") { return c(60) }
      if eq("m3/d") || eq("m³/d") { return c(1.0 / 24) }
      if eq("l/s") || eq("L/s") { return c(3.6) }
      if eq("l/min") || eq("L/min") { return c(0.06) }
      if eq("l/h") || eq("L/h") { return c(0.001) }
    case .total:
      if eq("m3") || eq("m³") || eq("MTQ") { return c(1) }
      if eq("l") || eq("L") { return c(0.001) }
      if eq("kl") || eq("kL") { return c(1) }
    case .pressure:
      if eq("kPa") { return c(1) }
      if eq("Pa") { return c(0.001) }
      if eq("MPa") { return c(1000) }
      if eq("bar") { return c(100) }
      if eq("hPa") { return c(0.1) }
    case .level:
      if eq("m") { return c(1) }
      if eq("cm") { return c(0.01) }
      if eq("mm") { return c(0.001) }
    case .temperature:
      if eq("Cel") || eq("C") || eq("°C") { return c(1) }
      if eq("K") { return c(1, -273.15) }
    }
    return nil
  }
}
