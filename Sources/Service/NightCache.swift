import Synchronization

/// The night minima of the last weeks, for the pages that ask for them again and again. They change once a night.
final class NightCache: Sendable {
  private struct State {
    var book: NightBook?
    var made: ContinuousClock.Instant?
  }
  private let state = Mutex(State())
  private let age: Duration

  init(age: Duration = .seconds(60)) { self.age = age }

  /// Of these days; made anew when it is older than a minute.
  func book(_ days: Range<Int>, make: () throws -> NightBook) rethrows -> NightBook {
    let now = ContinuousClock.now
    let known = state.withLock { s in s.made.map { now - $0 < age } == true ? s.book : nil }
    if let known, known.days == days { return known }
    let book = try make()
    state.withLock { s in s = State(book: book, made: now) }
    return book
  }
}
