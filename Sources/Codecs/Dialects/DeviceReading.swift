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

extension RecordReader {
  /// One message of a device by `read`; what it gives is emitted when all of it held.
  static func decode(
    _ payload: UnsafeBufferPointer<UInt8>, limits: DecodeLimits, sensor: SensorID?, allowsReverseFlow: Bool, now: Timestamp,
    emit: (DeviceReading) -> Void, read: (RecordReader) throws(DecodeError) -> [DeviceReading]
  ) -> DecodeError? {
    guard payload.count <= limits.maximumPayload else { return DecodeError(.payloadTooLarge, at: limits.maximumPayload) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: scratchSize) { scratch -> DecodeError? in
      // Each value names its quantity itself.
      let rules = RecordRules(limits: limits, quantity: .flow, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now)
      do throws(DecodeError) {
        for reading in try read(RecordReader(payload, rules: rules, scratch: scratch)) { emit(reading) }
        return nil
      } catch {
        return error
      }
    }
  }
}
