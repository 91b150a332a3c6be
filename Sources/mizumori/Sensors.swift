import ArgumentParser
import Readings
import Service
import Settings
import Store
import Web

/// `mizumori sensors`: how the meters do, and what is known of each. May be called while the service runs.
struct Sensors: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "センサーの一覧、名前や設定 / lists sensors, names and sets one.", subcommands: [List.self, Set.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "悪いものから / worst first")

    @Flag(name: .customLong("json"), help: "JSON で出力 / as JSON")
    var json = false

    @OptionGroup var options: SettingsOptions

    func run() throws {
      let lines = try options.view { try $0.sensorLines() }
      if json { return try say(jsonText(lines)) }
      if lines.isEmpty { say("センサーはまだありません / no sensors yet") }
      for s in lines {
        let battery = s.battery.map { "  電池 / battery \(Int($0.rounded())) %" } ?? ""
        let faults = s.faults.isEmpty ? "" : "  " + s.faults.joined(separator: " ")
        say("\(Self.words[s.state] ?? s.state)  \(s.id)（\(s.zoneName) \(s.name)）  \(s.lastSeen ?? "–")\(battery)\(faults)")
      }
    }

    private static let words = [
      "leak": "異常 / leak", "attention": "注意 / attention", "offline": "通信断 / offline", "learning": "学習中 / learning",
      "normal": "正常 / normal",
    ]
  }

  struct Set: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "名前・区域・設定を入れます（設定ファイルより優先） / names and sets a meter, before what the settings file says",
      discussion: "書いたものだけが変わります。空（\"\"）は設定ファイルのとおりに戻します / only what is given changes; an empty text goes back to the settings file")

    @Argument(help: "センサー（市町村/区域/センサー/量） / sensor, for example ina/nishi/m01/flow")
    var sensor: String

    @Option(help: "名前 / name") var name: String?
    @Option(name: .customLong("zone-name"), help: "区域の名前 / name of the zone") var zoneName: String?
    @Option(name: .customLong("minimum-leak"), help: "知らせる最小の漏水、m³/h / smallest leak worth a message") var minimumLeak: String?
    @Option(help: "測定の間隔、秒 / seconds between readings") var interval: String?
    @Option(help: "測れる範囲（例 0..120） / what the meter can show") var range: String?
    @Option(name: .customLong("reverse-flow"), help: "逆流がふつうか（true / false） / whether reverse flow is usual") var reverseFlow: String?
    @Option(help: "上流のメーター / the meter upstream") var parent: String?
    @Option(help: "メモ / note") var note: String?
    @Flag(name: .customLong("clear"), help: "すべて設定ファイルのとおりに戻します / back to the settings file in all") var isCleared = false
    @Option(name: .customLong("by"), help: "だれが / who says it") var person = ""

    @OptionGroup var options: SettingsOptions

    func run() throws {
      let settings = try options.load()
      guard let id = SensorID(sensor) else {
        throw Failure(.usage, "\(sensor): 「市町村/区域/センサー/量」の形で / expected municipality/zone/sensor/quantity")
      }
      let leak = try Self.part(minimumLeak, "--minimum-leak") { Double($0) }
      let seconds = try Self.part(interval, "--interval") { Int($0) }
      let limits = try Self.part(range, "--range") { Self.limits($0) }
      let reverse = try Self.part(reverseFlow, "--reverse-flow") { Bool($0) }
      do {
        let card = try CardClient(settings: settings).set(id, by: person) { card in
          if isCleared { card = CardSummary() }
          Self.take(name, &card.name)
          Self.take(zoneName, &card.zoneName)
          Self.take(parent, &card.parent)
          Self.take(note, &card.note)
          if let leak { card.minimumLeakM3h = leak }
          if let seconds { card.intervalS = seconds }
          if let limits { card.range = limits }
          if let reverse { card.reverseFlow = reverse }
        }
        say("\(id): " + (try jsonText(card)))
      } catch let error as CardError {
        throw Failure(.usage, "\(error.code): \(error)")
      } catch let error as ActionError {
        throw Failure(.noInput, "\(id): \(error)")
      } catch let failure as Failure {
        throw failure
      } catch {
        throw Run.failure(error)
      }
    }

    /// Nil = not given; an empty text = nothing.
    private static func take(_ text: String?, _ field: inout String?) {
      if let text { field = text.isEmpty ? nil : text }
    }

    private static func part<T>(_ text: String?, _ name: String, _ read: (String) -> T?) throws -> T?? {
      guard let text else { return .none }
      if text.isEmpty { return .some(nil) }
      guard let value = read(text) else { throw Failure(.usage, "\(name) \(text): 読めません / cannot be read") }
      return .some(value)
    }

    /// `low..high`
    private static func limits(_ text: String) -> [Double]? {
      let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { Double(String($0)) }
      guard ends.count == 2, let low = ends[0], let high = ends[1] else { return nil }
      return [low, high]
    }
  }
}
