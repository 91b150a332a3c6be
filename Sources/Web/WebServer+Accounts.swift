import Accounts
import HTTPTypes
import Hummingbird
import Readings

extension WebServer {
  /// `/api/v1/accounts` and `/api/v1/tokens`: who may use the page and the API. For operators of all towns.
  func accounts(_ api: RouterGroup<PageContext>) {
    let (gate, hashing) = (gate, hashing)
    api.get("accounts") { request, context in
      _ = try RequestQuery(request.uri)
      let gate = try Self.steward(gate, context)
      return try JSON.response(AccountList(try gate.book()))
    }
    api.post("accounts") { request, context in
      let gate = try Self.steward(gate, context)
      let new = try JSON.read(NewAccountCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      let towns = try Self.towns(new.municipalities ?? [])
      return try await Self.administer(hashing, .created) {
        try gate.add(new.name, password: new.password, role: new.role, municipalities: towns)
      }
    }
    api.post("accounts/:name/password") { request, context in
      let gate = try Self.steward(gate, context)
      let command = try JSON.read(PasswordCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      let name = try context.parameters.require("name")
      return try await Self.administer(hashing) { try gate.change(name, password: command.password) }
    }
    api.post("accounts/:name/change") { request, context in
      let gate = try Self.steward(gate, context)
      let command = try JSON.read(AccountChangeCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      let towns = try command.municipalities.map(Self.towns)
      let name = try context.parameters.require("name")
      return try await Self.administer(hashing) { try gate.change(name, role: command.role, municipalities: towns) }
    }
    api.post("accounts/:name/remove") { request, context in
      let gate = try Self.steward(gate, context)
      _ = try JSON.read(EmptyCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      let name = try context.parameters.require("name")
      return try await Self.administer(hashing) { try gate.remove(name) }
    }
    tokens(api)
  }

  private func tokens(_ api: RouterGroup<PageContext>) {
    let (gate, hashing) = (gate, hashing)
    api.post("tokens") { request, context in
      let gate = try Self.steward(gate, context)
      let new = try JSON.read(NewTokenCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      let towns = try Self.towns(new.municipalities ?? [])
      guard !new.scopes.isEmpty else {
        throw APIError(status: .unprocessableContent, code: "scopes", detail: "scopes: read, write, metrics")
      }
      let scopes = Scope.allCases.filter(new.scopes.contains)
      let token = try await Self.guarded { try await hashing.ask { try gate.addToken(new.name, scopes: scopes, municipalities: towns) } }
      return try JSON.response(NewToken(name: new.name, token: token), status: .created)
    }
    api.post("tokens/:name/remove") { request, context in
      let gate = try Self.steward(gate, context)
      _ = try JSON.read(EmptyCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      let name = try context.parameters.require("name")
      return try await Self.administer(hashing) { try gate.removeToken(name) }
    }
  }

  /// The gate, for operators of all towns who are logged in, and for commands on this machine. A token of a program makes no accounts:
  /// one that got into wrong hands must not become more than it is.
  private static func steward(_ gate: Gate?, _ context: PageContext) throws(APIError) -> Gate {
    guard let gate else { throw unguarded }
    try requireAllTowns(context)
    guard context.identity.scopes.contains(.write), context.session != nil || context.identity == .everybody else {
      throw APIError(
        status: .forbidden, code: "operators", detail: "すべての市町村を扱う operator だけができます / only for operators of all towns who are logged in")
    }
    return gate
  }

  /// Off the cooperative threads, one after the other, like log-ins.
  private static func administer(
    _ hashing: Desk, _ status: HTTPResponse.Status = .noContent, _ work: @escaping @Sendable () throws -> Void
  ) async throws -> Response {
    try await guarded { try await hashing.ask(work) }
    return Response(status: status)
  }

  static func guarded<T>(_ body: () async throws -> T) async throws -> T {
    do {
      return try await body()
    } catch let error as AccountError {
      let (status, code): (HTTPResponse.Status, String) =
        switch error {
        case .badName: (.unprocessableContent, "name")
        case .badPassword: (.unprocessableContent, "password")
        case .exists: (.conflict, "exists")
        case .unknown: (.notFound, "account_unknown")
        case .lastOperator: (.conflict, "last_operator")
        case .tooMany: (.conflict, "too_many")
        case .noMemory: (.serviceUnavailable, "busy")
        case .file: throw error
        }
      throw APIError(status: status, code: code, detail: error.description)
    }
  }

  /// Names of municipalities as they stand in topics, each once.
  private static func towns(_ names: [String]) throws(APIError) -> [String] {
    guard names.count <= 100, names.allSatisfy(SensorID.isSegment) else {
      throw APIError(
        status: .unprocessableContent, code: "municipalities",
        detail: "トピックにある市町村の名前を、100 まで / municipalities as they stand in topics, at most 100")
    }
    return Set(names).sorted()
  }
}
