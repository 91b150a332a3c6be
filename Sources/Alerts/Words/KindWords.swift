import Readings

/// What kinds of events are called in lists.
enum KindWords {
  static func name(_ kind: EventKind, _ language: Language) -> String {
    switch (kind, language) {
    case (.burst, .ja): "突発漏水の疑い"
    case (.burst, .en): "suspected burst"
    case (.incipient, .ja): "漸増漏水の疑い"
    case (.incipient, .en): "suspected slow leak"
    case (_, .ja): HealthWords.text(kind).ja.0
    case (_, .en): HealthWords.text(kind).en.0
    }
  }
}
