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
  /// One message of a device by `read`; what it appends stays when all of it held.
  @inline(__always)
  static func decode(
    _ payload: UnsafeBufferPointer<UInt8>, limits: DecodeLimits, sensor: SensorID?, allowsReverseFlow: Bool, now: Timestamp,
    into out: inout [DeviceReading], read: (RecordReader, inout [DeviceReading]) throws(DecodeError) -> Void
  ) -> DecodeError? {
    guard payload.count <= limits.maximumPayload else { return DecodeError(.payloadTooLarge, at: limits.maximumPayload) }
    let count = out.count
    let error = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: scratchSize) { scratch -> DecodeError? in
      // Each value names its quantity itself.
      let reader = RecordReader(
        payload, limits: limits, quantity: .flow, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now, scratch: scratch)
      do throws(DecodeError) {
        try read(reader, &out)
        return nil
      } catch {
        return error
      }
    }
    if error != nil { out.removeLast(out.count - count) }
    return error
  }
}
