import Testing

@testable import Service

struct StartPagesTests {
  @Test(arguments: [
    ("7f00-8f00 r-xp 00001000 08:01 123 /usr/bin/a b", true), ("7f00-8f00 rw-p 00001000 08:01 123 /usr/bin/a", false),
    ("7f00-8f00 r--p 00001000 08:01 123 /usr/bin/a", false), ("7f00-8f00 r-xs 00001000 08:01 123 /usr/bin/a", false),
    ("7f00-8f00 r-xp 00000000 00:00 0 [vdso]", false),
  ])
  func onlyCodeOfFilesIsDropped(line: String, isCode: Bool) throws {
    var mapping = try #require(StartPages.Mapping(line))
    #expect(mapping.start == 0x7f00 && mapping.end == 0x8f00 && mapping.isCode == isCode)
    #expect(!mapping.isPureCode, "nothing is known yet of changed pages")
    mapping.isUnchanged = true
    #expect(mapping.isPureCode == isCode)
  }

  @Test func linesOfFiguresAreNoMappings() {
    for line in ["Rss:    12 kB", "VmFlags: rd ex mr mw me sd", "", "8f00-7f00 r-xp 0 08:01 1 /a"] {
      #expect(StartPages.Mapping(line) == nil, "\(line)")
    }
  }

  @Test func theProgramGoesOnAfterwards() {
    #expect(StartPages.giveBack() > 100_000)
    #expect((1...1000).map { "\($0)" }.joined().count == 2893)
  }
}
