import Hummingbird

extension WebServer {
  /// `/ngsi-ld/…`: meters and leaks for the prefecture's data platform.
  func entities(_ router: Router<PageContext>) {}
}
