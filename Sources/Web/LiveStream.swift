import HTTPTypes
import Hummingbird

/// The answer to `GET /api/v1/stream`: server-sent events (WHATWG HTML, "Server-sent events") with numbers and resume.
enum LiveStream {
  /// - Returns: 503 when there are too many pages already.
  static func response(_ broadcast: LiveBroadcast, lastEventID: String?) -> Response {
    guard let seat = broadcast.seat() else {
      var busy = Problem.response(.serviceUnavailable, "streams", "画面が開きすぎです / too many live streams")
      busy.headers[.retryAfter] = "30"
      return busy
    }
    let body = ResponseBody { writer in
      // The seat lives as long as this closure: it is given back even when the client goes before the first byte.
      defer { withExtendedLifetime(seat) {} }
      let subscription = broadcast.subscribe(after: lastEventID)
      var position = subscription.position
      var opening = "retry: 2000\nid: \(broadcast.id(position - UInt64(subscription.missed.count)))\n\n"
      if subscription.isReset { opening += reset }
      for frame in subscription.missed { opening += frame.text }
      try await writer.write(ByteBuffer(string: opening))
      for await frame in subscription.frames {
        // A hole in the numbers: this page was too slow, and its buffer dropped the oldest.
        let isGap = frame.number > position + 1
        try await writer.write(ByteBuffer(string: isGap ? reset + frame.text : frame.text))
        if frame.number > 0 { position = frame.number }
      }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"], body: body)
  }

  /// Tells the page to ask anew for everything.
  private static let reset = "event: reset\ndata: {}\n\n"
}
