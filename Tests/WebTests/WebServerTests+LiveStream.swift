import Foundation
import TestSupport
import Testing

@testable import Web

extension WebServerTests {
  /// Server-sent events over real sockets.
  struct LiveStreams {
    private func ask(_ port: Int, _ more: String = "", seconds: Int = 5) -> String? {
      HTTPProbe.exchange(port: port, "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\(more)Connection: close\r\n\r\n", seconds: seconds)
    }

    private func inBackground(_ body: @escaping @Sendable () -> Void) { Thread(block: body).start() }

    @Test func readingsAndChangesAreNumberedAndResumed() async throws {
      let source = FixtureSource()
      try await RunningServer.with(source) { port in
        inBackground {
          _ = RunningServer.wait { source.hasListener }
          source.push(.reading(sensor: "a/b/c/flow", time: 5, value: 1.5))
          source.push(.reading(sensor: "a/b/c/flow", time: 6, value: .nan))
          source.push(.event(sensor: "a/b/c/flow"))
        }
        // The line stays open: what came within the second is what there is.
        let text = try #require(ask(port, seconds: 1))
        #expect(text.contains("text/event-stream"))
        #expect(text.contains("event: reading\ndata: {\"sensor\":\"a/b/c/flow\",\"t\":5,\"value\":1.5}"))
        #expect(text.contains("\"t\":6,\"value\":null}"))
        #expect(text.contains("event: change\ndata: {\"sensor\":\"a/b/c/flow\"}"))
        let ids = text.components(separatedBy: .newlines).filter { $0.hasPrefix("id: ") }.map { $0.dropFirst(4) }
        try #require(ids.count == 4, "one for the start and one for each update: \(ids)")
        // Back after the first update: the other two come again, and only they.
        let resumed = try #require(ask(port, "Last-Event-ID: \(ids[1])\r\n", seconds: 1))
        #expect(!resumed.contains("\"t\":5") && resumed.contains("\"t\":6") && resumed.contains("event: change"))
        #expect(!resumed.contains("event: reset"))
        // An id of an earlier run: ask anew for everything.
        #expect(try #require(ask(port, "Last-Event-ID: gone-7\r\n", seconds: 1)).contains("event: reset"))
        #expect(source.timesOpened == 1, "one reader of the source, however many pages")
      }
    }

    @Test func tooManyPagesAreRefusedAndPlacesAreGivenBack() async throws {
      let source = FixtureSource()
      var settings = RunningServer.settings()
      settings.maximumStreams = 2
      try await RunningServer.with(source, settings) { port in
        let group = DispatchGroup()
        for _ in 0..<2 {
          group.enter()
          inBackground {
            _ = ask(port, seconds: 2)
            group.leave()
          }
        }
        let isRefused = RunningServer.wait(seconds: 1.5) { ask(port, seconds: 1)?.hasPrefix("HTTP/1.1 503") == true }
        #expect(isRefused)
        group.wait()
        // A line that is gone shows when something is written to it.
        let isFree = RunningServer.wait(seconds: 8) {
          source.push(.event(sensor: "a/b/c/flow"))
          return ask(port, seconds: 1)?.hasPrefix("HTTP/1.1 200") == true
        }
        #expect(isFree)
      }
    }

    @Test func endingTheServerEndsOpenStreams() async throws {
      let source = FixtureSource()
      let ended = DispatchSemaphore(value: 0)
      try await RunningServer.with(source) { port in
        inBackground {
          _ = ask(port, seconds: 30)
          ended.signal()
        }
        #expect(RunningServer.wait { source.hasListener })
      }
      let isEnded = await withCheckedContinuation { c in Thread { c.resume(returning: ended.wait(timeout: .now() + 5) == .success) }.start()
      }
      #expect(isEnded)
    }
  }
}
