import Foundation
import HTTPTypes
import Hummingbird
import Readings
import Reports

/// The files of the page, read once at start: few and small.
struct PageAssets: Sendable {
  struct File: Sendable {
    let body: ByteBuffer
    let type: String
    /// Changes when the file does.
    let tag: String
  }

  /// What is served, by the end of its name; other files of the folder are not.
  private static let types = [
    "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml",
    "json": "application/json; charset=utf-8", "jsonld": "application/ld+json; charset=utf-8",
  ]
  /// What has an address of its own.
  private static let documents: Set<Substring> = ["html", "json", "jsonld"]
  /// Files without which the programs around us cannot talk to us; those that the pages need stand in `PageFrame`.
  private static let required = ["openapi.json", "context.jsonld"]

  let files: [String: File]

  init(_ settings: WebSettings) throws(WebError) {
    var all: [String: File] = [:]
    let own = settings.assetsDirectory ?? PageAssets.findOwn()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: own)) ?? []
    for name in names {
      guard let type = PageAssets.types[name.split(separator: ".").last.map(String.init) ?? ""] else { continue }
      all[name] = try PageAssets.read("\(own)/\(name)", type)
    }
    for (name, type) in [("dygraph.min.js", "text/javascript; charset=utf-8"), ("dygraph.min.css", "text/css; charset=utf-8")] {
      all[name] = try PageAssets.read("\(settings.dygraphsDirectory)/\(name)", type)
    }
    // The style of printed reports is that of the files that the command writes.
    all["report.css"] = PageAssets.file(Array(ReportPage.css.utf8), "text/css; charset=utf-8")
    // An installation that lacks one is broken, and says so at the start.
    for name in PageAssets.required + PageFrame.all.flatMap(\.files) where all[name] == nil { throw .assetMissing("\(own)/\(name)") }
    for page in PageFrame.all { all[page.name + ".html"] = PageAssets.file(Array(page.html.utf8), "text/html; charset=utf-8") }
    files = all
  }

  /// A file of `/assets/`: kept by the browser, but asked about each time, so that a new version is seen at once.
  func response(_ name: String, _ request: Request) throws -> Response {
    guard let file = files[name], name.split(separator: ".").last.map({ !Self.documents.contains($0) }) == true else {
      throw HTTPError(.notFound)
    }
    let headers: HTTPFields = [.contentType: file.type, .eTag: file.tag, .cacheControl: "no-cache"]
    let known = request.headers[.ifNoneMatch]?.split(separator: ",").map { $0.drop { $0 == " " } } ?? []
    if known.contains(where: { $0 == file.tag || $0 == "W/" + file.tag || $0 == "*" }) {
      return Response(status: .notModified, headers: headers)
    }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.body))
  }

  /// A file that has an address of its own.
  func page(_ name: String) throws -> Response {
    guard let file = files[name] else { throw HTTPError(.notFound) }
    return Response(status: .ok, headers: [.contentType: file.type], body: ResponseBody(byteBuffer: file.body))
  }

  private static func read(_ path: String, _ type: String) throws(WebError) -> File {
    guard let data = FileManager.default.contents(atPath: path) else { throw .assetMissing(path) }
    return file(Array(data), type)
  }

  private static func file(_ bytes: [UInt8], _ type: String) -> File {
    var hash = StableHash()
    for byte in bytes { hash.add(byte) }
    return File(body: ByteBuffer(bytes: bytes), type: type, tag: "\"\(hash.hex)\"")
  }

  /// Beside the program (build folder), in the system's folder, or where the build put the bundle.
  static func findOwn() -> String {
    let program = URL(
      fileURLWithPath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0])
    let candidates = [program.deletingLastPathComponent().path + "/mizumori_Web.resources/Assets", "/usr/share/mizumori/web"]
    return candidates.first { FileManager.default.fileExists(atPath: $0 + "/style.css") } ?? candidates[1]
  }
}
