import Accounts
import HTTPTypes
import Hummingbird

extension WebServer {
  /// `/api/v1`: what the page shows, for programs too.
  func api(_ api: RouterGroup<PageContext>, _ live: LiveBroadcast) {
    let (source, desk) = (source, desk)
    api.get("overview") { _, context in try await desk.ask { try JSON.response(source.overview().seen(by: context.identity)) } }
    api.get("utility") { _, _ in try await desk.ask { try JSON.response(UtilitySummary(source.overview())) } }
    let gate = gate
    api.get("stream") { request, context in
      LiveStream.response(live, lastEventID: request.headers[Self.lastEventID], LiveStream.Viewer(gate, context))
    }
    session(api)
    meters(api)
    events(api)
  }

  private static let lastEventID = HTTPField.Name("Last-Event-ID")!

  private func meters(_ api: RouterGroup<PageContext>) {
    let (source, desk) = (source, desk)
    api.get("meters/:m/:z/:s/:q") { _, context in
      let id = try Self.sensor(context)
      return try await desk.ask {
        guard let detail = try source.meter(id) else { throw Self.unknownMeter }
        return try JSON.response(detail)
      }
    }
    api.get("meters/:m/:z/:s/:q/explain") { request, context in
      let id = try Self.sensor(context)
      let moment = try RequestQuery(request.uri).time("at")
      return try await desk.ask {
        guard let detail = try source.moment(id, at: moment) else { throw Self.noMoment }
        return try JSON.response(detail)
      }
    }
    api.post("meters/:m/:z/:s/:q/actions") { request, context in
      let id = try Self.sensor(context)
      let body = try await request.body.collect(upTo: Self.maximumBody)
      var command = try JSON.read(ActionCommand.self, body)
      command.by = Self.person(command.by, context)
      return try JSON.response(try await source.act(id, command), status: .created)
    }
    api.get("meters/:m/:z/:s/:q/series") { request, context in
      let id = try Self.sensor(context)
      let query = RequestQuery(request.uri)
      let points = try query.count("points", in: 10...5000, otherwise: 1500)
      let (from, to) = (try query.time("from"), try query.time("to"))
      if let from, let to, to <= from {
        throw APIError(status: .badRequest, code: "range", detail: "from < to, Unix milliseconds")
      }
      return try await desk.ask {
        guard let series = try source.series(id, from: from, to: to, points: points) else { throw Self.unknownMeter }
        return try JSON.response(series)
      }
    }
  }

  private func events(_ api: RouterGroup<PageContext>) {
    let (source, desk) = (source, desk)
    api.get("events") { request, context in
      let query = RequestQuery(request.uri)
      let limit = try query.count("limit", in: 1...1000, otherwise: 100)
      let openOnly = try query.flag("open")
      return try await desk.ask {
        try JSON.response(source.events(openOnly: openOnly, limit: limit, municipalities: context.identity.municipalities))
      }
    }
    api.get("events/:key") { _, context in
      let key = try context.parameters.require("key")
      return try await desk.ask {
        guard let event = try source.event(key), context.identity.sees(sensor: event.sensor) else {
          throw APIError(status: .notFound, code: "event_unknown", detail: "その事象はありません / no such event")
        }
        return try JSON.response(event)
      }
    }
  }

  /// Who said it: whoever is logged in, whatever else stands there.
  private static func person(_ written: String?, _ context: PageContext) -> String? {
    guard context.session != nil else { return written }
    let (name, written) = (context.identity.name, written ?? "")
    return written.isEmpty || written == name ? name : "\(written)（\(name)）"
  }

  private static func sensor(_ context: PageContext) throws -> String {
    let parts = try ["m", "z", "s", "q"].map { try context.parameters.require($0) }
    // What is not one's own is not there.
    guard context.identity.sees(parts[0]) else { throw unknownMeter }
    return parts.joined(separator: "/")
  }

  /// Bytes of a request's body.
  static let maximumBody = 16_384

  private static var noMoment: APIError {
    APIError(
      status: .notFound, code: "moment_unknown", detail: "そのメーターの、その時刻までの値がありません / no such meter, or no reading of it up to then")
  }

  private static var unknownMeter: APIError {
    APIError(status: .notFound, code: "meter_unknown", detail: "そのメーターはありません / no such meter")
  }
}
