import Readings

/// A meter or a leak as an NGSI-LD entity (ETSI GS CIM 009, 4.5), normalized form.
///
/// No Smart Data Model fits: WaterConsumptionObserved is a customer's meter (cumulative litres, alarms of the customer's side), the EPANET
/// models are parts of a simulation. So the types are our own, in our own context.
struct NGSIEntity: Sendable, Equatable {
  static let meter = "WaterMeter"
  static let leak = "WaterLeak"
  static let types = [leak, meter]
  /// What the names of our context stand for.
  static let vocabulary = "urn:mizumori:ns:"

  let id: String
  let type: String
  /// Properties and relationships.
  let attributes: [String: JSONValue]

  init(_ m: MeterSummary) {
    id = Self.meterID(m.id)
    type = Self.meter
    var a: [String: JSONValue] = [
      "name": Self.property(.text(m.name)), "municipality": Self.property(.text(m.municipality)), "zone": Self.property(.text(m.zone)),
      "zoneName": Self.property(.text(m.zoneName)), "quantity": Self.property(.text(m.quantity)),
      "state": Self.property(.text(m.state.rawValue)),
    ]
    let unit = Self.unitCode(m.quantity)
    if let value = m.value { a[Self.valueName(m.quantity)] = Self.property(.number(value), at: m.time, unit: unit) }
    if let expected = m.expected { a["expectedFlow"] = Self.property(.number(expected), at: m.time, unit: unit) }
    if let night = m.night { a["nightMinimumFlow"] = Self.property(.number(night), unit: unit) }
    if let night = m.nightReference { a["nightReferenceFlow"] = Self.property(.number(night), unit: unit) }
    if let parent = m.parent { a["isDownstreamOf"] = Self.relationship(Self.meterID(parent)) }
    if let event = m.event { a["hasLeak"] = Self.relationship(Self.leakID(event.key)) }
    attributes = a
  }

  init(_ e: EventSummary) {
    id = Self.leakID(e.key)
    type = Self.leak
    var a: [String: JSONValue] = [
      "meter": Self.relationship(Self.meterID(e.sensor)), "kind": Self.property(.text(e.kind)),
      "severity": Self.property(.text(e.severity)), "status": Self.property(.text(e.isOpen ? "open" : "closed")),
      "lostFlow": Self.property(.number(e.excess), unit: "MQH"), "lostVolume": Self.property(.number(e.volume), unit: "MTQ"),
      "confidence": Self.property(.number(e.confidence)), "isGrowing": Self.property(.flag(e.isGrowing)),
      "costPerDay": Self.property(.integer(e.yenPerDay)), "evidence": Self.property(.list(e.evidence.map(JSONValue.text))),
    ]
    for (name, time) in [("onset", e.onset), ("openedAt", e.opened), ("closedAt", e.closed ?? "")] {
      if let utc = Self.utc(time) { a[name] = Self.property(.object(["@type": .text("DateTime"), "@value": .text(utc)])) }
    }
    attributes = a
  }

  static func meterID(_ id: String) -> String { "urn:ngsi-ld:\(meter):" + id.split(separator: "/").joined(separator: ":") }
  static func leakID(_ key: String) -> String { "urn:ngsi-ld:\(leak):\(key)" }

  /// The entity as it is asked for; simplified as of "key values" (4.5.4).
  func json(simplified: Bool, context: JSONValue? = nil) -> JSONValue {
    var members = simplified ? attributes.mapValues(Self.simplify) : attributes
    members["id"] = .text(id)
    members["type"] = .text(type)
    if let context { members["@context"] = context }
    return .object(members)
  }

  private static func simplify(_ attribute: JSONValue) -> JSONValue {
    if let object = attribute["object"] { return object }
    let value = attribute["value"] ?? .text("")
    return value["@value"] ?? value
  }

  private static func property(_ value: JSONValue, at time: String? = nil, unit: String? = nil) -> JSONValue {
    var members: [String: JSONValue] = ["type": .text("Property"), "value": value]
    if let utc = time.flatMap(utc) { members["observedAt"] = .text(utc) }
    if let unit { members["unitCode"] = .text(unit) }
    return .object(members)
  }

  private static func relationship(_ id: String) -> JSONValue { .object(["type": .text("Relationship"), "object": .text(id)]) }

  /// Times of NGSI-LD are UTC with a Z (4.6.3).
  private static func utc(_ time: String) -> String? { Timestamp(iso8601: time)?.iso8601(offset: 0) }

  private static func valueName(_ quantity: String) -> String { quantity == "total" ? "flow" : quantity }

  /// UN/CEFACT common codes of the base units.
  private static func unitCode(_ quantity: String) -> String? {
    ["flow": "MQH", "total": "MQH", "pressure": "KPA", "level": "MTR", "temperature": "CEL"][quantity]
  }
}
