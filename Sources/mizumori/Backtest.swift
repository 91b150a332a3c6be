import ArgumentParser
import Backtest
import Foundation

/// `mizumori backtest`: the same engine over history.
struct BacktestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backtest", abstract: "過去の記録で確かめます / runs the detector over recorded series.")

  @Argument(help: "timestamp,value の CSV か CSV.gz / CSV or CSV.gz")
  var files: [String] = []

  @Option(name: .customLong("set"), help: "manifest.json のあるフォルダ / folder of a labelled set")
  var sets: [String] = []

  @Option(help: "結果の JSON Lines（- で標準出力） / where alerts go, - for standard output")
  var alerts: String

  @Option(help: "グラフを書く HTML（これだけで開けます） / writes the graphs into one HTML file that needs nothing else")
  var plot: String?

  @Option(help: "並列数（既定はコア数） / workers; results do not depend on it")
  var jobs: Int?

  @Flag(help: "途中経過とまとめを出しません / neither progress nor the line at the end")
  var quiet = false

  @Flag(help: "まとめを JSON で標準出力に書きます / the summary as JSON on standard output")
  var json = false

  func validate() throws {
    guard !files.isEmpty || !sets.isEmpty else { throw ValidationError("CSV か --set を指定してください / name a CSV file or --set") }
    if json, alerts == "-" {
      throw ValidationError("--json と --alerts - は一緒に使えません / both would write to standard output: name a file for --alerts")
    }
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs: 1…256") }
  }

  func run() throws {
    var run = BacktestRun(workers: jobs)
    run.isTraced = plot != nil
    let result: BacktestResult
    do {
      for f in files { run.add(file: f) }
      for s in sets { try run.add(set: s) }
      result = try finish(run)
    } catch {
      throw Failure(.noInput, error.description)
    }
    let text = result.alertLines
    if alerts == "-" {
      FileHandle.standardOutput.write(Data(text.utf8))
    } else {
      do { try Data(text.utf8).write(to: URL(fileURLWithPath: alerts)) } catch { throw Failure(.ioError, "\(alerts): \(error)") }
    }
    if let plot { try write(result, plot: plot) }
    if json { print(result.summaryJSON) }
    if !quiet { FileHandle.standardError.write(Data((result.summary + "\n").utf8)) }
  }

  /// Runs it, with a bar where somebody is watching.
  private func finish(_ run: BacktestRun) throws(BacktestError) -> BacktestResult {
    guard !quiet, isatty(STDERR_FILENO) == 1 else { return try run.run() }
    let progress = BacktestProgress()
    let bar = BacktestBar(progress)
    defer { bar.end() }
    return try run.run(progress: progress)
  }

  private func write(_ result: BacktestResult, plot path: String) throws {
    let document: PlotDocument
    do { document = try PlotDocument(result) } catch { throw Failure(.noInput, error.description) }
    do { try document.html().write(to: URL(fileURLWithPath: path)) } catch { throw Failure(.ioError, "\(path): \(error)") }
    let counts = "\(document.found) found, \(document.missed) missed, \(document.falseAlarms) false alarms"
    if !quiet { FileHandle.standardError.write(Data("\(path): \(document.isJudged ? counts : "no labels, nothing judged")\n".utf8)) }
  }
}
