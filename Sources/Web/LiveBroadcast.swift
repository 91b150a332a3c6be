import Synchronization

/// Hands each live update of the source to every open page, numbered, so that a page that lost its line asks for what it missed.
///
/// One task reads the source, and only while somebody looks (and a little longer, for those who come back): an unwatched service pays
/// nothing. All is bounded: a ring of frames for those who come back, a buffer per page that drops its oldest, a limit of pages. A page
/// that missed something is told `reset` and asks anew.
final class LiveBroadcast: Sendable {
  /// One message as it goes over the line. Number 0 is a heartbeat: it has no place in the ring.
  struct Frame: Sendable {
    let number: UInt64
    let text: String
    /// Whom it is about; empty for a heartbeat and for what concerns all.
    var sensor = ""
  }

  /// What a page gets: first what it missed, then what comes.
  struct Subscription: Sendable {
    /// Number up to which the page knows everything once it has read `missed`.
    let position: UInt64
    let missed: [Frame]
    /// The page's last number is unknown or too old: it must ask anew.
    let isReset: Bool
    let frames: AsyncStream<Frame>
  }

  /// A place among the open pages, given back when the last reference goes, whether the answer was ever written or not.
  final class Seat: Sendable {
    private let broadcast: LiveBroadcast
    fileprivate init(_ broadcast: LiveBroadcast) { self.broadcast = broadcast }
    deinit { broadcast.leave() }
  }

  private struct State {
    /// The frames `last − ring.count + 1 … last`; number n lives at n % capacity.
    var ring: [Frame] = []
    var last: UInt64 = 0
    /// Nothing was read from the source before this number: older positions cannot be resumed.
    var firstResumable: UInt64 = 0
    var seats = 0
    var listeners: [UInt64: AsyncStream<Frame>.Continuation] = [:]
    var nextListener: UInt64 = 0
    var pump: Task<Void, Never>?
    /// Counts changes of `seats`, so that a timer sees whether anybody came meanwhile.
    var generation: UInt64 = 0
    var isClosed = false
  }

  static let ringCapacity = 512
  static let bufferCapacity = 256

  private let source: any PageSource
  private let limit: Int
  private let heartbeat: Duration
  private let linger: Duration
  /// Names this run of the program in the ids, so that a number of an earlier run is not taken for one of this.
  private let epoch = String(UInt32.random(in: 1...UInt32.max), radix: 36)
  private let state = Mutex(State())

  /// - Parameters:
  ///   - limit: open pages at the same time.
  ///   - linger: how long the source is read on after the last page left.
  init(source: any PageSource, limit: Int, heartbeat: Duration = .seconds(15), linger: Duration = .seconds(60)) {
    self.source = source
    self.limit = limit
    self.heartbeat = heartbeat
    self.linger = linger
  }

  /// The id of a number, as `Last-Event-ID` brings it back.
  func id(_ number: UInt64) -> String { "\(epoch)-\(number)" }

  /// Nil when there are too many pages already, or after `close`.
  func seat() -> Seat? {
    let isFree = state.withLock { s in
      guard !s.isClosed, s.seats < limit else { return false }
      s.seats += 1
      s.generation += 1
      return true
    }
    return isFree ? Seat(self) : nil
  }

  /// - Parameter lastID: the `Last-Event-ID` that the page sent, if any.
  func subscribe(after lastID: String?) -> Subscription {
    let (stream, continuation) = AsyncStream.makeStream(of: Frame.self, bufferingPolicy: .bufferingNewest(Self.bufferCapacity))
    return state.withLock { s -> Subscription in
      guard !s.isClosed else {
        continuation.finish()
        return Subscription(position: s.last, missed: [], isReset: false, frames: stream)
      }
      if s.pump == nil { start(&s) }
      s.nextListener += 1
      let listener = s.nextListener
      s.listeners[listener] = continuation
      continuation.onTermination = { [weak self] _ in self?.forget(listener) }
      guard let lastID else { return Subscription(position: s.last, missed: [], isReset: false, frames: stream) }
      let missed = missed(s, after: lastID)
      return Subscription(position: s.last, missed: missed ?? [], isReset: missed == nil, frames: stream)
    }
  }

