import Readings

/// One entry of the history, in the order in which the detector saw it.
public enum HistoryEntry: Hashable, Sendable {
  case reading(Reading)
  /// Time passed without readings, and something came of it.
  case tick(Timestamp)
  /// Rare and large: out of line, lest each reading took its room.
  indirect case action(ActionRecord)
  /// A reading of that sensor claimed to be from the future and was not taken.
  case ahead(SensorSlot, arrival: Timestamp)
  /// Flow below 0, which was refused. Its sequence is `Reading.reverse`, its value comes back as a Float.
  case reverse(Reading)
}

/// What a person said, and who and when.
public struct ActionRecord: Hashable, Sendable {
  /// Its number; 0 before it is stored.
  public var id: Int64 = 0
  public var action: OperatorAction
  /// The event that it is about; nil = the meter in general.
  public var eventKey: String?
  public var person: String
  public var note: String
  /// Wall clock.
  public var said: Timestamp

  public init(action: OperatorAction, eventKey: String?, person: String, note: String, said: Timestamp) {
    self.action = action
    self.eventKey = eventKey
    self.person = person
    self.note = note
    self.said = said
  }
}

/// What one transaction makes durable.
public struct IngestBatch: Sendable {
  public var newSensors: [(slot: SensorSlot, id: SensorID)] = []
  public var entries = HistoryEntries()
  public var transitions: [Transition] = []
  /// Whether all of it came from files of the past: its transitions are kept as history and told to nobody.
  public var isImported = false

  public init() {}

  public var isEmpty: Bool { entries.isEmpty && transitions.isEmpty && newSensors.isEmpty }

  /// Forgets the contents and keeps the memory; `isImported` stays.
  public mutating func removeAll() {
    newSensors.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    transitions.removeAll(keepingCapacity: true)
  }
}

/// A registered sensor.
public struct StoredSensor: Sendable {
  public let slot: SensorSlot
  public let id: SensorID
  /// Arrival of its first reading.
  public let firstSeen: Timestamp
}

/// One change of one event as stored; `seq` is its place in the outbox.
public struct OutboxRow: Sendable {
  public let seq: Int64
  public let eventKey: String
  public let transitionKey: String
  public let sensor: SensorID
  public let transition: Transition
}

/// An event as it stands now.
public struct StoredEvent: Sendable {
  public let eventKey: String
  public let sensor: SensorID
  public let slot: SensorSlot
  public let isOpen: Bool
  /// Event time of the opening.
  public let opened: Timestamp
  /// Event time of the close; nil while it is open.
  public let closed: Timestamp?
  /// The latest transition.
  public let last: Transition

  /// Its place in a list of events, newest opening first.
  public var place: EventPlace { EventPlace(opened: opened, eventKey: eventKey) }
}

/// A place in the list of events: many may open in the same millisecond, so the key is part of it.
public struct EventPlace: Hashable, Sendable {
  public let opened: Timestamp
  public let eventKey: String

  public init(opened: Timestamp, eventKey: String) {
    self.opened = opened
    self.eventKey = eventKey
  }
}
