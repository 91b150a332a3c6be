import Accounts
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Reports

extension WebServer {
  /// `/report/…` for printing, `/api/v1/reports/…` and `/api/v1/billed`.
  func reports(_ router: Router<PageContext>) {
    let (source, desk) = (source, printing)
    for kind in ReportPeriod.Kind.allCases {
      router.get("/report/\(kind.rawValue)") { request, context in
        let query = try ReportQuery(kind, request.uri, "lang")
        return try await desk.ask { try query.page(source, context.identity) }
      }
      router.get("/api/v1/reports/\(kind.rawValue)") { request, context in
        let query = try ReportQuery(kind, request.uri)
        return try await desk.ask { try JSON.response(query.report(source, context.identity)) }
      }
      router.get("/api/v1/reports/\(kind.rawValue).csv") { request, context in
        let query = try ReportQuery(kind, request.uri, "lang", "encoding")
        return try await desk.ask { try query.csv(source, context.identity) }
      }
    }
    billed(router.group("/api/v1"))
  }

  private func billed(_ api: RouterGroup<PageContext>) {
    let (source, desk) = (source, desk)
    api.get("billed") { request, context in
      let query = try RequestQuery(request.uri, "from", "to", "municipality")
      let (from, to) = (try query.month("from"), try query.month("to"))
      let wanted = try query.text("municipality")
      let range = (from ?? MonthNumber.range.lowerBound)...max(from ?? 0, to ?? MonthNumber.range.upperBound)
      if let from, let to, from > to { throw APIError(status: .unprocessableContent, code: "range", detail: "from ≤ to, YYYY-MM") }
      return try await desk.ask {
        let all = try source.reportedMunicipalities().filter { context.identity.sees($0) }
        if let wanted, !all.contains(wanted) { throw Self.unknownMunicipality }
        let months = range.lowerBound..<(range.upperBound + 1)
        return try JSON.response(
          all.filter { wanted == nil || $0 == wanted }.flatMap { try source.billed($0, months: months) })
      }
    }
    api.post("billed") { request, context in
      let command = try JSON.read(BilledCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      guard let month = MonthNumber.parse(command.month) else {
        throw APIError(status: .badRequest, code: "month", detail: "month: YYYY-MM")
      }
      if let m3 = command.m3, !BilledLimit.volumes.contains(m3) {
        throw APIError(status: .badRequest, code: "m3", detail: "m3: 0…\(Int(BilledLimit.volumes.upperBound)) m³, null")
      }
      let person = Self.person(command.by, context) ?? ""
      guard person.utf8.count <= 200 else { throw APIError(status: .badRequest, code: "by", detail: "by: 200 バイトまで / at most 200 bytes") }
      return try await desk.ask {
        // What is not one's own is not there.
        guard context.identity.sees(command.municipality), try source.reportedMunicipalities().contains(command.municipality) else {
          throw Self.unknownMunicipality
        }
        try source.setBilled(command.municipality, month: month, volume: command.m3, by: person)
        return try JSON.response(BilledMonth(municipality: command.municipality, month: command.month, m3: command.m3))
      }
    }
  }

  static var unknownMunicipality: APIError {
    APIError(status: .notFound, code: "municipality_unknown", detail: "その市町村のメーターはありません / no meters of such a municipality")
  }
}

/// What a month may have billed, m³.
public enum BilledLimit {
  public static let volumes = 0.0...1e10
}

/// Which report is wanted: `date=`, `month=` or `year=` (nothing = the present one), `municipality=`, and how.
struct ReportQuery: Sendable {
  let kind: ReportPeriod.Kind
  let period: ReportPeriod?
  let municipality: String?
  let language: ReportLanguage?
  let encoding: ReportEncoding

