import Readings

/// One reading of a device that measures several quantities.
public struct DeviceReading: Hashable, Sendable {
  public var quantity: Quantity
  public var reading: DecodedReading
  /// Received signal strength, dBm.
  public var signal: Double?

  public init(_ quantity: Quantity, _ reading: DecodedReading, signal: Double? = nil) {
    self.quantity = quantity
    self.reading = reading
    self.signal = signal
  }
}
