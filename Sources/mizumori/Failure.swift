/// Exit codes of sysexits.h; part of the program's contract.
enum ExitStatus: Int32 {
  case ok = 0
  /// A demo that reported no leak, a check that found something wrong without a code of its own.
  case failed = 1
  case usage = 64
  case noInput = 66
  case unavailable = 69
  case ioError = 74
  case configuration = 78
}

/// An error that ends the program: what happened, what to do, and the exit code.
struct Failure: Error {
  let code: ExitStatus
  let message: String

  init(_ code: ExitStatus, _ message: String) {
    self.code = code
    self.message = message
  }
}
