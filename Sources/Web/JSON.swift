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
