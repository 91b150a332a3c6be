import Foundation
import Accounts
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension WebServer {
  /// `/ngsi-ld/…`: meters and leaks for the prefecture's data platform, to be read (ETSI GS CIM 009).
  func entities(_ router: Router<PageContext>) {
    let (source, desk, assets) = (source, desk, assets)
    let group = router.group("ngsi-ld")
    group.get("context.jsonld") { _, _ in try assets.page("context.jsonld") }
    group.get("v1/types") { request, _ in
      _ = try RequestQuery(request.uri)
      let types = NGSIEntity.types.map(JSONValue.text)
      return try NGSIAnswer.response(
        .object(["id": .text("urn:ngsi-ld:EntityTypeList:mizumori"), "type": .text("EntityTypeList"), "typeList": .list(types)]), false)
    }
    group.get("v1/entities") { request, context in
      let query = try NGSIQuery(list: request)
      return try await desk.ask { try NGSIAnswer.list(Self.entities(query, source, context.identity), query, request.uri) }
    }
    group.get("v1/entities/:id") { request, context in
      var query = try NGSIQuery(one: request)
      guard let id = try context.parameters.require("id").removingPercentEncoding, NGSIQuery.isURI(id) else {
        throw APIError(status: .badRequest, code: "id", detail: "id: URI")
      }
      query.ids = [id]
      return try await desk.ask { [query] in
        guard let entity = try Self.entities(query, source, context.identity).first else {
          throw APIError(status: .notFound, code: "entity_unknown", detail: "その実体はありません / no such entity: \(id.prefix(200))")
        }
        return try NGSIAnswer.response(entity.json(simplified: query.isSimplified, context: query.context), query.isLinked)
      }
    }
  }

  /// In a fixed order: leaks newest first, then meters by id.
  private static func entities(_ query: NGSIQuery, _ source: any PageSource, _ identity: Identity) throws -> [NGSIEntity] {
    func wanted(_ type: String) -> Bool {
      query.types.contains(type) && (query.ids.isEmpty || query.ids.contains { $0.hasPrefix("urn:ngsi-ld:\(type):") })
    }
    var all: [NGSIEntity] = []
    if wanted(NGSIEntity.leak) { all += try source.allLeaks(identity.municipalities).map(NGSIEntity.init) }
    if wanted(NGSIEntity.meter) { all += try source.allMeters(identity.municipalities).map(NGSIEntity.init) }
    return query.ids.isEmpty ? all : all.filter { query.ids.contains($0.id) }
  }
}

/// Entities over HTTP (ETSI GS CIM 009, 6.3).
enum NGSIAnswer {
  static let contextPath = "/ngsi-ld/context.jsonld"
  static let coreContext = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld"

  static func list(_ all: [NGSIEntity], _ query: NGSIQuery, _ uri: URI) throws -> Response {
    let page = all.dropFirst(query.offset).prefix(query.limit)
    var response = try response(.list(page.map { $0.json(simplified: query.isSimplified, context: query.context) }), query.isLinked)
    if query.isCounted { response.headers[HTTPField.Name("NGSILD-Results-Count")!] = "\(all.count)" }
    if query.limit > 0 {
      if query.offset + query.limit < all.count { add(&response, "next", uri, offset: query.offset + query.limit) }
      if query.offset > 0 { add(&response, "prev", uri, offset: max(0, query.offset - query.limit)) }
    }
    return response
  }

  /// - Parameter isLinked: the context stands in the body; else a header leads to it.
  static func response(_ value: JSONValue, _ isLinked: Bool) throws -> Response {
    var response = try JSON.response(value)
    if isLinked {
      response.headers[.contentType] = "application/ld+json"
    } else {
      response.headers[.contentType] = "application/json"
      response.headers.append(
        .init(name: link, value: "<\(contextPath)>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\""))
    }
    return response
  }

  /// Errors have types of their own there, and the plain type of JSON "so that old clients or existing tools are not broken" (5.5.2, 5.5.3).
  static func problem(_ status: HTTPResponse.Status) -> (type: String, contentType: String) {
    let name =
      switch status.code {
      case 404: "ResourceNotFound"
      case 400: "BadRequestData"
      case 500...599: "InternalError"
      default: "InvalidRequest"
      }
    return ("https://uri.etsi.org/ngsi-ld/errors/\(name)", "application/json")
  }

  private static let link = HTTPField.Name("Link")!

  private static func add(_ response: inout Response, _ relation: String, _ uri: URI, offset: Int) {
    let others = (uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("offset=") && $0 != "offset" }
    let target = uri.path + "?" + (others.map(String.init) + ["offset=\(offset)"]).joined(separator: "&")
    response.headers.append(.init(name: link, value: "<\(target)>; rel=\"\(relation)\"; type=\"application/json\""))
  }
}

extension NGSIQuery {
  /// What a body in JSON-LD says of its names; nil for plain JSON.
  var context: JSONValue? { isLinked ? .list([.text(NGSIAnswer.contextPath), .text(NGSIAnswer.coreContext)]) : nil }
}
