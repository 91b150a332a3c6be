import Foundation

extension Process {
  /// Waits for the end by looking: `waitUntilExit` runs a run loop, which on Linux sometimes misses the end and hangs.
  public func waitForEnd() { while isRunning { usleep(10_000) } }
}
