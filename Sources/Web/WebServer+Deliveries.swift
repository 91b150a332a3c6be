import Accounts
import HTTPTypes
import Hummingbird

/// The body of `POST /api/v1/deliveries/replay`.
struct ReplayCommand: RequestBody {
  enum CodingKeys: String, CodingKey, CaseIterable { case endpoint }
  /// Nil = all endpoints.
  var endpoint: String?
}

struct ReplayResult: Encodable {
  var count: Int
}

/// A body that says nothing: `{}`.
struct EmptyCommand: RequestBody {
  enum CodingKeys: String, CodingKey, CaseIterable {
    /// Nothing is ever called so: the enumeration must have a case.
    case none = ""
  }
  init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: CodingKeys.self) }
}

extension WebServer {
  /// `/api/v1/deliveries` and `/api/v1/endpoints`: what was sent, and sending it again.
  func deliveries(_ api: RouterGroup<PageContext>) {
    let (source, desk) = (source, desk)
    api.get("deliveries") { request, context in
      let query = try Self.deliveryQuery(request, context)
      return try await desk.ask { try JSON.response(source.deliveries(query), request) }
    }
    api.get("endpoints") { request, context in
      _ = try RequestQuery(request.uri)
      return try await desk.ask { try JSON.response(source.endpoints(municipalities: context.identity.municipalities)) }
    }
    api.post("deliveries/replay") { request, context in
      let command = try JSON.read(ReplayCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      try Self.requireAllTowns(context)
      return try await desk.ask { try JSON.response(ReplayResult(count: source.replayAll(endpoint: command.endpoint))) }
    }
    api.post("deliveries/:id/replay") { request, context in
      _ = try JSON.read(EmptyCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      guard let id = Int64(try context.parameters.require("id")), id > 0 else { throw Self.unknownDelivery }
      return try await desk.ask {
        try source.replay(id, municipalities: context.identity.municipalities)
        return Response(status: .noContent)
      }
    }
    api.post("endpoints/:name/enable") { request, context in
      _ = try JSON.read(EmptyCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      try Self.requireAllTowns(context)
      let name = try context.parameters.require("name")
      return try await desk.ask {
        try source.enable(endpoint: name)
        return Response(status: .noContent)
      }
    }
  }

  private static func deliveryQuery(_ request: Request, _ context: PageContext) throws -> DeliveryQuery {
    let parameters = try RequestQuery(request.uri, "state", "endpoint", "event", "limit", "after")
    var query = DeliveryQuery()
    let state = try parameters.choice("state", of: ["all", "pending", "failed", "delivered", "dropped"])
    query.state = state == "all" ? nil : state
    query.endpoint = try parameters.text("endpoint")
    query.event = try parameters.text("event")
    query.limit = try parameters.count("limit", in: 1...1000, otherwise: 100)
    // As far as JSON numbers are exact.
    let after = try parameters.count("after", in: 1...9_007_199_254_740_991, otherwise: .max)
    query.after = after == .max ? nil : Int64(after)
    query.municipalities = context.identity.municipalities
    return query
  }

  /// What concerns the whole machine is for those who see all of it.
  static func requireAllTowns(_ context: PageContext) throws(APIError) {
    guard context.identity.municipalities.isEmpty else {
      throw APIError(
        status: .forbidden, code: "all_towns", detail: "すべての市町村を扱う人だけができます / only for accounts and tokens of all towns")
    }
  }

  private static var unknownDelivery: APIError {
    APIError(status: .notFound, code: "delivery_unknown", detail: "その送信はありません / no such delivery")
  }
}
