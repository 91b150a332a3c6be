import ArgumentParser
import Foundation
import Readings
import Reports
import Service
import Settings
import Store
import Web

/// `mizumori billed`: 有収水量, which the ratio of billed to supplied water needs. May be called while the service runs.
struct Billed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "有収水量（料金の対象になった水量）を見る、入力する / lists and enters billed volumes, by month.",
    subcommands: [List.self, Set.self, Remove.self], defaultSubcommand: List.self)

  /// Where they stand, and the municipality that is meant.
  fileprivate struct Place {
    let settings: MizumoriSettings
    let reader: StoreReader
    let municipalities: [String]

    init(_ options: SettingsOptions) throws {
      settings = try options.load()
      let directory = settings.data.directory
      do {
        guard let reader = try StoreReader.ifPresent(directory: directory), let source = try ReportSource(settings: settings) else {
          throw Failure(.noInput, "\(directory): 記録がまだありません / no data yet")
        }
        self.reader = reader
        municipalities = try source.municipalities()
      } catch let error as StoreError {
        throw Run.failure(error)
      }
    }

    /// The one that was named, that of the settings, or the only one.
    func municipality(_ named: String?) throws -> String {
      let known = municipalities.joined(separator: ", ")
      if let named {
        guard municipalities.contains(named) else { throw Failure(.noInput, "\(named): メーターがありません。あるもの / no meters; known: \(known)") }
        return named
      }
      if let own = settings.utility.municipality, municipalities.contains(own) { return own }
      guard municipalities.count == 1, let only = municipalities.first else {
        throw Failure(.usage, "--municipality で市町村を選んでください / choose one by --municipality: \(known)")
      }
      return only
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "月ごとの有収水量 / billed volumes by month")

    @OptionGroup var options: SettingsOptions

    @Option(help: "この市町村だけ / only this municipality")
    var municipality: String?

    @Flag(name: .customLong("json"), help: "JSON で出力 / as JSON")
    var json = false

    func run() throws {
      let place = try Place(options)
      let wanted = try municipality.map { [try place.municipality($0)] } ?? place.municipalities
      var all: [BilledMonth] = []
      do {
        for m in wanted {
          let months = try place.reader.billed(municipality: m, months: MonthNumber.range.lowerBound..<(MonthNumber.range.upperBound + 1))
          all += months.sorted { $0.key < $1.key }.map { BilledMonth(municipality: m, month: MonthNumber.code($0.key), m3: $0.value) }
        }
      } catch {
        throw Run.failure(error)
      }
      guard !json else {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return say(String(decoding: try encoder.encode(all), as: UTF8.self))
      }
      guard !all.isEmpty else { return say("まだ入力されていません。入力: mizumori billed set 2026-10 12345 / none yet") }
      say(all.map { "\($0.municipality)\t\($0.month)\t\($0.m3.map { "\($0)" } ?? "") m³" }.joined(separator: "\n"))
    }
  }

  struct Set: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "ある月の有収水量を入力する（m³） / enters the billed volume of a month, m³")

    @OptionGroup var options: SettingsOptions

    @Argument(help: "月（例 2026-10） / month")
    var month: String

    @Argument(help: "有収水量 m³ / billed volume, m³")
    var volume: Double

    @Option(help: "市町村。一つだけなら要りません / municipality; not needed where there is only one")
    var municipality: String?

    @Option(help: "入力した人 / who enters it")
    var by = ""

    func run() throws {
      guard BilledLimit.volumes.contains(volume) else {
        throw Failure(
          .usage, "\(volume): 0〜\(Int(BilledLimit.volumes.upperBound)) m³ / from 0 to \(Int(BilledLimit.volumes.upperBound)) m³")
      }
      try Billed.set(month, volume, municipality, by, options)
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "ある月の入力を消す / takes the figure of a month away")

    @OptionGroup var options: SettingsOptions

    @Argument(help: "月（例 2026-10） / month")
    var month: String

    @Option(help: "市町村。一つだけなら要りません / municipality; not needed where there is only one")
    var municipality: String?

    func run() throws { try Billed.set(month, nil, municipality, "", options) }
  }

  private static func set(_ code: String, _ volume: Double?, _ named: String?, _ person: String, _ options: SettingsOptions) throws {
    guard let month = MonthNumber.parse(code) else { throw Failure(.usage, "\(code): 2026-10 のように / expected a month like 2026-10") }
    let place = try Place(options)
    let municipality = try place.municipality(named)
    do {
      try DeskStore(directory: place.settings.data.directory).setBilled(
        municipality: municipality, month: month, volume: volume, by: person.isEmpty ? NSUserName() : person,
        at: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
    } catch {
      throw Run.failure(error)
    }
    say("\(municipality) \(code): \(volume.map { "\($0) m³" } ?? "消しました / removed")")
  }
}
