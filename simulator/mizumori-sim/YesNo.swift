import ArgumentParser

/// An answer in words.
struct YesNo: ExpressibleByArgument {
  let isYes: Bool

  init?(argument: String) { self.init(argument) }

  init?(_ text: String) {
    switch text.lowercased() {
    case "yes", "y", "true", "はい": isYes = true
    case "no", "n", "false", "いいえ": isYes = false
    default: return nil
    }
  }
}
