import HTTPTypes
import Hummingbird

/// The headers of every answer, and the list of hosts that may be asked for (against DNS rebinding).
struct SecurityMiddleware<Context: RequestContext>: RouterMiddleware {
  let allowedHosts: Set<String>

  static var headers: [(HTTPField.Name, String)] {
    [
      (
        .contentSecurityPolicy,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
      ), (.xContentTypeOptions, "nosniff"), (HTTPField.Name("Referrer-Policy")!, "no-referrer"),
      (HTTPField.Name("Cross-Origin-Opener-Policy")!, "same-origin"), (HTTPField.Name("Cross-Origin-Resource-Policy")!, "same-origin"),
      (.cacheControl, "no-store"),
    ]
  }

  func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
    var response: Response
    let host = request.head.authority?.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    if !allowedHosts.contains(host.lowercased()) {
      response = Problem.response(.misdirectedRequest, "host", "このホスト名では応じません / this host name is not served: \(host)")
    } else {
      do { response = try await next(request, context) } catch { response = Problem.response(for: error) }
    }
    for (name, value) in Self.headers { response.headers[name] = value }
    return response
  }
}

/// Problem details of RFC 9457.
enum Problem {
  static func response(_ status: HTTPResponse.Status, _ code: String, _ detail: String) -> Response {
    let title = status.reasonPhrase
    let body =
      "{\"type\":\"about:blank\",\"title\":\(JSON.quote(title)),\"status\":\(status.code),\"code\":\(JSON.quote(code)),\"detail\":\(JSON.quote(detail))}"
    return Response(
      status: status, headers: [.contentType: "application/problem+json"], body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
  }

  static func response(for error: any Error) -> Response {
    if let error = error as? any HTTPResponseError {
      return response(error.status, "http", error.status.reasonPhrase)
    }
    return response(.internalServerError, "internal", "\(error)")
  }
}
