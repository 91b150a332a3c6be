import Foundation
import Settings

/// The folder of one bench on the disk that is measured. Removed at the end.
struct BenchFolder {
  let path: String
  var data: String { path + "/data" }

  /// - Parameter dir: as asked for; nil = the data directory of the settings, or the folder above it that exists, where this user may
  ///   write; else the present folder.
  init(on dir: String?, settings: MizumoriSettings) throws {
    let files = FileManager.default
    var place = dir ?? settings.data.directory
    if dir == nil {
      while !files.fileExists(atPath: place), place.count > 1 { place = (place as NSString).deletingLastPathComponent }
      if place == "/" || !files.isWritableFile(atPath: place) { place = files.currentDirectoryPath }
    }
    var isFolder: ObjCBool = false
    guard files.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue else {
      throw Failure(.noInput, "フォルダがありません / no such folder: \(place)")
    }
    path = URL(fileURLWithPath: place).path + "/.mizumori-bench-\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try files.createDirectory(
        atPath: path + "/broker", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure(.ioError, "書けません / cannot write: \(place)（--dir）")
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
