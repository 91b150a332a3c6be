import Accounts
import HTTPTypes
import Hummingbird

extension WebServer {
  /// `/api/v1/sensors` and the cards of meters.
  func sensors(_ api: RouterGroup<PageContext>) {
    let (source, desk) = (source, desk)
    api.get("sensors") { request, context in
      _ = try RequestQuery(request.uri)
      return try await desk.ask { try JSON.response(source.sensors(municipalities: context.identity.municipalities)) }
    }
    api.post("meters/:m/:z/:s/:q/card") { request, context in
      let id = try Self.sensor(context)
      let command = try JSON.read(CardCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      return try await desk.ask {
        let identity = context.identity
        guard let card = try source.setCard(id, command, by: identity.name, municipalities: identity.municipalities) else {
          throw Self.unknownMeter
        }
        return try JSON.response(card)
      }
    }
  }
}
