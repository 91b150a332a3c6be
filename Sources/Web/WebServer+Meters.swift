import Accounts
import HTTPTypes
import Hummingbird

extension WebServer {
  func meters(_ api: RouterGroup<PageContext>) {
    let (source, desk) = (source, desk)
    api.get("meters") { request, context in
      let query = try RequestQuery(request.uri, "limit", "after")
      let (limit, after) = (try query.limit(), try query.text("after"))
      return try await desk.ask {
        try JSON.response(source.meters(limit: limit, after: after, municipalities: context.identity.municipalities), request)
      }
    }
    api.get("meters/:m/:z/:s/:q") { request, context in
      _ = try RequestQuery(request.uri)
      let id = try Self.sensor(context)
      return try await desk.ask {
        guard let detail = try source.meter(id) else { throw Self.unknownMeter }
        return try JSON.response(detail)
      }
    }
    api.get("meters/:m/:z/:s/:q/explain") { request, context in
      let id = try Self.sensor(context)
      let moment = try RequestQuery(request.uri, "at").time("at")
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
      let query = try RequestQuery(request.uri, "from", "to", "points")
      let points = try query.count("points", in: 10...5000, otherwise: 1500)
      let (from, to) = try query.times()
      return try await desk.ask {
        guard let series = try source.series(id, from: from, to: to, points: points) else { throw Self.unknownMeter }
        return try JSON.response(series)
      }
    }
  }
}
