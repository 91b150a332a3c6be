import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// JSON out.
enum JSON {
  static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    Response(
      status: status, headers: [.contentType: "application/json; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
  }

  /// - Throws: `APIError` for what is not JSON or has other fields than `T`.
  static func read<T: Decodable>(_ type: T.Type, _ bytes: ByteBuffer) throws(APIError) -> T {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes.readableBytesView))
    } catch {
      throw APIError(status: .badRequest, code: "json", detail: "JSON の形が違います / not the JSON that is expected here")
    }
  }

  static func quote(_ s: String) -> String {
    guard let data = try? encoder.encode(s) else { return "\"\"" }
    return String(decoding: data, as: UTF8.self)
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    // Sorted: the same answer twice is the same text twice.
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    return encoder
  }
}
