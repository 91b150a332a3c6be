import Foundation
import TestSupport
import Testing

@testable import Store

/// To whom a data directory belongs, and what in it belongs to others. That root's commands go on as the owner: `OwnerTests`, with the program.
struct DirectoryOwnerTests {
  @Test func aDirectoryThatIsNotThereBelongsToTheOneAboveIt() throws {
    let home = try TemporaryDirectory()
    let own = try #require(DirectoryOwner(of: home.path))
    #expect(own.user == geteuid())
    #expect(DirectoryOwner(of: "\(home.path)/a/b") == own)
    #expect(DirectoryOwner(of: "/")?.name == "root")
    #expect(try #require(DirectoryOwner(of: "/nowhere/at/all")).user == 0)
    try Data().write(to: URL(fileURLWithPath: "\(home.path)/file"))
    #expect(DirectoryOwner(of: "\(home.path)/file/below") == nil)
  }

  @Test func nothingHappensToWhoIsNotRootOrOwnsIt() throws {
    let home = try TemporaryDirectory()
    let before = geteuid()
    #expect(try #require(DirectoryOwner(of: home.path)).assume(keepsReach: true) == false)
    #expect(geteuid() == before)
  }

  @Test(.enabled(if: geteuid() == 0)) func filesOfOthersAreFound() throws {
    let home = try TemporaryDirectory()
    try FileManager.default.createDirectory(atPath: "\(home.path)/two/three", withIntermediateDirectories: true)
    for name in ["own", "stray", "two/stray", "two/three/deeper"] {
      try Data().write(to: URL(fileURLWithPath: "\(home.path)/\(name)"))
    }
    #expect(DirectoryOwner(of: home.path)?.strangers(in: home.path) == [])
    for name in ["stray", "two/stray", "two/three/deeper"] { chown("\(home.path)/\(name)", 65_534, 65_534) }
    let owner = try #require(DirectoryOwner(of: home.path))
    #expect(owner.strangers(in: home.path) == ["\(home.path)/stray", "\(home.path)/two/stray"])
    #expect(owner.strangers(in: home.path, limit: 1).count == 1)
  }
}
