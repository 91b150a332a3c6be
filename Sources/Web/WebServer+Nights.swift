import Hummingbird

extension WebServer {
  /// `/api/v1/nights`: night flow by day.
  func nights(_ api: RouterGroup<PageContext>) {}
}
