import Foundation
import MQTT
import Readings
import TownModel
import TownTrial

/// The real service over a town: a broker and `mizumori run` in a temporary directory, readings published as fast as they are taken.
final class ServiceTrial {
  /// What came of it.
  struct Result {
    var alerts: [TownScore.Alert] = []
    var messages = 0
    var readings = 0
    var duplicates = 0
    var refused = 0
    var seconds = 0.0

    /// One line.
    var words: String {
      let pace = seconds > 0 ? "、\(Int(Double(readings) / seconds))/s" : ""
      return "電文 / messages \(messages)、測定値 / readings \(readings)、重複 / known \(duplicates)、拒否 / refused \(refused)\(pace)"
    }
  }

  private let town: Town
  private let dialect: Dialect
  private let home: String
  private let program: String
  private let page: Int
  private let broker: (host: String, port: Int)
  private var children: [Child] = []

  /// Starts what is needed and waits until the service is ready.
  /// - Parameters:
  ///   - program: nil: `mizumori` beside this program.
  ///   - broker: nil: a mosquitto of its own.
  init(_ town: Town, dialect: Dialect, program: String?, broker: (host: String, port: Int)?) throws {
    self.town = town
    self.dialect = dialect
    self.program = program ?? Child.beside("mizumori")
    home = FileManager.default.temporaryDirectory.appendingPathComponent("mizumori-sim-\(UUID().uuidString)").path
    page = try Loopback.freePort()
    self.broker = try broker ?? ("127.0.0.1", Loopback.freePort())
    do {
      try FileManager.default.createDirectory(
        atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      if broker == nil { try startBroker() }
      try startService()
    } catch {
      end()
      throw error
    }
  }

  /// Ends what was started and removes the directory.
  func end() {
    while let last = children.popLast() { last.stop() }
    try? FileManager.default.removeItem(atPath: home)
  }

  func run() throws -> Result {
    let began = ContinuousClock.now
    let publisher = Publisher(settings: BrokerSettings(host: broker.host, port: broker.port, clientID: "mizumori-sim-\(getpid())"))
    try publisher.connect()
    var result = Result()
    var said = town.actions[...]
    var silence = SilenceWatch(town)
    for r in town.readings {
      if let next = said.first, next.time <= r.arrival {
        try waitUntilTaken(publisher, result.messages)
        let due = said.prefix { $0.time <= r.arrival }
        said.removeFirst(due.count)
        try say(Array(due))
      }
      if silence.stops(before: r) {
        try waitUntilTaken(publisher, result.messages)
        // Its clock ticks once a second.
        usleep(1_500_000)
      }
      for payload in town.payloads([r], in: dialect) {
        try publisher.publish(topic: town.scenario.topic(r.meter, in: dialect), payload: payload)
        result.messages += 1
      }
    }
    try waitUntilTaken(publisher, result.messages)
    result.seconds = (ContinuousClock.now - began) / .seconds(1)
    // Its clock ticks once a second: what has fallen silent at the end is told then.
    usleep(3_000_000)
    result.readings = count("mizumori_readings_total")
    result.duplicates = count("mizumori_duplicate_readings_total")
    result.refused = count("mizumori_rejected_messages_total")
    publisher.disconnect()
    children.last?.stop()
    result.alerts = try TrialLog.alerts(in: "\(home)/data/events.jsonl", of: town.scenario)
    return result
  }

  // MARK: - Broker and service

  private func startBroker() throws {
    let user = getuid() == 0 ? "user root\n" : ""
    let text = """
      listener \(broker.port) 127.0.0.1
      allow_anonymous true
      \(user)max_inflight_messages 500
      max_queued_messages 1000000
      log_dest stderr

      """
    try write(text, to: "mosquitto.conf")
    children.append(try Child(Child.find("mosquitto"), ["-c", "\(home)/mosquitto.conf"], log: "\(home)/broker.log"))
    try wait("mosquitto", seconds: 20) { Loopback.isOpen(broker.port) }
  }

  private func startService() throws {
    let s = town.scenario
    let text = """
      utility: { municipality: \(s.municipality) }
      broker: { host: \(broker.host), port: \(broker.port), client_id: mizumori-score-\(getpid()) }
      data: { directory: "\(home)/data" }
      web: { port: \(page), login: false }

      """
    try write(text + SettingsText(s, dialect: dialect, works: false).text, to: "mizumori.yaml")
    children.append(try Child(program, ["run", "--settings", "\(home)/mizumori.yaml"], log: "\(home)/service.log"))
    try wait("mizumori run", seconds: 60) { Loopback.get(page, "/readyz")?.contains("200 OK") ?? false }
  }

  private func write(_ text: String, to name: String) throws {
    let file = "\(home)/\(name)"
    guard FileManager.default.createFile(atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]) else {
      throw Failure.ioError("\(file): 書けません / cannot be written")
    }
  }

  /// Polls until something holds; ends with the last words of what was started where that does not come.
  private func wait(_ what: String, seconds: Double, _ holds: () -> Bool) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while !holds() {
      guard ContinuousClock.now < end, children.last?.isRunning ?? true else {
        throw Failure.unavailable("\(what): 動きません / does not run\n\(children.last?.lastWords ?? "")")
      }
      usleep(50_000)
    }
  }

  // MARK: - What the service has taken

  /// Until it has taken as many messages as were published; fails where none comes for a minute.
  private func waitUntilTaken(_ publisher: Publisher, _ messages: Int) throws {
    try publisher.flush()
    var (last, since) = (-1, ContinuousClock.now)
    while true {
      let now = count("mizumori_messages_total")
      if now >= messages { return }
      if now != last { (last, since) = (now, .now) }
      guard ContinuousClock.now - since < .seconds(60) else {
        throw Failure.unavailable("mizumori run: \(messages) 通のうち \(now) 通で止まりました / stands still\n\(children.last?.lastWords ?? "")")
      }
      _ = publisher.idle(milliseconds: 50)
    }
  }

  /// The sum of a counter over its labels.
  private func count(_ name: String) -> Int {
    let lines = (Loopback.get(page, "/metrics") ?? "").split(whereSeparator: \.isNewline)
    return lines.filter { $0.hasPrefix(name + " ") || $0.hasPrefix(name + "{") }
      .reduce(0) { $0 + (Double($1.split(separator: " ").last ?? "").map { Int($0) } ?? 0) }
  }

  /// Says what people say at one time, each action of one window at once.
  private func say(_ actions: [OperatorAction]) throws {
    let offset = town.calendar.offset
    for (n, a) in actions.enumerated() where !actions[..<n].contains(where: { $0.isSame(as: a) }) {
      let sensors = actions.filter { $0.isSame(as: a) }.map { town.scenario.sensor(Int($0.slot)) }
      let window = a.kind.hasWindow ? ["--from", a.from.iso8601(offset: offset), "--to", a.to.iso8601(offset: offset)] : []
      let child = try Child(
        program, ["action", a.kind.code] + sensors + ["--by", "mizumori-sim", "--settings", "\(home)/mizumori.yaml"] + window,
        log: "\(home)/action.log")
      // Of a leak that was not found nothing can be said.
      if child.finish() != 0 { note("\(a.kind.code) \(sensors.joined(separator: " ")): \(child.lastWords)") }
    }
  }
}

extension OperatorAction {
  /// Whether it says the same at the same time, of whichever meter.
  fileprivate func isSame(as other: OperatorAction) -> Bool {
    kind == other.kind && time == other.time && from == other.from && to == other.to
  }
}
