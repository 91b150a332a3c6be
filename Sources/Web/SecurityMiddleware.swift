import HTTPTypes
import Hummingbird
import Logging

/// The headers of every answer, the list of hosts that may be asked for (against DNS rebinding), and the methods.
struct SecurityMiddleware<Context: RequestContext>: RouterMiddleware {
  let hosts: HostList
  let routes: RouteTable
  let logger: Logger

  static var headers: [(HTTPField.Name, String)] {
    [
      (
        .contentSecurityPolicy,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
      ), (.xContentTypeOptions, "nosniff"), (HTTPField.Name("Referrer-Policy")!, "no-referrer"),
      (HTTPField.Name("Cross-Origin-Opener-Policy")!, "same-origin"), (HTTPField.Name("Cross-Origin-Resource-Policy")!, "same-origin"),
    ]
  }

  func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
    var response = await answer(request, context, next)
    for (name, value) in Self.headers { response.headers[name] = value }
    // The page's own files say for themselves how they may be kept; data are never kept.
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    return response
  }

  private func answer(_ request: Request, _ context: Context, _ next: (Request, Context) async throws -> Response) async -> Response {
    do {
      try admit(request)
      return try await next(request, context)
    } catch {
      return Problem.response(for: error, request, logger)
    }
  }

  /// - Throws: `APIError` for another host, another site, or a method that the path does not know.
  private func admit(_ request: Request) throws(APIError) {
    let authority = request.head.authority ?? ""
    guard hosts.contains(authority) else {
      throw APIError(
        status: .misdirectedRequest, code: "host", detail: "このホスト名では応じません / this host name is not served: \(authority.prefix(100))")
    }
    let methods = routes.methods(request.uri.path)
    if !methods.isEmpty, !methods.contains(request.method) {
      let names = methods.map(\.rawValue).joined(separator: ", ")
      throw APIError(
        status: .methodNotAllowed, code: "method", detail: "ここでは \(names) だけです / \(names) only", headers: [.allow: names])
    }
    if request.method == .post { try Self.refuseCrossSite(request, authority) }
  }
}

extension SecurityMiddleware {
  /// Another site's page must not be able to say things here in the name of whoever looks at it: a form or script of another origin is
  /// named by `Origin` or `Sec-Fetch-Site`, and JSON it could send only after a preflight, which is refused.
  private static func refuseCrossSite(_ request: Request, _ authority: String) throws(APIError) {
    let type = request.headers[.contentType]?.lowercased().prefix { $0 != ";" } ?? ""
    guard type == "application/json" else {
      throw APIError(
        status: .unsupportedMediaType, code: "content_type", detail: "Content-Type: application/json で送ってください / send application/json")
    }
    let site = request.headers[HTTPField.Name("Sec-Fetch-Site")!]
    let origin = request.headers[.origin]
    let isOwn = origin.map { $0.lowercased().split(separator: "://").last.map(String.init) == authority.lowercased() } ?? true
    guard isOwn, site == nil || site == "same-origin" || site == "none" else {
      throw APIError(status: .forbidden, code: "cross_site", detail: "ほかのサイトからの操作は受け付けません / not from another site")
    }
  }
}

/// Names under which the page may be asked for.
struct HostList: Sendable {
  private let names: Set<String>

  init(_ settings: WebSettings) {
    let own = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
    names = Set((["127.0.0.1", "localhost", "[::1]", own] + settings.allowedHosts).map { $0.lowercased() })
  }

  /// - Parameter authority: `host`, `host:port` or `[v6]:port`, as the Host header says it. The port is not looked at.
  func contains(_ authority: String) -> Bool {
    let text = authority.lowercased()
    guard text.hasPrefix("[") else {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      return parts.count <= 2 && names.contains(String(parts[0])) && (parts.count == 1 || Self.isPort(parts[1]))
    }
    guard let end = text.firstIndex(of: "]"), names.contains(String(text[...end])) else { return false }
    let rest = text[text.index(after: end)...]
    return rest.isEmpty || (rest.hasPrefix(":") && Self.isPort(rest.dropFirst()))
  }

  private static func isPort(_ text: Substring) -> Bool { UInt16(text) != nil }
}
