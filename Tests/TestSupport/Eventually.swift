import Foundation

/// Asks each 20 ms until `condition` holds, at most `seconds`; the last answer.
public func eventually(seconds: Double, _ condition: () throws -> Bool) rethrows -> Bool {
  let end = Date().addingTimeInterval(seconds)
  while Date() < end {
    if try condition() { return true }
    usleep(20_000)
  }
  return try condition()
}
