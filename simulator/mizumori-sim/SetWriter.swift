import Foundation
import Readings
import Series
import TownModel

/// Writes towns as one labelled set: `series/<meter>.csv.gz`, `manifest.json`, `labels.json`.
struct SetWriter {
  private let directory: String
  private var manifest: SetManifest
  private(set) var labels: [SetLabel] = []
  private(set) var readings = 0

  var series: Int { manifest.series.count }

  init(directory: String) throws {
    self.directory = directory
    try FileManager.default.createDirectory(atPath: directory + "/series", withIntermediateDirectories: true)
    manifest = SetManifest(
      set: directory.split(separator: "/").last.map(String.init) ?? "set",
      rows: "arrival order; may hold duplicates, late and missing readings", series: [])
  }

  /// Adds one utility, its flow meters only (a totalizer as the flow that it counts); its meters' names must differ from those of all others.
  mutating func add(_ town: Town) throws {
    let (s, offset) = (town.scenario, town.calendar.offset)
    let end = town.start.adding(seconds: Int64(s.days) * 86_400 - Int64(s.interval))
    var rows: [[SeriesRow]] = Array(repeating: [], count: s.meters.count)
    for r in town.readings where r.meter < s.meters.count { rows[r.meter].append(SeriesRow(time: r.time, value: r.value)) }
    for (i, m) in s.meters.enumerated() {
      try SeriesFile.write(rows[i], path: "\(directory)/series/\(m.id).csv.gz", offset: offset)
      manifest.series.append(
        SetSeries(
          series: m.id, intervalMinutes: max(1, s.interval / 60), tier: "simulated", network: s.municipality, facility: m.name,
          parent: m.parent, readings: rows[i].count, meanFlow: town.meanFlow[i], start: town.start.iso8601(offset: offset),
          end: end.iso8601(offset: offset), calendar: "JP"))
    }
    readings += rows.reduce(0) { $0 + $1.count }
    labels += town.labels.filter(\.kind.isLabelled).map { label(town, $0) }
  }

  func finish() throws {
    try write(manifest, to: "manifest.json")
    try write(labels, to: "labels.json")
  }

  private func label(_ town: Town, _ l: TownLabel) -> SetLabel {
    return SetLabel(
      series: town.scenario.meters[l.meter].id, kind: l.kind.rawValue, start: l.start.iso8601(offset: town.calendar.offset),
      end: l.end.iso8601(offset: town.calendar.offset), peak: l.peak, meanFlow: town.meanFlow[l.meter],
      volume: l.kind.isLeak ? l.volume : nil,
      profile: l.kind.isLeak ? l.profile.map { [$0.0, $0.1] } : nil)
  }

  private func write(_ value: some Encodable, to name: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .withoutEscapingSlashes, .sortedKeys]
    try encoder.encode(value).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
  }
}
