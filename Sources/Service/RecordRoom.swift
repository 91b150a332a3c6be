import Detection
import Glibc
import Settings

extension MizumoriSettings {
  /// For how many sensors the detector gets memory at once, when more than usual are allowed: to find more room later means to move all
  /// records, and to hold them twice meanwhile. What no sensor uses takes no memory.
  ///
  /// Not more than half of the machine's memory, which the system would refuse; nothing where it promises only what it has.
  var recordRoom: Int {
    guard limits.maximumSensors > MizumoriSettings().limits.maximumSensors, !RecordRoom.isStrict else { return 16 }
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    return max(16, min(limits.maximumSensors, memory / 2 / Detector.bytesPerSensor))
  }
}

private enum RecordRoom {
  /// Whether memory counts as used when it is asked for (`vm.overcommit_memory` = 2).
  static var isStrict: Bool {
    guard let file = fopen("/proc/sys/vm/overcommit_memory", "re") else { return false }
    defer { fclose(file) }
    return fgetc(file) == Int32(UInt8(ascii: "2"))
  }
}
