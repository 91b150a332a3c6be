import Readings

/// A map of fields as a walk needs it: tables of plain values, made once.
struct FieldPlan: Sendable {
  /// A place in the payload.
  struct Node: Sendable {
    /// Its keys in `names`; their meanings are nodes.
    var keys = 0..<0
    /// The node of every element of an array; −1 = none.
    var element: Int32 = -1
    /// What stands here; −1 = nothing that matters.
    var target: Int32 = -1
    /// Whether the records of the map stand here.
    var hasRecords = false
  }

  /// A measured value, by the number of its target.
  struct Value: Sendable {
    let quantity: Quantity
    /// Nil where it is sent in the base unit.
    let conversion: Unit.Conversion?
  }

  private(set) var nodes: [Node] = []
  private(set) var names = NameTable()
  let values: [Value]
  let targets: FieldTargets
  /// Where a message begins, and each record.
  let outer: Int32
  let inner: Int32
  let hasRecords: Bool
  let hasSequence: Bool
  let omitsZero: Bool

  init(_ map: FieldMap) {
    targets = FieldTargets(map)
    values = map.values.map { v in
      let isPlain = v.factor == 1 && v.offset == 0
      return Value(quantity: v.quantity, conversion: isPlain ? nil : Unit.Conversion(factor: v.factor, offset: v.offset))
    }
    (hasRecords, hasSequence, omitsZero) = (map.each != nil, map.sequence != nil, map.omitsZero)
    let trees = targets.trees(map)
    outer = 0
    inner = Int32(trees.outer.nodes.count)
    append(trees.outer)
    append(trees.inner)
  }

  /// What `body` returns, given the tables as pointers.
  @inline(__always)
  func withView<R, E: Error>(_ body: (View) throws(E) -> R) throws(E) -> R {
    try nodes.withUnsafeBufferPointer { (nodes) throws(E) -> R in
      try values.withUnsafeBufferPointer { (values) throws(E) -> R in
        try names.withView { (names) throws(E) -> R in try body(View(nodes: nodes, values: values, names: names)) }
      }
    }
  }

  /// Valid during `withView`.
  struct View {
    let nodes: UnsafeBufferPointer<Node>
    let values: UnsafeBufferPointer<Value>
    let names: NameTable.View
  }

  private mutating func append(_ tree: FieldTree) {
    let first = Int32(nodes.count)
    for n in tree.nodes {
      let from = names.entries.count
      for (key, child) in zip(n.keys, n.children) { names.append(key, meaning: first + child) }
      nodes.append(
        Node(
          keys: from..<names.entries.count, element: n.element < 0 ? -1 : first + n.element, target: n.target,
          hasRecords: n.hasRecords))
    }
  }
}

/// What the paths of a map stand for, by number.
struct FieldTargets: Sendable {
  /// Values come first, in the order of the map.
  let firstTime: Int
  let firstBattery: Int
  let sequence: Int
  var signal: Int { sequence + 1 }
  var device: Int { sequence + 2 }
  var count: Int { sequence + 3 }

  init(_ map: FieldMap) {
    firstTime = map.values.count
    firstBattery = firstTime + map.times.count
    sequence = firstBattery + map.batteries.count
  }

  func trees(_ map: FieldMap) -> (outer: FieldTree, inner: FieldTree) {
    var record = FieldTree()
    for (i, v) in map.values.enumerated() { record.insert(v.path, target: Int32(i)) }
    for (i, p) in map.times.enumerated() { record.insert(p, target: Int32(firstTime + i)) }
    for (i, p) in map.batteries.enumerated() { record.insert(p, target: Int32(firstBattery + i)) }
    if let p = map.sequence { record.insert(p, target: Int32(sequence)) }
    guard let each = map.each else {
      var whole = record
      insertMessage(map, into: &whole)
      return (whole, whole)
    }
    var outer = FieldTree()
    insertMessage(map, into: &outer)
    outer.insertRecords(each)
    return (outer, record)
  }

  private func insertMessage(_ map: FieldMap, into tree: inout FieldTree) {
    if let p = map.signal { tree.insert(p, target: Int32(signal)) }
    if let p = map.device { tree.insert(p, target: Int32(device)) }
  }
}
