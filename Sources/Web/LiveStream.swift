import Accounts
import HTTPTypes
import Hummingbird

/// The answer to `GET /api/v1/stream`: server-sent events (WHATWG HTML, "Server-sent events") with numbers and resume.
enum LiveStream {
  /// Who looks: what may be shown, and for how long.
  struct Viewer: Sendable {
    private let gate: Gate?
    private let identity: Identity
    private let session: String?

    init(_ gate: Gate?, _ context: PageContext) {
      self.gate = gate
      identity = context.identity
      session = context.session
    }

    func sees(_ frame: LiveBroadcast.Frame) -> Bool {
      frame.number == 0 || frame.sensor.isEmpty || identity.sees(sensor: frame.sensor)
    }

    /// False when the session has ended or its account may see something else now: the page asks anew, and is told so.
    var isCurrent: Bool {
      guard let gate, let session else { return true }
      return (try? gate.visit(session: session, isUse: false))?.identity == identity
    }
  }

  /// - Returns: 503 when there are too many pages already.
  static func response(_ broadcast: LiveBroadcast, lastEventID: String?, _ viewer: Viewer) -> Response {
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
      for frame in subscription.missed where viewer.sees(frame) { opening += frame.text }
      try await writer.write(ByteBuffer(string: opening))
      for await frame in subscription.frames {
        // With each heartbeat at the latest.
        if frame.number == 0, !viewer.isCurrent { break }
        // A hole in the numbers: this page was too slow, and its buffer dropped the oldest.
        let isGap = frame.number > position + 1
        if viewer.sees(frame) {
          try await writer.write(ByteBuffer(string: isGap ? reset + frame.text : frame.text))
        } else if isGap {
          try await writer.write(ByteBuffer(string: reset))
        }
        if frame.number > 0 { position = frame.number }
      }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"], body: body)
  }

  /// Tells the page to ask anew for everything.
  private static let reset = "event: reset\ndata: {}\n\n"
}
