import Foundation
import MQTT
import Readings
import Synchronization

/// Publishes messages in order: history as fast as the broker takes it, the rest at `speed` seconds of event time a second.
///
/// A lost connection is made again (up to a minute), and what was in flight is published again: the receiver knows duplicates by their key.
final class Pacer {
  /// One message and the event time at which it is due.
  struct Message {
    var topic: String
    var payload: String
    var due: Timestamp
  }

  private let publisher: Publisher
  private let qos: Int
  /// nil: as fast as the broker takes it.
  private let speed: Double?
  private let historyUntil: Timestamp
  private let interrupted = Interrupt()
  private var pacedFrom: (event: Timestamp, clock: ContinuousClock.Instant)?
  private var sent: [Message] = []
  private(set) var published = 0
  /// What is printed when its time has come, the next one last.
  private var announcements: [Announcement] = []
  /// Milliseconds that history stops for each at most.
  private var pause = 0
  private var lastNote = ContinuousClock.now

  init(publisher: Publisher, qos: Int, speed: Double?, historyUntil: Timestamp) {
    self.publisher = publisher
    self.qos = qos
    self.speed = speed
    self.historyUntil = historyUntil
  }

  /// Prints these when their event time has come. History, which runs as fast as it can, stands still for each of them until SIGUSR1 says
  /// that it was taken, or these seconds have passed.
  func announce(_ list: [Announcement], pause seconds: Double) {
    announcements = list.sorted { $0.time > $1.time }
    interrupted.resumes()
    pause = Int(seconds * 1000)
  }

  var isInterrupted: Bool { interrupted.isSet }

  /// Publishes one message when it is due. False after an interrupt.
  func publish(_ message: Message) throws -> Bool {
    try waitUntilDue(message.due)
    if let next = announcements.last, message.due >= next.time { try tell(until: message.due) }
    guard !interrupted.isSet else { return false }
    sent.append(message)
    if sent.count > 400 { sent.removeFirst(200) }
    do {
      try publisher.publish(topic: message.topic, payload: message.payload, qos: qos)
    } catch {
      try recover(error)
    }
    published += 1
    if ContinuousClock.now - lastNote > .seconds(5) {
      lastNote = .now
      note("\(published) messages, \(message.due.iso8601(offset: 32_400))")
    }
    return true
  }

  func finish() throws {
    do { try publisher.flush() } catch {
      // What was published again on the new connection must be acknowledged too.
      try recover(error)
      if !interrupted.isSet { try publisher.flush() }
    }
    publisher.disconnect()
  }

  private func tell(until due: Timestamp) throws {
    while let next = announcements.popLast() {
      interrupted.isResumed = false
      say(next.line)
      if speed != nil, due <= historyUntil {
        let end = ContinuousClock.now + .milliseconds(pause)
        while !interrupted.isSet, !interrupted.isResumed, ContinuousClock.now < end {
          if !publisher.idle(milliseconds: 20) { try recover(Failure.unavailable("connection lost")) }
        }
      }
      guard let after = announcements.last, after.time <= due else { return }
    }
  }

  private func waitUntilDue(_ due: Timestamp) throws {
    guard let speed, due > historyUntil else { return }
    let start = pacedFrom ?? (due, .now)
    pacedFrom = start
    let at = start.clock + .milliseconds(Int64(Double(due.since(start.event)) / speed))
    while !interrupted.isSet {
      let left = at - .now
      guard left > .zero else { return }
      let milliseconds = Int(left.components.seconds) * 1000 + Int(left.components.attoseconds / 1_000_000_000_000_000)
      if !publisher.idle(milliseconds: max(1, min(200, milliseconds))) { try recover(Failure.unavailable("connection lost")) }
    }
  }

  private func recover(_ error: any Error) throws {
    note("接続が切れました。つなぎ直します / connection lost, connecting again: \(error)")
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end, !interrupted.isSet {
      usleep(500_000)
      do {
        try publisher.connect()
        for m in sent.suffix(200) { try publisher.publish(topic: m.topic, payload: m.payload, qos: qos) }
        return
      } catch { continue }
    }
    if !interrupted.isSet { throw Failure.unavailable("ブローカーにつながりません / cannot reach the broker: \(error)") }
  }
}

/// SIGINT and SIGTERM as a flag: the run ends in order, with its summary. SIGUSR1 as another one: it goes on.
final class Interrupt: Sendable {
  private static let flag = Atomic<Bool>(false)
  private static let resumed = Atomic<Bool>(false)

  init() {
    for s in [SIGINT, SIGTERM] { signal(s) { _ in Interrupt.flag.store(true, ordering: .relaxed) } }
  }

  func resumes() { signal(SIGUSR1) { _ in Interrupt.resumed.store(true, ordering: .relaxed) } }

  var isSet: Bool { Interrupt.flag.load(ordering: .relaxed) }

  var isResumed: Bool {
    get { Interrupt.resumed.load(ordering: .relaxed) }
    set { Interrupt.resumed.store(newValue, ordering: .relaxed) }
  }
}
