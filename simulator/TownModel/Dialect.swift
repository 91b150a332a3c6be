/// How the messages of a town are written, and under which topics they come.
public enum Dialect: String, CaseIterable, Sendable {
  /// The payload of Mizumori: one quantity a topic.
  case canonical
  /// SenML JSON (RFC 8428). It has no numbers of messages.
  case senml
  /// The Things Stack v3: the application is the zone, the tenant the municipality.
  case tts
  /// ChirpStack v4: the application is the zone. A meter whose id is 16 hex digits has a DevEUI as real ones.
  case chirpstack
  /// A gateway of one's own: a log of rows in litres, litres a minute and bar.
  case mapping
}

extension Scenario {
  /// The topic of a sensor's messages.
  /// - Parameter i: index of a meter or, counted on, of a gauge.
  public func topic(_ i: Int, in dialect: Dialect) -> String {
    let (zone, id) = place(i)
    return switch dialect {
    case .canonical: "water/\(sensor(i))"
    case .senml: "senml/\(municipality)/\(zone)/\(id)"
    case .tts: "v3/\(zone)@\(municipality)/devices/\(id)/up"
    case .chirpstack: "application/\(zone)/device/\(id)/event/up"
    case .mapping: "gateway/\(municipality)/\(zone)/\(id)"
    }
  }

  /// The `topics:` of the settings that read a dialect; empty for canonical payloads, which need none.
  public func topicSettings(in dialect: Dialect) -> String {
    let entry =
      switch dialect {
      case .canonical: ""
      case .senml: "  - pattern: \"senml/{municipality}/{zone}/{sensor}\"\n"
      case .tts: "  - pattern: \"v3/{zone}@\(municipality)/devices/{sensor}/up\"\n    municipality: \(municipality)\n"
      case .chirpstack: "  - pattern: \"application/{zone}/device/{sensor}/event/up\"\n    municipality: \(municipality)\n"
      case .mapping: "  - pattern: \"gateway/{municipality}/{zone}/{sensor}\"\n"
      }
    guard dialect != .canonical else { return entry }
    return "topics:\n" + entry + "    codec: \(dialect.rawValue)\n" + (dialect == .mapping ? Scenario.mappingSettings : "")
  }

  private static let mappingSettings = """
        fields: { flow: lpm, total: litres, pressure: bar, level: depth, temperature: celsius, time: at, seq: n, battery: bat, each: log, signal: radio.rssi, device: id }
        units: { flow: l/min, total: l, pressure: bar }

    """

  func place(_ i: Int) -> (zone: String, id: String) {
    guard i >= meters.count else { return (meters[i].zone, meters[i].id) }
    let g = gauges[i - meters.count]
    return (g.zone, g.id)
  }

  /// What a sensor measures, as topics and settings call it.
  func quantity(_ i: Int) -> String {
    guard i < meters.count else { return gauges[i - meters.count].kind.rawValue }
    return meters[i].isRegister ? "total" : "flow"
  }
}
