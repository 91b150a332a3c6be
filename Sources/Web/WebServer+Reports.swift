import Hummingbird

extension WebServer {
  /// `/report/…` for printing, `/api/v1/reports/…` and `/api/v1/billed`.
  func reports(_ router: Router<PageContext>) {}
}
