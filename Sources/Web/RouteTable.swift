import HTTPTypes
import Hummingbird
import Synchronization

/// Which methods a path knows, so that a wrong one is told apart from a wrong path.
///
/// Set once, when all routes are there; a lock since the middleware that asks is made before them.
final class RouteTable: Sendable {
  private struct Route {
    /// A nil matches any one segment.
    let segments: [Substring?]
    let method: HTTPRequest.Method
  }

  private let routes = Mutex<[Route]>([])

  /// - Parameter descriptions: `RouterPath` and method of each route.
  func set(_ descriptions: [(path: String, method: HTTPRequest.Method)]) {
    let all = descriptions.map {
      Route(segments: $0.path.split(separator: "/").map { $0.hasPrefix(":") || $0.hasPrefix("{") ? nil : $0 }, method: $0.method)
    }
    routes.withLock { $0 = all }
  }

  /// Sorted, with HEAD where there is GET; empty for a path that is not there.
  func methods(_ path: String) -> [HTTPRequest.Method] {
    let parts = path.split(separator: "/")
    let found = routes.withLock { all in
      all.filter { r in r.segments.count == parts.count && zip(r.segments, parts).allSatisfy { $0 == nil || $0 == $1 } }.map(\.method)
    }
    let all = Set(found + (found.contains(.get) ? [.head] : []))
    return all.sorted { $0.rawValue < $1.rawValue }
  }
}
