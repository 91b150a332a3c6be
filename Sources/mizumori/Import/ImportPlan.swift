import Readings
import Series
import Service
import Settings

/// What an import would do: sensors with their readings, and what stands in the way.
struct ImportPlan {
  /// One sensor with what its columns gave.
  struct Sensor {
    let id: SensorID
    var readings = ExportReadings()
    /// Columns as `file: name`.
    var sources: [String] = []
    /// Unit of the file, as taken.
    var unit = ""
    var isCumulative = false
    /// The usual time between rows, ms.
    var interval: Int64 = 0
    /// Cells without a value.
    var missing = 0
  }

  private(set) var sensors: [Sensor] = []
  var problems: [String] = []
  /// Columns of the file at `path` that have a sensor, by number.
  private(set) var mapped: [String: [Int: SensorID]] = [:]

  var series: [ImportSeries] { sensors.map { ImportSeries(id: $0.id, rows: $0.readings.rows) } }

  /// Adds a column to a sensor, or says why not.
  mutating func add(_ c: ExportColumn, of f: ExportFile, to id: SensorID, _ map: ColumnMap) {
    let source = "\(f.path)「\(c.name)」"
    mapped[f.path, default: [:]][c.number] = id
    let makesFlow = map.cumulative && id.quantity == .flow
    if c.isTotalizer, id.quantity == .flow, !map.cumulative {
      problems.append(
        "\(source): 積算値のようです。差から流量を求めるなら --cumulative を付け、積算のまま残すなら …/total のセンサーにしてください / it counts up: give --cumulative to make flow of it, or map it to a …/total sensor"
      )
      return
    }
    guard let (name, conversion) = unit(c, source, id, makesFlow ? .total : id.quantity, map) else { return }
    let i: Int
    if let known = sensors.firstIndex(where: { $0.id == id }) {
      i = known
    } else {
      sensors.append(Sensor(id: id))
      i = sensors.count - 1
    }
    let allows = id.quantity != .flow || map.settings.sensors[id]?.allowsReverseFlow ?? false
    sensors[i].readings.add(c, unit: conversion, allowsNegative: allows)
    sensors[i].sources.append(source)
    sensors[i].unit = name
    sensors[i].isCumulative = makesFlow
    sensors[i].interval = f.interval
    sensors[i].missing += c.missing
  }

  /// The unit of a column: as given, else as the header says.
  private mutating func unit(
    _ c: ExportColumn, _ source: String, _ id: SensorID, _ quantity: Quantity, _ map: ColumnMap
  ) -> (String, Unit.Conversion)? {
    let stated = map.unit.map { ExportUnit(name: $0) } ?? c.unit
    let example = quantity.baseUnitName
    switch stated {
    case .none:
      problems.append(
        "\(source): 見出しに単位がありません。--unit \(example) のように指定してください / the header states no unit: give --unit, such as --unit \(example)")
    case .unknown(let text):
      problems.append("\(source): 単位「\(text)」が分かりません。--unit \(example) のように指定してください / unknown unit: give --unit, such as --unit \(example)")
    case .known(let name):
      var spelled = name
      let conversion = spelled.withUTF8 { Unit.conversion($0, for: quantity) }
      if let conversion { return (name, conversion) }
      if quantity == .flow, name == "m3" || name == "L" {
        problems.append(
          "\(source): 「\(name)」は量で、流量ではありません。一時間ごとの水量なら --unit m3/h、積算値なら --cumulative を付けてください / \(name) is a volume: give --unit m3/h if it is the amount of each hour, or --cumulative if it counts up"
        )
      } else {
        problems.append("\(source): 「\(name)」は \(quantity.name) の単位ではありません / \(name) is no unit of \(quantity.name)")
      }
    }
    return nil
  }

  /// Sorts each sensor's rows and makes flow of registers.
  mutating func finish(_ map: ColumnMap) {
    for i in sensors.indices {
      sensors[i].readings.sort()
      if sensors[i].isCumulative { sensors[i].readings.differentiate(interval: sensors[i].interval) }
    }
  }
}
