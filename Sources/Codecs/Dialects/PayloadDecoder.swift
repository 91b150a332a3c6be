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

  /// Decodes one message of a device. An error means that nothing of it was emitted.
  /// - Parameters:
  ///   - sensor: the sensor of the topic; its quantity is that of canonical payloads.
  ///   - now: the trusted clock.
  public func decode(
    _ payload: UnsafeBufferPointer<UInt8>, sensor: SensorID, allowsReverseFlow: Bool = false, now: Timestamp,
    emit: (DeviceReading) -> Void
  ) -> DecodeError? {
    switch self {
    case .canonical(let d):
      d.decode(payload, quantity: sensor.quantity, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now) {
        emit(DeviceReading(sensor.quantity, $0))
      }
    case .senML(let d): d.decode(payload, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now, emit: emit)
    case .fields(let d): d.decode(payload, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now, emit: emit)
    }
  }
}
