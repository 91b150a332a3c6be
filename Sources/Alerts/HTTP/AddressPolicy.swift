import Glibc

/// Which addresses an outbound request may go to: a name in the settings must not lead into the box or the office network by surprise.
public struct AddressPolicy: Sendable {
  /// Addresses and networks (`192.168.1.0/24`) that are allowed although they are loopback, link-local or private.
  public var listed: [String]
  /// Any address of private networks (RFC 1918, RFC 4193) is allowed; loopback and link-local ones still need to be listed.
  public var allowsPrivate: Bool

  public init(listed: [String] = [], allowsPrivate: Bool = false) {
    self.listed = listed
    self.allowsPrivate = allowsPrivate
  }

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
    guard let bytes = AddressPolicy.bytes(address) else { return false }
    return listed.contains { AddressPolicy.network($0, contains: bytes) } || isOpen(bytes)
  }

  private func isOpen(_ a: [UInt8]) -> Bool {
    if a.count == 4 { return isOpenV4(a) }
    // IPv4 in IPv6 clothes: ::ffff:a.b.c.d and 64:ff9b::a.b.c.d
    if a[0..<10].allSatisfy({ $0 == 0 }), a[10] == 0xff, a[11] == 0xff { return isOpenV4(Array(a[12...])) }
    if a[0] == 0, a[1] == 0x64, a[2] == 0xff, a[3] == 0x9b { return isOpenV4(Array(a[12...])) }
    if a[0] & 0xfe == 0xfc { return allowsPrivate }
    // Tunnels that lead to an IPv4 address within: 6to4 (2002::/16) and Teredo (2001::/32).
    if a[0] == 0x20, a[1] == 0x02 || a[1] == 0x01 && a[2] == 0 && a[3] == 0 { return false }
    // Global unicast is 2000::/3; loopback, link-local and multicast are outside it.
    return a[0] & 0xe0 == 0x20
  }

  private func isOpenV4(_ a: [UInt8]) -> Bool {
    switch (a[0], a[1]) {
    case (10, _), (192, 168), (172, 16...31): allowsPrivate
    case (0, _), (127, _), (169, 254), (100, 64...127), (198, 18...19): false
    case (192, 0): a[2] != 0 && a[2] != 2
    case (224..., _): false
    default: true
    }
  }

  /// Whether an address, or a network with the length of its prefix, contains `bytes`.
  private static func network(_ text: String, contains bytes: [UInt8]) -> Bool {
    let parts = text.split(separator: "/", maxSplits: 1)
    guard let base = parts.first.flatMap({ AddressPolicy.bytes(String($0)) }), base.count == bytes.count else { return false }
    let length = parts.count == 2 ? Int(parts[1]) ?? -1 : base.count * 8
    guard length >= 0, length <= base.count * 8 else { return false }
    return (0..<length).allSatisfy { bit in
      let difference: UInt8 = base[bit / 8] ^ bytes[bit / 8]
      return difference & (0x80 >> UInt8(bit % 8)) == 0
    }
  }

  private static func bytes(_ text: String) -> [UInt8]? { ipv4(text) ?? ipv6(text) }

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
