import Foundation
import TestSupport
import Testing

@testable import Alerts

/// Programs that are run for alerts: what they see, and that they cannot hold anything up.
struct CommandSinkTests {
  private let home: TemporaryDirectory

  init() throws { home = try TemporaryDirectory() }

  /// Runs a script by the shell (see `SinkBench.script`).
  private func sink(_ script: String, arguments: [String] = [], timeout: Int = 15) throws -> CommandSink {
    let path = home.path + "/script"
    try script.write(toFile: path, atomically: true, encoding: .utf8)
    return CommandSink(name: "c", program: "/bin/sh", arguments: [path] + arguments, timeout: timeout)
  }

  private func text(_ name: String) throws -> String { try String(contentsOfFile: home.path + "/" + name, encoding: .utf8) }

  @Test func theEventStandsOnStandardInput() throws {
    let sink = try sink("cat > \(home.path)/in")
    #expect(sink.send(.alert(message()), now: 0) == .delivered(status: 0))
    #expect(try text("in") == message().webhookBody + "\n")
  }

  /// No shell: what looks like one stays text.
  @Test func argumentsArePassedAsTheyAre() throws {
    let sink = try sink("printf '%s|' \"$@\" > \(home.path)/args", arguments: ["a b", "$(touch /tmp/x)", "; ls", "漏水", ""])
    #expect(sink.send(.alert(message()), now: 0) == .delivered(status: 0))
    #expect(try text("args") == "a b|$(touch /tmp/x)|; ls|漏水||")
  }

  @Test func theEnvironmentIsSmall() throws {
    let sink = try sink("/usr/bin/env > \(home.path)/env; pwd > \(home.path)/pwd")
    #expect(sink.send(.alert(message()), now: 0) == .delivered(status: 0))
    let lines = try text("env").split(separator: "\n").map { String($0) }
    // PWD, OLDPWD and _ are the shell's own.
    #expect(
      Set(lines.map { String($0.prefix { $0 != "=" }) }).subtracting(["PWD", "OLDPWD", "_", "SHLVL"]) == [
        "PATH", "LANG", "MIZUMORI_ID", "MIZUMORI_TYPE",
      ])
    #expect(lines.contains("MIZUMORI_ID=\(message().transitionKey)") && lines.contains("MIZUMORI_TYPE=leak.opened"))
    #expect(try text("pwd") == "/\n")
  }

  @Test func noDescriptorsAndNoSignalMaskAreHandedDown() throws {
    let held = Glibc.open("/dev/null", O_RDONLY)
    defer { close(held) }
    let sink = try sink("ls /proc/self/fd > \(home.path)/fds; grep -E '^Sig(Blk|Ign)' /proc/self/status > \(home.path)/signals")
    #expect(sink.send(.alert(message()), now: 0) == .delivered(status: 0))
    // 3 is the directory that ls itself reads.
    #expect(try text("fds") == "0\n1\n2\n3\n")
    // 32 and 33 are the C library's own and cannot be set.
    let signals = try text("signals").split(separator: "\n").compactMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) }
    #expect(signals.map { $0 & ~(3 << 31) } == [0, 0])
  }

  @Test(arguments: [
    ("echo 'msmtp: cannot connect' >&2; echo more >&2; exit 75", "exit code 75: msmtp: cannot connect"),
    ("exit 1", "exit code 1"), ("kill -9 $$", "ended by signal 9"), ("printf '\\033[31mred\\007\\n' >&2; exit 2", "exit code 2: [31mred"),
    ("echo out; exit 3", "exit code 3"), ("printf '\\377\\376' >&2; exit 4", "exit code 4: \u{FFFD}\u{FFFD}"),
  ]) func failuresSayWhy(script: String, error: String) throws {
    #expect(try sink(script).send(.alert(message()), now: 0) == .retry(status: nil, error: error))
  }

  @Test(arguments: ["/nonexistent/program", "/etc/passwd"]) func whatCannotStartIsTriedAgain(path: String) {
    let sink = CommandSink(name: "c", program: path, arguments: [], timeout: 1)
    guard case .retry(nil, let error, false, nil) = sink.send(.alert(message()), now: 0) else {
      Issue.record("must be tried again")
      return
    }
    #expect(error.hasPrefix("not started: "))
  }

  /// A megabyte on both outputs, standard input unread: nothing waits for anybody.
  @Test func loudAndDeafProgramsEnd() throws {
    let sink = try sink("head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; exit 0")
    #expect(sink.send(.alert(message()), now: 0) == .delivered(status: 0))
  }

  /// At the limit all that the program started is killed with it.
  @Test func theWholeGroupIsKilledAtTheLimit() throws {
    let sink = try sink("trap '' TERM INT; sleep 60 & echo $! > \(home.path)/child; echo late >&2; wait", timeout: 1)
    let start = ContinuousClock.now
    #expect(sink.send(.alert(message()), now: 0) == .retry(status: nil, error: "killed after 1 s: late"))
    #expect(ContinuousClock.now - start < .seconds(20))
    let child = try #require(pid_t(try text("child").trimmingCharacters(in: .whitespacesAndNewlines)))
    var isGone = false
    for _ in 0..<100 where !isGone {
      isGone = kill(child, 0) != 0 || (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8))?.contains(") Z") ?? true
      usleep(10_000)
    }
    #expect(isGone)
  }

  /// A siren that goes on in the background keeps standard error open; the delivery ends with the program all the same.
  @Test func whatItLeavesRunningIsNotWaitedFor() throws {
    let sink = try sink("sleep 25 & exit 0")
    let start = ContinuousClock.now
    #expect(sink.send(.alert(message()), now: 0) == .delivered(status: 0))
    #expect(ContinuousClock.now - start < .seconds(12))
  }
}
