import Alerts
import ArgumentParser
import Foundation
import Readings
import Settings
import Store

/// `mizumori deliveries`: what could not be delivered, and another try by hand. May be called while the service runs.
struct Deliveries: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "届かなかった知らせを見る、送り直す / lists and replays failed deliveries of alerts.",
    subcommands: [List.self, Replay.self, Enable.self], defaultSubcommand: List.self)

  /// The queues of a data directory.
  fileprivate static func open(_ options: SettingsOptions) throws -> (deliveries: DeliveryStore, reader: StoreReader) {
    let directory = try options.load().data.directory
    do {
      guard let reader = try StoreReader.ifPresent(directory: directory) else {
        throw Failure(.noInput, "\(directory): 記録がまだありません / no data yet")
      }
      return (try DeliveryStore(directory: directory), reader)
    } catch let error as StoreError {
      throw Run.failure(error)
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "知らせ先ごとの数と、届かなかったもの / receivers, and what failed")

    @OptionGroup var options: SettingsOptions

    @Flag(name: .customLong("json"), help: "JSON で出力 / as JSON")
    var json = false

    func run() throws {
      let (deliveries, reader) = try Deliveries.open(options)
      do {
        let endpoints = try deliveries.endpoints()
        let failed = try endpoints.map { try deliveries.failed(endpoint: $0.name) }
        say(json ? try DeliveryTable.json(endpoints, failed, reader) : try DeliveryTable.text(endpoints, failed, reader))
      } catch let error as StoreError {
        throw Run.failure(error)
      }
    }
  }

  struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "送り直す（同じ webhook-id で） / puts failed deliveries back, with the same id")

    @OptionGroup var options: SettingsOptions

    @Argument(help: "番号（list にあるもの）。なければすべて / numbers of the list; none = all failed ones")
    var numbers: [Int64] = []

    func run() throws {
      let (deliveries, _) = try Deliveries.open(options)
      let now = Int64(Date().timeIntervalSince1970 * 1000)
      do {
        let wanted = try numbers.isEmpty ? deliveries.endpoints().flatMap { try deliveries.failed(endpoint: $0.name).map(\.id) } : numbers
        let unknown = try wanted.filter { try !deliveries.replay($0, now: now) }
        guard unknown.isEmpty else {
          let list = unknown.map(String.init).joined(separator: ", ")
          throw Failure(.noInput, "届かなかったものの中にありません / not among the failed ones: \(list)")
        }
        say("\(wanted.count) 件を送り直します。水守が動いていれば 30 秒以内です / \(wanted.count) put back; a running service takes them within 30 s")
      } catch let error as StoreError {
        throw Run.failure(error)
      }
    }
  }

  struct Enable: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "410 で止まった知らせ先を再開する / takes up a receiver again that had answered 410")

    @OptionGroup var options: SettingsOptions

    @Argument(help: "知らせ先の名前 / name of the receiver")
    var name: String

    func run() throws {
      let (deliveries, _) = try Deliveries.open(options)
      do {
        guard try deliveries.endpoints().contains(where: { $0.name == name }) else {
          throw Failure(.noInput, "「\(name)」という知らせ先はありません / there is no receiver \"\(name)\"")
        }
        try deliveries.enable(endpoint: name)
        say("\(name): 再開しました / enabled")
      } catch let error as StoreError {
        throw Run.failure(error)
      }
    }
  }
}

/// Receivers and failed deliveries, for people and for programs.
private enum DeliveryTable {
  static func text(_ endpoints: [EndpointRow], _ failed: [[DeliveryRow]], _ reader: StoreReader) throws -> String {
    guard !endpoints.isEmpty else { return "知らせ先はまだありません / no receivers yet" }
    var lines: [String] = []
    for (e, rows) in zip(endpoints, failed) {
      let state = e.disabled.map { "停止中 / disabled: \($0)" } ?? "稼働 / active"
      lines.append("\(e.name): \(state)、待ち / pending \(e.pending)、届かず / failed \(e.failed)")
      for r in rows {
        let what = try reader.outboxRow(r.seq).map { "\($0.sensor) \($0.transition.kind.code) \($0.transition.change.code)" } ?? "–"
        lines.append("  #\(r.id)  \(what)  \(r.attempts) 回 / attempts  \(r.lastError ?? r.lastStatus.map { "HTTP \($0)" } ?? "")")
      }
    }
    return lines.joined(separator: "\n")
  }

  static func json(_ endpoints: [EndpointRow], _ failed: [[DeliveryRow]], _ reader: StoreReader) throws -> String {
    struct Delivery: Encodable {
      var id: Int64
      var webhookID: String?
      var sensor: String?
      var attempts: Int
      var status: Int?
      var error: String?
    }
    struct Endpoint: Encodable {
      var name: String
      var disabled: String?
      var pending: Int
      var failed: [Delivery]
    }
    let all = try zip(endpoints, failed).map { e, rows in
      Endpoint(
        name: e.name, disabled: e.disabled, pending: e.pending,
        failed: try rows.map { r in
          let row = try reader.outboxRow(r.seq)
          return Delivery(
            id: r.id, webhookID: row?.transitionKey, sensor: row?.sensor.description, attempts: r.attempts, status: r.lastStatus,
            error: r.lastError)
        })
    }
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(all), as: UTF8.self)
  }
}
