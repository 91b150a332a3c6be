/// All paths of a map as one tree, so that a payload is read once.
struct FieldTree: Hashable, Sendable {
  struct Node: Hashable, Sendable {
    var keys: [[UInt8]] = []
    var children: [Int32] = []
    /// The node of every element of an array; −1 = none.
    var element: Int32 = -1
    /// What stands here; −1 = nothing that matters.
    var target: Int32 = -1
    /// Whether the records of the map stand here.
    var hasRecords = false

    /// - Complexity: O(children)
    func child(_ key: UnsafeBufferPointer<UInt8>) -> Int32 {
      for (i, k) in keys.enumerated() where k.count == key.count && k.elementsEqual(key) { return children[i] }
      return -1
    }
  }

  private(set) var nodes = [Node()]

  /// Makes `target` stand at a path. Two targets at one place: the first one holds.
  mutating func insert(_ path: FieldPath, target: Int32) {
    let n = node(path)
    if nodes[n].target < 0 { nodes[n].target = target }
  }

  mutating func insertRecords(_ path: FieldPath) { nodes[node(path)].hasRecords = true }

  private mutating func node(_ path: FieldPath) -> Int {
    var n = 0
    for step in path.steps {
      switch step {
      case .key(let key):
        let known = key.withUnsafeBufferPointer { nodes[n].child($0) }
        if known < 0 {
          nodes[n].keys.append(key)
          nodes[n].children.append(Int32(nodes.count))
          nodes.append(Node())
          n = nodes.count - 1
        } else {
          n = Int(known)
        }
      case .each:
        if nodes[n].element < 0 {
          nodes[n].element = Int32(nodes.count)
          nodes.append(Node())
        }
        n = Int(nodes[n].element)
      }
    }
    return n
  }
}
