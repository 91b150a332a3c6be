import Foundation
import TestSupport
import Testing

@testable import Web

/// The read view of NGSI-LD (ETSI GS CIM 009), over real sockets.
extension WebServerTests {
  private static func entities(_ port: Int, _ path: String, accept: String? = nil) throws -> (status: Int, headers: [String], json: Any) {
    let lines = ["GET \(path) HTTP/1.1", "Host: localhost", "Connection: close"] + (accept.map { ["Accept: \($0)"] } ?? [])
    let text = try #require(HTTPProbe.exchange(port: port, lines.joined(separator: "\r\n") + "\r\n\r\n"))
    let end = try #require(text.range(of: "\r\n\r\n"))
    let body = try JSONSerialization.jsonObject(with: Data(text[end.upperBound...].utf8))
    return (Int(text.dropFirst(9).prefix(3)) ?? 0, text[..<end.lowerBound].lowercased().components(separatedBy: "\r\n"), body)
  }

  @Test func aMeterIsAnEntity() async throws {
    try await RunningServer.with { port in
      let answer = try Self.entities(port, "/ngsi-ld/v1/entities/urn:ngsi-ld:WaterMeter:a:b:c:flow")
      let meter = try #require(answer.json as? [String: Any])
      #expect(meter["id"] as? String == "urn:ngsi-ld:WaterMeter:a:b:c:flow" && meter["type"] as? String == "WaterMeter")
      let flow = try #require(meter["flow"] as? [String: Any])
      #expect(flow["type"] as? String == "Property" && flow["value"] as? Double == 1 && flow["unitCode"] as? String == "MQH")
      #expect(flow["observedAt"] as? String == "2026-11-23T01:00:00Z")
      #expect(answer.headers.contains("content-type: application/json"))
      #expect(
        answer.headers.contains(
          "link: </ngsi-ld/context.jsonld>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\""))
      #expect(meter["@context"] == nil)
      // The colons may come escaped, and the context within.
      let linked = try Self.entities(
        port, "/ngsi-ld/v1/entities/urn%3Angsi-ld%3AWaterMeter%3Aa%3Ab%3Ac%3Aflow", accept: "application/ld+json")
      #expect(linked.headers.contains("content-type: application/ld+json") && !linked.headers.contains { $0.hasPrefix("link:") })
      let context = (linked.json as? [String: Any])?["@context"] as? [String]
      #expect(context == ["/ngsi-ld/context.jsonld", "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld"])
    }
  }

  @Test func aLeakPointsToItsMeterAndSimplifiesToKeyValues() async throws {
    try await RunningServer.with { port in
      let path = "/ngsi-ld/v1/entities?type=WaterLeak&limit=1"
      let full = try #require((try Self.entities(port, path).json as? [[String: Any]])?.first)
      #expect((full["meter"] as? [String: Any])?["object"] as? String == "urn:ngsi-ld:WaterMeter:a:b:z:flow")
      #expect(((full["onset"] as? [String: Any])?["value"] as? [String: Any])?["@value"] as? String == "2026-11-24T17:10:00Z")
      #expect(full["closedAt"] == nil)
      let simple = try #require((try Self.entities(port, path + "&options=keyValues").json as? [[String: Any]])?.first)
      #expect(simple["meter"] as? String == "urn:ngsi-ld:WaterMeter:a:b:z:flow" && simple["lostFlow"] as? Double == 3)
      #expect(simple["onset"] as? String == "2026-11-24T17:10:00Z" && simple["evidence"] as? [String] == ["edge"])
    }
  }

  @Test func pagesCountAndTypes() async throws {
    try await RunningServer.with { port in
      func ids(_ query: String) throws -> [String] {
        try #require(try Self.entities(port, "/ngsi-ld/v1/entities?" + query).json as? [[String: Any]]).compactMap { $0["id"] as? String }
      }
      #expect(try ids("type=WaterMeter").count == 2 && ids("type=WaterMeter,WaterLeak").count == 7)
      #expect(try ids("type=urn:mizumori:ns:WaterLeak").count == 5 && ids("type=Room").isEmpty)
      #expect(try ids("id=urn:ngsi-ld:WaterLeak:e1,urn:ngsi-ld:WaterMeter:a:b:c:flow").count == 2)
      #expect(try ids("type=WaterMeter&id=urn:ngsi-ld:WaterLeak:e1").isEmpty)
      let page = try Self.entities(port, "/ngsi-ld/v1/entities?type=WaterLeak&limit=2&offset=2&count=true")
      #expect(page.headers.contains("ngsild-results-count: 5"))
      #expect(
        page.headers.contains { $0.contains("offset=4>; rel=\"next\"") } && page.headers.contains { $0.contains("offset=0>; rel=\"prev\"") }
      )
      let counted = try Self.entities(port, "/ngsi-ld/v1/entities?type=WaterLeak&limit=0&count=true")
      #expect(counted.headers.contains("ngsild-results-count: 5") && (counted.json as? [Any])?.isEmpty == true)
      #expect(
        (try Self.entities(port, "/ngsi-ld/v1/types").json as? [String: Any])?["typeList"] as? [String] == ["WaterLeak", "WaterMeter"])
    }
  }

  @Test(arguments: [
    ("/ngsi-ld/v1/entities", nil, 400, "BadRequestData"), ("/ngsi-ld/v1/entities?type=WaterMeter&limit=0", nil, 400, "BadRequestData"),
    ("/ngsi-ld/v1/entities?type=WaterMeter&q=flow>3", nil, 400, "BadRequestData"),
    ("/ngsi-ld/v1/entities?id=meter", nil, 400, "BadRequestData"), ("/ngsi-ld/v1/entities/meter", nil, 400, "BadRequestData"),
    ("/ngsi-ld/v1/entities/urn:ngsi-ld:WaterMeter:x", nil, 404, "ResourceNotFound"), ("/ngsi-ld/v2/x", nil, 404, "ResourceNotFound"),
    ("/ngsi-ld/v1/entities?type=WaterMeter", "application/xml", 406, "InvalidRequest"),
  ])
  func problemsHaveTheTypesOfTheStandard(path: String, accept: String?, status: Int, type: String) async throws {
    try await RunningServer.with { port in
      let answer = try Self.entities(port, path, accept: accept)
      let problem = try #require(answer.json as? [String: Any])
      #expect(answer.status == status && problem["type"] as? String == "https://uri.etsi.org/ngsi-ld/errors/\(type)", "\(path)")
      #expect(problem["title"] != nil && problem["detail"] != nil)
      // "so that old clients or existing tools are not broken"
      #expect(answer.headers.contains("content-type: application/json"))
    }
  }

  /// Every name of an entity stands in the context.
  @Test func theContextKnowsAllNames() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: RunningServer.assets + "/context.jsonld"))
    let context = try #require((JSONSerialization.jsonObject(with: data) as? [String: Any])?["@context"] as? [String: String])
    var meter = FixtureSource.meter
    (meter.night, meter.nightReference, meter.parent, meter.event) = (1, 1, "a/b/z/flow", FixtureSource.leak(5))
    var used = Set(NGSIEntity.types).union(NGSIEntity(FixtureSource.leak(4)).attributes.keys)
    for quantity in ["flow", "pressure", "level", "temperature"] {
      meter.quantity = quantity
      used.formUnion(NGSIEntity(meter).attributes.keys)
    }
    #expect(Set(context.keys).subtracting(["mizumori"]) == used)
    #expect(context["mizumori"] == NGSIEntity.vocabulary)
  }
}