  /// Ends every page's stream, for good.
  func close() {
    let (listeners, pump) = state.withLock { s in
      s.isClosed = true
      defer {
        s.listeners = [:]
        s.pump = nil
      }
      return (Array(s.listeners.values), s.pump)
    }
    pump?.cancel()
    for l in listeners { l.finish() }
  }

  // MARK: - Parts

  private func forget(_ listener: UInt64) {
    state.withLock { s in _ = s.listeners.removeValue(forKey: listener) }
  }

  /// The frames after an id; nil when it is not of this run, or some of them are gone.
  private func missed(_ s: State, after id: String) -> [Frame]? {
    let parts = id.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == epoch, let number = UInt64(parts[1]) else { return nil }
    guard number >= s.firstResumable, number <= s.last, s.last - number <= UInt64(s.ring.count) else { return nil }
    return number == s.last ? [] : ((number + 1)...s.last).map { s.ring[Int($0 % UInt64(Self.ringCapacity))] }
  }

  private func start(_ s: inout State) {
    // What happened while nobody read is lost: a number of before is not to be resumed. The first number is 1.
    s.last += s.last == 0 ? 0 : 1
    s.firstResumable = s.last
    s.ring = []
    let updates = source.liveUpdates()
    s.pump = Task { [weak self, heartbeat] in
      await withTaskGroup(of: Void.self) { group in
        group.addTask { for await update in updates { self?.publish(update) } }
        group.addTask {
          while (try? await Task.sleep(for: heartbeat)) != nil { self?.send(Frame(number: 0, text: ": \n\n")) }
        }
        // The source has ended, or the pump was cancelled.
        await group.next()
        group.cancelAll()
      }
      self?.ended()
    }
  }

  private func publish(_ update: LiveUpdate) {
    state.withLock { s in
      s.last += 1
      let frame = Frame(number: s.last, text: "id: \(id(s.last))\n\(Self.text(update))\n\n", sensor: update.sensor)
      let place = Int(s.last % UInt64(Self.ringCapacity))
      // The ring is filled from any place on: pad once with this frame, `missed` never reaches padding.
      if s.ring.isEmpty { s.ring = Array(repeating: frame, count: Self.ringCapacity) }
      s.ring[place] = frame
      for l in s.listeners.values { l.yield(frame) }
    }
  }

  private func send(_ frame: Frame) {
    state.withLock { s in for l in s.listeners.values { l.yield(frame) } }
  }

  private func ended() {
    // A pump that was cancelled for want of pages has been replaced or cleared already.
    guard !Task.isCancelled else { return }
    let listeners = state.withLock { s in
      defer {
        s.listeners = [:]
        s.pump = nil
      }
      return Array(s.listeners.values)
    }
    for l in listeners { l.finish() }
  }

  private func leave() {
    let (isLast, generation) = state.withLock { s in
      s.seats -= 1
      s.generation += 1
      return (s.seats == 0 && s.pump != nil, s.generation)
    }
    guard isLast else { return }
    Task { [weak self, linger] in
      try? await Task.sleep(for: linger)
      self?.stop(ifStill: generation)
    }
  }

  private func stop(ifStill generation: UInt64) {
    let pump = state.withLock { s -> Task<Void, Never>? in
      guard s.generation == generation, let pump = s.pump else { return nil }
      s.pump = nil
      return pump
    }
    pump?.cancel()
  }

  private static func text(_ update: LiveUpdate) -> String {
    switch update {
    case .reading(let sensor, let time, let value):
      "event: reading\ndata: {\"sensor\":\(JSON.quote(sensor)),\"t\":\(time),\"value\":\(value.isFinite ? "\(value)" : "null")}"
    case .event(let sensor): "event: change\ndata: {\"sensor\":\(JSON.quote(sensor))}"
    case .part(let part): "event: change\ndata: {\"sensor\":\"\",\"what\":\"\(part.rawValue)\"}"
    }
  }
}
