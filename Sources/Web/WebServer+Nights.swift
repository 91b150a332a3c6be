import Accounts
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Readings

extension WebServer {
  /// `/api/v1/nights`: night flow by day, as JSON and as the table that other utilities publish.
  func nights(_ api: RouterGroup<PageContext>) {
    let (source, desk) = (source, desk)
    api.get("nights") { request, context in
      let query = try NightQuery(request.uri)
      return try await desk.ask { try JSON.response(query.table(source, context.identity.municipalities)) }
    }
    api.get("nights.csv") { request, context in
      let query = try NightQuery(request.uri)
      return try await desk.ask {
        let table = try query.table(source, context.identity.municipalities)
        return CSV.response(NightCSV.lines(table), file: "nights-\(table.days.first ?? "")-\(table.days.last ?? "").csv")
      }
    }
  }

  private struct NightQuery {
    static let longest = 400

    let from: Int?
    let to: Int?
    let grouping: NightGrouping

    init(_ uri: URI) throws(APIError) {
      let query = try RequestQuery(uri, "from", "to", "by")
      (from, to) = (try query.day("from"), try query.day("to"))
      grouping = try query.choice("by", of: NightGrouping.allCases.map(\.rawValue)).flatMap(NightGrouping.init) ?? .zone
      if let from, let to, from > to { throw APIError(status: .unprocessableContent, code: "range", detail: "from ≤ to") }
    }

    func table(_ source: any PageSource, _ municipalities: Set<String>) throws -> NightTable {
      let last = try to ?? max(source.newestDay(), from ?? Int.min)
      let first = from ?? last - 59
      guard last - first < Self.longest else {
        throw APIError(status: .unprocessableContent, code: "range", detail: "\(Self.longest) 日まで / at most \(Self.longest) days")
      }
      return try source.nights(first..<last + 1, by: grouping, municipalities: municipalities)
    }
  }
}

/// The table with the field names of the water companies' open night-flow data.
enum NightCSV {
  /// A line a night that has a value; the header first.
  static func lines(_ table: NightTable) -> [[String]] {
    var out = [["DMA_ID", "DMA_NAME", "DATE", "ACTUAL_MIN_NIGHT_FLOW", "MIN_NIGHT_FLOW", "UNITS"]]
    for row in table.rows {
      for (n, day) in table.days.enumerated() {
        guard let value = row.values[n] else { continue }
        out.append([row.id, row.name, day, "\(value)", row.references[n].map { "\($0)" } ?? "", "m3/h"])
      }
    }
    return out
  }
}
