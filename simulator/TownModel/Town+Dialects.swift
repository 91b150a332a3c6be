import Readings

extension Town {
  /// The messages that carry readings of one sensor: one for all in `canonical`, `senml` and `mapping`, one each from LoRaWAN servers.
  /// - Parameter group: of one sensor, in order; not empty.
  public func payloads(_ group: [TownReading], in dialect: Dialect) -> [String] {
    switch dialect {
    case .canonical:
      let texts = group.map(payload)
      return [texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ",") + "]"]
    case .senml: return [senML(group)]
    case .tts: return group.map(theThingsStack)
    case .chirpstack: return group.map(chirpStack)
    case .mapping: return [gatewayLog(group)]
    }
  }

  /// A pack with its base fields in the first record.
  private func senML(_ group: [TownReading]) -> String {
    let base = "\"bn\":\"urn:dev:ops:mizumori-\(scenario.place(group[0].meter).id):\",\"bt\":\(group[0].time.decimal),"
    let records = group.enumerated().map { i, r in
      let m = measured(r)
      let time = i == 0 ? "" : ",\"t\":\(Double(r.time.since(group[0].time)) / 1000)"
      let battery = m.battery.map { ",{\"n\":\"battery\",\"u\":\"%EL\",\"v\":\($0)\(time)}" } ?? ""
      return "{\(i == 0 ? base : "")\"n\":\"\(scenario.quantity(r.meter))\",\"u\":\"\(m.unit)\"\(time),\"v\":\(m.value)}\(battery)"
    }
    return "[" + records.joined(separator: ",") + "]"
  }

  /// An uplink of The Things Stack v3, which leaves out a counter that is 0. The gateway's time is that of the measurement, also where the
  /// message came late.
  private func theThingsStack(_ r: TownReading) -> String {
    let (zone, id) = scenario.place(r.meter)
    let counter = r.sequence == 0 ? "" : "\"f_cnt\":\(r.sequence),"
    let ids = "\"device_id\":\"\(id)\",\"application_ids\":{\"application_id\":\"\(zone)\"},\"dev_eui\":\"\(eui(r.meter))\""
    return """
      {"end_device_ids":{\(ids),"dev_addr":"\(address(r.meter))"},"correlation_ids":["as:up:\(eui(r.meter))-\(r.sequence)"],\
      "received_at":"\(r.arrival.iso8601(offset: 0))","uplink_message":{"f_port":1,\(counter)"frm_payload":"AQ==",\
      "decoded_payload":{\(object(r))},\
      "rx_metadata":[{"gateway_ids":{"gateway_id":"gw-\(zone)"},"rssi":\(signal(r)),"snr":5.2}],\
      "settings":{"data_rate":{"lora":{"bandwidth":125000,"spreading_factor":10}},"frequency":"923200000"},\
      "received_at":"\(r.time.iso8601(offset: 0))","consumed_airtime":"0.370688s"}}
      """
  }

  /// An uplink of ChirpStack v4.
  private func chirpStack(_ r: TownReading) -> String {
    let (zone, id) = scenario.place(r.meter)
    let device = """
      "tenantName":"\(scenario.municipality)","applicationId":"\(zone)","applicationName":"\(zone)","deviceName":"\(id)","devEui":"\(id)"
      """
    return """
      {"deduplicationId":"\(eui(r.meter))-\(r.sequence)","time":"\(r.time.iso8601(offset: 0))","deviceInfo":{\(device),"tags":{}},\
      "devAddr":"\(address(r.meter))","adr":true,"dr":2,"fCnt":\(r.sequence),"fPort":1,"confirmed":false,"data":"AQ==",\
      "object":{\(object(r))},\
      "rxInfo":[{"gatewayId":"0016c001f153a14c","rssi":\(signal(r)),"snr":9.0}],"txInfo":{"frequency":923200000}}
      """
  }

  /// The log of a gateway that speaks no standard: seconds from 1970, litres and bar.
  private func gatewayLog(_ group: [TownReading]) -> String {
    let rows = group.map { r in
      let m = measured(r)
      let (key, value) =
        switch scenario.quantity(r.meter) {
        case "flow": ("lpm", m.value / 0.06)
        case "total": ("litres", m.value * 1000)
        case "pressure": ("bar", m.value / 100)
        case "level": ("depth", m.value)
        default: ("celsius", m.value)
        }
      return "{\"at\":\(r.time.decimal),\"n\":\(r.sequence),\"\(key)\":\(value)\(m.battery.map { ",\"bat\":\($0)" } ?? "")}"
    }
    let id = scenario.place(group[0].meter).id
    return "{\"id\":\"\(id)\",\"radio\":{\"rssi\":\(signal(group[0]))},\"log\":[\(rows.joined(separator: ","))]}"
  }

  private func object(_ r: TownReading) -> String {
    let m = measured(r)
    return "\"\(scenario.quantity(r.meter))\":\(m.value)" + (m.battery.map { ",\"battery\":\($0)" } ?? "")
  }

  /// Received signal strength, dBm, different for each meter.
  private func signal(_ r: TownReading) -> Int { -85 - (r.meter * 13) % 25 - Int(r.sequence * 7 % 9) }

  private func eui(_ meter: Int) -> String { "0004A30B" + Town.hexadecimal(meter, digits: 8) }

  private func address(_ meter: Int) -> String { "26" + Town.hexadecimal(meter, digits: 6) }

  private static func hexadecimal(_ n: Int, digits: Int) -> String {
    let text = String(n, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

extension Timestamp {
  /// Seconds from 1970.
  fileprivate var decimal: String { milliseconds % 1000 == 0 ? "\(seconds)" : "\(Double(milliseconds) / 1000)" }
}
