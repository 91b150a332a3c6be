import Foundation

/// The files of the page, read once at start: few and small.
struct PageAssets: Sendable {
  struct File: Sendable {
    let bytes: [UInt8]
    let type: String
  }

  let files: [String: File]

  init(_ settings: WebSettings) throws(WebError) {
    var all: [String: File] = [:]
    let own = settings.assetsDirectory ?? PageAssets.findOwn()
    for (name, type) in [
      ("index.html", "text/html; charset=utf-8"), ("meter.html", "text/html; charset=utf-8"), ("style.css", "text/css; charset=utf-8"),
      ("words.js", "text/javascript; charset=utf-8"), ("common.js", "text/javascript; charset=utf-8"),
      ("overview.js", "text/javascript; charset=utf-8"), ("meter.js", "text/javascript; charset=utf-8"), ("icon.svg", "image/svg+xml"),
    ] {
      all[name] = try PageAssets.read("\(own)/\(name)", type)
    }
    for (name, type) in [("dygraph.min.js", "text/javascript; charset=utf-8"), ("dygraph.min.css", "text/css; charset=utf-8")] {
      all[name] = try PageAssets.read("\(settings.dygraphsDirectory)/\(name)", type)
    }
    files = all
  }

  private static func read(_ path: String, _ type: String) throws(WebError) -> File {
    guard let data = FileManager.default.contents(atPath: path) else { throw .assetMissing(path) }
    return File(bytes: Array(data), type: type)
  }

  /// Beside the program (build folder), in the system's folder, or where the build put the bundle.
  private static func findOwn() -> String {
    let program = URL(
      fileURLWithPath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0])
    let candidates = [program.deletingLastPathComponent().path + "/mizumori_Web.resources/Assets", "/usr/share/mizumori/web"]
    return candidates.first { FileManager.default.fileExists(atPath: $0 + "/index.html") } ?? candidates[1]
  }
}
