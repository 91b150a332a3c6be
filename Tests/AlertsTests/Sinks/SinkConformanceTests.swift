import Foundation
import Readings
import TestSupport
import Testing

@testable import Alerts

/// What every sink owes the queue, whatever it talks to. A new sink is a new case of `SinkKind`.
struct SinkConformanceTests {
  @Test(arguments: SinkKind.allCases) func acceptedIsDelivered(kind: SinkKind) throws {
    let bench = try SinkBench(kind, .accepting)
    guard case .delivered = bench.next() else {
      Issue.record("must be delivered")
      return
    }
    #expect(bench.arrivals.count == 1)
    #expect(bench.sink.name == "s")
  }

  @Test(arguments: SinkKind.allCases) func refusedIsTriedAgainBySchedule(kind: SinkKind) throws {
    let bench = try SinkBench(kind, .refusing(1))
    guard case .retry(let due, false, _, let error) = bench.next() else {
      Issue.record("must be tried again")
      return
    }
    #expect(due >= SinkBench.now + DeliveryMachine.delays[1] * 9 / 10)
    #expect(!error.isEmpty)
    guard case .delivered = bench.next(attempt: 2) else {
      Issue.record("must be delivered at the second attempt")
      return
    }
  }

  @Test(arguments: SinkKind.allCases) func silenceIsCutOffAndTriedAgain(kind: SinkKind) throws {
    let bench = try SinkBench(kind, .hanging)
    let start = ContinuousClock.now
    guard case .retry(_, false, nil, let error) = bench.next() else {
      Issue.record("must be tried again")
      return
    }
    #expect(!error.isEmpty)
    // The limit is 1 s; the far end would take 25 s, the program 30.
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  /// The service stops, and its patience with the attempt under way ends after half a second: long before the limit of 20 s.
  @Test(arguments: SinkKind.allCases) func anAttemptIsBrokenOff(kind: SinkKind) throws {
    let bench = try SinkBench(kind, .hanging, timeout: 20)
    let start = ContinuousClock.now
    let outcome = bench.sink.send(.alert(message()), now: SinkBench.now) { ContinuousClock.now - start > .milliseconds(500) }
    guard case .retry(nil, _, _, _) = outcome else {
      Issue.record("must be tried again: \(outcome)")
      return
    }
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test(arguments: SinkKind.allCases) func absenceIsTriedAgain(kind: SinkKind) throws {
    let bench = try SinkBench(kind, .absent)
    guard case .retry(_, false, nil, let error) = bench.next() else {
      Issue.record("must be tried again")
      return
    }
    #expect(!error.isEmpty)
  }

  /// Attempts repeat id and body, so that the other side can tell a repetition; other notices have other ids.
  /// A broker that refuses hears nothing, so for MQTT see `MQTTSinkTests`.
  @Test(arguments: SinkKind.allCases.filter { $0 != .mqtt }) func everyAttemptIsTheSameNotice(kind: SinkKind) throws {
    let bench = try SinkBench(kind, .refusing(2))
    for attempt in 1...3 { _ = bench.next(attempt: attempt) }
    let arrivals = bench.arrivals
    try #require(arrivals.count == 3)
    #expect(Set(arrivals.map(\.id)).count == 1)
    #expect(Set(arrivals.map(\.body)).count == 1)
    // Chats know no id: for them the text alone stands.
    if kind != .teams, kind != .slack { #expect(!arrivals[0].id.isEmpty) }
    _ = bench.next(.alert(message(.burst, .closed)))
    let other = try #require(bench.arrivals.last)
    #expect(other.body != arrivals[0].body)
    if kind != .teams, kind != .slack { #expect(other.id != arrivals[0].id) }
  }

  @Test(arguments: SinkKind.allCases, ["漏", "\"", "\\", "\u{1F4A7}", "<", "&", "\u{2028}"])
  func bodiesStayBelowTheirLimit(kind: SinkKind, filler: String) throws {
    let bench = try SinkBench(kind, .accepting)
    for change in [EventChange.opened, .updated, .escalated, .closed] {
      for event in [EventKind.burst, .incipient, .gap] { _ = bench.next(.alert(.longest(event, change, filler: filler))) }
    }
    let events = (0..<200).map { AlertMessage.longest($0 % 2 == 0 ? .burst : .gap, .opened, filler: filler, number: $0) }
    for isDigest in [false, true] { _ = bench.next(.group(GroupNotice(events, isDigest: isDigest))) }
    let arrivals = bench.arrivals
    // To a broker a group goes out as its messages.
    #expect(arrivals.count == (kind == .mqtt ? 412 : 14))
    for a in arrivals {
      #expect(a.body.count < kind.bodyLimit)
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(a.body)) }
    }
  }

  @Test(arguments: SinkKind.allCases) func aTestIsSentLikeAnAlert(kind: SinkKind) throws {
    let bench = try SinkBench(kind, .accepting)
    let test = Notice.test(TestNotice(now: SinkBench.now))
    #expect(test.type == "test")
    guard case .delivered = bench.next(test) else {
      Issue.record("must be delivered")
      return
    }
    let body = try #require(bench.arrivals.first?.body)
    #expect(String(decoding: body, as: UTF8.self).contains("試しの知らせ"))
  }
}

/// What every sink that posts owes besides.
struct HTTPSinkConformanceTests {
  private func next(_ kind: SinkKind, _ answer: HTTPReceiver.Answer) throws -> DeliveryMachine.Next {
    let receiver = try HTTPReceiver([answer])
    let outcome = try kind.sink(port: receiver.port).send(.alert(message()), now: SinkBench.now)
    #expect(receiver.requests.count == 1)
    return DeliveryMachine.next(attempt: 1, outcome: outcome, now: SinkBench.now, seed: 1)
  }

  @Test(arguments: SinkKind.http, [200, 201, 202, 204]) func successIsSuccess(kind: SinkKind, status: Int) throws {
    #expect(try next(kind, .init(status)) == .delivered(status: status))
  }

  @Test(arguments: SinkKind.http, [301, 302, 307, 308]) func redirectsAreNotFollowed(kind: SinkKind, status: Int) throws {
    let target = try HTTPReceiver()
    guard case .retry(_, false, status, _) = try next(kind, .init(status, headers: ["Location": "http://127.0.0.1:\(target.port)/"])) else {
      Issue.record("must be tried again")
      return
    }
    #expect(target.requests.isEmpty)
  }

  @Test(arguments: SinkKind.http, [400, 401, 403, 404, 500, 503]) func otherAnswersAreTriedAgain(kind: SinkKind, status: Int) throws {
    guard case .retry(_, false, status, "HTTP \(status)") = try next(kind, .init(status)) else {
      Issue.record("must be tried again")
      return
    }
  }

  @Test(arguments: SinkKind.http) func goneDisables(kind: SinkKind) throws {
    #expect(try next(kind, .init(410)) == .disable(status: 410, error: "HTTP 410"))
  }

  @Test(arguments: SinkKind.http, [429, 502, 504]) func theseSlowDown(kind: SinkKind, status: Int) throws {
    guard case .retry(let due, true, status, _) = try next(kind, .init(status)) else {
      Issue.record("must slow down")
      return
    }
    #expect(due >= SinkBench.now + DeliveryMachine.slowDown)
  }

  @Test(arguments: SinkKind.http, [429, 503]) func retryAfterIsHonoured(kind: SinkKind, status: Int) throws {
    guard case .retry(let due, _, status, _) = try next(kind, .init(status, headers: ["Retry-After": "900"])) else {
      Issue.record("must be tried again")
      return
    }
    #expect(due == SinkBench.now + 900_000)
  }

  @Test(arguments: SinkKind.http) func privateAddressesAreRefused(kind: SinkKind) throws {
    let receiver = try HTTPReceiver()
    for policy in [AddressPolicy(), AddressPolicy(listed: ["10.0.0.0/8"]), AddressPolicy(allowsPrivate: true)] {
      let outcome = try kind.sink(port: receiver.port, policy: policy).send(.alert(message()), now: SinkBench.now)
      guard case .retry(_, let error, _, _) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(error.contains("allow_addresses"))
    }
    #expect(receiver.requests.isEmpty)
  }

  /// Whatever goes wrong, and whatever a server repeats of what it was sent, no message holds the key.
  @Test(arguments: SinkKind.http, ["", "x", String(repeating: "漏", count: 165)])
  func secretsStayOutOfErrors(kind: SinkKind, before: String) throws {
    let key = SinkKind.key
    let said = [
      "Cannot POST /services/\(key)?sig=\(key)%2B", "Cannot POST /services/\(key.lowercased())", "bad token &quot;\(key)&quot;",
      "…\(key.dropFirst(4))",
    ]
    var outcomes: [AttemptOutcome] = []
    for text in said {
      for status in [302, 400, 410, 429] {
        let receiver = try HTTPReceiver([.init(status, headers: ["Location": "/\(key)"], body: before + text)])
        outcomes.append(try kind.sink(port: receiver.port).send(.alert(message()), now: SinkBench.now))
      }
    }
    outcomes.append(try kind.sink(port: FreePort.next()).send(.alert(message()), now: SinkBench.now))
    outcomes.append(try kind.sink(port: 1, policy: AddressPolicy()).send(.alert(message()), now: SinkBench.now))
    for o in outcomes {
      let text = "\(o)".lowercased()
      #expect(!text.contains(key.lowercased().prefix(6)) && !text.contains(key.lowercased().suffix(6)), "\(o)")
    }
  }

  /// What the service says of its own accord is worth its place in the record.
  @Test(arguments: SinkKind.http) func explanationsAreKept(kind: SinkKind) throws {
    let receiver = try HTTPReceiver([.init(400, body: "\r\n  invalid_blocks\u{7}\nmore")])
    let outcome = try kind.sink(port: receiver.port).send(.alert(message()), now: SinkBench.now)
    #expect(outcome == .retry(status: 400, error: "HTTP 400:   invalid_blocks"))
  }
}
