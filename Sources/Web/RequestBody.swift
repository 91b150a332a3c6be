import Foundation
import HTTPTypes
import NIOCore

/// What a POST brings: its names are known, so that a misspelt one is told and not ignored.
///
/// A conforming type declares `enum CodingKeys: String, CodingKey, CaseIterable`.
protocol RequestBody: Decodable {
  associatedtype CodingKeys: CodingKey & CaseIterable
}

extension JSON {
  /// - Throws: `APIError` 400 for what is not JSON, lacks something, or has a name that `T` does not know.
  static func read<T: RequestBody>(_ type: T.Type, _ bytes: ByteBuffer) throws(APIError) -> T {
    let data = Data(bytes.readableBytesView)
    do {
      let names = try JSONDecoder().decode(Names.self, from: data)
      let known = T.CodingKeys.allCases.map(\.stringValue)
      if let unknown = names.all.first(where: { !known.contains($0) }) {
        throw refusal("\(unknown.prefix(40)) という項目はありません: \(known.joined(separator: ", ")) / unknown name")
      }
      return try JSONDecoder().decode(type, from: data)
    } catch let error as APIError {
      throw error
    } catch let error as DecodingError {
      throw refusal(description(error))
    } catch {
      throw refusal("JSON の形が違います / not the JSON that is expected here")
    }
  }

  private static func refusal(_ detail: String) -> APIError { APIError(status: .badRequest, code: "json", detail: detail) }

  private static func description(_ error: DecodingError) -> String {
    func at(_ context: DecodingError.Context) -> String {
      context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
    return switch error {
    case .keyNotFound(let key, _): "\(key.stringValue) がありません / \(key.stringValue) is missing"
    case .valueNotFound(_, let c), .typeMismatch(_, let c):
      c.codingPath.isEmpty ? "JSON のオブジェクトを送ってください / send a JSON object" : "\(at(c)) の型が違います / \(at(c)) has another type"
    default: "JSON の形が違います / not the JSON that is expected here"
    }
  }

  /// The names of an object's members.
  private struct Names: Decodable {
    let all: [String]

    private struct Name: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws { all = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue).sorted() }
  }
}
