/// Why a message was refused: a stable code for counters and logs, and where in the bytes it went wrong.
///
/// Trivial (no references), so that refusing a message allocates nothing.
public struct DecodeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The stable codes. A refused message is counted under its code and acknowledged.
  public enum Reason: String, CaseIterable, Sendable {
    /// No bytes, only white space, or an array without readings.
    case payloadEmpty = "payload_empty"
    /// More bytes or more readings in one message than the limits allow.
    case payloadTooLarge = "payload_too_large"
    /// Not JSON (RFC 8259), or nested deeper than 32.
    case jsonSyntax = "json_syntax"
    /// Not UTF-8 (RFC 3629).
    case utf8 = "utf8"
    /// A known field stands twice in one object.
    case duplicateKey = "duplicate_key"
    /// A field that must be understood and is not (SenML: its name ends in `_`, or a later version).
    case fieldUnknown = "field_unknown"
    /// An object without a value, or a batch entry without a time.
    case fieldMissing = "field_missing"
    /// A number that no double (or, for `seq`, no 64-bit integer) can hold.
    case numberRange = "number_range"
    /// A value that no meter of this quantity can show.
    case valueRange = "value_range"
    /// A flow below 0 from a meter without reverse flow.
    case negativeFlow = "negative_flow"
    /// A field of another type than its meaning asks for, as `"12"` for a value.
    case valueType = "value_type"
    /// A number as time that is neither seconds nor milliseconds since 1970.
    case timestampUnit = "timestamp_unit"
    /// Further ahead of the clock than the limit.
    case timestampFuture = "timestamp_future"
    /// Before the year 2000: a clock that was never set.
    case timestampPast = "timestamp_past"
    /// Neither an ISO 8601 time with offset nor a number.
    case timestampSyntax = "timestamp_syntax"
    /// A unit that this quantity does not have.
    case unitUnknown = "unit_unknown"
    /// A segment of a sensor's name that is empty, longer than 64 bytes or holds another character than `[A-Za-z0-9_-]`.
    case sensorIDCharset = "sensor_id_charset"
    /// The payload names another sensor than the topic.
    case sensorMismatch = "sensor_mismatch"
    /// No topic pattern of the settings fits.
    case topicMismatch = "topic_mismatch"
  }

  public let reason: Reason
  /// Bytes from the start of the payload (or of the topic, when the topic was refused).
  public let offset: Int

  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  public var code: String { reason.rawValue }
  public var description: String { "\(code) at byte \(offset)" }
}
