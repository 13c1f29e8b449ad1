internal import ArgumentParser

/// `parmat manual`: the man page, made of the same declarations as the help.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Print the man page: parmat manual | man -l -",
    discussion: """
      In roff, for man(1). Shell completions come from the same declarations: \
      parmat --generate-completion-script bash (or zsh, fish).
      """)

  func run() throws {
    try Output.write(page)
  }

  private var page: String {
    var page = """
      .TH PARMAT 1 "" "parmat \(version)" "User Commands"
      .SH NAME
      parmat \\- materialize one LLVM bitcode module with several threads, and bring back evidence \
      of a crash
      .SH SYNOPSIS
      .B parmat
      .I COMMAND
      [OPTION]...\n
      """
    page += ".SH DESCRIPTION\n" + Self.verbatim(Parmat.helpMessage(columns: Self.columns))
    for command in Parmat.configuration.subcommands where command.configuration.shouldDisplay {
      let name = command.configuration.commandName ?? "\(command)"
      page += ".SH PARMAT \(name.uppercased())\n"
      page += Self.verbatim(Parmat.helpMessage(for: command, columns: Self.columns))
    }
    page += ".SH EXIT STATUS\n"
    for status in ExitStatus.allCases {
      page += ".TP\n.B \(status.rawValue)\n\(Self.escaped(Substring(status.meaning)))\n"
    }
    page += ".SH ENVIRONMENT\n"
    for (name, meaning) in Self.variables {
      page += ".TP\n.B \(name)\n\(Self.escaped(Substring(meaning)))\n"
    }
    return page
  }

  private static let columns = 78

  private static let variables = [
    (
      "JULIA_IMAGE_THREADS, JULIA_CPU_THREADS",
      "read by --threads auto, as Julia reads them (aotcompile.cpp)."
    ),
    ("JULIA_IMAGE_TIMINGS", "1 makes run print Julia's own report of its stages."),
    ("NO_COLOR", "no bold text, unless --color always."),
    (
      "PARMAT_ON_FAULT, PARMAT_RESERVE, PARMAT_BALLAST, PARMAT_TOKEN",
      "what libparmat-witness.so does when it is preloaded by hand; trials set them."
    ),
    ("PARMAT_LAB", "which allocator libparmat-lab.so is when it is preloaded by hand."),
  ]

  /// Help as it stands, without filling.
  private static func verbatim(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return ".nf\n" + lines.map { escaped($0) + "\n" }.joined() + ".fi\n"
  }

  /// Backslashes and hyphens as they are, and no line that looks like a request.
  private static func escaped(_ line: Substring) -> String {
    let text = line.map { character -> String in
      switch character {
      case "\\": "\\e"
      case "-": "\\-"
      default: String(character)
      }
    }.joined()
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
  }
}
