internal import ArgumentParser

/// Every status that parmat ends with; help, man page and tests list these (sysexits.h's numbers).
enum ExitStatus: Int32, CaseIterable {
  case done = 0
  case crash = 2
  case usage = 64
  case unusableInput = 65
  case unavailable = 69
  case defect = 70
  case cannotWrite = 73

  var meaning: String {
    switch self {
    case .done: "done"
    case .crash: "a crash was brought back (reproduce)"
    case .usage: "the command line is wrong"
    case .unusableInput: "the input is not a usable module"
    case .unavailable: "something needed is not there"
    case .defect: "a defect of parmat's"
    case .cannotWrite: "the output cannot be written"
    }
  }

  /// The table for help and man page.
  static var table: String {
    "EXIT STATUS:\n"
      + allCases.map { "  \($0.rawValue)\($0.rawValue < 10 ? " " : "")  \($0.meaning)" }
      .joined(separator: "\n")
  }
}

/// An error that ends the program: one sentence on stderr, and the status.
struct Failure: Error {
  let status: ExitStatus
  let sentence: String

  init(_ status: ExitStatus, _ sentence: String) {
    self.status = status
    // One line, whatever a file is called.
    self.sentence = String(sentence.map { $0.isNewline ? " " : $0 })
  }
}
