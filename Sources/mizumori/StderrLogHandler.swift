import Foundation
import Logging

/// Log lines on standard error: text on a terminal, one JSON object a line otherwise.
struct StderrLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info
  let label: String
  let isTerminal: Bool

  init(label: String) {
    self.label = label
    isTerminal = isatty(STDERR_FILENO) == 1
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    var line: String
    if isTerminal {
      line = "\(event.level.rawValue.uppercased()) \(event.message)"
      for (k, v) in all { line += " \(k)=\(v)" }
    } else {
      line =
        "{\"time\":\(Date().timeIntervalSince1970),\"level\":\"\(event.level.rawValue)\",\"message\":\(StderrLogHandler.quote("\(event.message)"))"
      for (k, v) in all { line += ",\(StderrLogHandler.quote(k)):\(StderrLogHandler.quote("\(v)"))" }
      line += "}"
    }
    line += "\n"
    // One write a line, so that lines of several threads do not mix.
    line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  static func quote(_ s: String) -> String {
    var out = "\""
    for u in s.unicodeScalars {
      switch u {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where u.value < 0x20: out += "\\u00" + (u.value < 16 ? "0" : "") + String(u.value, radix: 16)
      default: out.unicodeScalars.append(u)
      }
    }
    return out + "\""
  }
}
