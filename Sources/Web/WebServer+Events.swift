import Accounts
import HTTPTypes
import Hummingbird

extension WebServer {
  func events(_ api: RouterGroup<PageContext>) {
    let (source, desk) = (source, desk)
    api.get("events") { request, context in
      let query = try RequestQuery(request.uri, "limit", "open")
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
}
