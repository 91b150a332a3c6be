/// How many letters one must insert, delete, replace or swap with their neighbour to turn one word into the other
/// (optimal string alignment; Damerau 1964).
/// - Complexity: O(a · b).
func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.unicodeScalars)
  let b = Array(b.unicodeScalars)
  var before: [Int] = []
  var previous = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var d = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { d = min(d, before[j - 1] + 1) }
      row.append(d)
    }
    before = previous
    previous = row
  }
  return previous[b.count]
}

/// The known word nearest to a mistyped one, or nil where none is near enough to be what was meant.
func nearest(to word: String, among known: [String]) -> String? {
  let word = String(word.lowercased().prefix(200))
  let best = known.map { (word: $0, distance: editDistance(word, $0.lowercased())) }.min { $0.distance < $1.distance }
  guard let best, best.distance <= max(2, max(word.count, best.word.count) / 2) else { return nil }
  return best.word
}
