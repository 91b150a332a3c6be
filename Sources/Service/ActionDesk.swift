import Readings
import Store
import Synchronization

/// Something that a person wants to say of a meter.
public struct ActionRequest: Hashable, Sendable {
  public var sensor: SensorID
  public var kind: ActionKind
  /// The event that it is about; nil = the meter's newest leak, if there is one.
  public var eventKey: String?
  /// Who says it, one line of at most 100 characters; empty = nobody in particular.
  public var person: String
  /// At most 1,000 characters.
  public var note: String
  /// Of planned or cancelled work.
  public var window: Range<Timestamp>?

  public init(
    sensor: SensorID, kind: ActionKind, eventKey: String? = nil, person: String = "", note: String = "", window: Range<Timestamp>? = nil
  ) {
    self.sensor = sensor
    self.kind = kind
    self.eventKey = eventKey
    self.person = person
    self.note = note
    self.window = window
  }
}

/// Why an action was not taken.
public enum ActionError: String, Error, Hashable, CustomStringConvertible, Sendable {
  case unknownSensor = "meter_unknown"
  case unknownEvent = "event_unknown"
  /// A name or note that is too long or holds control characters.
  case badText = "text"
  /// Planned or cancelled work without a window, or a window that is too long or too far away.
  case badWindow = "window"
  /// No leak to which it could apply, or no place for one more window.
  case nothingToDo = "nothing_to_do"
  /// The service is stopping, or its disk is full.
  case notNow = "not_now"

  public var code: String { rawValue }

  public var description: String {
    switch self {
    case .unknownSensor: "そのメーターはありません / no such meter"
    case .unknownEvent: "そのメーターにその事象はありません / no such event of this meter"
    case .badText: "名前は 1 行 100 字まで、メモは 1,000 字までです / at most 100 characters on one line for the name, 1,000 for the note"
    case .badWindow:
      "工事と取り消しには、始まりと終わりを書いてください（31 日まで、1 年先まで） / planned work and its cancelling need a beginning and an end, at most 31 days long and a year ahead"
    case .nothingToDo:
      "対象がありません（漏水の事象がない、取り消す工事がない、または予定された工事がすでに 4 件あります） / nothing to apply it to: no leak event, no planned work to cancel, or four planned works already"
    case .notNow: "いまは受け付けられません。少しあとでもう一度 / not now: try again in a moment"
    }
  }
}

extension ActionRequest {
  /// - Parameter now: event time.
  func check(now: Timestamp) throws(ActionError) {
    let controls = { (s: String) in s.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7f } }
    guard person.count <= 100, !person.contains("\n"), !controls(person), note.count <= 1000, !controls(note) else { throw .badText }
    guard kind.hasWindow else {
      guard window == nil else { throw .badWindow }
      return
    }
    guard let window, !window.isEmpty, window.upperBound.since(window.lowerBound) <= 31 * 86_400_000,
      abs(window.lowerBound.since(now)) <= 366 * 86_400_000
    else { throw .badWindow }
  }
}

/// Where actions wait for the ingest thread, which alone may change the detector. Bounded.
final class ActionDesk: Sendable {
  typealias Answer = @Sendable (Result<ActionRecord, ActionError>) -> Void

  private struct State {
    var waiting: [(request: ActionRequest, answer: Answer)] = []
    var isClosed = false
  }
  private let state = Mutex(State())
  private static let limit = 64

  /// Leaves a request; the answer comes when it has been stored, or refused, from the ingest thread.
  func submit(_ request: ActionRequest, _ answer: @escaping Answer) {
    let isTaken = state.withLock { s in
      guard !s.isClosed, s.waiting.count < ActionDesk.limit else { return false }
      s.waiting.append((request, answer))
      return true
    }
    if !isTaken { answer(.failure(.notNow)) }
  }

  func submit(_ request: ActionRequest) async throws(ActionError) -> ActionRecord {
    let result = await withCheckedContinuation { continuation in submit(request) { continuation.resume(returning: $0) } }
    return try result.get()
  }

  func take() -> [(request: ActionRequest, answer: Answer)] {
    state.withLock { s in
      defer { s.waiting.removeAll() }
      return s.waiting
    }
  }

  /// Refuses what waits and what comes.
  func close() {
    state.withLock { $0.isClosed = true }
    for w in take() { w.answer(.failure(.notNow)) }
  }
}
