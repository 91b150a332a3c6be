import ArgumentParser
import Foundation
import Service
import Settings

/// `mizumori restore`: puts a backup into the data directory.
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "控えを戻します。先に止めてください / puts a backup back; stop the service first.",
    discussion: """
      控えを調べてから、データ置き場（data.directory）に戻します。控えのあとに受け取った計測値は戻りません。
      設定は戻しません。控えのフォルダーの mizumori.yaml を見て、置いてください。
      The backup is checked, then put into data.directory. What came after it was made is not in it.
      Settings are not put back: look at mizumori.yaml in the folder.
      """)

  @OptionGroup var options: SettingsOptions

  @Argument(help: "控えのフォルダー / folder of the backup")
  var folder: String

  @Flag(help: "いまのデータを脇に置いて、置き換える / set the present data aside and replace them")
  var replace = false

  func run() throws {
    let settings = try options.load()
    do throws(BackupError) {
      let backup = try Backup(checking: folder)
      let done = try backup.restore(
        directory: settings.data.directory, logFile: settings.alerts.logFile, replaces: replace,
        stamp: Int64(Date().timeIntervalSince1970))
      say("戻しました（\(backup.manifest.made) の控え） / restored the backup of \(backup.manifest.made)")
      for file in done.placed { say("  \(file)") }
      for file in done.setAside { say("  前のもの / what was there: \(file)") }
      say("mizumori run で始めてください / start the service again")
    } catch {
      throw BackupCommand.failure(error)
    }
  }
}
