import Hummingbird

extension WebServer {
  /// `/api/v1/system`, accounts and tokens.
  func system(_ api: RouterGroup<PageContext>) {}
}
