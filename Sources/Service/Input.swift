import Codecs
import Readings

/// One `topics:` entry of the settings: where readings come from and how they are written.
struct Input: Sendable {
  let pattern: TopicPattern
  let decoder: CanonicalDecoder
}

/// A topic that has been seen: its sensor and the entry that named it.
struct Route: Sendable {
  let slot: SensorSlot
  let input: Int
  let id: SensorID
  var allowsReverseFlow: Bool
}
