import Accounts
import HTTPTypes
import Hummingbird

extension WebServer {
  /// `/api/v1/system`, accounts and tokens.
  func system(_ api: RouterGroup<PageContext>) {
    let (source, desk, gate) = (source, desk, gate)
    api.get("system") { request, context in
      _ = try RequestQuery(request.uri)
      try Self.requireAllTowns(context)
      return try await desk.ask {
        var summary = try source.system()
        summary.logins = gate != nil
        return try JSON.response(summary)
      }
    }
    accounts(api)
  }
}
