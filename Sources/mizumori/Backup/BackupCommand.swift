import ArgumentParser
import Foundation
import Readings
import Service

/// `mizumori backup`: a copy of everything, beside the running service.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "控えを取ります。動いたままで取れます / makes a backup, also while the service runs.",
    discussion: """
      控えは一つのフォルダーです（データベース、利用者、通知の記録、設定）。設定が指すパスワードや鍵のファイルは入りません。
      戻し方: mizumori restore フォルダー
      A backup is one folder: database, accounts, log of alerts, settings. Files of secrets that the settings name are not in it.
      To go back: mizumori restore FOLDER
      """)

  @OptionGroup var options: SettingsOptions

  @Argument(help: "控えを置く場所（USB メモリーなど）。--check のときは控えのフォルダー / where to put it; with --check a backup's folder")
  var place: String

  @Flag(help: "控えが使えるかどうかだけを調べる / only look whether a backup can be used")
  var check = false

  @Option(help: "この数だけ残し、古い控えを消す / keep so many and remove older ones")
  var keep: Int?

  @Flag(name: .customLong("without-log"), help: "通知の記録（events.jsonl）を入れない / leave the log of alerts out")
  var withoutLog = false

  @Flag(help: "JSON で / as JSON") var json = false

  func validate() throws {
    if let keep, keep < 1 { throw ValidationError("--keep: 1 以上を / at least 1") }
    if check, keep != nil { throw ValidationError("--check と --keep は一緒に使えません / --check goes without --keep") }
  }

  func run() throws {
    do {
      if check { return try tell(try Backup(checking: place), "控えは使えます / the backup is sound") }
      let settings = try options.load()
      let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
      let made = try Backup.make(
        settings, settingsFile: options.path, version: Mizumori.version, parent: place, hasLog: !withoutLog, now: now)
      try tell(made, "控えを取りました / backup made")
      for old in keep.map({ Backup.prune(place, keeping: $0) }) ?? [] where !json { say("消しました / removed: \(old)") }
    } catch let error as BackupError {
      throw BackupCommand.failure(error)
    }
  }

  private func tell(_ backup: Backup, _ words: String) throws {
    if json { return say(try jsonText(Line(folder: backup.folder, manifest: backup.manifest))) }
    let m = backup.manifest
    say("\(words): \(backup.folder)")
    say("  \(m.made)  計測値ほか / entries \(m.entries)  センサー / sensors \(m.sensors)  事象 / events \(m.events)")
    for f in m.files { say("  \(f.name)  \(max(1, f.size >> 10)) kB") }
  }

  private struct Line: Encodable {
    var folder: String
    var manifest: BackupManifest
  }

  static func failure(_ error: BackupError) -> any Error {
    switch error {
    case .noData, .notOne: Failure(.noInput, error.description)
    case .occupied: Failure(.usage, error.description)
    case .changed, .noRoom, .file: Failure(.ioError, error.description)
    case .store(let e): Run.failure(e)
    }
  }
}
