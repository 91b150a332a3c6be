import Readings
import Series
import Service
import Settings

/// Which column belongs to which sensor, as asked on the command line.
struct ColumnMap {
  let sensor: String?
  let maps: [String]
  let unit: String?
  let cumulative: Bool
  let settings: MizumoriSettings

  /// The sensor's name in `列名=センサー`: what follows the last `=`.
  static func id(of map: String) -> String { map.lastIndex(of: "=").map { String(map[map.index(after: $0)...]) } ?? map }

  private static func column(of map: String) -> String {
    PlainText.normalise(map.lastIndex(of: "=").map { String(map[..<$0]) } ?? map)
  }

  /// Finds the columns in all files and converts them. What stands in the way is listed in the plan's problems.
  /// - Throws: `Failure` with 64 for a column that no file has.
  func plan(_ files: [ExportFile]) throws -> ImportPlan {
    var plan = ImportPlan()
    if let sensor, let id = SensorID(sensor) {
      for f in files {
        let columns = f.valueColumns
        if columns.count == 1 {
          plan.add(columns[0], of: f, to: id, self)
        } else {
          plan.problems.append(
            "\(f.path): 値の列が \(columns.count) つあります。--sensor の代わりに --map \"列名=\(sensor)\" で選んでください / \(columns.count) columns of values: choose with --map \"column=\(sensor)\""
          )
        }
      }
    }
    for m in maps {
      guard let id = SensorID(ColumnMap.id(of: m)) else { continue }
      var isFound = false
      for f in files {
        let found = ColumnMap.find(ColumnMap.column(of: m), in: f)
        if found.count > 1 {
          plan.problems.append(
            "--map \(m): 当てはまる列が \(found.count) つあります（\(found.map(\.name).joined(separator: "、"))） / \(found.count) columns match")
        }
        if found.count == 1 { plan.add(found[0], of: f, to: id, self) }
        isFound = isFound || !found.isEmpty
      }
      guard isFound else {
        let names = files.flatMap { $0.valueColumns.map { "「\($0.name)」" } }
        throw Failure(.usage, "× --map \(m): その列はありません。あるのは \(names.joined(separator: " ")) / no such column")
      }
    }
    plan.finish(self)
    return plan
  }

  /// By number (`#3`), whole name, name without its unit, or a part of the name.
  private static func find(_ text: String, in file: ExportFile) -> [ExportColumn] {
    let columns = file.valueColumns
    if text.hasPrefix("#"), let n = Int(text.dropFirst()) { return columns.filter { $0.number == n } }
    func bare(_ s: String) -> String { String(s.prefix { $0 != "(" && $0 != "[" }).filter { $0 != " " } }
    for test in [{ $0 == text }, { bare($0) == bare(text) }, { $0.contains(text) }] as [(String) -> Bool] {
      let found = columns.filter { test($0.name) }
      if !found.isEmpty { return found }
    }
    return []
  }
}
