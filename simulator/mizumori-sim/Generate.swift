import ArgumentParser
import Foundation
import Series
import TownModel

/// `mizumori-sim generate`: writes a scenario, or utilities that are hard to watch, as a labelled set.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "正解つきの記録（series、manifest.json、labels.json）を作ります / writes a labelled set.")

  @OptionGroup var options: ScenarioOptions

  @Option(help: "見つけにくい事業体をこの数だけ作る（一つに流量計 3〜8 台） / draws so many utilities that are hard to watch, 3–8 meters each")
  var hard: Int?

  @Option(help: "出力先のフォルダ / output folder")
  var out: String

  func validate() throws {
    if let hard, !(1...999).contains(hard) { throw ValidationError("--hard: 1…999") }
    if hard != nil, options.scenario != nil {
      throw ValidationError("--hard と --scenario は一緒に使えません / --hard draws its own scenarios: leave --scenario out")
    }
  }

  func run() throws {
    let writer: SetWriter
    do { writer = try write() } catch let failure as Failure {
      throw failure
    } catch let error as SeriesError {
      throw Failure.ioError(error.description)
    } catch {
      throw Failure.ioError("\(out): \(error)")
    }
    print("{\"series\":\(writer.series),\"readings\":\(writer.readings),\"labels\":\(writer.labels.count),\"seed\":\(options.seed)}")
  }

  private func write() throws -> SetWriter {
    guard let hard else {
      let town = try options.town(endingNow: false)
      var writer = try SetWriter(directory: out)
      try writer.add(town)
      try writer.finish()
      return writer
    }
    var writer = try SetWriter(directory: out)
    for k in 1...hard { try writer.add(Town(HardTown.scenario(k, seed: options.seed), seed: options.seed)) }
    try writer.finish()
    return writer
  }
}
