import HTTPTypes
import Hummingbird
import Logging

/// Problem details for HTTP APIs (RFC 9457).
enum Problem {
  /// - Parameters:
  ///   - code: stable, for programs.
  ///   - detail: for people: what is wrong and what to do.
  static func response(_ status: HTTPResponse.Status, _ code: String, _ detail: String) -> Response {
    let body =
      "{\"type\":\"about:blank\",\"title\":\(JSON.quote(status.reasonPhrase)),\"status\":\(status.code),\"code\":\(JSON.quote(code)),\"detail\":\(JSON.quote(detail))}"
    return Response(
      status: status, headers: [.contentType: "application/problem+json"], body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
  }

  /// What went wrong inside goes to the log, not to whoever asks.
  static func response(for error: any Error, _ logger: Logger) -> Response {
    switch error {
    case let error as APIError: return response(error.status, error.code, error.detail)
    case let error as PageRefusal: return response(.init(code: error.status), error.code, error.detail)
    case let error as any HTTPResponseError: return response(error.status, "http", error.status.reasonPhrase)
    default:
      logger.error("画面の要求に答えられません / page request failed", metadata: ["error": "\(error)"])
      return response(.internalServerError, "internal", "内部の不具合です。記録（ログ）を見てください / internal error: see the log")
    }
  }
}

/// A request that cannot be answered as asked.
struct APIError: Error {
  let status: HTTPResponse.Status
  let code: String
  let detail: String
}
