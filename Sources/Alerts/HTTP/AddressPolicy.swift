import Glibc

/// Which addresses an outbound request may go to: a name in the settings must not lead into the box or the office network by surprise.
public struct AddressPolicy: Sendable {
  /// Addresses that are allowed although they are loopback, link-local or private.
  public var listed: Set<String>

  public init(listed: [String] = []) { self.listed = Set(listed) }

  /// Resolves a host name once; the addresses as text.
  static func resolve(_ host: String) -> [String] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var out: [String] = []
    var next = list
    while let a = next?.pointee {
      var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      if getnameinfo(a.ai_addr, a.ai_addrlen, &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST) == 0 {
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if !out.contains(text) { out.append(text) }
      }
      next = a.ai_next
    }
    return out
  }

  /// Whether a request may go to this numeric address.
  public func allows(_ address: String) -> Bool {
    if listed.contains(address) { return true }
    if let v4 = AddressPolicy.ipv4(address) { return AddressPolicy.isPublic(v4) }
    guard let v6 = AddressPolicy.ipv6(address) else { return false }
    // IPv4 in IPv6 clothes: ::ffff:a.b.c.d, ::a.b.c.d and 64:ff9b::a.b.c.d
    if v6[0..<10].allSatisfy({ $0 == 0 }), v6[10] == v6[11], v6[10] == 0xff || v6[10] == 0 {
      return v6[10] == 0xff && AddressPolicy.isPublic(Array(v6[12...]))
    }
    if v6[0] == 0, v6[1] == 0x64, v6[2] == 0xff, v6[3] == 0x9b { return AddressPolicy.isPublic(Array(v6[12...])) }
    // Global unicast is 2000::/3; loopback, link-local, unique local and multicast are outside it.
    return v6[0] & 0xe0 == 0x20
  }

  private static func isPublic(_ a: [UInt8]) -> Bool {
    switch (a[0], a[1]) {
    case (0, _), (10, _), (127, _), (169, 254), (192, 168): false
    case (172, 16...31), (100, 64...127), (198, 18...19): false
    case (192, 0): a[2] != 0 && a[2] != 2
    case (224..., _): false
    default: true
    }
  }

  private static func ipv4(_ text: String) -> [UInt8]? {
    var a = in_addr()
    guard inet_pton(AF_INET, text, &a) == 1 else { return nil }
    return withUnsafeBytes(of: &a) { Array($0) }
  }

  private static func ipv6(_ text: String) -> [UInt8]? {
    var a = in6_addr()
    guard inet_pton(AF_INET6, text, &a) == 1 else { return nil }
    return withUnsafeBytes(of: &a) { Array($0) }
  }
}
