import HTTPTypes
import Hummingbird
import Logging

/// Problem details for HTTP APIs (RFC 9457).
enum Problem {
  /// - Parameters:
  ///   - code: stable, for programs.
  ///   - detail: for people: what is wrong and what to do.
  ///   - type, contentType: other than those of the RFC where another standard wants it.
  static func response(
    _ status: HTTPResponse.Status, _ code: String, _ detail: String, type: String = "about:blank",
    contentType: String = "application/problem+json"
  ) -> Response {
    let body =
      "{\"type\":\(JSON.quote(type)),\"title\":\(JSON.quote(status.reasonPhrase)),\"status\":\(status.code),\"code\":\(JSON.quote(code)),\"detail\":\(JSON.quote(detail))}"
    return Response(
      status: status, headers: [.contentType: contentType], body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
  }

  /// What went wrong inside goes to the log, not to whoever asks.
  static func response(for error: any Error, _ request: Request, _ logger: Logger) -> Response {
    let told = told(error, logger)
    var (type, contentType) = ("about:blank", "application/problem+json")
    if isOfNGSI(request.uri.path) { (type, contentType) = NGSIAnswer.problem(told.status) }
    var response = response(told.status, told.code, told.detail, type: type, contentType: contentType)
    for field in told.headers { response.headers.append(field) }
    return response
  }

  private static func told(_ error: any Error, _ logger: Logger) -> APIError {
    switch error {
    case let error as APIError: return error
    case let error as PageRefusal: return APIError(status: .init(code: error.status), code: error.code, detail: error.detail)
    case let error as any HTTPResponseError: return APIError(status: error.status, code: "http", detail: error.status.reasonPhrase)
    default:
      logger.error("画面の要求に答えられません / page request failed", metadata: ["error": "\(error)"])
      return APIError(
        status: .internalServerError, code: "internal", detail: "内部の不具合です。記録（ログ）を見てください / internal error: see the log")
    }
  }

  private static func isOfNGSI(_ path: String) -> Bool { path.split(separator: "/").first == "ngsi-ld" }
}

/// A request that cannot be answered as asked.
///
/// 400 = a value or name is not of the documented form; 422 = each is, but together, or as things stand, they cannot be taken.
struct APIError: Error {
  let status: HTTPResponse.Status
  /// Stable, for programs.
  let code: String
  /// For people: what is wrong and what to do.
  let detail: String
  var headers = HTTPFields()
}
