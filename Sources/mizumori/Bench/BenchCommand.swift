import ArgumentParser
import CMalloc
import Foundation
import Service
import Settings
import Store

/// `mizumori bench`: what this machine carries.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "この機械で何台の計器を見張れるかを測ります（約 2 分） / measures how many meters this machine carries, in two minutes.",
    discussion: """
      空の作業フォルダに、いまの設定で記録・判定・通知を実際に行って測ります。動いている水守の記録・ブローカー・知らせ先には触れません。終わると消します。
      Works for real in an empty folder with the present settings; the running service, its broker and its receivers are not touched.
      """)

  @Option(help: "全体の秒数（5〜600） / seconds for all of it")
  var seconds = 110.0

  @Option(help: "このフォルダのあるディスクで測る（既定: 設定の data.directory、なければ今のフォルダ） / measures on this folder's disk")
  var dir: String?

  @Option(help: "残す余裕、％（0〜95） / per cent of the machine to leave free")
  var headroom = 50.0

  @Option(help: "消耗と容量を示す計器数 / fleet whose disk and wear are told")
  var meters = 200

  @Option(name: .customLong("most"), help: "測定に使う計器の上限（20 以上） / most meters that are played")
  var most: Int?

  @Flag(name: .customLong("no-broker"), help: "ブローカーなしで測る / without a broker, also where mosquitto is installed")
  var withoutBroker = false

  @Option(help: "ja, en")
  var lang: BenchLanguage = .ja

  @Flag(name: .customLong("json"), help: "JSON で出力 / as JSON")
  var json = false

  @Option(help: "結果を JSON で残すファイル / keeps the result as JSON")
  var out: String?

  @Option(help: "--out で残した結果と比べる / compares with a kept result")
  var compare: String?

  @Option(name: .customLong("fail-below"), help: "比がこれより悪いものがあれば終了コード 1（例 0.8） / exit code 1 if a ratio is below")
  var failBelow: Double?

  @OptionGroup var options: SettingsOptions

  func validate() throws {
    guard (5...600).contains(seconds) else { throw ValidationError("--seconds: 5…600") }
    guard (0...95).contains(headroom) else { throw ValidationError("--headroom: 0…95") }
    guard (1...10_000_000).contains(meters) else { throw ValidationError("--meters: 1…10000000") }
    if let most, !(20...100_000).contains(most) { throw ValidationError("--most: 20…100000") }
    if failBelow != nil, compare == nil { throw ValidationError("--fail-below: --compare も / needs --compare") }
    if let failBelow, !(failBelow > 0 && failBelow.isFinite) { throw ValidationError("--fail-below: > 0") }
  }

  func run() async throws {
    // As the service does.
    _ = mizumori_return_large_blocks()
    let settings = try options.load()
    let old = try compare.map(BenchCommand.read)
    let began = ContinuousClock.now
    let interrupted = InterruptSignals()
    // Released, it would no longer hear anything.
    defer { withExtendedLifetime(interrupted) {} }
    let folder = try BenchFolder(on: dir, settings: settings)
    defer { folder.remove() }
    let machine = BenchMachine.look(folder.path)
    let progress = BenchProgress(lang)
    let broker = withoutBroker ? nil : try BenchBroker.ifInstalled(folder)
    defer { broker?.stop() }
    let figures: BenchFigures
    do {
      let plan = try BenchPlan(
        settings: settings, directory: folder.data, brokerPort: broker?.port, brokerProcess: broker?.processIdentifier, seconds: seconds,
        fleet: meters, most: most)
      let watch = BenchWatch(progress: { progress.show($0, $1) }, isCancelled: { [flag = interrupted.flag] in flag.isSet })
      figures = try await BenchCommand.onThread { try BenchRun(plan, watch).run() }
    } catch {
      progress.clear()
      throw BenchCommand.failure(error)
    }
    progress.clear()
    let conditions = BenchConditions(
      headroom: headroom / 100, commitReadings: settings.data.commitReadings, commitSeconds: settings.data.commitSeconds,
      commitPaceSeconds: settings.commitPeriod, checkpointSeconds: settings.data.checkpointSeconds,
      maximumSensors: settings.limits.maximumSensors, meters: meters)
    let took = ContinuousClock.now - began
    let report = BenchReport(
      figures, conditions, machine: machine, version: Mizumori.version, seconds: Double(took.components.seconds),
      hasBroker: broker != nil)
    try tell(report, old)
  }

  private func tell(_ report: BenchReport, _ old: BenchReport?) throws {
    let text = try jsonText(report)
    if let out {
      do { try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: out)) } catch { throw Failure(.ioError, "\(out): \(error)") }
    }
    let comparison = old.map { report.compared(with: $0) } ?? []
    if json {
      say(old == nil ? text : try jsonText(BenchAnswer(report: report, compared: comparison)))
    } else {
      say(BenchTable(report, comparison, lang).text)
    }
    guard let failBelow else { return }
    let worse = comparison.filter { $0.ratio < failBelow }
    guard worse.isEmpty else {
      let names = worse.map { "\($0.figure) \(BenchTable.ratio($0.ratio))" }.joined(separator: ", ")
      throw Failure(.failed, "前より悪い / worse than before: \(names)")
    }
  }

  private static func read(_ path: String) throws -> BenchReport {
    guard let data = FileManager.default.contents(atPath: path) else { throw Failure(.noInput, "読めません / cannot read: \(path)") }
    guard let report = try? JSONDecoder().decode(BenchReport.self, from: data), report.format == BenchReport.format else {
      throw Failure(.noInput, "\(path): mizumori bench --out の結果ではありません / not a result of mizumori bench --out")
    }
    return report
  }

  /// It blocks, and the service that it measures needs the threads of the tasks.
  private static func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread { continuation.resume(with: Result(catching: body)) }
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  private static func failure(_ error: any Error) -> any Error {
    switch error {
    case BenchError.interrupted: Failure(.failed, BenchError.interrupted.description)
    case BenchError.diskFull: Failure(.ioError, BenchError.diskFull.description)
    case let error as BenchError: Failure(.unavailable, error.description)
    default: Run.failure(error)
    }
  }
}

/// A report with its comparison, as `--json --compare` prints it.
private struct BenchAnswer: Encodable {
  let report: BenchReport
  let compared: [BenchReport.Comparison]
}

/// The language of the table.
enum BenchLanguage: String, ExpressibleByArgument, CaseIterable, Sendable {
  case ja, en
}
