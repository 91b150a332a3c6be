import ArgumentParser
import Foundation
import Readings
import Series

/// `mizumori-sim replay`: publishes recorded series.
struct Replay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "記録した CSV（timestamp,value）を流します。ファイル名がセンサー名 / publishes recorded series; the file name is the sensor.")

  @Argument(help: "CSV か CSV.gz / CSV or CSV.gz")
  var files: [String]

  @OptionGroup var broker: BrokerOptions

  @Option(help: "トピックの市町村 / municipality in the topic")
  var municipality = "replay"

  @Option(help: "トピックの配水ブロック / zone in the topic")
  var zone = "zone"

  @Option(help: "早送り: 1 秒で何秒分か、または max / seconds of event time a second, or `max`")
  var speed = "max"

  @Flag(name: .customLong("shift-to-now"), help: "曜日を保って最近の日付へずらす / move by whole weeks to end within the last week")
  var shiftToNow = false

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("ファイルを指定してください / name at least one file") }
    guard speed == "max" || (Double(speed).map { $0 > 0 } ?? false) else {
      throw ValidationError("--speed: 正の数か max / a positive number or max")
    }
  }

  func run() throws {
    var all: [(due: Timestamp, file: Int, row: SeriesRow)] = []
    var topics: [String] = []
    for (n, file) in files.enumerated() {
      let rows: [SeriesRow]
      do { rows = try SeriesFile.read(path: file) } catch {
        throw error.kind == .missing ? Failure.noInput(error.description) : Failure.ioError(error.description)
      }
      let name = URL(fileURLWithPath: file).lastPathComponent.prefix { $0 != "." }
      let sensor = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "_" })
      guard let id = SensorID(municipality: municipality, zone: zone, sensor: sensor, quantity: .flow) else {
        throw Failure.configuration("\(file): トピックに使えない名前です / no valid topic: \(municipality)/\(zone)/\(sensor)")
      }
      topics.append("water/\(id)")
      // A late row is published where it stands in the file: after the newest row before it.
      var due = Timestamp.distantPast
      for row in rows {
        due = max(due, row.time)
        all.append((due, n, row))
      }
    }
    // Stable: rows of one file keep their order.
    let order = all.indices.sorted { (all[$0].due, all[$0].file, $0) < (all[$1].due, all[$1].file, $1) }
    var shift: Int64 = 0
    if shiftToNow, let last = order.last {
      let week: Int64 = 7 * 86_400_000
      shift = Timestamp.now.since(all[last].due) / week * week
    }
    let pacer = Pacer(publisher: try broker.publisher(), qos: broker.qos, speed: Double(speed), historyUntil: .distantPast)
    for i in order {
      let (due, file, row) = all[i]
      let payload = "{\"ts\":\"\(row.time.adding(milliseconds: shift).iso8601(offset: 32_400))\",\"value\":\(row.value),\"unit\":\"m3/h\"}"
      if try !pacer.publish(.init(topic: topics[file], payload: payload, due: due)) { break }
    }
    try pacer.finish()
    print(
      "{\"messages\":\(pacer.published),\"series\":\(files.count),\"shift_days\":\(shift / 86_400_000),\"interrupted\":\(pacer.isInterrupted)}"
    )
  }
}
