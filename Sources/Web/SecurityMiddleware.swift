import HTTPTypes
import Hummingbird
import Logging

/// The headers of every answer, the list of hosts that may be asked for (against DNS rebinding), and the methods.
struct SecurityMiddleware<Context: RequestContext>: RouterMiddleware {
  let hosts: HostList
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
    let authority = request.head.authority ?? ""
    guard hosts.contains(authority) else {
      return Problem.response(
        .misdirectedRequest, "host", "このホスト名では応じません / this host name is not served: \(authority.prefix(100))")
    }
    guard request.method == .get else {
      var refused = Problem.response(.methodNotAllowed, "method", "GET だけです / GET only")
      refused.headers[.allow] = "GET"
      return refused
    }
    do { return try await next(request, context) } catch { return Problem.response(for: error, logger) }
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
