internal import ArgumentParser
internal import Glibc

/// The command line. A plain ParsableCommand: on Linux an asynchronous one runs its commands off the
/// main thread, which would move the planner to another malloc arena.
@main
struct Parmat: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parmat",
    abstract: "Materialize one LLVM bitcode module with several threads, the way Julia does it.",
    discussion: """
      A replica of the multithreaded image emission in Julia's aotcompile.cpp, without Julia: each \
      thread loads the same module lazily into a context of its own, drops what is not its own, \
      and calls llvm::Module::materializeAll.

      \(ExitStatus.table)
      """,
    version: version,
    subcommands: [
      RunCommand.self, PartitionCommand.self, GenerateCommand.self, ReproduceCommand.self,
      SweepCommand.self, DiagnoseCommand.self,
      ReportCommand.self, ProbeCommand.self,
      DoctorCommand.self, ManualCommand.self, ArenasCommand.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
      try Output.flush()
    } catch let failure as Failure {
      end { () throws(Failure) in throw failure }
    } catch {
      // Help and version are results: the library would not notice that they cannot be written.
      guard exitCode(for: error) == .success else { exit(withError: error) }
      end { () throws(Failure) in try Output.write(fullMessage(for: error) + "\n") }
    }
  }
}

/// Ends the process after the last words, with their status.
private func end(after words: () throws(Failure) -> Void) {
  do {
    try words()
  } catch {
    Output.complain("Error: \(error.sentence)")
    Glibc.exit(error.status.rawValue)
  }
}

/// The program's own version.
let version = "0.1.0"
