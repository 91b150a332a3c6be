import ArgumentParser
import Foundation

/// The command. Everything that it does lives in the libraries; here are only arguments, words and exit codes.
@main
struct Mizumori: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mizumori",
    abstract: "水守: 流量計の値から漏水を早く、静かに見つけます / finds water leaks in flow readings, early and without noise.",
    version: version,
    subcommands: [
      Run.self, Demo.self, BacktestCommand.self, Import.self, Explain.self, Action.self, AccountCommand.self, TokenCommand.self,
      Events.self, Sensors.self, Works.self, Deliveries.self, ReportCommand.self, Billed.self, BackupCommand.self, RestoreCommand.self,
      FleetCommand.self, Check.self, BenchCommand.self, TestSink.self, Receive.self,
    ])

  static let version = "0.1.0"

  /// Argument errors end with 64; errors of ours carry their own code and two lines of text.
  static func main() async {
    // A closed pipe or socket is an error of one write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      FileHandle.standardError.write(Data((failure.message + "\n").utf8))
      Foundation.exit(failure.code.rawValue)
    } catch {
      Mizumori.exit(withError: error)
    }
  }
}
