import Accounts
import Glibc
import Logging
import Settings

extension MizumoriService {
  /// Who may see the page of that data directory.
  public static func gate(_ settings: MizumoriSettings) throws(AccountError) -> Gate {
    try Gate(directory: settings.data.directory) { Clocks.monotonic() }
  }

  /// Leaves the token by which commands of this machine speak to the running service, for its owner only.
  func leaveCommandToken() {
    guard let gate else { return }
    let path = settings.commandTokenFile
    unlink(path)
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      logger.error("\(path) を書けません / cannot write", metadata: ["error": "\(String(cString: strerror(errno)))"])
      return
    }
    let text = Array(gate.commandToken.utf8)
    _ = write(file, text, text.count)
    close(file)
  }

  /// While there is no account the code for the first one stands in the log, which only who runs the service can read.
  func sayHowToBegin(port: Int) throws {
    guard let gate, let code = try gate.setUpCode() else { return }
    logger.notice(
      "利用者がまだいません。次のコードで最初の利用者を作ってください / there is no account yet: make the first one with this code",
      metadata: ["code": "\(code)", "page": "http://\(settings.web.address):\(port)/login"])
  }
}
