import Codecs
import Readings
import Settings
import Testing

@Suite struct ValueTests {
  @Test func defaultsWithoutAnything() throws {
    let s = try read("")
    #expect(s.broker.host == "127.0.0.1")
    #expect(s.broker.port == 1883)
    #expect(s.utility.offset == 32_400)
    #expect(s.utility.priceYenPerM3 == 170)
    #expect(s.topics.map(\.pattern.subscription) == ["water/+/+/+/+"])
    #expect(s.detection.nightStart == 60)
    #expect(s.detection.nightEnd == 240)
    #expect(s.alerts.logFile == "/var/lib/mizumori/events.jsonl")
    #expect(s.alerts.language == .ja)
    #expect(s.web.address == "127.0.0.1")
    #expect(s.limits.decodeLimits.futureTolerance == 300_000)
    #expect(s.sensors.isEmpty && s.specialDays.isEmpty)
    #expect(s.reports.formerBurstDays == 30 && s.reports.formerIncipientDays == 180)
  }

  @Test func everySectionIsRead() throws {
    let s = try read(
      """
      utility: {name: 伊那市 水道, municipality: ina, utc_offset: "-03:30", language: en, price_yen_per_m3: 182.5, towns: {ina: 伊那市, minowa: "箕輪町"}}
      broker:
        host: broker.example.jp
        other_hosts: [10.0.0.2, "b.example.jp:1884", "[fd00::2]:1885", "fd00::3"]
        client_id: mz1
        username: mz
        protocol: 3.1.1
        keep_alive_s: 30
        redelivery_wait_s: 6
        direct_receive: false
        tls: true
        status_topic: ""
      topics:
        - pattern: a/{zone}/{sensor}
          quantity: pressure
        - {pattern: "b/{municipality}/{zone}/{sensor}/{quantity}", codec: canonical}
      limits: {max_sensors: 5, max_payload_bytes: 1024, future_s: 10}
      detection: {minimum_leak_m3h: 1.5, night_start: 02:00, night_end: 05:30, learning_days: 7, gap_minutes: 45}
      sensors:
        ina/nishi/m01/flow: {name: 西町, minimum_leak_m3h: 0.5, interval_s: 300, reverse_flow: yes, parent: ina/nishi/m00/flow, range: [-10, 250.5]}
      zones:
        ina/nishi: {name: 西町ブロック, inlets: [ina/nishi/m01/flow, ina/nishi/m02/total], outlets: [ina/higashi/m01/flow]}
      data: {directory: data, checkpoint_s: 10}
      alerts: {language: ja}
      web: {enabled: false, port: 0, address: "::1", allowed_hosts: [mizumori.example.jp, box]}
      special_days: [2026-08-13..2026-08-15, 1970-01-02, 2026-08-14]
      reports: {former_burst_days: 12.5, former_incipient_days: 365}
      """)
    #expect(s.utility.name == "伊那市 水道")
    #expect(s.utility.offset == -12_600)
    #expect(s.utility.towns == ["ina": "伊那市", "minowa": "箕輪町"])
    #expect(s.utility.language == .en)
    #expect(s.broker.port == 8883)
    #expect(s.broker.others.map(\.host) == ["10.0.0.2", "b.example.jp", "fd00::2", "fd00::3"])
    #expect(s.broker.others.map(\.port) == [8883, 1884, 1885, 8883])
    #expect(s.broker.version == .v311)
    #expect(s.broker.redeliveryWaitSeconds == 6)
    #expect(!s.broker.receivesDirectly)
    #expect(s.broker.usesTLS)
    #expect(s.broker.statusTopic == nil)
    #expect(s.topics.map(\.pattern.subscription) == ["a/+/+", "b/+/+/+/+"])
    #expect(s.limits.maximumSensors == 5)
    #expect(s.detection.nightStart == 120)
    #expect(s.detection.nightEnd == 330)
    #expect(s.detection.gapMinutes == 45)
    let sensor = try #require(SensorID("ina/nishi/m01/flow").flatMap { s.sensors[$0] })
    #expect(sensor.range == -10...250.5)
    #expect(sensor.allowsReverseFlow)
    #expect(sensor.parent == SensorID("ina/nishi/m00/flow"))
    #expect(sensor.intervalSeconds == 300)
    #expect(s.zones["ina/nishi"]?.name == "西町ブロック")
    #expect(s.zones["ina/nishi"]?.inlets.map(\.description) == ["ina/nishi/m01/flow", "ina/nishi/m02/total"])
    #expect(s.zones["ina/nishi"]?.outlets.map(\.description) == ["ina/higashi/m01/flow"])
    #expect(s.data.directory == "/etc/mizumori/data")
    #expect(s.alerts.logFile == "/etc/mizumori/data/events.jsonl")
    #expect(s.alerts.language == .ja)
    #expect(!s.web.isEnabled)
    #expect(s.web.allowedHosts == ["mizumori.example.jp", "box"])
    #expect(s.specialDays == [1, 20678, 20679, 20680])
    #expect(s.calendar.offset == -12_600)
    #expect(s.reports.formerBurstDays == 12.5 && s.reports.formerIncipientDays == 365)
  }

