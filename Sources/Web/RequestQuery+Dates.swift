import HTTPTypes
import Readings

/// Calendar dates of a request.
extension RequestQuery {
  /// `YYYY-MM-DD` as days since 1970-01-01; nil when not given.
  func day(_ name: String) throws(APIError) -> Int? {
    guard let text = try text(name) else { return nil }
    guard let n = Self.numbers(text, lengths: [4, 2, 2]), n[0] >= 1, CivilDate(year: n[0], month: n[1], day: n[2]).isValid else {
      throw APIError(status: .badRequest, code: name, detail: "\(name): YYYY-MM-DD")
    }
    return CivilDate(year: n[0], month: n[1], day: n[2]).daysSinceEpoch
  }

  /// `YYYY-MM` as year × 12 + month − 1; nil when not given.
  func month(_ name: String) throws(APIError) -> Int? {
    guard let text = try text(name) else { return nil }
    guard let n = Self.numbers(text, lengths: [4, 2]), n[0] >= 1, (1...12).contains(n[1]) else {
      throw APIError(status: .badRequest, code: name, detail: "\(name): YYYY-MM")
    }
    return n[0] * 12 + n[1] - 1
  }

  /// Digits in groups of these lengths with hyphens between; nil for anything else.
  private static func numbers(_ text: String, lengths: [Int]) -> [Int]? {
    let parts = text.utf8.split(separator: 45, omittingEmptySubsequences: false)
    guard parts.map(\.count) == lengths, parts.allSatisfy({ $0.allSatisfy { (48...57).contains($0) } }) else { return nil }
    return parts.map { $0.reduce(0) { $0 * 10 + Int($1) - 48 } }
  }
}
