import Accounts
import HTTPTypes
import Hummingbird

struct NewNumber: Encodable {
  var id: Int64
}

extension WebServer {
  /// `/api/v1/works`: planned work.
  func works(_ api: RouterGroup<PageContext>) {
    let (source, desk) = (source, desk)
    api.get("works") { request, context in
      let query = try RequestQuery(request.uri, "from", "to")
      guard case (let from?, let to?) = try query.times() else {
        throw APIError(status: .badRequest, code: "range", detail: "from, to: Unix milliseconds")
      }
      return try await desk.ask { try JSON.response(source.works(from: from, to: to, municipalities: context.identity.municipalities)) }
    }
    api.post("works") { request, context in
      let command = try await Self.work(request, context)
      return try JSON.response(try await source.plan(command, municipalities: context.identity.municipalities), status: .created)
    }
    api.post("works/cancel") { request, context in
      let command = try await Self.work(request, context)
      return try JSON.response(try await source.cancel(command, municipalities: context.identity.municipalities))
    }
    api.post("works/recurring") { request, context in
      var command = try JSON.read(RecurringWorkCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      command.by = Self.person(command.by, context)
      let new = command
      return try await desk.ask {
        try JSON.response(NewNumber(id: source.addRecurring(new, municipalities: context.identity.municipalities)), status: .created)
      }
    }
    api.post("works/recurring/:id/end") { request, context in
      _ = try JSON.read(EmptyCommand.self, try await request.body.collect(upTo: Self.maximumBody))
      guard let id = Int64(try context.parameters.require("id")), id > 0 else {
        throw APIError(status: .notFound, code: "work_unknown", detail: "その定期の工事はありません / no such recurring work")
      }
      return try await desk.ask {
        try source.endRecurring(id, municipalities: context.identity.municipalities)
        return Response(status: .noContent)
      }
    }
  }

  private static func work(_ request: Request, _ context: PageContext) async throws -> WorkCommand {
    var command = try JSON.read(WorkCommand.self, try await request.body.collect(upTo: maximumBody))
    command.by = person(command.by, context)
    return command
  }
}
