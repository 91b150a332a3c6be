import Alerts
import Foundation
import Settings

/// How a command on this machine speaks to the running service: its API, with the token that it leaves in its data directory.
struct ServiceLine {
  let settings: MizumoriSettings

  /// POST of JSON; blocks.
  /// - Parameter path: below `/api/v1/`.
  /// - Returns: the status.
  /// - Throws: `ServiceError.pageRefused` when it does not answer.
  func post(_ path: String, _ body: some Encodable) throws -> Int {
    let client = HTTPClient(timeout: 20, policy: AddressPolicy(listed: ["127.0.0.1", "::1", settings.web.address], allowsPrivate: true))
    // The running service leaves it for whoever may read its data directory.
    let token = try? String(contentsOfFile: settings.commandTokenFile, encoding: .utf8)
    let headers = token.map { [("Authorization", "Bearer \($0)")] } ?? []
    switch client.post(url(path), headers: headers, body: Array(try JSONEncoder().encode(body))) {
    case .answered(let status, _): return status
    case .failed(let why): throw ServiceError.pageRefused(url(path), why)
    }
  }

  func refusal(_ path: String, _ status: Int) -> ServiceError { .pageRefused(url(path), "HTTP \(status)") }

  private func url(_ path: String) -> String {
    let host = settings.web.address.contains(":") ? "[\(settings.web.address)]" : settings.web.address
    return "http://\(host):\(settings.web.port)/api/v1/\(path)"
  }
}
