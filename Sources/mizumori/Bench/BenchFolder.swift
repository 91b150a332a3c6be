import Foundation
import Settings

/// The folder of one bench on the disk that is measured. Removed at the end.
struct BenchFolder {
  let path: String
  var data: String { path + "/data" }
  private static let prefix = ".mizumori-bench-"

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
    BenchFolder.removeLeftovers(in: URL(fileURLWithPath: place).path)
    path = URL(fileURLWithPath: place).path + "/\(BenchFolder.prefix)\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try files.createDirectory(
        atPath: path + "/broker", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure(.ioError, "書けません / cannot write: \(place)（--dir）")
    }
  }

  /// What benches left behind that were killed (by the system, for want of memory, say): their folder and their broker.
  private static func removeLeftovers(in place: String) {
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: place)) ?? [] where name.hasPrefix(prefix) {
      guard let process = pid_t(name.dropFirst(prefix.count)), kill(process, 0) != 0, errno == ESRCH else { continue }
      let path = place + "/" + name
      endBroker(of: path)
      try? files.removeItem(atPath: path)
    }
  }

  /// Ends the mosquitto whose settings lie in that folder and waits, some seconds at most: it writes there to its end.
  private static func endBroker(of path: String) {
    for process in ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap({ pid_t($0) }) {
      let words = (FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()).split(separator: 0)
      guard words.contains(where: { $0.elementsEqual((path + "/mosquitto.conf").utf8) }) else { continue }
      kill(process, SIGTERM)
      for _ in 0..<100 where kill(process, 0) == 0 { usleep(50_000) }
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
