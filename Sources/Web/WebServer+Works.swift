import Hummingbird

extension WebServer {
  /// `/api/v1/works`: planned work.
  func works(_ api: RouterGroup<PageContext>) {}
}
