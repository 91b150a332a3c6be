import Readings

/// The canonical payloads: an object, an array of objects, or a bare number.
///
/// ```json
/// {"ts":"2026-11-23T10:00:00+09:00","value":12.34,"unit":"m3/h","seq":7,"battery":98}
/// ```
/// - `value`: a number; the only field that must be there.
/// - `ts`: ISO 8601 with offset, Unix seconds or Unix milliseconds. Without it the time of receipt holds, but in an array each
///   entry needs its own.
/// - `unit`: a spelling that `Unit` knows for the quantity; without it the base unit.
/// - `seq`: the sender's counter, a whole number from 0.
/// - `battery`: informative; anything but a number is passed over, as a bad battery must not cost a reading.
/// - `sensor`, `id`: `sensor`, `municipality/zone/sensor` or that with `/quantity`; must agree with the topic.
/// - `null` counts as absent, other fields are passed over.
public struct CanonicalDecoder: Sendable {
  public let limits: DecodeLimits

  public init(limits: DecodeLimits = DecodeLimits()) { self.limits = limits }

  /// Decodes one message. An error means that nothing of it was emitted.
  /// - Parameters:
  ///   - sensor: the sensor of the topic, against which `sensor` and `id` are checked; nil checks only their characters.
  ///   - allowsReverseFlow: whether a flow below 0 is a measurement.
  ///   - now: the trusted clock, for `timestamp_future`.
  ///   - emit: called once for each reading, in the order of the payload.
  /// - Complexity: O(bytes). Allocates nothing, but for numbers of more than 19 digits or extreme powers of ten.
  public func decode(
    _ payload: UnsafeBufferPointer<UInt8>, quantity: Quantity, sensor: SensorID? = nil, allowsReverseFlow: Bool = false,
    now: Timestamp, emit: (DecodedReading) -> Void
  ) -> DecodeError? {
    // An array is read twice: the first pass judges the whole of it, the second emits it. No buffer is needed.
    if isArray(payload), let error = run(payload, quantity, sensor, allowsReverseFlow, now, emit: { _ in }) { return error }
    return run(payload, quantity, sensor, allowsReverseFlow, now, emit: emit)
  }

  /// Decodes one message as `decode(_:quantity:sensor:allowsReverseFlow:now:emit:)` does, behind what `out` holds. An error leaves `out`
  /// as it was. The faster one for arrays, which it reads once.
  /// - Complexity: O(bytes). Allocates where `out` must grow.
  public func decode(
    _ payload: UnsafeBufferPointer<UInt8>, quantity: Quantity, sensor: SensorID? = nil, allowsReverseFlow: Bool = false,
    now: Timestamp, into out: inout [DecodedReading]
  ) -> DecodeError? {
    let count = out.count
    let error = run(payload, quantity, sensor, allowsReverseFlow, now) { out.append($0) }
    if error != nil { out.removeLast(out.count - count) }
    return error
  }

  /// Decodes one message as the others do, with the help of the shapes that the senders' last records had: the same readings, the same
  /// errors, for any bytes, but in some third of the time where the sender is known.
  /// - Parameters:
  ///   - shapes: kept by the caller from message to message.
  ///   - hint: kept by the caller for each topic, 0 at first: where in `shapes` its sender's shape was.
  /// - Complexity: O(bytes). Allocates where `out` must grow.
  public func decode(
    _ payload: UnsafeBufferPointer<UInt8>, quantity: Quantity, sensor: SensorID? = nil, allowsReverseFlow: Bool = false,
    now: Timestamp, shapes: RecordShapes, hint: inout UInt8, into out: inout [DecodedReading]
  ) -> DecodeError? {
    let count = out.count
    var place = Int(hint) % RecordShapes.capacity
    let error = run(payload, quantity, sensor, allowsReverseFlow, now, emit: { out.append($0) }) {
      (reader, depth, needsTime) throws(DecodeError) in
      if let reading = reader.shaped(shapes, place, needsTime: needsTime) { return reading }
      return try reader.unshaped(shapes, &place, depth: depth, needsTime: needsTime)
    }
    hint = UInt8(truncatingIfNeeded: place)
    if error != nil { out.removeLast(out.count - count) } else { shapes.credit(out.count &- count) }
    return error
  }

  private func isArray(_ payload: UnsafeBufferPointer<UInt8>) -> Bool {
    var scanner = JSONScanner(payload)
    scanner.skipWhitespace()
    return scanner.current == UInt8(ascii: "[")
  }

  /// One pass, emitting as it goes.
  @inline(__always)
  private func run(
    _ payload: UnsafeBufferPointer<UInt8>, _ quantity: Quantity, _ sensor: SensorID?, _ allowsReverseFlow: Bool, _ now: Timestamp,
    emit: (DecodedReading) -> Void
  ) -> DecodeError? {
    run(payload, quantity, sensor, allowsReverseFlow, now, emit: emit) { (reader, depth, needsTime) throws(DecodeError) in
      try reader.object(depth: depth, needsTime: needsTime)
    }
  }

  /// - Parameter object: how an object is read.
  @inline(__always)
  private func run(
    _ payload: UnsafeBufferPointer<UInt8>, _ quantity: Quantity, _ sensor: SensorID?, _ allowsReverseFlow: Bool, _ now: Timestamp,
    emit: (DecodedReading) -> Void,
    object: (inout RecordReader, _ depth: Int, _ needsTime: Bool) throws(DecodeError) -> DecodedReading?
  ) -> DecodeError? {
    guard payload.count <= limits.maximumPayload else { return refuseOversized(payload) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: RecordReader.scratchSize) { scratch -> DecodeError? in
      var reader = RecordReader(
        payload, limits: limits, quantity: quantity, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now, scratch: scratch)
      do throws(DecodeError) {
        try reader.message(emit: emit, object: object)
        return nil
      } catch {
        return error
      }
    }
  }

  /// Too large, unless what lies within the limit is already no JSON: then that is the more telling code.
  private func refuseOversized(_ payload: UnsafeBufferPointer<UInt8>) -> DecodeError {
    let head = UnsafeBufferPointer(rebasing: payload[..<max(0, limits.maximumPayload)])
    var scanner = JSONScanner(head)
    do {
      scanner.skipWhitespace()
      try scanner.skipValue(depth: 0)
      try scanner.expectEnd()
    } catch {
      // A fault in the last bytes may come from the cut alone, which can go through a character of up to four bytes.
      if error.offset < head.count - 4 { return error }
    }
    return DecodeError(.payloadTooLarge, at: head.count)
  }
}
