/// Names that are looked for in payloads, in one piece: a look-up compares words, counts no references and allocates nothing.
struct NameTable: Hashable, Sendable {
  struct Entry: Hashable, Sendable {
    /// Its first eight bytes, the first one lowest; 0 where it is shorter.
    let first: UInt64
    let length: Int
    /// Where its bytes stand in `text`.
    let start: Int
    /// What it stands for.
    let meaning: Int32
  }

  private(set) var entries: [Entry] = []
  private var text: [UInt8] = []

  mutating func append(_ name: [UInt8], meaning: Int32) {
    entries.append(Entry(first: name.firstWord, length: name.count, start: text.count, meaning: meaning))
    text += name
  }

  /// What `body` returns, given the table as pointers.
  @inline(__always)
  func withView<R, E: Error>(_ body: (View) throws(E) -> R) throws(E) -> R {
    try entries.withUnsafeBufferPointer { (entries) throws(E) -> R in
      try text.withUnsafeBufferPointer { (text) throws(E) -> R in try body(View(entries: entries, text: text)) }
    }
  }

  /// Valid during `withView`.
  struct View {
    fileprivate let entries: UnsafeBufferPointer<Entry>
    fileprivate let text: UnsafeBufferPointer<UInt8>

    /// The meaning of a name among some of the entries; −1 where it is none of them.
    /// - Parameter bytes: what the name lies in; words are read from there as far as it goes.
    /// - Complexity: O(entries)
    @inline(__always)
    func find(_ name: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>, among places: Range<Int>) -> Int32 {
      let first = NameTable.word(bytes, name)
      for i in places where entries[i].first == first && entries[i].length == name.count {
        if name.count <= 8 || isEqual(entries[i], bytes, name) { return entries[i].meaning }
      }
      return -1
    }

    @inline(__always)
    func find(_ name: UnsafeBufferPointer<UInt8>) -> Int32 { find(0..<name.count, in: name, among: 0..<entries.count) }

    private func isEqual(_ e: Entry, _ bytes: UnsafeBufferPointer<UInt8>, _ name: Range<Int>) -> Bool {
      var i = 8
      while i < e.length {
        if text[e.start &+ i] != bytes[name.lowerBound &+ i] { return false }
        i &+= 1
      }
      return true
    }
  }

  /// The first eight bytes of a part of `bytes`, the first one lowest; 0 where it is shorter.
  @inline(__always)
  static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ part: Range<Int>) -> UInt64 {
    guard part.lowerBound &+ 8 <= bytes.count, let base = bytes.baseAddress else { return slowWord(bytes, part) }
    let eight = UInt64(littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: part.lowerBound, as: UInt64.self))
    return part.count >= 8 ? eight : eight & ((1 << UInt64(truncatingIfNeeded: part.count &* 8)) &- 1)
  }

  @inline(never)
  private static func slowWord(_ bytes: UnsafeBufferPointer<UInt8>, _ part: Range<Int>) -> UInt64 { bytes[part].firstWord }
}
