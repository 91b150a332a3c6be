import ArgumentParser
import Foundation
import Synchronization

/// `mizumori demo`: broker, simulated town, service, webhook receiver and page in one command, in a temporary directory.
struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "架空の町で漏水が見つかる様子を見せます / shows leaks being found in an invented town.")

  @Option(help: "この秒数で終わる（既定は Ctrl-C まで） / end by itself after this many seconds")
  var seconds: Int?

  @Option(help: "乱数の種 / seed of the town")
  var seed: UInt64 = 1

  @Option(name: .customLong("page-port"), help: "画面のポート（0 なら空きを探す） / port of the page, 0 = any free one")
  var pagePort = 0

  @Option(help: "早送り: 1 秒で何秒分か / seconds of the town's time in one second once history is in")
  var speed = 7200

  func run() async throws {
    let started = ContinuousClock.now
    let town = try DemoTown(
      brokerPort: LoopbackPort.free(), receiverPort: LoopbackPort.free(), pagePort: pagePort == 0 ? LoopbackPort.free() : pagePort,
      deadPort: LoopbackPort.free())
    let stage = DemoStage(town: town, seed: seed, speed: speed)
    let interrupted = InterruptSignals()
    let outcome: Result<Void, any Error>
    do {
      try await stage.open()
      showPages(town)
      say(seconds.map { "\($0) 秒で終わります / ends after \($0) s" } ?? "Ctrl-C で終わります / Ctrl-C ends it")
      try await stage.play(until: seconds.map { started + .seconds($0) }, interrupted: interrupted)
      outcome = .success(())
    } catch {
      outcome = .failure(error)
    }
    await stage.close()
    if case .failure(let error) = outcome {
      stage.showLogs()
      town.remove()
      throw error
    }
    let leaks = stage.leaks.load(ordering: .relaxed)
    say("知らせた漏水 / leaks reported: \(leaks)")
    if leaks == 0 { stage.showLogs() }
    town.remove()
    if leaks == 0 { throw Failure(.failed, "漏水の知らせが一件もありませんでした / no leak was reported") }
  }
}

extension Demo {
  /// The page and what to look at.
  private func showPages(_ town: DemoTown) {
    let page = "http://127.0.0.1:\(town.pagePort)"
    say("画面 / page: \(page)/")
    let leak = "mizumori%2Fshimogawara%2Fkawara-danchi%2Fflow"
    let list = [
      ("/", "一覧: 悪い順に / overview, worst first"),
      ("/meter?id=\(leak)", "漏水の事象: 川原団地の緩やかな漏水 / a slow leak: graph, reasons, what people did"),
      ("/nights", "夜間流量: 凍結の夜はどの区域も上がる / night flow: a freezing night lifts every zone"),
      ("/works", "工事: 毎週の洗管、消火栓の点検 / works: weekly flushing, hydrants"),
      ("/deliveries", "知らせ: 届かない受信先が一つ / deliveries: one receiver is out of order"),
      ("/sensors", "機器: 電池切れの栗ノ木平、不安定な高原別荘地 / sensors: a dead battery, a weak link"),
      ("/reports", "報告: 日報・月報・年報 / reports"),
    ]
    for (path, words) in list { say("  \(page)\(path)\n      \(words)") }
  }
}

/// Standard output, flushed at once, so that a pipe shows it too.
func say(_ text: String) {
  // A reader that has gone (a closed pipe) must not end the demo before it has cleaned up.
  var line = text + "\n"
  line.withUTF8 { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

/// SIGINT, SIGTERM and SIGHUP as a flag instead of an end.
final class InterruptSignals {
  /// For those who ask from other threads.
  let flag = InterruptFlag()
  private var sources: [any DispatchSourceSignal] = []

  init() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [flag] in flag.set() }
      source.resume()
      sources.append(source)
    }
  }

  var isSet: Bool { flag.isSet }
}

/// Set from a signal's queue, read from any thread.
final class InterruptFlag: Sendable {
  private let value = Atomic<Bool>(false)
  func set() { value.store(true, ordering: .relaxed) }
  var isSet: Bool { value.load(ordering: .relaxed) }
}
