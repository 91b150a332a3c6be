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
  var speed = 14_400

  func run() async throws {
    let started = ContinuousClock.now
    let town = try DemoTown(
      brokerPort: LoopbackPort.free(), receiverPort: LoopbackPort.free(), pagePort: pagePort == 0 ? LoopbackPort.free() : pagePort)
    let stage = DemoStage(town: town, seed: seed, speed: speed)
    let interrupted = InterruptSignals()
    let outcome: Result<Void, any Error>
    do {
      try await stage.open()
      say("画面 / page: http://127.0.0.1:\(town.pagePort)/")
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

/// Standard output, flushed at once, so that a pipe shows it too.
func say(_ text: String) {
  // A reader that has gone (a closed pipe) must not end the demo before it has cleaned up.
  var line = text + "\n"
  line.withUTF8 { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

/// SIGINT, SIGTERM and SIGHUP as a flag instead of an end.
final class InterruptSignals {
  private let flag = InterruptFlag()
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

/// Set from a signal's queue, read from the demo's task.
private final class InterruptFlag: Sendable {
  private let value = Atomic<Bool>(false)
  func set() { value.store(true, ordering: .relaxed) }
  var isSet: Bool { value.load(ordering: .relaxed) }
}
