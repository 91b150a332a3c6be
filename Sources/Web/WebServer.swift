import Hummingbird
import Logging
import NIOCore

/// The page, the API, the live stream and the metrics on one loopback port.
public struct WebServer: Sendable {
  private let settings: WebSettings
  private let source: any PageSource
  private let assets: PageAssets
  private let logger: Logger

  /// Reads the page's files; throws when one is missing.
  public init(settings: WebSettings, source: any PageSource, logger: Logger) throws(WebError) {
    self.settings = settings
    self.source = source
    self.logger = logger
    assets = try PageAssets(settings)
  }

  /// Serves until the task is cancelled.
  /// - Parameter onReady: called with the port once it listens.
  public func run(onReady: @escaping @Sendable (Int) -> Void) async throws {
    let streams = LiveStreams(source: source, limit: settings.maximumStreams)
    var quiet = logger
    quiet.logLevel = .error
    let application = Application(
      router: router(streams), configuration: .init(address: .hostname(settings.host, port: settings.port), serverName: "mizumori"),
      onServerRunning: { channel in onReady(channel.localAddress?.port ?? 0) }, logger: quiet)
    do {
      try await application.run()
    } catch let error as IOError {
      throw WebError.portInUse(host: settings.host, port: settings.port, detail: "\(error)")
    }
  }

  private func router(_ streams: LiveStreams) -> Router<BasicRequestContext> {
    let router = Router()
    router.add(middleware: SecurityMiddleware(allowedHosts: ["127.0.0.1", "localhost", "[", settings.host.lowercased()]))
    pages(router)
    api(router.group("api/v1"), streams)
    return router
  }

  private func pages(_ router: Router<BasicRequestContext>) {
    let source = source
    router.get("/") { _, _ in try asset("index.html") }
    router.get("/meter") { _, _ in try asset("meter.html") }
    router.get("/assets/:name") { _, context in try asset(context.parameters.require("name")) }
    router.get("/livez") { _, _ in
      Response(status: .ok, headers: [.contentType: "text/plain"], body: ResponseBody(byteBuffer: ByteBuffer(string: "ok\n")))
    }
    router.get("/readyz") { _, _ in
      let reasons = source.notReady()
      return Response(
        status: reasons.isEmpty ? .ok : .serviceUnavailable, headers: [.contentType: "text/plain; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: reasons.isEmpty ? "ok\n" : reasons.joined(separator: "\n") + "\n")))
    }
    router.get("/metrics") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: source.metrics())))
    }
  }

  private func api(_ api: RouterGroup<BasicRequestContext>, _ streams: LiveStreams) {
    let source = source
    api.get("overview") { _, _ in try JSON.response(source.overview()) }
    api.get("meters/:m/:z/:s/:q") { _, context in
      guard let detail = try source.meter(try WebServer.sensor(context)) else { return WebServer.unknownMeter }
      return try JSON.response(detail)
    }
    api.get("meters/:m/:z/:s/:q/series") { request, context in
      let query = request.uri.queryParameters
      let points = query["points"].flatMap { Int($0) } ?? 1500
      guard (10...5000).contains(points) else { return Problem.response(.badRequest, "points", "points: 10…5000") }
      let from = query["from"].flatMap { Int64($0) }
      let to = query["to"].flatMap { Int64($0) }
      if let from, let to, to <= from { return Problem.response(.badRequest, "range", "from < to, Unix milliseconds") }
      guard let series = try source.series(try WebServer.sensor(context), from: from, to: to, points: points) else {
        return WebServer.unknownMeter
      }
      return try JSON.response(series)
    }
    api.get("events") { request, _ in
      let query = request.uri.queryParameters
      let limit = max(1, min(1000, query["limit"].flatMap { Int($0) } ?? 100))
      return try JSON.response(source.events(openOnly: query["open"] == "true", limit: limit))
    }
    api.get("events/:key") { _, context in
      guard let event = try source.event(try context.parameters.require("key")) else {
        return Problem.response(.notFound, "event_unknown", "その事象はありません / no such event")
      }
      return try JSON.response(event)
    }
    api.get("stream") { _, _ in
      streams.response() ?? Problem.response(.serviceUnavailable, "streams", "画面が開きすぎです / too many live streams")
    }
  }

  private static func sensor(_ context: BasicRequestContext) throws -> String {
    try ["m", "z", "s", "q"].map { try context.parameters.require($0) }.joined(separator: "/")
  }

  private static var unknownMeter: Response { Problem.response(.notFound, "meter_unknown", "そのメーターはありません / no such meter") }

  private func asset(_ name: String) throws -> Response {
    guard let file = assets.files[name] else { throw HTTPError(.notFound) }
    return Response(status: .ok, headers: [.contentType: file.type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
  }
}
