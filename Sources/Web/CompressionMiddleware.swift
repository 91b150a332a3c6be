import Compression
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

/// Packs what is text and not small, where the browser takes gzip: an overview of 1,000 meters is 500 kB without.
///
/// What holds a secret beside what a stranger may have chosen is left as it is: the length of a packed answer tells of its contents
/// (BREACH, 2013). The only such answer is that of the session, with its CSRF token.
struct CompressionMiddleware: RouterMiddleware {
  typealias Context = PageContext

  /// Bytes below which packing gains nothing, and above which it would hold up others.
  private static let sizes = 1024...16_777_216
  private static let types = ["text/", "application/json", "application/ld+json", "application/problem+json", "image/svg+xml"]

  func handle(_ request: Request, context: PageContext, next: (Request, PageContext) async throws -> Response) async throws -> Response {
    var response = try await next(request, context)
    guard Self.isWorthIt(response), request.method == .get, !request.uri.path.hasPrefix("/api/v1/session") else { return response }
    response.headers[.vary] = "Accept-Encoding"
    guard Self.takesGzip(request.headers[values: .acceptEncoding]) else { return response }
    let collected = Collector()
    try await response.body.write(CollectingWriter(collector: collected))
    let plain = collected.take()
    guard let packed = plain.withUnsafeReadableBytes({ Gzip.pack($0) }) else {
      response.body = ResponseBody(byteBuffer: plain)
      return response
    }
    response.headers[.contentEncoding] = "gzip"
    response.headers[.contentLength] = nil
    // Not the same bytes any more: a strong tag would say so.
    if let tag = response.headers[.eTag], !tag.hasPrefix("W/") { response.headers[.eTag] = "W/" + tag }
    response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: packed))
    return response
  }

  private static func isWorthIt(_ response: Response) -> Bool {
    guard response.status == .ok, let length = response.body.contentLength, sizes.contains(length),
      response.headers[.contentEncoding] == nil, let type = response.headers[.contentType]
    else { return false }
    return types.contains { type.hasPrefix($0) } && !type.hasPrefix("text/event-stream")
  }

  /// Whether `gzip` or `*` stands there with another weight than 0 (RFC 9110, 12.5.3).
  static func takesGzip(_ fields: [String]) -> Bool {
    let choices: [[String]] = fields.joined(separator: ",").lowercased().split(separator: ",").map { choice in
      choice.split(separator: ";").map { part in String(part.filter { $0 != " " }) }
    }
    func weight(_ name: String) -> Double? {
      guard let choice = choices.first(where: { $0.first == name }) else { return nil }
      guard let q = choice.dropFirst().first(where: { $0.hasPrefix("q=") }) else { return 1 }
      return Double(q.dropFirst(2)) ?? 0
    }
    return (weight("gzip") ?? weight("*") ?? 0) > 0
  }
}

/// Gathers a body that is written in pieces.
private final class Collector: Sendable {
  private let buffer = Mutex(ByteBuffer())
  func add(_ piece: ByteBuffer) { buffer.withLock { _ = $0.writeImmutableBuffer(piece) } }
  func take() -> ByteBuffer { buffer.withLock { $0 } }
}

private struct CollectingWriter: ResponseBodyWriter {
  let collector: Collector
  func write(_ buffer: ByteBuffer) async throws { collector.add(buffer) }
  consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
