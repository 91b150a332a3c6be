import HTTPTypes
import Hummingbird
import NIOCore

/// Tables out (RFC 4180), such that Excel on a Japanese Windows opens them right: with a byte-order mark.
enum CSV {
  static func response(_ rows: [[String]], file: String) -> Response {
    let text = "\u{FEFF}" + rows.map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
    return Response(
      status: .ok,
      headers: [.contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"\(file)\""],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  /// Quoted where it must be. A text that a spreadsheet would take for a formula is made none (names come from outside).
  static func field(_ text: String) -> String {
    var text = text
    if let first = text.utf8.first, [0x3D, 0x2B, 0x2D, 0x40, 0x09].contains(first), Double(text) == nil { text = "'" + text }
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
