/// What came of one attempt to deliver: all that the schedule needs to know, whatever the sink is.
public enum AttemptOutcome: Equatable, Sendable {
  /// `status`: of HTTP; 0 for a program that ended well.
  case delivered(status: Int)
  /// To be tried again. `isBusy`: the whole endpoint wants to be left alone for a while. `retryAfter`: the header as it stood.
  case retry(status: Int?, error: String, isBusy: Bool = false, retryAfter: String? = nil)
  /// The endpoint wants no more.
  case gone(status: Int, error: String)

  /// As Standard Webhooks reads answers: only 2xx is success, 410 is the end, 429, 502 and 504 ask for a rest.
  ///
  /// - Parameter note: what the other side said, already free of secrets; empty for nothing.
  public init(_ answer: HTTPOutcome, note: String = "") {
    switch answer {
    case .answered(let status, _) where (200...299).contains(status): self = .delivered(status: status)
    case .answered(410, _): self = .gone(status: 410, error: AttemptOutcome.text(410, note))
    case .answered(let status, let retryAfter):
      self = .retry(
        status: status, error: AttemptOutcome.text(status, note), isBusy: status == 429 || status == 502 || status == 504,
        retryAfter: retryAfter)
    case .failed(let why): self = .retry(status: nil, error: why)
    }
  }

  private static func text(_ status: Int, _ note: String) -> String {
    let redirect = (300...399).contains(status) ? " (redirects are not followed)" : ""
    return "HTTP \(status)" + redirect + (note.isEmpty ? "" : ": \(note)")
  }
}
