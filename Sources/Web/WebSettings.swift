/// Where the page listens and what it serves.
public struct WebSettings: Sendable {
  /// Numeric loopback address.
  public var host = "127.0.0.1"
  /// 0 takes any free port; the server tells which.
  public var port = 8080
  /// Host names, besides the loopback ones and `host`, under which the page may be asked for (a reverse proxy's name).
  public var allowedHosts: [String] = []
  /// Folder of dygraph.min.js and dygraph.min.css (Debian: libjs-dygraphs).
  public var dygraphsDirectory = "/usr/share/javascript/dygraphs"
  /// Folder of the page's own files; nil looks beside the program and in /usr/share/mizumori/web.
  public var assetsDirectory: String?
  /// Live streams at the same time.
  public var maximumStreams = 100

  public init() {}
}

/// Why the page cannot be served.
public enum WebError: Error, CustomStringConvertible, Sendable {
  /// The address cannot be listened on: taken by another program, not of this machine, or not permitted. `detail` says which.
  case portInUse(host: String, port: Int, detail: String)
  case assetMissing(String)

  public var description: String {
    switch self {
    case .portInUse(let host, let port, let detail):
      "画面を \(host):\(port) で開けません / cannot listen on \(host):\(port): \(detail)"
    case .assetMissing(let path):
      "画面の部品 \(path) がありません。`apt-get install libjs-dygraphs` か、入れ直しを / \(path) is missing: apt-get install libjs-dygraphs, or install again"
    }
  }
}
