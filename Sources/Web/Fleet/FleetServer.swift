import Hummingbird
import Logging

/// The page of `mizumori fleet`: several instances on one page, to be read only.
///
/// Nobody logs in: it listens on a loopback address, and who is to see it from elsewhere comes through a proxy that asks.
public struct FleetServer: Sendable {
  private let settings: WebSettings
  private let assets: PageAssets
  private let view: @Sendable () -> any Encodable & Sendable
  private let logger: Logger

  /// Reads the page's files; throws when one is missing.
  /// - Parameter view: what `/api/v1/fleet` answers; must not block.
  public init(settings: WebSettings, logger: Logger, view: @escaping @Sendable () -> any Encodable & Sendable) throws(WebError) {
    self.settings = settings
    self.logger = logger
    self.view = view
    assets = try PageAssets(settings)
  }

  /// Serves until the task is cancelled.
  /// - Parameter onReady: called with the port once it listens.
  /// - Throws: `WebError.portInUse` when the address cannot be listened on.
  public func run(onReady: @escaping @Sendable (Int) -> Void) async throws {
    try await PageApplication.run(router(), settings, logger, onReady: onReady)
  }

  private func router() -> Router<PageContext> {
    let router = Router(context: PageContext.self, options: .autoGenerateHeadEndpoints)
    let table = RouteTable()
    router.add(middleware: SecurityMiddleware(hosts: HostList(settings), routes: table, logger: logger))
    router.add(middleware: CompressionMiddleware())
    let (assets, view) = (assets, view)
    router.get("/") { _, _ in try assets.page("fleet.html") }
    router.get("/assets/:name") { request, context in try assets.response(context.parameters.require("name"), request) }
    router.get("/livez") { _, _ in
      Response(status: .ok, headers: [.contentType: "text/plain; charset=utf-8"], body: .init(byteBuffer: .init(string: "ok\n")))
    }
    router.get("/api/v1/fleet") { request, _ in
      _ = try RequestQuery(request.uri)
      return try JSON.response(view())
    }
    table.set(router.routes.map { ($0.path.description, $0.method) })
    return router
  }
}
