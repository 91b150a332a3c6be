import ArgumentParser
import Foundation

/// The simulator's command: a town without sensors.
@main
struct MizumoriSim: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mizumori-sim",
    abstract: "センサーなしで水守を試すための町 / a town for trying Mizumori without sensors.",
    subcommands: [Run.self, New.self, Score.self, Generate.self, Replay.self, PrintScenario.self, PrintSettings.self])

  static func main() {
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      FileHandle.standardError.write(Data((failure.message + "\n").utf8))
      Foundation.exit(failure.code)
    } catch {
      exit(withError: error)
    }
  }
}

/// An error that ends the program with one of the codes of sysexits.h.
struct Failure: Error {
  let code: Int32
  let message: String

  static func noInput(_ m: String) -> Failure { Failure(code: 66, message: m) }
  static func unavailable(_ m: String) -> Failure { Failure(code: 69, message: m) }
  static func ioError(_ m: String) -> Failure { Failure(code: 74, message: m) }
  static func configuration(_ m: String) -> Failure { Failure(code: 78, message: m) }
}

/// Progress on standard error.
func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

/// A line on standard output, there at once, also in a pipe or a file.
func say(_ text: String) {
  var line = text + "\n"
  line.withUTF8 { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}
