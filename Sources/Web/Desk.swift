import Dispatch
import HTTPTypes
import Synchronization

/// Where the source is asked: it reads files and waits for locks, which must not stand on the threads of Swift concurrency.
///
/// One question at a time, in order, since the store reads through one connection anyway; bounded, since questions are cheap to send.
final class Desk: Sendable {
  private let queue = DispatchQueue(label: "mizumori.web.desk")
  private let waiting = Atomic<Int>(0)
  private let limit: Int

  init(limit: Int = 64) { self.limit = limit }

  /// Runs `work` off the cooperative threads.
  /// - Throws: what `work` throws; `APIError` 503 when too many wait already.
  func ask<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    guard waiting.add(1, ordering: .relaxed).newValue <= limit else {
      waiting.subtract(1, ordering: .relaxed)
      throw APIError(status: .serviceUnavailable, code: "busy", detail: "混み合っています。少し待ってください / busy: try again in a moment")
    }
    defer { waiting.subtract(1, ordering: .relaxed) }
    return try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try work() }) }
    }
  }
}
