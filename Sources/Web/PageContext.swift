import Accounts
import Hummingbird

/// A request, and who asks.
struct PageContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  var identity = Identity.everybody
  /// The id of the session that the request belongs to; nil for programs, and where nobody logs in.
  var session: String?
  /// What writes of that session must bring along; empty without one.
  var csrf = ""

  init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}

extension Identity {
  /// - Parameter id: `municipality/zone/sensor/quantity`.
  func sees(sensor id: String) -> Bool { sees(id.prefix { $0 != "/" }) }
}
