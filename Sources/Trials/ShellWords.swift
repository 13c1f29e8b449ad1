/// Splits text like a shell splits words: blanks part them, quotes and backslashes keep them
/// together; nothing is expanded.
public enum ShellWords {
  public enum Problem: Error, Equatable, Sendable {
    case unbalancedQuote(Character)
    case trailingBackslash
  }

  public static func split(_ text: String) throws(Problem) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var rest = Substring(text)
    while let character = rest.popFirst() {
      switch (quote, character) {
      case ("'", "'"), ("\"", "\""):
        quote = nil
      case ("'", _):
        word = (word ?? "") + String(character)
      case ("\"", "\\"):
        guard let next = rest.popFirst() else { throw .unbalancedQuote("\"") }
        word = (word ?? "") + ("$`\"\\".contains(next) ? String(next) : "\\\(next)")
      case ("\"", _):
        word = (word ?? "") + String(character)
      case (_, "'"), (_, "\""):
        quote = character
        word = word ?? ""
      case (_, "\\"):
        guard let next = rest.popFirst() else { throw .trailingBackslash }
        word = (word ?? "") + String(next)
      case (_, _) where character.isWhitespace:
        if let finished = word { words.append(finished) }
        word = nil
      default:
        word = (word ?? "") + String(character)
      }
    }
    if let quote { throw .unbalancedQuote(quote) }
    if let finished = word { words.append(finished) }
    return words
  }

  /// The words as one line that a shell splits into the same words.
  public static func join(_ words: [String]) -> String {
    words.map { word in
      let isPlain =
        !word.isEmpty
        && word.utf8.allSatisfy { byte in
          switch byte {
          case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
          default: "-_./=:,+@%".utf8.contains(byte)
          }
        }
      guard !isPlain else { return word }
      return "'"
        + word.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
    }
    .joined(separator: " ")
  }
}
