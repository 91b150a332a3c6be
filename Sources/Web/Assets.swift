import Foundation
import HTTPTypes
import Hummingbird
import Readings

/// The files of the page, read once at start: few and small.
struct PageAssets: Sendable {
  struct File: Sendable {
    let body: ByteBuffer
    let type: String
    /// Changes when the file does.
    let tag: String
  }

  let files: [String: File]

  init(_ settings: WebSettings) throws(WebError) {
    var all: [String: File] = [:]
    let own = settings.assetsDirectory ?? PageAssets.findOwn()
    for (name, type) in [
      ("index.html", "text/html; charset=utf-8"), ("meter.html", "text/html; charset=utf-8"),
      ("login.html", "text/html; charset=utf-8"), ("login.js", "text/javascript; charset=utf-8"), ("style.css", "text/css; charset=utf-8"),
      ("words.js", "text/javascript; charset=utf-8"), ("common.js", "text/javascript; charset=utf-8"),
      ("overview.js", "text/javascript; charset=utf-8"), ("chart.js", "text/javascript; charset=utf-8"),
      ("meter.js", "text/javascript; charset=utf-8"), ("say.js", "text/javascript; charset=utf-8"), ("icon.svg", "image/svg+xml"),
    ] {
      all[name] = try PageAssets.read("\(own)/\(name)", type)
    }
    for (name, type) in [("dygraph.min.js", "text/javascript; charset=utf-8"), ("dygraph.min.css", "text/css; charset=utf-8")] {
      all[name] = try PageAssets.read("\(settings.dygraphsDirectory)/\(name)", type)
    }
    files = all
  }

  /// A file of `/assets/`: kept by the browser, but asked about each time, so that a new version is seen at once.
  func response(_ name: String, _ request: Request) throws -> Response {
    guard let file = files[name], !name.hasSuffix(".html") else { throw HTTPError(.notFound) }
    let headers: HTTPFields = [.contentType: file.type, .eTag: file.tag, .cacheControl: "no-cache"]
    let known = request.headers[.ifNoneMatch]?.split(separator: ",").map { $0.drop { $0 == " " } } ?? []
    if known.contains(where: { $0 == file.tag || $0 == "W/" + file.tag || $0 == "*" }) {
      return Response(status: .notModified, headers: headers)
    }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.body))
  }

  /// A page itself.
  func page(_ name: String) throws -> Response {
    guard let file = files[name] else { throw HTTPError(.notFound) }
    return Response(status: .ok, headers: [.contentType: file.type], body: ResponseBody(byteBuffer: file.body))
  }

  private static func read(_ path: String, _ type: String) throws(WebError) -> File {
    guard let data = FileManager.default.contents(atPath: path) else { throw .assetMissing(path) }
    var hash = StableHash()
    for byte in data { hash.add(byte) }
    return File(body: ByteBuffer(bytes: data), type: type, tag: "\"\(hash.hex)\"")
  }

  /// Beside the program (build folder), in the system's folder, or where the build put the bundle.
  static func findOwn() -> String {
    let program = URL(
      fileURLWithPath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0])
    let candidates = [program.deletingLastPathComponent().path + "/mizumori_Web.resources/Assets", "/usr/share/mizumori/web"]
    return candidates.first { FileManager.default.fileExists(atPath: $0 + "/index.html") } ?? candidates[1]
  }
}
