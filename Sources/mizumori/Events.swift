import ArgumentParser
import Foundation
import Logging
import Readings
import Service
import Settings
import Store

/// `mizumori events`: what was found, and saying that somebody has seen it. May be called while the service runs.
struct Events: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "事象の一覧、経過、確認とメモ / lists events, shows one, acknowledges it with a note.",
    subcommands: [List.self, Show.self, Acknowledge.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "新しいものから / newest first")

    @Flag(name: .customLong("open"), help: "続いているものだけ / only what goes on")
    var isOpenOnly = false

    @Flag(name: .customLong("leaks"), help: "漏水だけ / only leaks")
    var isLeaksOnly = false

    @Option(help: "件数（1〜10,000） / how many")
    var limit = 100

    @Flag(name: .customLong("json"), help: "JSON で出力 / as JSON")
    var json = false

    @OptionGroup var options: SettingsOptions

    func validate() throws {
      guard (1...10_000).contains(limit) else { throw ValidationError("--limit: 1…10000") }
    }

    func run() throws {
      let lines = try options.view { try $0.eventLines(openOnly: isOpenOnly, leaksOnly: isLeaksOnly, limit: limit) }
      if json { return try say(jsonText(lines)) }
      if lines.isEmpty { say("事象はありません / no events") }
      for e in lines { say(EventText.line(e)) }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "一つの事象の経過 / the life of one event")

    @Argument(help: "事象の番号（evt_…） / key of the event")
    var key: String

    @Flag(name: .customLong("json"), help: "JSON で出力 / as JSON")
    var json = false

    @OptionGroup var options: SettingsOptions

    func run() throws {
      guard let story = try options.view({ try $0.story(ofEvent: key) }) else { throw EventText.unknown(key) }
      say(json ? try jsonText(story) : EventText.story(story))
    }
  }

  struct Acknowledge: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "確認を記録します（メモも） / says that somebody has seen it, with a note",
      discussion: "修理済・誤報などは mizumori action で / repaired, false alarm and so on: mizumori action")

    @Argument(help: "事象の番号（evt_…） / key of the event")
    var key: String

    @Option(name: .customLong("by"), help: "だれが / who says it")
    var person = ""

    @Option(help: "メモ / note")
    var note = ""

    @OptionGroup var options: SettingsOptions

    func run() throws {
      let settings = try options.load()
      guard let sensor = try options.view({ try $0.sensor(ofEvent: key) }) else { throw EventText.unknown(key) }
      var logger = Logger(label: "mizumori", factory: { StderrLogHandler(label: $0) })
      logger.logLevel = .warning
      let request = ActionRequest(sensor: sensor, kind: .acknowledged, eventKey: key, person: person, note: note)
      do {
        try ActionClient(settings: settings, logger: logger).send([request])
      } catch let error as ActionError {
        throw Failure(.noInput, "\(key): \(error)")
      } catch {
        throw Run.failure(error)
      }
      say("\(key): acknowledged")
    }
  }
}

/// Events for people.
private enum EventText {
  static func unknown(_ key: String) -> Failure { Failure(.noInput, "\(key): その事象はありません / no such event") }

  static func line(_ e: EventLine) -> String {
    let state = e.isOpen ? (e.isAcknowledged ? "継続・確認済 / open, seen" : "継続 / open") : "終了 / ended"
    let size = e.excess > 0 ? "  \(round(e.excess)) m³/h" : ""
    return "\(e.key)  \(state)  \(e.kind)  \(e.sensor)（\(e.zoneName) \(e.name)）  \(e.onset) から / since\(size)"
  }

  static func story(_ s: EventRecord) -> String {
    var out = [line(s.event), "", s.event.text["ja"] ?? "", "", s.event.text["en"] ?? "", "", "経過 / history"]
    for h in s.history {
      out.append(
        "  \(h.time)  \(h.change)  \(h.severity)  \(round(h.excess)) m³/h  \(round(h.volume)) m³" + (h.action.map { "  (\($0))" } ?? ""))
    }
    if !s.actions.isEmpty { out.append("記録 / what people said") }
    for a in s.actions { out.append("  \(a.time)  \(a.action)  \(a.by)  \(a.note.replacing("\n", with: " ／ "))") }
    if !s.deliveries.isEmpty { out.append("知らせ / deliveries") }
    for d in s.deliveries {
      out.append("  #\(d.id)  \(d.endpoint)  \(d.change)  \(d.state)  \(d.attempts) 回 / attempts  \(d.lastError ?? "")")
    }
    return out.joined(separator: "\n")
  }

  private static func round(_ v: Double) -> String { String((v * 100).rounded() / 100) }
}

/// Indented JSON for programs, names as in the API.
func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

extension SettingsOptions {
  /// Looks into the data directory; where there is none yet the command ends.
  func view<T>(_ body: (DirectoryView) throws -> T) throws -> T {
    let settings = try load()
    do {
      guard let view = try DirectoryView(settings) else {
        throw Failure(.noInput, "\(settings.data.directory): 記録がまだありません / no data yet")
      }
      return try body(view)
    } catch let error as StoreError {
      throw Run.failure(error)
    }
  }
}
