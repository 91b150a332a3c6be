import Accounts
import Hummingbird
import Logging
import NIOCore

/// The page, the API, the live stream and the metrics on one loopback port.
public struct WebServer: Sendable {
  let source: any PageSource
  let desk = Desk()
  /// Log-ins wait for each other here, not for the page's questions.
  let hashing = Desk(limit: 16)
  /// Reports, which read for seconds, wait for each other here.
  let printing = Desk(limit: 8)
  /// Nil where nobody logs in.
  let gate: Gate?
  let assets: PageAssets
  private let settings: WebSettings
  private let logger: Logger

  /// Reads the page's files; throws when one is missing.
  /// - Parameter gate: who may come in; nil lets everybody in, for a page on a loopback address.
  public init(settings: WebSettings, source: any PageSource, gate: Gate? = nil, logger: Logger) throws(WebError) {
    self.settings = settings
    self.source = source
    self.gate = gate
    self.logger = logger
    assets = try PageAssets(settings)
  }

  /// Serves until the task is cancelled, and then ends the live streams too.
  /// - Parameter onReady: called with the port once it listens.
  /// - Throws: `WebError.portInUse` when the address cannot be listened on.
  public func run(onReady: @escaping @Sendable (Int) -> Void) async throws {
    let live = LiveBroadcast(source: source, limit: settings.maximumStreams)
    defer { live.close() }
    try await PageApplication.run(router(live), settings, logger, onReady: onReady) { live.close() }
  }

  /// Method and path (`/meters/{m}/…`) of all that is served, without HEAD.
  var routes: [(method: String, path: String)] {
    router(LiveBroadcast(source: source, limit: 0)).routes.map { ($0.method.rawValue, $0.path.description) }
  }

  func router(_ live: LiveBroadcast) -> Router<PageContext> {
    let router = Router(context: PageContext.self, options: .autoGenerateHeadEndpoints)
    let table = RouteTable()
    router.add(middleware: SecurityMiddleware(hosts: HostList(settings), routes: table, logger: logger))
    router.add(middleware: CompressionMiddleware())
    router.add(middleware: GateMiddleware(gate: gate))
    pages(router)
    probes(router)
    api(router.group("api/v1"), live)
    reports(router)
    entities(router)
    table.set(router.routes.map { ($0.path.description, $0.method) })
    return router
  }

  private func pages(_ router: Router<PageContext>) {
    let assets = assets
    router.get("/") { _, _ in try assets.page("index.html") }
    for name in PageFrame.named { router.get("/\(name)") { _, _ in try assets.page(name + ".html") } }
    router.get("/assets/:name") { request, context in try assets.response(context.parameters.require("name"), request) }
  }

  /// What machines ask: is it alive, is it ready, how is it doing.
  private func probes(_ router: Router<PageContext>) {
    let (source, desk) = (source, desk)
    router.get("/livez") { _, _ in Self.text("ok\n") }
    router.get("/readyz") { _, _ in
      let reasons = source.notReady()
      return reasons.isEmpty ? Self.text("ok\n") : Self.text(reasons.joined(separator: "\n") + "\n", .serviceUnavailable)
    }
    router.get("/metrics") { _, _ in
      Self.text(try await desk.ask { source.metrics() }, type: "text/plain; version=0.0.4; charset=utf-8")
    }
  }

  private static func text(_ text: String, _ status: HTTPResponse.Status = .ok, type: String = "text/plain; charset=utf-8") -> Response {
    Response(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
