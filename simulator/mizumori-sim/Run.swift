import ArgumentParser
import Foundation
import Readings
import TownModel

extension Dialect: ExpressibleByArgument {}

/// `mizumori-sim run`: publishes a scenario.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "町の流量を MQTT で流します / publishes a scenario over MQTT.")

  @OptionGroup var options: ScenarioOptions
  @OptionGroup var broker: BrokerOptions

  @Option(help: "早送り: 1 秒で何秒分か、または max / seconds of event time a second, or `max`")
  var speed = "1"

  @Option(name: .customLong("history-days"), help: "ここまでは全速で流す日数（既定はシナリオの値） / days published at full speed first")
  var historyDays: Double?

  @Flag(name: .customLong("end-now"), help: "最後が昨夜 24 時になるよう日付をずらす / move the scenario to end at last midnight")
  var endNow = false

  @Flag(help: "町の人が言うこと（確認・工事・有収水量）を、その時が来たら JSON で 1 行ずつ出力する / prints what people say when its time has come")
  var people = false

  @Option(help: "全速の間、町の人が何か言うところで SIGUSR1 を待つ最大の秒数 / seconds that history waits for SIGUSR1 where people say something, at most")
  var pause = 0.0

  @Option(help: "一通に詰める測定値の数 / readings in one message")
  var batch = 1

  @Option(help: "電文の方言（既定はシナリオの値） / how messages are written: canonical, senml, tts, chirpstack, mapping")
  var dialect: Dialect?

  func validate() throws {
    guard speed == "max" || (Double(speed).map { $0 > 0 } ?? false) else {
      throw ValidationError("--speed: 正の数か max / a positive number or max")
    }
    guard (0...60).contains(pause) else { throw ValidationError("--pause: 0…60") }
    guard (1...500).contains(batch) else { throw ValidationError("--batch: 1…500") }
  }

  func run() throws {
    let town = try options.town(endingNow: endNow)
    let dialect = dialect ?? town.scenario.dialect
    let publisher = try broker.publisher()
    let history = town.start.adding(milliseconds: Int64((historyDays ?? town.scenario.historyDays) * 86_400_000))
    let pacer = Pacer(publisher: publisher, qos: broker.qos, speed: Double(speed), historyUntil: history)
    if people { pacer.announce(Announcement.all(of: town), pause: pause) }
    var waiting: [[TownReading]] = Array(repeating: [], count: town.scenario.sensors)
    func send(_ meter: Int) throws -> Bool {
      let group = waiting[meter]
      guard let last = group.last else { return true }
      waiting[meter].removeAll(keepingCapacity: true)
      for payload in town.payloads(group, in: dialect) {
        let message = Pacer.Message(topic: town.scenario.topic(meter, in: dialect), payload: payload, due: last.arrival)
        guard try pacer.publish(message) else { return false }
      }
      return true
    }
    var goesOn = true
    for r in town.readings where goesOn {
      waiting[r.meter].append(r)
      if waiting[r.meter].count >= batch { goesOn = try send(r.meter) }
    }
    if goesOn { for m in waiting.indices { _ = try send(m) } }
    try pacer.finish()
    print(
      "{\"messages\":\(pacer.published),\"readings\":\(town.readings.count),\"meters\":\(town.scenario.sensors),\"seed\":\(options.seed),\"interrupted\":\(pacer.isInterrupted)}"
    )
  }
}
