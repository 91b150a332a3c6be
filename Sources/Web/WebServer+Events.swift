import Accounts
import HTTPTypes
import Hummingbird

extension WebServer {
  /// `/api/v1/events`: what was found, and why.
  func events(_ api: RouterGroup<PageContext>) {
    let (source, desk) = (source, desk)
    api.get("events") { request, context in
      let query = try Self.eventQuery(request, context)
      return try await desk.ask { try JSON.response(source.events(query), request) }
    }
    api.get("events/:key") { request, context in
      _ = try RequestQuery(request.uri)
      let key = try context.parameters.require("key")
      return try await desk.ask {
        // What is not one's own is not there.
        guard let event = try source.event(key), context.identity.sees(sensor: event.summary.sensor) else {
          throw APIError(status: .notFound, code: "event_unknown", detail: "その事象はありません / no such event")
        }
        return try JSON.response(event)
      }
    }
    api.get("changes") { request, context in
      guard let since = try RequestQuery(request.uri, "since").time("since") else {
        throw APIError(status: .badRequest, code: "since", detail: "since: Unix milliseconds")
      }
      return try await desk.ask { try JSON.response(source.changes(since: since, municipalities: context.identity.municipalities)) }
    }
  }

  private static func eventQuery(_ request: Request, _ context: PageContext) throws -> EventQuery {
    let query = try RequestQuery(request.uri, "open", "leaks", "kind", "sensor", "from", "to", "limit", "after")
    var wanted = EventQuery()
    wanted.isOpen = try query.flag("open")
    wanted.leaks = try query.flag("leaks")
    wanted.kind = try query.text("kind")
    wanted.sensor = try query.text("sensor")
    (wanted.from, wanted.to) = try query.times()
    wanted.limit = try query.limit()
    wanted.after = try query.text("after")
    wanted.municipalities = context.identity.municipalities
    return wanted
  }
}
