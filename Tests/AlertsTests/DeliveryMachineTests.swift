import Testing

@testable import Alerts

struct DeliveryMachineTests {
  static let now: Int64 = 1_760_000_000_000

  private func due(_ next: DeliveryMachine.Next) -> Int64? {
    if case .retry(let due, _, _, _) = next { due - DeliveryMachineTests.now } else { nil }
  }

  @Test func theScheduleWithJitterAndItsEnd() {
    for attempt in 1...9 {
      let base = DeliveryMachine.delays[attempt]
      for seed in 0..<200 as Range<UInt64> {
        let d = due(DeliveryMachine.next(attempt: attempt, outcome: .init(.failed("x")), now: DeliveryMachineTests.now, seed: seed))
        #expect(d.map { $0 >= base * 9 / 10 && $0 <= base * 11 / 10 } == true)
      }
    }
    #expect(DeliveryMachine.next(attempt: 10, outcome: .init(.failed("x")), now: 0, seed: 1) == .failed(status: nil, error: "x"))
  }

  @Test(arguments: [200, 201, 204, 299])
  func onlySuccessIsSuccess(status: Int) {
    #expect(
      DeliveryMachine.next(attempt: 1, outcome: .init(.answered(status: status, retryAfter: nil)), now: 0, seed: 1)
        == .delivered(status: status))
  }

  @Test(arguments: [100, 301, 302, 400, 404, 500])
  func theRestIsTriedAgain(status: Int) {
    #expect(
      due(
        DeliveryMachine.next(attempt: 1, outcome: .init(.answered(status: status, retryAfter: nil)), now: DeliveryMachineTests.now, seed: 1)
      )
        != nil)
  }

  @Test func goneDisables() {
    #expect(
      DeliveryMachine.next(attempt: 1, outcome: .init(.answered(status: 410, retryAfter: nil)), now: 0, seed: 1)
        == .disable(status: 410, error: "HTTP 410"))
  }

  @Test(arguments: [429, 502, 504])
  func theseSlowDownTheEndpoint(status: Int) {
    let next = DeliveryMachine.next(attempt: 1, outcome: .init(.answered(status: status, retryAfter: nil)), now: 0, seed: 1)
    guard case .retry(let due, true, _, _) = next else {
      Issue.record("\(next)")
      return
    }
    #expect(due >= DeliveryMachine.slowDown)
  }

  @Test(
    arguments: [("120", 120_000), ("Thu, 09 Oct 2025 08:55:20 GMT", 120_000), ("999999999", 86_400_000), ("soon", 0), ("-5", 0)]
      as [(String, Int64)])
  func retryAfterIsHonoured(header: String, least: Int64) {
    let d = due(
      DeliveryMachine.next(attempt: 1, outcome: .init(.answered(status: 503, retryAfter: header)), now: DeliveryMachineTests.now, seed: 1))
    // 1760000000 is 2025-10-09T08:53:20Z.
    #expect(d == max(least, d ?? 0) && (d ?? 0) <= max(least, 5500))
  }

  /// What is no date must not end the service: numbers too large for a product were found by the fuzzer of `http`.
  @Test(arguments: [
    "n, 23 Nov 1994 00:4444444444644844449:00 GMT", "n, 23 Nov 1994 9223372036854775807:00:00 GMT", "n, 23 Nov 1994 ::4:4:4 GMT",
    "n, 23 Nov 2025 ::4:4:04 GMT", "n, 23 Nov 2025 08:49+01 GMT", "n, 23 Nov 2025 +8:49:37 GMT",
    "n, 9223372036854775807 Nov 1994 00:00:00 GMT", "n, 23 Nov 9223372036854775807 00:00:00 GMT", "n, 23 Nov -1 00:00:00 GMT",
    "n, 23 Nov 2025 24:00:00 GMT", "n, 23 Nov 2025 00:-1:00 GMT", "n, 31 Nov 2025 00:00:00 GMT", "9223372036854775808",
  ])
  func retryAfterThatIsNoDateIsPassedOver(header: String) {
    #expect(RetryAfter.milliseconds(header, now: DeliveryMachineTests.now) == nil)
  }

  @Test func retryAfterTakesAnHTTPDate() {
    #expect(RetryAfter.milliseconds("Thu, 09 Oct 2025 08:55:20 GMT", now: DeliveryMachineTests.now) == 120_000)
    #expect(RetryAfter.milliseconds("Sun, 06 Nov 1994 08:49:37 GMT", now: DeliveryMachineTests.now) == 0)
    #expect(RetryAfter.milliseconds("Thu, 9 Oct 2025 08:55:20 GMT", now: DeliveryMachineTests.now) == 120_000)
    #expect(RetryAfter.milliseconds("Sat, 31 Dec 2016 23:59:60 GMT", now: 1_483_228_799_000) == 1000)
  }
}
