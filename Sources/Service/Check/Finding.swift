/// One thing that `mizumori check` looked at: how it is, and what to do where it is not well.
public struct Finding: Codable, Hashable, Sendable {
  public enum Level: String, Codable, Sendable {
    case ok
    /// It works, and somebody should look at it.
    case warning
    /// Readings or alerts do not come through, or will not for long.
    case problem
  }

  /// Stable names, for programs.
  public enum Subject: String, Codable, Sendable {
    case settings, secrets, data, disk, clock, broker, certificate, topics, sensors, receiver
  }

  public var subject: Subject
  public var level: Level
  /// What was looked at.
  public var name: String
  /// What was found; nil where there is nothing to say.
  public var detail: String?
  /// What to do.
  public var remedy: String?

  public static func ok(_ subject: Subject, _ name: String, _ detail: String? = nil) -> Finding {
    Finding(subject: subject, level: .ok, name: name, detail: detail)
  }

  public static func warning(_ subject: Subject, _ name: String, _ detail: String, _ remedy: String) -> Finding {
    Finding(subject: subject, level: .warning, name: name, detail: detail, remedy: remedy)
  }

  public static func problem(_ subject: Subject, _ name: String, _ detail: String, _ remedy: String? = nil) -> Finding {
    Finding(subject: subject, level: .problem, name: name, detail: detail, remedy: remedy)
  }
}
