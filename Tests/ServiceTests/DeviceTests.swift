import Codecs
import Readings
import Settings
import Store
import Synchronization
import TestSupport
import Testing

@testable import Service

/// Devices that send several quantities in one message, in the dialects that the settings name.
@Suite struct DeviceTests {
  private static let yaml = """
    utility: {municipality: ina}
    topics:
      - pattern: v3/suidou@ttn/devices/{sensor}/up
        codec: tts
        zone: nishi
        fields: {flow: lpm, total: liters, pressure: bar}
        units: {flow: l/min, total: l, pressure: bar}
      - pattern: gw/{zone}/{sensor}
        codec: mapping
        fields: {total: pulses, time: t, seq: n, battery: bat, each: log}
        factors: {total: 0.01}
      - pattern: senml/{zone}/{sensor}
        codec: senml
        quantity: flow
        fields: {level: lv}
      - pattern: water/{municipality}/{zone}/{sensor}/{quantity}

    """

  private func open(_ home: TemporaryDirectory) throws -> Pipeline {
    let settings = try MizumoriSettings.parse(Self.yaml, name: "test.yaml", directory: home.path)
    return try Pipeline.open("\(home.path)/data", settings: settings, inputs: settings.inputs)
  }

  private func uplink(_ minute: Int, _ payload: String, device: String = "m01") -> String {
    let time = Timestamp(seconds: 1_790_521_200 + Int64(minute) * 60).iso8601(offset: 0)
    return """
      {"end_device_ids":{"device_id":"\(device)"},"uplink_message":{"f_cnt":\(minute),"received_at":"\(time)","decoded_payload":\(payload),
       "rx_metadata":[{"rssi":-101},{"rssi":-88}]}}
      """
  }

  @Test func eachQuantityIsASensorOfItsOwn() throws {
    let home = try TemporaryDirectory()
    let p = try open(home)
    p.send("v3/suidou@ttn/devices/m01/up", uplink(0, #"{"lpm":100,"liters":5000,"battery":80}"#))
    p.send("v3/suidou@ttn/devices/m01/up", uplink(1, #"{"lpm":200,"bar":4}"#))
    // Delivered again.
    p.send("v3/suidou@ttn/devices/m01/up", uplink(1, #"{"lpm":200,"bar":4}"#))
    p.send("v3/suidou@ttn/devices/m01/up", uplink(2, #"{"lpm":200}"#, device: "m02"))
    p.send("gw/kita/m07", #"{"log":[{"t":1790521200,"n":1,"pulses":100},{"t":1790521260,"n":2,"pulses":"101"}]}"#)
    p.send("senml/kita/m08", #"[{"bt":1790521200,"u":"l/s","v":2},{"n":"lv","u":"m","v":3.5}]"#)
    p.send("water/ina/nishi/m01/flow", #"{"ts":1790521500,"value":9}"#)
    #expect(try p.commit())
    #expect(
      p.directory.all.map(\.description) == [
        "ina/nishi/m01/flow", "ina/nishi/m01/total", "ina/nishi/m01/pressure", "ina/kita/m07/total", "ina/kita/m08/flow",
        "ina/kita/m08/level",
      ])
    let reader = try StoreReader(directory: "\(home.path)/data")
    func values(_ slot: SensorSlot) throws -> [Double] {
      try reader.history(slot, from: Timestamp(seconds: 1_790_000_000), to: Timestamp(seconds: 1_791_000_000)).map(\.value)
    }
    #expect(try (0..<6).map { try values($0) } == [[6, 12, 9], [5], [400], [1, 1.01], [7.2], [3.5]])
    #expect(p.counters.duplicates.load(ordering: .relaxed) == 2)
    #expect(p.batteries.status(0)?.battery == 80 && p.batteries.signal(0) == -88 && p.batteries.signal(3) == nil)
  }

  @Test func theyAreFoundAgainAfterARestart() throws {
    let home = try TemporaryDirectory()
    do {
      let p = try open(home)
      p.send("v3/suidou@ttn/devices/m01/up", uplink(0, #"{"lpm":100}"#))
      #expect(try p.commit())
      p.store.close()
    }
    let p = try open(home)
    p.send("v3/suidou@ttn/devices/m01/up", uplink(0, #"{"lpm":100}"#))
    p.send("v3/suidou@ttn/devices/m01/up", uplink(1, #"{"bar":4,"lpm":100}"#))
    #expect(try p.commit())
    #expect(p.directory.all.map(\.description) == ["ina/nishi/m01/flow", "ina/nishi/m01/pressure"])
    #expect(p.counters.duplicates.load(ordering: .relaxed) == 1 && p.counters.readings.load(ordering: .relaxed) == 2)
  }

  /// Nothing of a message with a fault is kept, and a device that only failed is no sensor.
  @Test func faultsAreCountedByCode() throws {
    let home = try TemporaryDirectory()
    let p = try open(home)
    p.send("v3/suidou@ttn/devices/m01/up", uplink(0, #"{"lpm":100,"liters":-1}"#))
    p.send("v3/suidou@ttn/devices/m01/up", "{}")
    p.send("senml/kita/m08", #"[{"n":"flow","v":1,"must_":2}]"#)
    #expect(try p.commit())
    #expect(p.directory.count == 0)
    #expect(p.counters.rejected == ["value_range": 1, "field_missing": 1, "field_unknown": 1])
  }
}
