import Codecs
import Readings

/// One `topics:` entry of the settings: where readings come from and how they are written.
struct Input: Sendable {
  let pattern: TopicPattern
  let decoder: CanonicalDecoder
  /// For payloads of devices with several quantities, in place of `decoder`.
  var dialect: PayloadDecoder?

  /// Topics beside the readings that are no mistake of anybody's: what alerts publish, and what sensors say of themselves.
  static func isBesideReadings(_ topic: some BidirectionalCollection<UInt8>) -> Bool {
    ["/event", "/leak", "/status"].contains { topic.count > $0.utf8.count && topic.suffix($0.utf8.count).elementsEqual($0.utf8) }
  }

  /// Decodes one message, whatever it is written in. For looking at topics; the ingest path has shorter ways.
  func look(_ payload: UnsafeBufferPointer<UInt8>, sensor: SensorID, now: Timestamp) -> DecodeError? {
    (dialect ?? .canonical(decoder)).decode(payload, sensor: sensor, now: now) { _ in }
  }
}

/// A device of several quantities, by the sensor of its topic; a quantity becomes a sensor when its first reading comes.
struct Device: Sendable {
  let id: SensorID
  /// By the raw value of the quantity; −1 before the first reading.
  private var slots = [SensorSlot](repeating: -1, count: Quantity.allCases.count)

  init(id: SensorID) { self.id = id }

  subscript(q: Quantity) -> SensorSlot? {
    get { slots[Int(q.rawValue)] < 0 ? nil : slots[Int(q.rawValue)] }
    set { slots[Int(q.rawValue)] = newValue ?? -1 }
  }

  /// Any of its sensors that has sent already.
  var anySlot: SensorSlot? { slots.first { $0 >= 0 } }
}

/// A topic that has been seen: its sensor and the entry that named it.
///
/// There is one for each topic, so its fields lie as close as they can: 64 bytes.
struct Route: Sendable {
  let id: SensorID
  var allowsReverseFlow: Bool
  /// Where its sender's shape was in the pipeline's `RecordShapes`.
  var shape: UInt8 = 0
  let slot: SensorSlot
  private let inputPlace: Int32
  private var devicePlace: Int32 = -1

  init(slot: SensorSlot, input: Int, id: SensorID, allowsReverseFlow: Bool) {
    (self.slot, inputPlace) = (slot, Int32(input))
    (self.id, self.allowsReverseFlow) = (id, allowsReverseFlow)
  }

  /// The place in the pipeline's `inputs`.
  var input: Int { Int(inputPlace) }

  /// The place in `devices`, for payloads with several quantities; then `slot` means nothing. −1 = one quantity.
  var device: Int {
    get { Int(devicePlace) }
    set { devicePlace = Int32(newValue) }
  }
}
