import Digests

/// Five failures in 15 minutes close a name for the rest of them, whether it exists or not. Bounded; pure.
struct LoginLimit: Sendable {
  static let failures = 5
  static let window: Int64 = 900_000

  /// Times of the latest failures, ms, by a hash of the name: names that nobody has cannot crowd out those that are guessed at.
  private var times: [Int: [Int64]] = [:]
  private static let buckets = 4096

  /// Milliseconds until the next try is taken; nil = now.
  func wait(_ name: String, now: Int64) -> Int64? {
    let recent = (times[Self.bucket(name)] ?? []).filter { now - $0 < Self.window }
    guard recent.count >= Self.failures, let first = recent.first else { return nil }
    return first + Self.window - now
  }

  mutating func noteFailure(_ name: String, now: Int64) {
    let b = Self.bucket(name)
    let recent = (times[b] ?? []).filter { now - $0 < Self.window }
    times[b] = recent.suffix(Self.failures - 1) + [now]
  }

  mutating func noteSuccess(_ name: String) { times[Self.bucket(name)] = nil }

  private static func bucket(_ name: String) -> Int {
    Digest.sha256(Array(name.utf8)).prefix(4).reduce(0) { $0 << 8 | Int($1) } % buckets
  }
}
