import FoundationEssentials

/// Files that the settings name: where they lie, and whether they may be read.
struct SettingsFiles {
  /// Of the settings file; relative paths start here.
  let base: String
  /// Where systemd puts what `LoadCredential=` names.
  let credentials: String?

  private static let prefix = "$CREDENTIALS_DIRECTORY/"
  private static let longest = 65_536

  /// The absolute path, or nil after saying what is wrong.
  func resolve(_ value: SettingsValue, _ log: ProblemLog) -> String? {
    guard let text = value.scalar, !text.isEmpty, !text.utf8.contains(0) else {
      value.wrong(log, "ファイルの場所を書いてください", "expected a path")
      return nil
    }
    if text.hasPrefix(SettingsFiles.prefix) {
      guard let credentials else {
        value.wrong(
          log, "$CREDENTIALS_DIRECTORY がありません。systemd の LoadCredential= で起動するか、ファイルの場所を書いてください",
          "$CREDENTIALS_DIRECTORY is not set: start with systemd's LoadCredential=, or give a path")
        return nil
      }
      return "\(credentials)/\(text.dropFirst(SettingsFiles.prefix.count))"
    }
    if text.hasPrefix("/") { return text }
    return base == "/" ? "/\(text)" : "\(base)/\(text)"
  }

  /// A file that must exist and be readable; with `isSecret`, by nobody else.
  func existing(_ value: SettingsValue, isSecret: Bool, _ log: ProblemLog) -> String? {
    guard let path = resolve(value, log) else { return nil }
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      FileManager.default.isReadableFile(atPath: path)
    else {
      log.add(
        value.place, value.key, "ファイル \(path) を読めません。場所と読み取り権限を確かめてください",
        "cannot read the file \(path): check that it exists and that this user may read it")
      return nil
    }
    guard attributes[.type] as? FileAttributeType != .typeDirectory else {
      log.add(value.place, value.key, "\(path) はディレクトリです", "\(path) is a directory, expected a file")
      return nil
    }
    guard !isSecret || isPrivate(path, mode: attributes[.posixPermissions]) else {
      log.add(
        value.place, value.key, "\(path) がほかの利用者にも読めます。chmod 600 \(path) を実行してください",
        "\(path) is readable by group or others: run chmod 600 \(path)")
      return nil
    }
    return path
  }

  /// The content of a secret file.
  func secret(_ value: SettingsValue, _ log: ProblemLog) -> Secret? {
    guard let path = existing(value, isSecret: true, log) else { return nil }
    let data = FileManager.default.contents(atPath: path) ?? Data()
    guard data.count <= SettingsFiles.longest, let text = String(bytes: data, encoding: .utf8) else {
      log.add(value.place, value.key, "\(path) は秘密の文字列のファイルではありません", "\(path) is not a text file of at most 64 KiB")
      return nil
    }
    let trimmed = text.trimmingSuffix { $0.isNewline }
    guard !trimmed.isEmpty else {
      log.add(value.place, value.key, "\(path) が空です", "\(path) is empty")
      return nil
    }
    return Secret(path: path, text: String(trimmed))
  }

  /// systemd shows its credentials as 0440 where it grants access by an ACL, and keeps others out by the directory.
  private func isPrivate(_ path: String, mode: Any?) -> Bool {
    guard let mode = (mode as? Int) ?? (mode as? UInt).map({ Int($0) }) ?? (mode as? UInt16).map({ Int($0) }) else { return false }
    let isCredential = credentials.map { path.hasPrefix($0 + "/") } ?? false
    return mode & (isCredential ? 0o007 : 0o077) == 0
  }
}

extension String {
  fileprivate func trimmingSuffix(_ drop: (Character) -> Bool) -> Substring {
    var s = self[...]
    while let last = s.last, drop(last) { s.removeLast() }
    return s
  }
}

extension SettingsSection {
  mutating func secret(_ key: String, _ files: SettingsFiles) -> Secret? { value(key).flatMap { files.secret($0, log) } }

  mutating func path(_ key: String, _ files: SettingsFiles) -> String? { value(key).flatMap { files.resolve($0, log) } }

  mutating func existingFile(_ key: String, _ files: SettingsFiles, isSecret: Bool = false) -> String? {
    value(key).flatMap { files.existing($0, isSecret: isSecret, log) }
  }
}