  /// The utility's municipality stands in for a pattern that names none.
  @Test func municipalityOfTheUtility() throws {
    let s = try read("utility: {municipality: ina}\ntopics: [{pattern: \"gw/{sensor}\", zone: nishi, quantity: flow}]")
    let topic = Array("gw/m01".utf8)
    let match = topic.withUnsafeBufferPointer { s.topics[0].pattern.match($0) }
    #expect(match == SensorID("ina/nishi/m01/flow").map { .sensor($0) })
  }

  @Test func systemdStateDirectory() throws {
    #expect(try read("", environment: ["STATE_DIRECTORY": "/var/lib/mz"]).data.directory == "/var/lib/mz")
    #expect(try read("data: {directory: /srv}", environment: ["STATE_DIRECTORY": "/var/lib/mz"]).data.directory == "/srv")
  }
}

@Suite struct PrecedenceTests {
  static let file = "broker: {host: file, port: 1}\nutility: {language: ja}\n"

  @Test func commandLineBeforeEnvironmentBeforeFile() throws {
    let environment = ["MIZUMORI_BROKER_HOST": "environment", "MIZUMORI_BROKER_PORT": "2", "PATH": "/bin", "MIZUMORI_SETTINGS": "x"]
    let s = try read(Self.file, environment: environment, overrides: ["broker.host": "line"])
    #expect(s.broker.host == "line")
    #expect(s.broker.port == 2)
    #expect(try read(Self.file).broker.host == "file")
  }

  @Test func longKeysListsAndMappings() throws {
    let s = try read(
      "special_days: [2020-01-01]",
      environment: [
        "MIZUMORI_BROKER_KEEP_ALIVE_S": "20", "MIZUMORI_SPECIAL_DAYS": "2026-08-13, 2026-08-14",
        "MIZUMORI_SENSORS": "{ina/nishi/m01/flow: {interval_s: 60}}", "MIZUMORI_ALERTS_WEBHOOKS": "[]",
      ],
      overrides: ["topics": "[{pattern: 'x/{municipality}/{zone}/{sensor}/{quantity}'}]"])
    #expect(s.broker.keepAliveSeconds == 20)
    #expect(s.specialDays == [20678, 20679])
    #expect(s.sensors.count == 1)
    #expect(s.topics.map(\.pattern.subscription) == ["x/+/+/+/+"])
  }

  @Test func unknownOnesAreNamed() {
    let found = problems("", environment: ["MIZUMORI_BROKER_HOTS": "x"], overrides: ["broker.prot": "1"])
    #expect(found.map(\.place) == [.commandLine("broker.prot"), .environment("MIZUMORI_BROKER_HOTS")])
    #expect(found[0].english.contains("\"broker.port\""))
    #expect(found[1].english.contains("\"MIZUMORI_BROKER_HOST\""))
  }

  @Test func wrongOnesSayWhereTheyCameFrom() {
    let found = problems("broker: {port: 1}", environment: ["MIZUMORI_BROKER_PORT": "abc"], overrides: ["topics": "[{"])
    #expect(found.map(\.place) == [.environment("MIZUMORI_BROKER_PORT"), .commandLine("topics")])
  }
}
