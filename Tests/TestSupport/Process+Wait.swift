import Foundation

extension Process {
  /// As `run()`, with no signal blocked in the child. A child inherits the mask of the thread that starts it, and the threads of Dispatch, on
  /// which tests run, block nearly all signals: a mosquitto started there never sees SIGTERM.
  public func runUnmasked() throws {
    var (none, before) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try run()
  }

  /// Waits for the end by asking the kernel. On Linux Foundation notices an end by a socket that later children inherit, so `isRunning` and
  /// `waitUntilExit` may go on as long as one of those lives.
  public func waitForEnd() { while !hasEnded { usleep(10_000) } }

  /// Waits for the end and returns the exit code. The kernel knows the end before Foundation does, which traps on an early question; it is
  /// asked at most 10 s long, then the answer is -1.
  public func exitCode() -> Int32 {
    waitForEnd()
    for _ in 0..<1000 where isRunning { usleep(10_000) }
    return isRunning ? -1 : terminationStatus
  }

  /// Whether the process is gone, or waits to be reaped with all its threads: its first one may be dead while others still hold its files.
  public var hasEnded: Bool {
    let place = "/proc/\(processIdentifier)"
    guard let stat = try? String(contentsOfFile: place + "/stat", encoding: .utf8) else { return true }
    guard stat[stat.index(after: stat.lastIndex(of: ")") ?? stat.startIndex)...].hasPrefix(" Z") else { return false }
    return ((try? FileManager.default.contentsOfDirectory(atPath: place + "/task"))?.count ?? 0) <= 1
  }
}
