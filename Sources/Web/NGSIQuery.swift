import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Which entities are asked for, and in which form.
struct NGSIQuery: Sendable {
  var types: [String] = NGSIEntity.types
  /// Empty = all.
  var ids: Set<String> = []
  var limit = 20
  var offset = 0
  var isCounted = false
  var isSimplified = false
  /// `application/ld+json`: the context comes in the body.
  var isLinked = false

  /// Of a list: a type or an id must be named (5.7.2).
  init(list request: Request) throws(APIError) {
    let query = try RequestQuery(request.uri, "type", "id", "limit", "offset", "count", "options")
    let (wantedTypes, wantedIDs) = (try query.text("type", limit: 1000), try query.text("id", limit: 8000))
    guard wantedTypes != nil || wantedIDs != nil else {
      throw APIError(status: .badRequest, code: "type", detail: "type か id を指定してください / name a type or an id")
    }
    if let text = wantedTypes {
      let names = text.split(separator: ",").map(String.init)
      // By name or by what it stands for.
      types = NGSIEntity.types.filter { names.contains($0) || names.contains(NGSIEntity.vocabulary + $0) }
    }
    if let text = wantedIDs { ids = try Self.ids(text) }
    isCounted = try query.flag("count")
    limit = try query.count("limit", in: (isCounted ? 0 : 1)...1000, otherwise: 20)
    offset = try query.count("offset", in: 0...1_000_000, otherwise: 0)
    try readForm(query, request)
  }

  init(one request: Request) throws(APIError) {
    try readForm(RequestQuery(request.uri, "options"), request)
  }

  private mutating func readForm(_ query: RequestQuery, _ request: Request) throws(APIError) {
    isSimplified = try query.choice("options", of: ["normalized", "keyValues"]) == "keyValues"
    isLinked = try Self.isLinked(request)
  }

  /// What `Accept` wants of the two forms; without any, plain JSON.
  private static func isLinked(_ request: Request) throws(APIError) -> Bool {
    let wanted = request.headers[values: .accept].flatMap { $0.split(separator: ",") }
      .map { $0.prefix { $0 != ";" }.filter { $0 != " " }.lowercased() }
    if wanted.isEmpty || wanted.contains(where: { ["application/json", "application/*", "*/*"].contains($0) }) {
      return wanted.first == "application/ld+json"
    }
    guard wanted.contains("application/ld+json") else {
      throw APIError(status: .notAcceptable, code: "accept", detail: "application/json / application/ld+json")
    }
    return true
  }

  private static func ids(_ text: String) throws(APIError) -> Set<String> {
    let all = Set(text.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    guard all.allSatisfy({ isURI($0) }) else { throw APIError(status: .badRequest, code: "id", detail: "id: URI, …") }
    return all
  }

  /// Scheme and something behind it, of the characters of RFC 3986.
  static func isURI(_ text: String) -> Bool {
    guard let colon = text.utf8.firstIndex(of: 0x3A), colon != text.utf8.startIndex else { return false }
    let scheme = text.utf8[..<colon]
    guard isLetter(scheme.first ?? 0), scheme.allSatisfy({ isLetter($0) || (48...57).contains($0) || [43, 45, 46].contains($0) }) else {
      return false
    }
    let rest = text.utf8[colon...].dropFirst()
    return !rest.isEmpty
      && rest.allSatisfy { (0x21...0x7E).contains($0) && ![0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B, 0x7C, 0x7D].contains($0) }
  }

  private static func isLetter(_ c: UInt8) -> Bool { (65...90).contains(c) || (97...122).contains(c) }
}
