import Readings

/// How the payloads of some topics are written: a dialect that the settings name.
public enum PayloadDecoder: Sendable {
  /// One quantity a topic.
  case canonical(CanonicalDecoder)
  /// Several quantities a message.
  case senML(SenMLDecoder)
  case fields(FieldDecoder)

  /// Whether the topic names the quantity, and not the payload.
  public var hasOneQuantity: Bool {
    if case .canonical = self { true } else { false }
  }

  /// Decodes one message of a device behind what `out` holds. An error leaves `out` as it was.
  /// - Parameters:
  ///   - sensor: the sensor of the topic; its quantity is that of canonical payloads.
  ///   - now: the trusted clock.
  public func decode(
    _ payload: UnsafeBufferPointer<UInt8>, sensor: SensorID, allowsReverseFlow: Bool = false, now: Timestamp,
    into out: inout [DeviceReading]
  ) -> DecodeError? {
    switch self {
    case .canonical(let d):
      d.decode(payload, quantity: sensor.quantity, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now) {
        out.append(DeviceReading(sensor.quantity, $0))
      }
    case .senML(let d): d.decode(payload, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now, into: &out)
    case .fields(let d): d.decode(payload, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now, into: &out)
    }
  }

  /// The same, calling `emit` for each reading; an error means that it was not called.
  public func decode(
    _ payload: UnsafeBufferPointer<UInt8>, sensor: SensorID, allowsReverseFlow: Bool = false, now: Timestamp,
    emit: (DeviceReading) -> Void
  ) -> DecodeError? {
    var out: [DeviceReading] = []
    let error = decode(payload, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now, into: &out)
    for reading in out { emit(reading) }
    return error
  }
}
