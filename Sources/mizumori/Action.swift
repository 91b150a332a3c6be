import ArgumentParser
import Foundation
import Logging
import Readings
import Service
import Settings
import Store

/// `mizumori action`: says something of a meter, to the running service or, while none runs, into its data directory.
struct Action: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "修理済・誤報・正常として学習・工事などを記録します / says that a leak was repaired, was a false alarm, and so on.",
    discussion: """
      acknowledged      確認
      in_progress       対応中
      repaired          修理済: 事象を閉じます / closes the event
      false_alarm       誤報: 事象を閉じ、このメーターのしきい値を少し上げます / closes it and raises this meter's thresholds a little
      accept_as_normal  正常として学習: いまの流量を平常とします / the present flow is the new normal
      planned_work      工事: --from から --to まで判定も学習もしません / nothing is judged or learnt in that time
      cancel_work       工事の取り消し: --from から --to までの予定をやめます。始まっていればいま終わります / planned work in that time does not take
                        place; what is under way ends now
      """)

  @Argument(help: "上のどれか / one of the above")
  var action: String

  @Argument(help: "センサー（市町村/区域/センサー/量）、いくつでも / sensors, for example ina/nishi/m01/flow")
  var sensors: [String]

  @Option(name: .customLong("by"), help: "だれが / who says it")
  var person = ""

  @Option(help: "メモ / note")
  var note = ""

  @Option(help: "事象の番号（evt_…）。なければ最新の漏水 / event; default: the newest leak")
  var event: String?

  @Option(help: "工事の始まり（例 2026-11-23T09:00） / beginning of planned or cancelled work, local time unless an offset is given")
  var from: String?

  @Option(help: "工事の終わり / its end")
  var to: String?

  @OptionGroup var options: SettingsOptions

  func run() throws {
    let settings = try options.load()
    guard let kind = ActionKind(code: action) else {
      throw Failure(.usage, "\(action): " + ActionKind.allCases.map(\.code).joined(separator: ", "))
    }
    let ids = try sensors.map { text in
      guard let id = SensorID(text) else {
        throw Failure(.usage, "\(text): 「市町村/区域/センサー/量」の形で / expected municipality/zone/sensor/quantity")
      }
      return id
    }
    var window: Range<Timestamp>?
    if from != nil || to != nil {
      guard let a = try time(from, settings), let b = try time(to, settings), a < b else {
        throw Failure(.usage, "--from と --to を、この順に書いてください / expected --from before --to")
      }
      window = a..<b
    }
    var logger = Logger(label: "mizumori", factory: { StderrLogHandler(label: $0) })
    logger.logLevel = .warning
    let requests = ids.map { ActionRequest(sensor: $0, kind: kind, eventKey: event, person: person, note: note, window: window) }
    var done = 0
    do {
      try ActionClient(settings: settings, logger: logger).send(requests) { request in
        done += 1
        say("\(request.sensor): \(kind.code)")
      }
    } catch let error as ActionError {
      throw Failure(.noInput, "\(ids[done]): \(error)")
    } catch {
      throw Run.failure(error)
    }
  }

  private func time(_ text: String?, _ settings: MizumoriSettings) throws -> Timestamp? {
    guard let text else { return nil }
    guard let t = Timestamp(iso8601: text.replacing(" ", with: "T"), defaultOffset: settings.calendar.offset) else {
      throw Failure(.usage, "\(text): 2026-11-23T10:00 のように / expected a time like 2026-11-23T10:00")
    }
    return t
  }
}
