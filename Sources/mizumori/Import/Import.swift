import ArgumentParser
import Foundation
import Logging
import Readings
import Series
import Service
import Settings
import Store

/// `mizumori import`: history and baselines from the export of a logger or a SCADA system; shows what it understood before it writes.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "過去の記録（CSV）を取り込み、学習を済ませます。--write を付けるまでは確かめるだけです / warms history and baselines from exported CSV; a preview unless --write.",
    discussion: """
      文字コード（UTF-8、CP932、UTF-16）、区切り、見出し、日時の書き方（和暦も）、単位は自動で見分けます。
      --write は mizumori run を止めてから。過去の漏水は履歴に残りますが、知らせは出しません。同じファイルを何度取り込んでも増えません。
      センサーの最後の値より古い行は学習に使えないため、--older を付けないかぎり断ります。複数のファイルは一度に渡してください。
      Stop `mizumori run` before --write. Events of the past are kept as history and told to nobody. Importing the same file again adds nothing.
      Rows older than a sensor's newest reading cannot be learnt any more and are refused unless --older says otherwise. Give all files at once.
      """)

  @Argument(help: "CSV、TSV（.gz も可） / exported tables, plain or gzip")
  var files: [String]

  @OptionGroup var options: SettingsOptions

  @Option(help: "値の列が一つのとき、そのセンサー 市町村/配水ブロック/センサー/flow / the sensor of the only value column")
  var sensor: String?

  @Option(name: .customLong("map"), help: "「列名=センサー」。何度でも。列名の一部や #3（3 列目）も可 / column=sensor; repeatable")
  var maps: [String] = []

  @Option(help: "見出しに単位がないとき、または見出しと違うとき（m3/h、L/min …） / unit of the values, instead of the header's")
  var unit: String?

  @Flag(help: "積算値（m3）の差から流量を求める / the column counts up: flow is its difference over time")
  var cumulative = false

  @Option(help: "最後の値より古い行: refuse 断る、skip 除く、history 履歴だけに入れる / rows older than the sensor's newest reading")
  var older = OlderRows.refuse

  @Flag(help: "書き込む（付けなければ確かめるだけ） / write; without it nothing is changed")
  var write = false

  func validate() throws {
    if sensor != nil, !maps.isEmpty { throw ValidationError("--sensor と --map はどちらか一方です / give --sensor or --map, not both") }
    for id in [sensor].compactMap({ $0 }) + maps.map({ ColumnMap.id(of: $0) }) where SensorID(id) == nil {
      throw ValidationError(
        "「\(id)」はセンサーの名前ではありません。市町村/配水ブロック/センサー/flow の形で、英数字と - _ で書いてください / not a sensor: expected municipality/zone/sensor/flow in [A-Za-z0-9_-]"
      )
    }
    for m in maps where !m.contains("=") { throw ValidationError("--map \(m): 列名=センサー の形で / expected column=sensor") }
  }

  func run() throws {
    let settings = try options.load()
    let exports = try readFiles(settings)
    let map = ColumnMap(sensor: sensor, maps: maps, unit: unit, cumulative: cumulative, settings: settings)
    let plan = try map.plan(exports)
    let words = ImportWords(offset: settings.utility.offset)
    for e in exports { say(words.file(e, plan)) }
    var logger = Logger(label: "mizumori", factory: { StderrLogHandler(label: $0) })
    logger.logLevel = .warning
    let history = HistoryImport(settings: settings, logger: logger)
    do {
      let series = plan.series
      let surveys = try history.survey(series)
      for (s, survey) in zip(plan.sensors, surveys) { say(words.sensor(s, survey)) }
      try refuse(plan, surveys, settings)
      guard !series.isEmpty else { return say(words.howToMap(exports)) }
      guard write else { return say(words.previewOnly(settings.data.directory)) }
      say(words.result(try history.write(series, older: older)))
    } catch let error as ImportError {
      throw Failure(.usage, "\(error)")
    } catch {
      throw Run.failure(error)
    }
  }

  private func readFiles(_ settings: MizumoriSettings) throws -> [ExportFile] {
    let latest = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000) + Int64(settings.limits.futureSeconds) * 1000)
    return try files.map { path in
      do {
        return try ExportFile.read(path: path, ExportFile.Options(offset: settings.utility.offset, latest: latest))
      } catch {
        throw Failure(.noInput, "\(error)")
      }
    }
  }

  /// Ends with 64 what cannot be carried out as asked. A preview without any mapping is a question, not a mistake.
  private func refuse(_ plan: ImportPlan, _ surveys: [ImportSurvey], _ settings: MizumoriSettings) throws {
    if !plan.problems.isEmpty { throw Failure(.usage, plan.problems.map { "× \($0)" }.joined(separator: "\n")) }
    for s in surveys where s.older > 0 && older == .refuse { throw s.refusal(offset: settings.utility.offset) }
    if write, plan.series.isEmpty {
      throw Failure(.usage, "× どのセンサーの値かを --sensor か --map で指定してください / say with --sensor or --map whose values these are")
    }
  }
}

extension OlderRows: ExpressibleByArgument {}
