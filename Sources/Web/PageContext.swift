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

extension Overview {
  /// What that person may see of it. The state of the machine is for those who see all.
  func seen(by identity: Identity) -> Overview {
    guard !identity.municipalities.isEmpty else { return self }
    var own = self
    own.meters = meters.filter { identity.sees(sensor: $0.id) }
    own.notices = []
    return own
  }
}
