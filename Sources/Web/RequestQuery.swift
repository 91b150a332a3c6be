import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The parameters of a request, each with its range: what is not understood is refused, never guessed.
struct RequestQuery {
  private let parameters: Parameters

  init(_ uri: URI) { parameters = uri.queryParameters }

  /// Years 1 to 9999 in Unix milliseconds: no arithmetic on them can overflow.
  static let times: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

  /// Unix milliseconds; nil when not given.
  func time(_ name: String) throws(APIError) -> Int64? { try number(name, in: Self.times, "Unix milliseconds") }

  func count(_ name: String, in range: ClosedRange<Int64>, otherwise: Int64) throws(APIError) -> Int {
    Int(try number(name, in: range, "\(range.lowerBound)…\(range.upperBound)") ?? otherwise)
  }

  /// `true` or `false`; false when not given.
  func flag(_ name: String) throws(APIError) -> Bool {
    switch parameters[Substring(name)].map(String.init) {
    case nil, "false": false
    case "true": true
    case .some: throw APIError(status: .badRequest, code: name, detail: "\(name): true / false")
    }
  }

  private func number(_ name: String, in range: ClosedRange<Int64>, _ wanted: String) throws(APIError) -> Int64? {
    guard let text = parameters[Substring(name)] else { return nil }
    guard let n = Int64(text), range.contains(n) else {
      throw APIError(status: .badRequest, code: name, detail: "\(name): \(wanted)")
    }
    return n
  }
}
