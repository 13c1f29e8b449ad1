import Foundation
import TestSupport
import Testing

/// What a supervisor leaves behind: nothing, however it ends.
@Suite("The supervisor", .serialized)
struct SupervisorTests {
  /// Processes that have `mark` in their command line, zombies aside.
  private func processes(_ mark: String) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap(Int32.init).filter { pid in
      guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else {
        return false
      }
      return String(decoding: data, as: UTF8.self).contains(mark)
    }
  }

  private func waitUntil(_ seconds: Double = 20, _ condition: () -> Bool) -> Bool {
    let deadline = Date().addingTimeInterval(seconds)
    while Date() < deadline {
      if condition() { return true }
      usleep(20_000)
    }
    return condition()
  }

  @Test("a thousand trials leave no process, no file and no descriptor")
  func thousand() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("trials.jsonl")
    // The shell tells what is open and running when parmat is about to end and after.
    let script = """
      before=$(ls /tmp | wc -l)
      "$0" reproduce --trials 1000 --export-jsonl "$1" -- true > "$2/out"; status=$?
      echo "$status $(( $(ls /tmp | wc -l) - before )) $(pgrep -P $$ parmat | wc -l)"
      """
    let outcome = try run(
      "bash", ["-c", script, Parmat.path, file, folder.url.path])
    #expect(outcome.output.hasPrefix("0 "), "\(outcome.output) \(outcome.errors)")
    #expect(outcome.output.hasSuffix(" 0\n"))
    let trials = try TrialRecord.all(in: String(contentsOfFile: file, encoding: .utf8))
    #expect(trials.map { $0.json["trial"] as? Int } == Array(1...1000).map(Optional.some))
    #expect(trials.allSatisfy { $0.outcome == "completed" })
  }

  @Test("descriptors do not grow with the trials, nor reach the workload")
  func descriptors() throws {
    // What the test process itself hands down to a program.
    let plain = try run("sh", ["-c", "ls /proc/self/fd | wc -l"]).output
    let inherited = try #require(Int(plain.trimmingCharacters(in: .whitespacesAndNewlines)))
    let (trials, outcome) = try Parmat.reproduce(
      [
        "--trials", "50", "--on-fault", "none", "--", "sh", "-c",
        "ls /proc/self/fd | wc -l >&2; ls /proc/$PPID/fd | wc -l >&2",
      ])
    #expect(trials.count == 50)
    let counts = outcome.complaints.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    #expect(counts.count == 100)
    let own = stride(from: 0, to: 100, by: 2).map { counts[$0] }
    let supervisors = stride(from: 1, to: 100, by: 2).map { counts[$0] }
    #expect(Set(own) == [inherited], "\(own) \(inherited)")
    #expect(supervisors.first == supervisors.last, "\(supervisors)")
  }

  @Test("a program that leaves a child in a session of its own is cleared up after")
  func leftovers() throws {
    let dies = try Programs.path("dies.c")
    let trial = try Parmat.trial([], of: [dies, "leaves-child"])
    #expect(trial.outcome == "completed")
    #expect(waitUntil { processes("\(dies)\0leaves-child").isEmpty })
  }

  @Test("children that a shell left to this program are spared")
  func bystanders() throws {
    let outcome = try run(
      "bash",
      ["-c", "sleep 98763 & exec \"$0\" reproduce --trials 2 -- true > /dev/null", Parmat.path])
    #expect(outcome.status == 0)
    let left = processes("sleep\098763")
    #expect(left.count == 1)
    for process in left { kill(process, SIGKILL) }
  }

  @Test("a reader that does not read stops neither time-out nor signals")
  func blockedReader() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("trials.jsonl")
    let script = """
      "$0" reproduce --timeout 1 --trials 1 --export-jsonl "$1" -- yes 2>&1 | sleep 24 &
      for i in $(seq 1 110); do [ -s "$1" ] && break; sleep 0.2; done; cat "$1"
      """
    let outcome = try run("bash", ["-c", script, Parmat.path, file])
    #expect(try TrialRecord.all(in: outcome.output).map(\.outcome) == ["timed-out"])
  }

  /// Starts `parmat reproduce` in the background, waits until the workload runs, and sends `signal`
  /// to the supervisor. Returns the status that the shell saw and what was exported.
  private func interrupt(
    _ signal: String, _ launcher: String, workload: [String], mark: String
  ) throws -> (status: Int, trials: [TrialRecord]) {
    let folder = try TemporaryFolder()
    let file = folder.path("trials.jsonl")
    let flag = folder.path("second")
    // The first trial ends at once; the second stays.
    let shell = "if [ -e \(flag) ]; then exec \"$@\"; else touch \(flag) 2>/dev/null; fi"
    let isNative = launcher == "native"
    let command = isNative ? ["sh", "-c", shell, "sh"] + workload : workload
    let script = """
      "$@" > /dev/null 2> "$0/errors" & supervisor=$!
      for i in $(seq 1 400); do pgrep -f "\(mark)" > /dev/null && break; sleep 0.05; done
      sleep 0.3; kill -\(signal) $supervisor; wait $supervisor; echo $?
      """
    let outcome = try run(
      "bash",
      ["-c", script, folder.url.path, Parmat.path, "reproduce", "--trials", "5"]
        + ["--launcher", launcher, "--export-jsonl", file, "--"] + command)
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    return (
      Int(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1,
      try TrialRecord.all(in: text)
    )
  }

  @Test("interrupted, it ends the trial, keeps what is finished, and dies of the signal")
  func interrupted() throws {
    let mark = "sleep 98761"
    let (status, trials) = try interrupt(
      "INT", "native", workload: ["sleep", "98761"], mark: "^\(mark)")
    #expect(status == 130)
    #expect(trials.map(\.outcome) == ["completed", "interrupted"])
    #expect(waitUntil { processes("sleep\098761").isEmpty })
  }

  @Test("killed by SIGKILL, it leaves no process behind and loses no finished trial")
  func killed() throws {
    let dies = try Programs.path("dies.c")
    let (status, trials) = try interrupt(
      "KILL", "native", workload: [dies, "stubborn"], mark: "^\(dies) stubborn")
    #expect(status == 137)
    #expect(trials.map(\.outcome) == ["completed"])
    #expect(
      waitUntil { processes("\(dies)\0stubborn").isEmpty }, "the child in its own session too")
  }

  @Test(
    "killed by SIGKILL, its sandbox goes too",
    .enabled(if: Sandbox.works, "runsc does not start here: not tested"))
  func killedSandbox() throws {
    let (status, _) = try interrupt(
      "KILL", "runsc:ptrace", workload: ["sleep", "98762"], mark: "do env .*sleep 98762")
    #expect(status == 137)
    #expect(waitUntil { processes("98762").isEmpty })
  }
}
