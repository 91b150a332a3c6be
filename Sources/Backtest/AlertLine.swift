import Detection
import Readings

/// One line of an alerts file: `{"sensor","state":"open|escalate|update|close","time","kind","severity","estimated_leak_m3h","onset"}`.
public enum AlertLine {
  /// The line for a transition, without a line feed. `time` is the event time of the reading that made it come out.
  /// - Parameter offset: seconds east of UTC in which times are written.
  public static func text(_ t: Transition, sensor: String, offset: Int) -> String {
    var s = "{\"sensor\":\"" + escaped(sensor)
    s += "\",\"state\":\"" + state(t.change)
    s += "\",\"time\":\"" + t.time.iso8601(offset: offset)
    s += "\",\"kind\":\"" + t.kind.code
    s += "\",\"severity\":\"" + t.severity.code
    s += "\",\"estimated_leak_m3h\":" + (t.kind.isLeak ? number(t.excess) : "null")
    s += ",\"onset\":\"" + t.onset.iso8601(offset: offset) + "\"}"
    return s
  }

  static func state(_ c: EventChange) -> String {
    switch c {
    case .opened: "open"
    case .updated: "update"
    case .escalated: "escalate"
    case .closed: "close"
    }
  }

  /// Three decimals; null where there is no number.
  private static func number(_ v: Double) -> String {
    guard v.isFinite, abs(v) < 1e15 else { return "null" }
    let scaled = Int64((abs(v) * 1000).rounded())
    let fraction = String(scaled % 1000)
    let zeros = String(repeating: "0", count: 3 - fraction.count)
    return (v < 0 && scaled > 0 ? "-" : "") + String(scaled / 1000) + "." + zeros + fraction
  }

  private static func escaped(_ text: String) -> String {
    var out = ""
    for c in text.unicodeScalars {
      switch c {
      case "\"", "\\": out += "\\" + String(c)
      case _ where c.value < 0x20:
        let hex = String(c.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(c)
      }
    }
    return out
  }
}
