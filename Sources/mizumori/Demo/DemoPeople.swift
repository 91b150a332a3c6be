import Alerts
import Foundation
import Readings

/// The invented people of the town: hands what `mizumori-sim run --people` has them say to the service, as the page would.
final class DemoPeople {
  /// Something said that the service has not taken yet: it may be of a leak that is still to be found.
  private struct Waiting {
    let saying: DemoSaying
    let until: ContinuousClock.Instant
  }

  /// Seconds for which something is offered again.
  private static let patience = 60
  private static let maximum = 100
  /// Since the service has read what is spoken of: time for its clock to strike, and for it to find the leak.
  private static let settling = Duration.milliseconds(300)

  private let town: ChildProcess?
  private let log: String
  private let pagePort: Int
  private var address: String { "http://127.0.0.1:\(pagePort)/api/v1" }
  private let client = HTTPClient(timeout: 5, policy: AddressPolicy(listed: ["127.0.0.1"], allowsPrivate: false))
  private var offset: UInt64 = 0
  private var rest = ""
  private var waiting: [Waiting] = []
  private var nextTry = ContinuousClock.now
  /// What the simulator waits for, and since when the service has read so far.
  private var newest: DemoSaying?
  private var readSince: ContinuousClock.Instant?

  /// - Parameters:
  ///   - town: the simulator.
  ///   - log: the file that it writes into.
  init(town: ChildProcess?, log: String, pagePort: Int) {
    self.town = town
    self.log = log
    self.pagePort = pagePort
  }

  /// Looks whether somebody said something, and offers what waits, each at most once a second.
  func look() {
    for saying in heard() {
      (newest, readSince) = (saying, nil)
      if saying.body != nil, waiting.count < DemoPeople.maximum {
        waiting.append(Waiting(saying: saying, until: .now + .seconds(DemoPeople.patience)))
      }
      nextTry = .now
    }
    letTownGoOn()
    guard !waiting.isEmpty, ContinuousClock.now >= nextTry else { return }
    nextTry = .now + .seconds(1)
    waiting.removeAll { w in
      guard post(w.saying) else { return ContinuousClock.now > w.until }
      say(w.saying.words)
      return true
    }
  }

  /// History stands still where somebody speaks, until the service has read as far and heard it.
  private func letTownGoOn() {
    guard let saying = newest else { return }
    if readSince == nil, hasRead(saying) { (readSince, nextTry) = (.now, .now) }
    guard let readSince, ContinuousClock.now - readSince > DemoPeople.settling else { return }
    newest = nil
    town?.send(signal: SIGUSR1)
  }

  /// The whole lines that were written since the last time.
  private func heard() -> [DemoSaying] {
    guard let file = FileHandle(forReadingAtPath: log) else { return [] }
    defer { try? file.close() }
    guard (try? file.seek(toOffset: offset)) != nil, let data = try? file.readToEnd() else { return [] }
    offset += UInt64(data.count)
    var lines = (rest + String(decoding: data, as: UTF8.self)).split(separator: "\n", omittingEmptySubsequences: false)
    rest = String(lines.removeLast())
    return lines.compactMap { DemoSaying(line: String($0)) }
  }

  private func post(_ saying: DemoSaying) -> Bool {
    guard let body = saying.body, hasRead(saying) else { return false }
    guard case .answered(let status, _) = client.post(address + saying.path, headers: [], body: body) else { return false }
    return (200...299).contains(status)
  }

  /// Nobody speaks of what the service has yet to read: history is published faster than it is judged.
  private func hasRead(_ saying: DemoSaying) -> Bool {
    guard let sensor = saying.sensor, let at = saying.at.flatMap({ Timestamp(iso8601: $0) }) else { return true }
    struct Answer: Decodable {
      struct Meter: Decodable { var time: String? }
      var meter: Meter
    }
    guard let text = DemoStage.page(pagePort, "/api/v1/meters/\(sensor)"),
      let answer = try? JSONDecoder().decode(Answer.self, from: Data(text.utf8)),
      let time = answer.meter.time.flatMap({ Timestamp(iso8601: $0) })
    else { return false }
    // What is shown is judged two readings behind.
    return time >= at.adding(seconds: -3600)
  }
}

/// A line of the simulator: an action of a person, what the town billed for a month, or a moment at which it only waits.
struct DemoSaying: Decodable {
  /// Event time at which it is said.
  var at: String?
  var action: String?
  var sensor: String?
  var name: String?
  var by: String?
  var note: String?
  var from: String?
  var to: String?
  /// yyyy-mm
  var billed: String?
  var municipality: String?
  var m3: Double?

  /// Nil for any other line.
  init?(line: String) {
    guard line.hasPrefix("{"), let saying = try? JSONDecoder().decode(DemoSaying.self, from: Data(line.utf8)),
      saying.sensor != nil || saying.billed != nil && saying.m3 != nil
    else { return nil }
    self = saying
  }

  private static let clerk = "水道係 丸山"

  var path: String { sensor.map { "/meters/\($0)/actions" } ?? "/billed" }

  /// Nil where nobody says anything.
  var body: [UInt8]? {
    guard action != nil || billed != nil else { return nil }
    var fields: [String: Any] = ["by": by ?? DemoSaying.clerk]
    if let action {
      fields["action"] = action
      fields["note"] = note ?? ""
      if let from, let to { (fields["from"], fields["to"]) = (from, to) }
    } else {
      fields["month"] = billed
      fields["m3"] = m3
      fields["municipality"] = municipality
    }
    return (try? JSONSerialization.data(withJSONObject: fields)).map { [UInt8]($0) }
  }

  /// For the terminal.
  var words: String {
    if let billed, let m3 { return "\n［\(DemoSaying.clerk)］\(billed) の有収水量 \(Int(m3)) m³ を入力 / billed water entered" }
    let says = action.flatMap { DemoSaying.actions[$0] } ?? action ?? ""
    return "\n［\(by ?? "")］\(says): \(name ?? "")" + (note.map { $0.isEmpty ? "" : " — \($0)" } ?? "")
  }

  private static let actions = [
    "acknowledged": "確認 / acknowledged", "in_progress": "対応中 / in progress", "repaired": "修理済 / repaired",
    "false_alarm": "誤報 / false alarm", "accept_as_normal": "正常として学習 / accepted as normal", "planned_work": "工事の予定 / planned work",
  ]
}
