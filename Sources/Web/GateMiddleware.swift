import Accounts
import HTTPTypes
import Hummingbird

/// Lets in who is logged in or brings a token, to what they may do. Without a gate everybody is let in: the page is for this machine alone.
struct GateMiddleware: RouterMiddleware {
  typealias Context = PageContext

  let gate: Gate?

  func handle(_ request: Request, context: PageContext, next: (Request, PageContext) async throws -> Response) async throws -> Response {
    guard let gate else { return try await next(request, context) }
    // As the router sees it: empty parts do not count.
    let path = "/" + request.uri.path.split(separator: "/").joined(separator: "/")
    var context = context
    let visit = try Self.visit(request, gate, &context)
    if let visit { (context.identity, context.csrf) = (visit.identity, visit.csrf) }
    guard !Self.isOpen(path, request.method) else {
      // Whoever is not logged in is nobody, also where everybody may come.
      if visit == nil { context.identity = .nobody }
      return try await next(request, context)
    }
    guard let visit else {
      if Self.isRead(request.method), !path.hasPrefix("/api/"), !path.hasPrefix("/ngsi-ld/"), path != "/metrics" {
        return Self.toLogIn(request)
      }
      throw APIError(status: .unauthorized, code: "login", detail: "ログインしてください / log in first", headers: [.wwwAuthenticate: "Bearer"])
    }
    let wanted: Scope = path == "/metrics" ? .metrics : request.method == .post ? .write : .read
    guard visit.identity.scopes.contains(wanted) || Self.ownPaths.contains(path) else {
      throw APIError(status: .forbidden, code: "scope", detail: "この操作の権限がありません / not permitted to this account or token")
    }
    if request.method == .post, context.session != nil, request.headers[Self.csrfHeader] != context.csrf {
      throw APIError(status: .forbidden, code: "csrf", detail: "画面を開き直してください / reload the page")
    }
    return try await next(request, context)
  }

  static let cookie = "__Host-sid"
  static let csrfHeader = HTTPField.Name("X-CSRF-Token")!
  /// What everybody may do who is logged in: log out, and change the own password.
  static let ownPaths = ["/api/v1/session/end", "/api/v1/session/password"]

  private static func isRead(_ method: HTTPRequest.Method) -> Bool { method == .get || method == .head }

  /// What everybody may ask for: the log-in, its parts, whether the service lives, and what the names of our entities mean.
  private static func isOpen(_ path: String, _ method: HTTPRequest.Method) -> Bool {
    ["/login", "/livez", "/readyz", "/api/v1/session", "/api/v1/setup", NGSIAnswer.contextPath].contains(path)
      || (isRead(method) && path.hasPrefix("/assets/"))
  }

  private static func visit(_ request: Request, _ gate: Gate, _ context: inout PageContext) throws -> Gate.Visit? {
    if let authorization = request.headers[.authorization] {
      let parts = authorization.split(separator: " ")
      return parts.count == 2 && parts[0].lowercased() == "bearer" ? try gate.visit(token: String(parts[1])) : nil
    }
    guard let id = session(in: request) else { return nil }
    let found = try gate.visit(session: id, isUse: isUse(request))
    if found != nil { context.session = id }
    return found
  }

  /// What an open page asks for by itself does not keep a session open.
  private static func isUse(_ request: Request) -> Bool { request.method == .post || !request.uri.path.hasPrefix("/api/") }

  static func session(in request: Request) -> String? {
    for field in request.headers[values: .cookie] {
      for pair in field.split(separator: ";") {
        let half = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
        if half.count == 2, half[0] == cookie { return String(half[1]) }
      }
    }
    return nil
  }

  private static func toLogIn(_ request: Request) -> Response {
    // Back to where one wanted to go: a path of our own, which begins with one slash.
    let wanted = request.uri.string
    let next = wanted.hasPrefix("/") && !wanted.hasPrefix("//") && wanted != "/" ? "?next=" + escaped(wanted) : ""
    return Response(status: .seeOther, headers: [.location: "/login" + next])
  }

  private static func escaped(_ text: String) -> String {
    text.utf8.map { c in
      (48...57).contains(c) || (65...90).contains(c) || (97...122).contains(c) || [45, 46, 95, 126].contains(c)
        ? String(UnicodeScalar(c)) : "%" + (c < 16 ? "0" : "") + String(c, radix: 16, uppercase: true)
    }.joined()
  }
}
