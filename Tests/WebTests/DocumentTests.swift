import Foundation
import TestSupport
import Testing

@testable import Web

/// The OpenAPI document against what is really served. How the answers look is compared by `make api-check`.
struct DocumentTests {
  private let document: [String: Any]
  private let routes: Set<String>

  init() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: RunningServer.assets + "/openapi.json"))
    document = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let server = try WebServer(settings: RunningServer.settings(), source: FixtureSource(), logger: RunningServer.logger)
    routes = Set(server.routes.map { "\($0.method) \(Self.braced($0.path))" })
  }

  /// `/a/:b` as `/a/{b}`, with one slash in front.
  private static func braced(_ path: String) -> String {
    "/" + path.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }.joined(separator: "/")
  }

  /// What a browser is shown: no part of the API.
  private static func isPage(_ route: String) -> Bool {
    let path = route.dropFirst(4)
    guard route.hasPrefix("GET ") else { return false }
    return !["/api/", "/ngsi-ld/", "/livez", "/readyz", "/metrics"].contains { path.hasPrefix($0) }
  }

  @Test func everyRouteIsInTheDocumentAndTheOtherWayRound() throws {
    let paths = try #require(document["paths"] as? [String: [String: Any]])
    let written = Set(paths.flatMap { path, operations in operations.keys.map { "\($0.uppercased()) \(path)" } })
    let served = routes.filter { !Self.isPage($0) }
    #expect(served.subtracting(written).sorted() == [], "served and not written")
    #expect(written.subtracting(served).sorted() == [], "written and not served")
    #expect(served.count > 45)
    #expect(document["openapi"] as? String == "3.1.0")
  }

  /// Every reference leads somewhere, every operation has a name of its own, and its path's parameters are described.
  @Test func theDocumentHoldsTogether() throws {
    let text = String(decoding: try JSONSerialization.data(withJSONObject: document, options: .withoutEscapingSlashes), as: UTF8.self)
    let components = try #require(document["components"] as? [String: [String: Any]])
    for piece in text.components(separatedBy: "\"$ref\":\"").dropFirst() {
      let parts = piece.prefix { $0 != "\"" }.split(separator: "/").map(String.init)
      #expect(parts.count == 4 && components[parts[2]]?[parts[3]] != nil, "\(parts)")
    }
    var names: Set<String> = []
    for (path, operations) in try #require(document["paths"] as? [String: [String: [String: Any]]]) {
      for (method, operation) in operations {
        #expect(names.insert(try #require(operation["operationId"] as? String)).inserted, "\(method) \(path)")
        let parameters = operation["parameters"] as? [[String: Any]] ?? []
        let described = Set(parameters.filter { $0["in"] as? String == "path" }.compactMap { $0["name"] as? String })
        let wanted = Set(path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) })
        #expect(described == wanted, "\(method) \(path)")
        #expect((operation["requestBody"] != nil) == (method == "post"), "\(method) \(path)")
      }
    }
  }

  /// What a body may hold is what the document says.
  @Test func theNamesOfBodiesAreThoseOfTheDocument() throws {
    let schemas = try #require((document["components"] as? [String: [String: [String: Any]]])?["schemas"])
    func check<T: RequestBody>(_ type: T.Type) throws {
      let name = "\(T.self)"
      let properties = try #require(schemas[name]?["properties"] as? [String: Any], "\(name)")
      #expect(Set(properties.keys) == Set(T.CodingKeys.allCases.map(\.stringValue)), "\(name)")
      #expect(schemas[name]?["additionalProperties"] as? Bool == false, "\(name)")
    }
    try check(ActionCommand.self)
    try check(CardCommand.self)
    try check(WorkCommand.self)
    try check(RecurringWorkCommand.self)
    try check(ReplayCommand.self)
    try check(NewAccountCommand.self)
    try check(AccountChangeCommand.self)
    try check(PasswordCommand.self)
    try check(OwnPasswordCommand.self)
    try check(NewTokenCommand.self)
    try check(LogInCommand.self)
    try check(SetUpCommand.self)
    try check(BilledCommand.self)
  }

  @Test func itIsServed() async throws {
    try await RunningServer.with { port in
      let answer = try #require(HTTPProbe.get(port: port, path: "/api/v1/openapi.json"))
      #expect(answer.status == 200 && answer.body.contains("\"openapi\": \"3.1.0\""))
      // Not among the parts of the page, which everybody may read.
      #expect(HTTPProbe.get(port: port, path: "/assets/openapi.json")?.status == 404)
    }
  }
}
