import Foundation
import TestSupport
import Testing

/// LLVM's bitcode reader crashes, aborts and loops on some of these; parmat may not.
@Suite("Corrupt bitcode")
struct CorruptBitcodeTests {
  /// About 20 KB with debug information.
  static func module(in folder: TemporaryFolder) throws -> String {
    let functions = (0..<11).map { n in
      """
      struct S\(n) { int count; double mean[\(n + 2)]; struct S\(n) *next; };
      static const char *names\(n)[] = {"first \(n)", "second \(n)"};
      double visit\(n)(struct S\(n) *s, int depth) {
        double sum = 0;
        for (struct S\(n) *at = s; at && depth > 0; at = at->next, --depth)
          switch (at->count % 4) {
          case 0: sum += at->mean[depth % \(n + 2)]; break;
          case 1: sum -= names\(n)[depth & 1][0]; break;
          case 2: sum *= visit\(n)(at->next, depth / 2); break;
          default: at->count += depth;
          }
        return sum;
      }
      """
    }
    return try Tools.compile(
      functions.joined(separator: "\n"), named: "source.c", in: folder, options: ["-O1", "-g"])
  }

  /// 2,000 in all, 500 a seed.
  @Test(
    "one flipped byte anywhere is read or refused, never more", arguments: [1, 2, 3, 4] as [UInt64])
  func flips(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let source = try Data(contentsOf: URL(fileURLWithPath: try Self.module(in: folder)))
    #expect((15_000...30_000).contains(source.count))
    var random = SplitMix(seed: seed)
    for flip in 0..<500 {
      let place = Int.random(in: 0..<source.count, using: &random)
      let mask = UInt8.random(in: 1...255, using: &random)
      var bytes = source
      bytes[place] ^= mask
      let file = try folder.write(bytes, to: "flipped.bc")
      let before = folder.entries
      let outcome = try TestSupport.run(
        Parmat.path, ["run", file, "--threads", "3", "--parse-limit", "3", "-q"],
        environment: ["TMPDIR": folder.url.path], in: folder.url)
      let isGood =
        outcome.signal == nil
        && (outcome.status == 0 && outcome.errors.isEmpty
          || outcome.status == 65 && outcome.complaints.count == 1 && outcome.output.isEmpty)
      if !isGood {
        let kept = "/tmp/parmat-flip-\(seed)-\(flip).bc"
        try bytes.write(to: URL(fileURLWithPath: kept))
        Issue.record(
          """
          seed \(seed), flip \(flip): byte \(place) ^ \(mask) ended with \(outcome.status) \
          (signal \(outcome.signal ?? 0)), kept as \(kept): \(outcome.errors)
          """)
      }
      #expect(folder.entries == before, "seed \(seed), flip \(flip)")
    }
  }
}
