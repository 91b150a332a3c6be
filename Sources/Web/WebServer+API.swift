import Accounts
import HTTPTypes
import Hummingbird

extension WebServer {
  /// `/api/v1`: what the page shows, for programs too.
  func api(_ api: RouterGroup<PageContext>, _ live: LiveBroadcast) {
    let (source, desk) = (source, desk)
    api.get("overview") { request, context in
      _ = try RequestQuery(request.uri)
      return try await desk.ask {
        var overview = try source.overview(context.identity.municipalities)
        // The state of the machine is for those who see all.
        if !context.identity.municipalities.isEmpty { overview.notices = [] }
        return try JSON.response(overview)
      }
    }
    api.get("utility") { request, _ in
      _ = try RequestQuery(request.uri)
      return try JSON.response(source.utility())
    }
    let (gate, assets) = (gate, assets)
    api.get("openapi.json") { request, _ in
      _ = try RequestQuery(request.uri)
      return try assets.page("openapi.json")
    }
    api.get("stream") { request, context in
      LiveStream.response(live, lastEventID: request.headers[Self.lastEventID], LiveStream.Viewer(gate, context))
    }
    session(api)
    meters(api)
    events(api)
    nights(api)
    works(api)
    deliveries(api)
    sensors(api)
    system(api)
  }

  static let lastEventID = HTTPField.Name("Last-Event-ID")!

  /// Who said it: whoever is logged in, whatever else stands there.
  static func person(_ written: String?, _ context: PageContext) -> String? {
    guard context.session != nil else { return written }
    let (name, written) = (context.identity.name, written ?? "")
    return written.isEmpty || written == name ? name : "\(written)（\(name)）"
  }

  static func sensor(_ context: PageContext) throws -> String {
    let parts = try ["m", "z", "s", "q"].map { try context.parameters.require($0) }
    // What is not one's own is not there.
    guard context.identity.sees(parts[0]) else { throw unknownMeter }
    return parts.joined(separator: "/")
  }

  /// Bytes of a request's body.
  static let maximumBody = 16_384

  static var noMoment: APIError {
    APIError(
      status: .notFound, code: "moment_unknown", detail: "そのメーターの、その時刻までの値がありません / no such meter, or no reading of it up to then")
  }

  static var unknownMeter: APIError {
    APIError(status: .notFound, code: "meter_unknown", detail: "そのメーターはありません / no such meter")
  }
}
