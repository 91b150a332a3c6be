import Hummingbird

extension WebServer {
  /// `/api/v1/sensors` and the cards of meters.
  func sensors(_ api: RouterGroup<PageContext>) {}
}
