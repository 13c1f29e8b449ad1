import Foundation
import TestSupport
import Testing

@Suite("The command line")
struct CommandLineTests {
  @Test("the built program is found") func programExists() throws {
    let outcome = try Parmat.run(["--version"])
    #expect(outcome.status == 0)
    #expect(Tools.major >= 14)
  }

  /// Every command that the help lists.
  private func commands() throws -> [String] {
    let help = try runSuccessfully(Parmat.path, ["--help"])
    let list = help.components(separatedBy: "SUBCOMMANDS:\n").last ?? ""
    return list.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("  "), line.dropFirst(2).first?.isLetter == true else { return nil }
      return line.split(separator: " ").first.map(String.init)
    }.filter { $0 != "See" }
  }

  @Test("every command has a help that gives each option a line")
  func help() throws {
    let names = try commands()
    #expect(names.count >= 7, "\(names)")
    for name in names {
      let help = try runSuccessfully(Parmat.path, [name, "--help"])
      let lines = help.split(separator: "\n").map(String.init)
      for line in lines where line.hasPrefix("  --") {
        // An option alone on its line goes on below it.
        let words = line.split(separator: " ")
        let index = lines.firstIndex(of: line) ?? 0
        let goesOn = index + 1 < lines.count && lines[index + 1].hasPrefix("      ")
        #expect(words.count > 2 || goesOn, "\(name): \(line)")
      }
    }
  }

  @Test("the man page has every command and option, and groff finds nothing wrong with it")
  func manual() throws {
    let page = try runSuccessfully(Parmat.path, ["manual"])
    let folder = try TemporaryFolder()
    let file = try folder.write(page, to: "parmat.1")
    let rendered = try run("groff", ["-man", "-Tascii", "-ww", file])
    #expect(rendered.status == 0 && rendered.errors == "", "\(rendered.errors)")
    for name in try commands() where name != "help" {
      #expect(page.contains(".SH PARMAT \(name.uppercased())\n"), "\(name)")
    }
    for option in ["\\-\\-ballast", "\\-\\-always\\-split", "\\-\\-count\\-growths"] {
      #expect(page.contains(option), "\(option)")
    }
    for status in ["0", "2", "64", "65", "69", "70", "73"] {
      #expect(page.contains(".TP\n.B \(status)\n"))
    }
  }

  @Test("completions for each shell, which bash can read", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let script = try runSuccessfully(Parmat.path, ["--generate-completion-script", shell])
    #expect(script.contains("reproduce") && script.contains("ballast"))
    guard shell == "bash" else { return }
    let folder = try TemporaryFolder()
    try runSuccessfully("bash", ["-n", try folder.write(script, to: "completion")])
  }
}
