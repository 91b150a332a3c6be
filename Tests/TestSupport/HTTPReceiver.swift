import Foundation
import Synchronization

/// A real HTTP/1.1 server on 127.0.0.1 that records what it gets and answers as scripted.
public final class HTTPReceiver: Sendable {
  public struct Request: Sendable {
    public let path: String
    /// Names in lower case.
    public let headers: [String: String]
    public let body: [UInt8]
  }

  public struct Answer: Sendable {
    public var status: Int
    public var headers: [String: String]
    public var delay: Double
    public var body: String

    public init(_ status: Int, headers: [String: String] = [:], delay: Double = 0, body: String = "") {
      self.status = status
      self.headers = headers
      self.delay = delay
      self.body = body
    }
  }

  public let port: Int
  private let listener: Int32
  private let state: Mutex<(requests: [Request], script: [Answer])>

  /// - Parameter script: the answers in order; the last one is repeated.
  public init(_ script: [Answer] = [Answer(204)]) throws {
    listener = Loopback.socket()
    port = try Loopback.listen(listener, port: 0)
    state = Mutex(([], script))
    let thread = Thread { [weak self, listener] in
      while true {
        let fd = accept(listener, nil, nil)
        if fd < 0 {
          // Closed by the thread that uses it: its number may belong to another receiver the moment after.
          close(listener)
          return
        }
        Thread { [weak self] in
          guard let self else {
            close(fd)
            return
          }
          serve(fd)
        }.start()
      }
    }
    thread.start()
  }

  /// Ends `accept`.
  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  public var requests: [Request] { state.withLock { $0.requests } }

  /// Waits until there are `count` requests, at most `seconds`.
  public func wait(for count: Int, seconds: Double) -> [Request] {
    _ = eventually(seconds: seconds) { requests.count >= count }
    return requests
  }

  private func serve(_ fd: Int32) {
    defer { close(fd) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let separator = Array("\r\n\r\n".utf8)
    var headEnd: Int?
    var length = 0
    var head: [Substring] = []
    while true {
      let n = read(fd, &chunk, chunk.count)
      if n <= 0 { return }
      bytes.append(contentsOf: chunk[..<n])
      if headEnd == nil, let range = bytes.firstRange(of: separator) {
        headEnd = range.upperBound
        head = String(decoding: bytes[..<range.lowerBound], as: UTF8.self).split(separator: "\r\n")
        length =
          head.compactMap { $0.lowercased().hasPrefix("content-length:") ? Int($0.split(separator: " ").last ?? "") : nil }.first ?? 0
      }
      if let headEnd, bytes.count >= headEnd + length { break }
    }
    guard let headEnd, let first = head.first else { return }
    var headers: [String: String] = [:]
    for line in head.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    let path = first.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let request = Request(path: path, headers: headers, body: Array(bytes[headEnd..<(headEnd + length)]))
    let answer = state.withLock { s in
      s.requests.append(request)
      return s.script.count > 1 ? s.script.removeFirst() : s.script[0]
    }
    usleep(UInt32(answer.delay * 1e6))
    var text = "HTTP/1.1 \(answer.status) X\r\nContent-Length: \(answer.body.utf8.count)\r\nConnection: close\r\n"
    for (k, v) in answer.headers { text += "\(k): \(v)\r\n" }
    text += "\r\n" + answer.body
    _ = text.withCString { write(fd, $0, strlen($0)) }
  }
}
