import Hummingbird
import Synchronization

/// Server-sent events: each client gets the newest reading of each meter at most twice a second, and every change of an event.
final class LiveStreams: Sendable {
  private let open = Atomic<Int>(0)
  private let limit: Int
  private let source: any PageSource

  init(source: any PageSource, limit: Int) {
    self.source = source
    self.limit = limit
  }

  /// Nil when there are too many already.
  func response() -> Response? {
    guard open.add(1, ordering: .relaxed).newValue <= limit else {
      open.subtract(1, ordering: .relaxed)
      return nil
    }
    let updates = source.liveUpdates()
    let body = ResponseBody { [self] writer in
      defer { open.subtract(1, ordering: .relaxed) }
      try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
      let merged = AsyncStream<LiveUpdate?>.makeStream(bufferingPolicy: .bufferingNewest(256))
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for await u in updates { merged.continuation.yield(u) }
          merged.continuation.finish()
        }
        group.addTask {
          // A comment now and then shows both sides that the line is alive.
          while !Task.isCancelled {
            try await Task.sleep(for: .seconds(15))
            merged.continuation.yield(nil)
          }
        }
        for await u in merged.stream { try await writer.write(ByteBuffer(string: LiveStreams.frame(u))) }
        group.cancelAll()
      }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"], body: body)
  }

  private static func frame(_ update: LiveUpdate?) -> String {
    switch update {
    case nil: ": \n\n"
    case .reading(let sensor, let time, let value):
      "event: reading\ndata: {\"sensor\":\(JSON.quote(sensor)),\"t\":\(time),\"value\":\(value.isFinite ? "\(value)" : "null")}\n\n"
    case .event(let sensor): "event: change\ndata: {\"sensor\":\(JSON.quote(sensor))}\n\n"
    }
  }
}
