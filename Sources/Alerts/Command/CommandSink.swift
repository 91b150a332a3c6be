/// A program of the town's own (mail, a siren, a script), run once for each notice with the JSON of a webhook on standard input.
///
/// Exit code 0 is delivered, everything else is tried again by the schedule. No shell is involved.
public struct CommandSink: AlertSink {
  public let name: String
  /// Absolute path.
  private let program: String
  private let arguments: [String]
  /// Seconds until the program and all it started are killed.
  private let timeout: Int

  public init(name: String, program: String, arguments: [String], timeout: Int) {
    self.name = name
    self.program = program
    self.arguments = arguments
    self.timeout = timeout
  }

  public func send(_ notice: Notice, now: Int64, isGivenUp: @escaping @Sendable () -> Bool) -> AttemptOutcome {
    let environment = [
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "MIZUMORI_ID=\(notice.id)",
      "MIZUMORI_TYPE=\(notice.type)",
    ]
    let run = CommandRun(
      program: program, arguments: arguments, environment: environment, input: Array((notice.webhookBody + "\n").utf8), seconds: timeout,
      isGivenUp: isGivenUp)
    let complaint = SaidText.line(run.complaint)
    let why: String
    switch run.end {
    case .exited(0): return .delivered(status: 0)
    case .exited(let code): why = "exit code \(code)"
    case .signalled(let number): why = "ended by signal \(number)"
    case .overdue: why = "killed after \(timeout) s"
    case .givenUp: why = "killed: the service stops"
    case .notStarted(let reason): why = "not started: \(reason)"
    }
    return .retry(status: nil, error: why + (complaint.isEmpty ? "" : ": \(complaint)"))
  }
}
