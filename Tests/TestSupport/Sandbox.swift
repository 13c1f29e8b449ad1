/// Debian's runsc with the platform that works without hardware virtualization.
public enum Sandbox {
  /// Whether a program can be run in it here.
  public static let works: Bool = (try? run(["true"]))?.status == 0

  /// Runs a command in the sandbox: the host's files read-only, no network.
  public static func run(_ command: [String]) throws -> Outcome {
    // Its standard output has to be a pipe: a file it would overwrite from the start.
    try TestSupport.run(
      "bash",
      ["-c", "set -o pipefail; \"$@\" | cat", "sandbox", "runsc", "--platform=ptrace"]
        + ["--network=none", "do"] + command)
  }
}
