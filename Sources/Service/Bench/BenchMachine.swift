import Foundation

/// The machine and its state when a bench ran. Empty or nil = it does not say.
public struct BenchMachine: Codable, Hashable, Sendable {
  public var cpu = ""
  public var architecture = ""
  public var cores = 0
  /// Processes that wanted to run, over the last minute.
  public var load = 0.0
  /// Bytes; `memoryAvailable` also within the bounds of the container.
  public var memoryTotal: Int64 = 0
  public var memoryAvailable: Int64 = 0
  public var diskFree: Int64 = 0
  public var diskTotal: Int64 = 0
  /// `sd`, `emmc`, `ssd`, `hdd`, `memory`; a virtual disk says `ssd` or `hdd` as it likes.
  public var disk: String?
  public var fileSystem: String?
  /// °C, the hottest zone.
  public var temperature: Double?
  /// Whether the processor says that it was slowed down for heat or voltage.
  public var isThrottled: Bool?
  /// Whether this program was built without optimisation: its times then say nothing.
  public var isDebugBuild = false

  public init() {}

  /// Looks at the machine and at the disk of a directory.
  public static func look(_ directory: String) -> BenchMachine {
    var m = BenchMachine()
    #if DEBUG
      m.isDebugBuild = true
    #endif
    m.cpu = cpuName()
    m.architecture = unameMachine()
    m.cores = ProcessInfo.processInfo.activeProcessorCount
    m.load = text("/proc/loadavg").flatMap { Double($0.split(separator: " ").first ?? "") } ?? 0
    (m.memoryTotal, m.memoryAvailable) = memory()
    (m.diskFree, m.diskTotal) = MachineFigures.disk(of: directory)
    (m.disk, m.fileSystem) = disk(of: directory)
    m.temperature = hottest()
    m.isThrottled = throttled()
    return m
  }

  private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

  private static func number(_ path: String) -> Int64? { text(path).flatMap { Int64($0.trimmingCharacters(in: .whitespacesAndNewlines)) } }

  private static func cpuName() -> String {
    if let board = text("/proc/device-tree/model") { return board.trimmingCharacters(in: CharacterSet(charactersIn: "\0\n ")) }
    let lines = (text("/proc/cpuinfo") ?? "").split(separator: "\n")
    let line = lines.first { $0.hasPrefix("model name") } ?? lines.first { $0.hasPrefix("Hardware") }
    return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
  }

  private static func unameMachine() -> String {
    var u = utsname()
    guard uname(&u) == 0 else { return "" }
    return withUnsafeBytes(of: u.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  private static func memory() -> (total: Int64, available: Int64) {
    var found: [Substring: Int64] = [:]
    for line in (text("/proc/meminfo") ?? "").split(separator: "\n") {
      let parts = line.split(whereSeparator: { $0 == ":" || $0 == " " })
      if parts.count > 1 { found[parts[0]] = (Int64(parts[1]) ?? 0) * 1024 }
    }
    var (total, available) = (found["MemTotal"] ?? 0, found["MemAvailable"] ?? 0)
    if let bound = number("/sys/fs/cgroup/memory.max"), let used = number("/sys/fs/cgroup/memory.current") {
      total = min(total, bound)
      available = min(available, max(0, bound - used))
    }
    return (total, available)
  }

  /// The kind of the disk that holds a directory, and its file system, by the longest mount point that it lies under.
  private static func disk(of directory: String) -> (String?, String?) {
    let path = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
    var best: (point: String, device: String, type: String) = ("", "", "")
    for line in (text("/proc/self/mountinfo") ?? "").split(separator: "\n") {
      let p = line.split(separator: " ").map(String.init)
      guard p.count > 6, let dash = p.firstIndex(of: "-"), dash + 1 < p.count else { continue }
      let isAbove = p[4] == "/" || path == p[4] || path.hasPrefix(p[4] + "/")
      if isAbove, p[4].count >= best.point.count { best = (p[4], p[2], p[dash + 1]) }
    }
    guard !best.device.isEmpty else { return (nil, nil) }
    if ["tmpfs", "ramfs"].contains(best.type) { return ("memory", best.type) }
    let block = "/sys/dev/block/\(best.device)"
    for base in [block, block + "/.."] {
      if let kind = text(base + "/device/type")?.trimmingCharacters(in: .whitespacesAndNewlines), ["SD", "MMC"].contains(kind) {
        return (kind == "SD" ? "sd" : "emmc", best.type)
      }
      if let turns = number(base + "/queue/rotational") { return (turns == 0 ? "ssd" : "hdd", best.type) }
    }
    return (nil, best.type)
  }

  private static func hottest() -> Double? {
    let folder = "/sys/class/thermal"
    let zones = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasPrefix("thermal_zone") }
    return zones.compactMap { number("\(folder)/\($0)/temp").map { Double($0) / 1000 } }.max()
  }

  private static func throttled() -> Bool? {
    // Raspberry Pi: hexadecimal bits, among them those of the past.
    if let bits = text("/sys/devices/platform/soc/soc:firmware/get_throttled")?.trimmingCharacters(in: .whitespacesAndNewlines) {
      return Int(bits.replacingOccurrences(of: "0x", with: ""), radix: 16).map { $0 != 0 }
    }
    return number("/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count").map { $0 > 0 }
  }
}
