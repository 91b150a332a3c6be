import Digests

/// Who is logged in. Times are monotonic milliseconds from the caller. Bounded; pure but for the random ids.
struct SessionBook: Sendable {
  /// Without a request for so long, and since the log-in at most.
  static let idle: Int64 = 1_800_000
  static let longest: Int64 = 43_200_000
  static let maximum = 1000

  struct Session: Sendable {
    var account: String
    /// The hash of the password that was given: when it changes, the session has ended.
    var password: String
    /// What writes must bring along.
    var csrf: String
    var opened: Int64
    var used: Int64
  }

  /// By the digest of the id: what is in memory cannot be sent as a cookie.
  private var sessions: [String: Session] = [:]

  /// - Returns: the id for the cookie, of 130 bits.
  mutating func open(account: String, password: String, now: Int64) -> (id: String, session: Session) {
    sessions = sessions.filter { Self.isLive($0.value, now) }
    if sessions.count >= Self.maximum, let oldest = sessions.min(by: { $0.value.used < $1.value.used }) { sessions[oldest.key] = nil }
    let id = RandomText.make(bits: 130)
    let session = Session(account: account, password: password, csrf: RandomText.make(bits: 130), opened: now, used: now)
    sessions[AccessToken.digest(id)] = session
    return (id, session)
  }

  /// - Parameter isUse: whether somebody did something: what a page asks by itself does not keep it open.
  mutating func find(_ id: String, now: Int64, isUse: Bool) -> Session? {
    let key = AccessToken.digest(id)
    guard var s = sessions[key] else { return nil }
    guard Self.isLive(s, now) else {
      sessions[key] = nil
      return nil
    }
    if isUse {
      s.used = now
      sessions[key] = s
    }
    return s
  }

  mutating func close(_ id: String) { sessions[AccessToken.digest(id)] = nil }

  mutating func closeAll(of account: String) { sessions = sessions.filter { $0.value.account != account } }

  private static func isLive(_ s: Session, _ now: Int64) -> Bool { now - s.used < idle && now - s.opened < longest }
}
