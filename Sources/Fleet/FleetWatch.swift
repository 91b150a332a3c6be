import Alerts
import Foundation
import Settings
import Synchronization

/// Reads all instances again and again. Each has a thread of its own: one that does not answer delays no other.
public final class FleetWatch: Sendable {
  private struct State {
    var book: FleetBook
    var isStopping = false
  }

  private let settings: FleetSettings
  private let state: Mutex<State>
  private let wake = NSCondition()

  public init(_ settings: FleetSettings) {
    self.settings = settings
    state = Mutex(State(book: FleetBook(settings)))
  }

  /// What is known now.
  public func view() -> FleetView {
    let now = FleetWatch.now()
    return state.withLock { $0.book.view(now: now) }
  }

  /// Asks each instance once, all at the same time. Blocks until the last has answered or failed: `timeoutSeconds`, and the time that the
  /// look-up of a name takes.
  public func askOnce() {
    let group = DispatchGroup()
    for n in settings.instances.indices {
      group.enter()
      Thread.detachNewThread { [self] in
        ask(n)
        group.leave()
      }
    }
    group.wait()
  }

  /// Begins to ask, spread over the interval, until `stop()`.
  public func start() {
    let count = settings.instances.count
    for n in settings.instances.indices {
      Thread.detachNewThread { [self] in
        // The first round comes at once, but for a little, lest all begin in the same moment.
        var due = Date.now.addingTimeInterval(min(2, 0.05 * Double(n)))
        while wait(until: due) {
          ask(n)
          due = Date.now.addingTimeInterval(Double(settings.intervalSeconds) * (count > 1 ? 0.95 + 0.1 * Double(n) / Double(count) : 1))
        }
      }
    }
  }

  /// Ends all threads; one that waits for an answer notices within about a second.
  public func stop() {
    state.withLock { $0.isStopping = true }
    wake.lock()
    wake.broadcast()
    wake.unlock()
  }

  private var isStopping: Bool { state.withLock { $0.isStopping } }

  /// False when it was stopped.
  private func wait(until due: Date) -> Bool {
    wake.lock()
    defer { wake.unlock() }
    while !isStopping, wake.wait(until: due) {}
    return !isStopping
  }

  private func ask(_ n: Int) {
    let instance = settings.instances[n]
    let client = HTTPClient(
      timeout: settings.timeoutSeconds, policy: AddressPolicy(listed: instance.allowedAddresses, allowsPrivate: instance.allowsPrivate),
      caFile: instance.caFile)
    let headers = [("Accept", "application/json")] + (instance.token.map { [("Authorization", "Bearer \($0.text)")] } ?? [])
    let address = instance.url + "/api/v1/overview"
    let (outcome, body) = client.get(address, headers: headers, limit: settings.maximumAnswer) { [self] in isStopping }
    let result = FleetWatch.judge(outcome, body)
    state.withLock { s in
      switch result {
      case .success(let answer): s.book.note(n, answer, at: FleetWatch.now())
      case .failure(let problem): s.book.note(n, problem)
      }
    }
  }

  static func judge(_ outcome: HTTPOutcome, _ body: [UInt8]) -> Result<InstanceAnswer, FleetBook.Problem> {
    switch outcome {
    case .failed(let why): return .failure(.init(japanese: "つながりません（\(why)）", english: "cannot be reached: \(why)"))
    case .answered(200, _):
      do { return .success(try InstanceAnswer.read(body)) } catch {
        return .failure(.init(japanese: "水守の答えではありません。url を確かめてください", english: "not an answer of Mizumori: check url"))
      }
    case .answered(401, _), .answered(403, _):
      return .failure(
        .init(
          japanese: "鍵が断られました。mizumori token で作り直し、token_file に入れてください",
          english: "the token was refused: make one with mizumori token and put it into token_file"))
    case .answered(let status, _):
      return .failure(.init(japanese: "答えが \(status) でした。url を確かめてください", english: "the answer was \(status): check url"))
    }
  }

  private static func now() -> Int64 { Int64(Date.now.timeIntervalSince1970 * 1000) }
}

extension FleetBook.Problem: Error {}
