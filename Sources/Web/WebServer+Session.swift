import Accounts
import HTTPTypes
import Hummingbird

/// Who is logged in, for the page.
public struct SessionSummary: Codable, Sendable {
  /// Empty when nobody is logged in, or nobody needs to.
  public var name: String
  public var scopes: [String]
  /// Towns whose meters may be seen, sorted; empty = all.
  public var municipalities: [String]
  /// What every POST of this session brings along as `X-CSRF-Token`; empty without a session.
  public var csrf: String
  /// Whether one has to log in here at all.
  public var isGuarded: Bool
  /// Whether the first account has yet to be made, with the set-up code.
  public var needsSetUp: Bool
}

struct LogInCommand: RequestBody {
  enum CodingKeys: String, CodingKey, CaseIterable { case name, password }

  var name: String
  var password: String
}

struct SetUpCommand: RequestBody {
  enum CodingKeys: String, CodingKey, CaseIterable { case code, name, password }

  var code: String
  var name: String
  var password: String
}

extension WebServer {
  func session(_ api: RouterGroup<PageContext>) {
    let (gate, hashing) = (gate, hashing)
    api.get("session") { _, context in try JSON.response(Self.summary(gate, context.identity, context.csrf)) }
    api.post("session") { request, _ in
      guard let gate else { throw Self.unguarded }
      let command = try JSON.read(LogInCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      return try Self.answer(gate, try await Self.inTurn(hashing) { try gate.logIn(name: command.name, password: command.password) })
    }
    api.post("setup") { request, _ in
      guard let gate else { throw Self.unguarded }
      let command = try JSON.read(SetUpCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      do {
        let entry = try await Self.inTurn(hashing) { try gate.setUp(code: command.code, name: command.name, password: command.password) }
        return try Self.answer(gate, entry)
      } catch let error as AccountError {
        if case .file = error { throw error }
        throw APIError(status: .unprocessableContent, code: "account", detail: error.description)
      }
    }
    api.post("session/password") { request, context in
      guard let gate else { throw Self.unguarded }
      guard let id = context.session else {
        throw APIError(status: .forbidden, code: "session", detail: "ログインした人だけができます / only for who is logged in")
      }
      let command = try JSON.read(OwnPasswordCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      let entry = try await Self.guarded {
        try await Self.inTurn(hashing) { try gate.changeOwn(session: id, old: command.old, new: command.password) }
      }
      switch entry {
      case .welcome: return Response(status: .noContent)
      // Whoever is logged in stays so.
      case .refused: throw APIError(status: .forbidden, code: "old_password", detail: "いまのパスワードが違います / the present password is wrong")
      case .wait: return try Self.answer(gate, entry)
      }
    }
    api.post("session/end") { _, context in
      if let id = context.session { gate?.logOut(id) }
      return Response(status: .noContent, headers: [.setCookie: "\(GateMiddleware.cookie)=; Max-Age=0; \(Self.attributes)"])
    }
  }

  /// A crowd at the log-in is somebody who guesses: those that find no place are told to wait.
  private static func inTurn(_ hashing: Desk, _ work: @escaping @Sendable () throws -> Gate.Entry) async throws -> Gate.Entry {
    do {
      return try await hashing.ask(work)
    } catch let error as APIError where error.code == "busy" {
      return .wait(seconds: 1)
    }
  }

  private static let attributes = "Secure; HttpOnly; SameSite=Strict; Path=/"

  private static func answer(_ gate: Gate, _ entry: Gate.Entry) throws -> Response {
    switch entry {
    case .welcome(let id, let visit):
      var response = try JSON.response(summary(gate, visit.identity, visit.csrf))
      response.headers[.setCookie] = "\(GateMiddleware.cookie)=\(id); \(attributes)"
      return response
    case .refused:
      return Problem.response(.unauthorized, "login_refused", "名前かパスワード（コード）が違います / wrong name, password or code")
    case .wait(let seconds):
      var response = Problem.response(
        .tooManyRequests, "login_wait",
        "まちがいが続いたため、\((seconds + 59) / 60) 分ほど待ってください / too many failures: wait some \((seconds + 59) / 60) minutes")
      response.headers[.retryAfter] = "\(seconds)"
      return response
    }
  }

  private static func summary(_ gate: Gate?, _ identity: Identity, _ csrf: String) throws -> SessionSummary {
    SessionSummary(
      name: identity.name, scopes: identity.scopes.map(\.rawValue).sorted(), municipalities: identity.municipalities.sorted(), csrf: csrf,
      isGuarded: gate != nil,
      needsSetUp: try gate?.setUpCode() != nil)
  }

  static var unguarded: APIError {
    APIError(status: .notFound, code: "unguarded", detail: "ログインは要りません / no log-in is needed here")
  }
}
