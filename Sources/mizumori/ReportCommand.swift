import ArgumentParser
import Foundation
import Readings
import Reports
import Service
import Settings
import Store

/// `mizumori report`: 日報, 月報 or 年報 from the data directory, beside the running service or without it.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "日報・月報・年報を作ります（印刷用 HTML、CSV、JSON） / daily, monthly and annual reports for printing, as CSV or JSON.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case html, csv, json
  }

  @OptionGroup var options: SettingsOptions

  @Option(help: "日報の日（例 2026-11-26） / a day")
  var day: String?

  @Option(help: "月報の月（例 2026-11） / a month")
  var month: String?

  @Option(help: "年報の年度（例 2026 = 2026 年 4 月〜2027 年 3 月） / a fiscal year, April to March")
  var year: String?

  @Option(help: "html csv json")
  var format = Format.html

  @Option(help: "CSV の文字コード / encoding of CSV: utf-8 (BOM) cp932")
  var encoding = ReportEncoding.utf8

  @Option(help: "ja en。なければ設定の言語 / default: that of the settings")
  var language: ReportLanguage?

  @Option(help: "この市町村だけ。何度でも / only this municipality; repeatable")
  var municipality: [String] = []

  @Option(name: .shortAndLong, help: "書き出すファイル。なければ標準出力 / file to write; default: standard output")
  var out: String?

  func run() throws {
    let wanted = try period()
    let settings = try options.load()
    let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    let report: Report
    do {
      guard let source = try ReportSource(settings: settings) else {
        throw Failure(.noInput, "\(settings.data.directory): 記録がまだありません / no data yet")
      }
      let all = try source.municipalities()
      let unknown = municipality.filter { !all.contains($0) }
      guard !all.isEmpty, unknown.isEmpty else {
        throw Failure(
          .noInput,
          unknown.isEmpty
            ? "流量計の記録がまだありません / no flow meter has sent anything yet"
            : "\(unknown.joined(separator: ", ")): メーターがありません。あるもの / no meters; known: \(all.joined(separator: ", "))")
      }
      report = try source.report(wanted, municipalities: municipality.isEmpty ? all : municipality.sorted(), now: now)
    } catch let error as StoreError {
      throw Run.failure(error)
    }
    try write(bytes(report, language ?? (settings.utility.language == .ja ? .ja : .en)))
  }

  private func period() throws -> ReportPeriod {
    let given: [(ReportPeriod.Kind, String, String)] = [
      (.daily, day, "--day 2026-11-26"), (.monthly, month, "--month 2026-11"), (.annual, year, "--year 2026"),
    ].compactMap { kind, code, example in code.map { (kind, $0, example) } }
    guard let (kind, code, example) = given.first, given.count == 1 else {
      throw Failure(.usage, "--day、--month、--year のどれか一つを / give one of --day 2026-11-26, --month 2026-11, --year 2026")
    }
    guard let period = ReportPeriod(kind, code) else { throw Failure(.usage, "\(code): \(example) のように / expected \(example)") }
    return period
  }

  private func bytes(_ report: Report, _ language: ReportLanguage) throws -> [UInt8] {
    switch format {
    case .html: return Array(ReportPage(report, language, style: .inline).html.utf8)
    case .csv: return ReportFile.csv(report, language, encoding)
    case .json:
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return Array(try encoder.encode(report)) + [10]
    }
  }

  private func write(_ bytes: [UInt8]) throws {
    guard let out else {
      do {
        try FileHandle.standardOutput.write(contentsOf: Data(bytes))
      } catch {
        throw Failure(.ioError, "標準出力に書けません / cannot write to standard output: \(error.localizedDescription)")
      }
      return
    }
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: out), options: .atomic)
    } catch {
      throw Failure(.ioError, "\(out): 書けません / cannot write: \(error.localizedDescription)")
    }
  }
}

extension ReportLanguage: ExpressibleByArgument {}
extension ReportEncoding: ExpressibleByArgument {}
