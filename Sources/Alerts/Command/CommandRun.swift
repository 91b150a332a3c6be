import CSpawn
import Glibc

/// One run of a program, from its start to its end or to the time limit.
///
/// The program leads a process group of its own; at the limit the whole group is killed. It sees standard input (a file in memory, so no
/// pipe can fill up), `/dev/null` as standard output, a pipe as standard error, and no other descriptor of ours.
struct CommandRun {
  enum End: Equatable {
    case exited(Int32)
    case signalled(Int32)
    case overdue
    /// Killed before its time limit, since whoever started it wants to end.
    case givenUp
    case notStarted(String)
  }

  private(set) var end: End
  /// The beginning of what it wrote to standard error, at most 4 KiB.
  private(set) var complaint: [UInt8] = []

  private static let longestComplaint = 4096

  /// Blocks until the program has ended, at most `seconds` and the moment a kill takes.
  init(program: String, arguments: [String], environment: [String], input: [UInt8], seconds: Int, isGivenUp: () -> Bool = { false }) {
    end = .notStarted("")
    let file = CommandRun.memoryFile(input)
    var ends: [Int32] = [-1, -1]
    guard file >= 0, pipe2(&ends, O_CLOEXEC) == 0 else {
      end = .notStarted(String(cString: strerror(errno)))
      if file >= 0 { close(file) }
      return
    }
    defer { close(ends[0]) }
    let started = CommandRun.spawn(program, arguments, environment, input: file, errors: ends[1])
    close(file)
    close(ends[1])
    switch started {
    case .failure(let why): end = .notStarted(String(cString: strerror(why.number)))
    case .success(let pid):
      _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
      end = follow(pid, errors: ends[0], until: MonotonicClock.now() + Int64(seconds) * 1000, isGivenUp)
    }
  }

  /// Reads what it complains of and looks every 20 ms whether it has ended: something that it left running may hold the pipe open.
  private mutating func follow(_ pid: pid_t, errors: Int32, until limit: Int64, _ isGivenUp: () -> Bool) -> End {
    var isOpen = true
    while true {
      var set = pollfd(fd: isOpen ? errors : -1, events: Int16(POLLIN), revents: 0)
      _ = poll(&set, 1, 20)
      if isOpen { isOpen = drain(errors) }
      var status: Int32 = 0
      let ended = waitpid(pid, &status, WNOHANG)
      if ended == pid || (ended < 0 && errno != EINTR) {
        _ = drain(errors)
        // Bits of wait(2): the low seven are the signal, the next byte the exit code.
        return status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signalled(status & 0x7f)
      }
      let isOverdue = MonotonicClock.now() >= limit
      if isOverdue || isGivenUp() {
        kill(-pid, SIGKILL)
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return isOverdue ? .overdue : .givenUp
      }
    }
  }

  /// Takes what is there; false at the end of the stream.
  private mutating func drain(_ descriptor: Int32) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4096)
    // Bounded, so that a program that never stops writing cannot keep us from its time limit.
    for _ in 0..<64 {
      let n = read(descriptor, &chunk, chunk.count)
      if n == 0 { return false }
      if n < 0 { return errno == EAGAIN || errno == EINTR }
      complaint.append(contentsOf: chunk[..<min(n, CommandRun.longestComplaint - complaint.count)])
    }
    return true
  }

  private struct SpawnError: Error { let number: Int32 }

  private static func spawn(
    _ program: String, _ arguments: [String], _ environment: [String], input: Int32, errors: Int32
  ) -> Result<pid_t, SpawnError> {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)
    posix_spawn_file_actions_addchdir_np(&actions, "/")
    // We ignore SIGPIPE, SIGTERM and the like, and the threads of Dispatch block signals: the program starts with neither.
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let argv = ([program] + arguments).map { strdup($0) } + [nil]
    let envp = environment.map { strdup($0) } + [nil]
    defer { for p in argv + envp { free(p) } }
    var pid: pid_t = 0
    let number = posix_spawn(&pid, program, &actions, &attributes, argv, envp)
    return number == 0 ? .success(pid) : .failure(SpawnError(number: number))
  }

  /// A nameless file in memory with this content, read from its start.
  private static func memoryFile(_ content: [UInt8]) -> Int32 {
    let file = memfd_create("mizumori-event", mizumori_memfd_cloexec)
    guard file >= 0 else { return file }
    var rest = content[...]
    while !rest.isEmpty {
      let n = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if n < 0 {
        if errno == EINTR { continue }
        close(file)
        return -1
      }
      rest = rest.dropFirst(n)
    }
    lseek(file, 0, SEEK_SET)
    return file
  }
}
