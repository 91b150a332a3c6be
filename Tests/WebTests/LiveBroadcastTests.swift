import Testing

@testable import Web

/// The hub of the live stream without any socket.
struct LiveBroadcastTests {
  private func frames(_ subscription: LiveBroadcast.Subscription, _ count: Int) async -> [LiveBroadcast.Frame] {
    var out: [LiveBroadcast.Frame] = []
    for await f in subscription.frames where f.number > 0 {
      out.append(f)
      if out.count == count { break }
    }
    return out
  }

  @Test func everyPageGetsEveryUpdateInOrder() async {
    let source = FixtureSource()
    let broadcast = LiveBroadcast(source: source, limit: 10)
    let pages = (0..<3).map { _ in broadcast.subscribe(after: nil) }
    for t in 1...5 { source.push(.reading(sensor: "s", time: Int64(t), value: 1)) }
    for page in pages {
      #expect(await frames(page, 5).map(\.number) == [1, 2, 3, 4, 5])
    }
    broadcast.close()
  }

  /// The ring keeps so many; who was away longer must ask anew.
  @Test(arguments: [(0, true), (1, false), (512, false), (513, true)])
  func resumeWithinTheRing(away: Int, isReset: Bool) async {
    let source = FixtureSource()
    let broadcast = LiveBroadcast(source: source, limit: 10)
    let seat = broadcast.seat()
    let page = broadcast.subscribe(after: nil)
    let total = LiveBroadcast.ringCapacity + 100
    for t in 1...total {
      source.push(.reading(sensor: "s", time: Int64(t), value: 1))
      // One at a time, so that nothing is dropped on the way.
      if t % 100 == 0 { _ = await frames(page, 100) }
    }
    _ = await frames(page, total % 100)
    // 0 stands for an id of the future.
    let last = away == 0 ? total + 1 : total - away
    let back = broadcast.subscribe(after: broadcast.id(UInt64(last)))
    #expect(back.isReset == isReset)
    #expect(back.missed.map(\.number) == (isReset ? [] : Array(UInt64(last + 1)...UInt64(total))))
    broadcast.close()
    withExtendedLifetime(seat) {}
  }

  @Test func aSlowPageLosesTheOldestAndTheNumbersShowIt() async {
    let source = FixtureSource()
    let broadcast = LiveBroadcast(source: source, limit: 10)
    let (slow, quick) = (broadcast.subscribe(after: nil), broadcast.subscribe(after: nil))
    let total = LiveBroadcast.bufferCapacity + 44
    for t in 1...total {
      source.push(.reading(sensor: "s", time: Int64(t), value: 1))
      _ = await frames(quick, 1)
    }
    #expect(await frames(slow, 1).first?.number == 45)
    broadcast.close()
  }

  @Test func theSourceIsReadOnlyWhileSomebodyLooks() async throws {
    let source = FixtureSource()
    let broadcast = LiveBroadcast(source: source, limit: 1, linger: .milliseconds(20))
    #expect(source.timesOpened == 0)
    var seat = broadcast.seat()
    #expect(seat != nil && broadcast.seat() == nil)
    let page = broadcast.subscribe(after: nil)
    source.push(.event(sensor: "s"))
    let known = await frames(page, 1)
    #expect(source.hasListener)
    seat = nil
    // On a busy machine the timer comes late.
    for _ in 0..<12_000 where source.hasListener { try await Task.sleep(for: .milliseconds(10)) }
    #expect(!source.hasListener)
    // Nobody read for a while: what was missed is unknown, and said to be.
    seat = broadcast.seat()
    let back = broadcast.subscribe(after: broadcast.id(known[0].number))
    #expect(back.isReset)
    #expect(source.timesOpened == 2)
    broadcast.close()
    #expect(broadcast.seat() == nil)
    withExtendedLifetime(seat) {}
  }

  @Test func heartbeatsKeepTheLineAlive() async {
    let broadcast = LiveBroadcast(source: FixtureSource(), limit: 1, heartbeat: .milliseconds(10))
    for await f in broadcast.subscribe(after: nil).frames {
      #expect(f.number == 0 && f.text == ": \n\n")
      break
    }
    broadcast.close()
  }
}
