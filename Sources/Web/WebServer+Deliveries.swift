import Hummingbird

extension WebServer {
  /// `/api/v1/deliveries` and `/api/v1/endpoints`: what was sent, and sending it again.
  func deliveries(_ api: RouterGroup<PageContext>) {}
}
