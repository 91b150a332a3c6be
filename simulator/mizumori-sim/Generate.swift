import ArgumentParser
import Foundation
import Readings
import Series
import TownModel

/// `mizumori-sim generate`: writes a scenario as a labelled set.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "正解つきの記録（series、manifest.json、labels.json）を作ります / writes a labelled set.")

  @OptionGroup var options: ScenarioOptions

  @Option(help: "出力先のフォルダ / output folder")
  var out: String

  func run() throws {
    let town = try options.town(endingNow: false)
    let offset = town.calendar.offset
    let end = town.start.adding(seconds: Int64(town.scenario.days) * 86_400 - Int64(town.scenario.interval))
    do {
      try FileManager.default.createDirectory(atPath: out + "/series", withIntermediateDirectories: true)
      var manifest = SetManifest(
        set: out.split(separator: "/").last.map(String.init) ?? "set",
        rows: "arrival order; may hold duplicates, late and missing readings", series: [])
      for (i, m) in town.scenario.meters.enumerated() {
        let rows = town.readings.filter { $0.meter == i }.map { SeriesRow(time: $0.time, value: $0.value) }
        try SeriesFile.write(rows, path: "\(out)/series/\(m.id).csv.gz", offset: offset)
        manifest.series.append(
          SetSeries(
            series: m.id, intervalMinutes: max(1, town.scenario.interval / 60), tier: "simulated", network: town.scenario.municipality,
            facility: m.name, parent: m.parent, readings: rows.count, meanFlow: town.meanFlow[i], start: town.start.iso8601(offset: offset),
            end: end.iso8601(offset: offset), calendar: "JP"))
      }
      try write(manifest, to: "manifest.json")
      try write(town.labels.compactMap { label(town, $0) }, to: "labels.json")
    } catch let error as SeriesError {
      throw Failure.ioError(error.description)
    } catch {
      throw Failure.ioError("\(out): \(error)")
    }
    print(
      "{\"series\":\(town.scenario.meters.count),\"readings\":\(town.readings.count),\"labels\":\(town.labels.count),\"seed\":\(options.seed)}"
    )
  }

  /// Late and doubled delivery and spikes are properties of the rows, not events to be found.
  private func label(_ town: Town, _ l: TownLabel) -> SetLabel? {
    guard [.burst, .incipient, .flushing, .gap, .stuck].contains(l.kind) else { return nil }
    let isLeak = l.kind == .burst || l.kind == .incipient
    return SetLabel(
      series: town.scenario.meters[l.meter].id, kind: l.kind.rawValue, start: l.start.iso8601(offset: town.calendar.offset),
      end: l.end.iso8601(offset: town.calendar.offset), peak: l.peak, meanFlow: town.meanFlow[l.meter], volume: l.volume,
      profile: isLeak ? l.profile.map { [$0.0, $0.1] } : nil)
  }

  private func write(_ value: some Encodable, to name: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .withoutEscapingSlashes, .sortedKeys]
    try encoder.encode(value).write(to: URL(fileURLWithPath: "\(out)/\(name)"))
  }
}