  /// - Parameter more: names besides those of every report.
  init(_ kind: ReportPeriod.Kind, _ uri: URI, _ more: String...) throws(APIError) {
    self.kind = kind
    let (name, wanted) = Self.name(kind)
    let query = try RequestQuery(uri, names: [name, "municipality"] + more)
    let code = try query.text(name)
    period = code.flatMap { ReportPeriod(kind, $0) }
    if code != nil, period == nil { throw APIError(status: .badRequest, code: name, detail: "\(name): \(wanted)") }
    municipality = try query.text("municipality")
    language = try query.choice("lang", of: ReportLanguage.allCases.map(\.rawValue)).flatMap(ReportLanguage.init)
    encoding = try query.choice("encoding", of: ReportEncoding.allCases.map(\.rawValue)).flatMap(ReportEncoding.init) ?? .utf8
  }

  private static func name(_ kind: ReportPeriod.Kind) -> (String, String) {
    switch kind {
    case .daily: ("date", "YYYY-MM-DD")
    case .monthly: ("month", "YYYY-MM")
    case .annual: ("year", "YYYY（年度 / April to March）")
    }
  }

  func report(_ source: any PageSource, _ identity: Identity) throws -> Report {
    if let municipality, !identity.sees(municipality) { throw WebServer.unknownMunicipality }
    let wanted = municipality.map { [$0] } ?? identity.municipalities
    guard let report = try source.report(kind, period, municipalities: wanted) else { throw WebServer.unknownMunicipality }
    return report
  }

  func csv(_ source: any PageSource, _ identity: Identity) throws -> Response {
    let report = try report(source, identity)
    let language = language ?? source.reportLanguage
    let name = "\(Self.title(kind, language))_\(report.period).csv"
    return Response(
      status: .ok,
      headers: [
        .contentType: "text/csv; charset=\(encoding.charset)",
        .contentDisposition: ContentDisposition.attachment("mizumori-\(kind.rawValue)-\(report.period).csv", name),
      ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: source.csv(report, language, encoding))))
  }

  private static func title(_ kind: ReportPeriod.Kind, _ language: ReportLanguage) -> String {
    switch (kind, language) {
    case (.daily, .ja): "漏水監視日報"
    case (.monthly, .ja): "漏水監視月報"
    case (.annual, .ja): "漏水監視年報"
    case (_, .en): "leakage-report-\(kind.rawValue)"
    }
  }

  func page(_ source: any PageSource, _ identity: Identity) throws -> Response {
    let report = try report(source, identity)
    let page = ReportPage(
      report, language ?? source.reportLanguage, style: .linked("/assets/report.css"), links: links(report))
    return Response(
      status: .ok, headers: [.contentType: "text/html; charset=utf-8"], body: ResponseBody(byteBuffer: ByteBuffer(string: page.html)))
  }

  private func links(_ report: Report) -> ReportPage.Links {
    let (name, _) = Self.name(kind)
    let present = ReportPeriod(kind, report.period)
    func way(_ path: String, _ period: ReportPeriod?, _ more: [(String, String?)]) -> String {
      // Names of municipalities and periods need no escapes.
      let all = [(name, period?.code ?? report.period), ("municipality", municipality)] + more
      return path + "?" + all.compactMap { key, value in value.map { "\(key)=\($0)" } }.joined(separator: "&")
    }
    let csv = "/api/v1/reports/\(kind.rawValue).csv"
    let language = [("lang", language?.rawValue)]
    return ReportPage.Links(
      reports: "/reports", csv: way(csv, present, language), csvForExcel: way(csv, present, language + [("encoding", "cp932")]),
      previous: way("/report/\(kind.rawValue)", present?.previous, language),
      next: way("/report/\(kind.rawValue)", present?.next, language), event: "/event?key=",
      icon: "/assets/icon.svg")
  }
}

/// `Content-Disposition` (RFC 6266), with a name that old programs understand and one in UTF-8 (RFC 8187).
enum ContentDisposition {
  /// - Parameter plain: ASCII without quotes.
  static func attachment(_ plain: String, _ name: String) -> String {
    let escaped = name.utf8.map { c in
      (48...57).contains(c) || (65...90).contains(c) || (97...122).contains(c) || [45, 46, 95, 126].contains(c)
        ? String(UnicodeScalar(c)) : "%" + (c < 16 ? "0" : "") + String(c, radix: 16, uppercase: true)
    }
    return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(escaped.joined())"
  }
}
