import HTTPTypes
import Hummingbird
import HummingbirdCore

/// A part of a list, and where the next one begins.
public struct ListPage<Item: Sendable>: Sendable {
  public var items: [Item]
  /// What the next request says as `after`; nil at the end. `[A-Za-z0-9._/-]` only.
  public var next: String?

  public init(items: [Item], next: String?) {
    self.items = items
    self.next = next
  }

  public func map<Other>(_ transform: (Item) throws -> Other) rethrows -> ListPage<Other> {
    ListPage<Other>(items: try items.map(transform), next: next)
  }
}

extension ListPage: Equatable where Item: Equatable {}

extension JSON {
  /// The items as an array; the `Link` header (RFC 8288) leads to those after them.
  static func response(_ page: ListPage<some Encodable>, _ request: Request) throws -> Response {
    var response = try response(page.items)
    if let next = page.next { response.headers[HTTPField.Name("Link")!] = "<\(link(request.uri, after: next))>; rel=\"next\"" }
    return response
  }

  /// The request's own path and query with `after` in place of what it had.
  private static func link(_ uri: URI, after: String) -> String {
    let others = (uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("after=") && $0 != "after" }
    return uri.path + "?" + (others.map(String.init) + ["after=\(after)"]).joined(separator: "&")
  }
}
