import Foundation
import TestSupport
import Testing

@Suite("The library, as its page in the documentation says")
struct LibraryExampleTests {
  /// The Swift code blocks of a page, in order.
  private func codeBlocks(of page: String) throws -> [String] {
    let url = projectFolder.appendingPathComponent("Sources/parmat/Documentation.docc/\(page)")
    let text = try String(contentsOf: url, encoding: .utf8)
    return text.components(separatedBy: "```swift\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
  }

  @Test("the complete program builds against the package, runs, and its objects link")
  func example() throws {
    let blocks = try codeBlocks(of: "AsALibrary.md")
    try #require(blocks.count == 2, "a manifest and a program")
    let folder = try TemporaryFolder()
    let manifest = blocks[0]
      .replacingOccurrences(of: "PARMAT-NAME", with: projectFolder.lastPathComponent)
      .replacingOccurrences(of: "PARMAT", with: projectFolder.path)
    _ = try folder.write(manifest, to: "Package.swift")
    try FileManager.default.createDirectory(
      atPath: folder.path("Sources/splitter"), withIntermediateDirectories: true)
    _ = try folder.write(blocks[1], to: "Sources/splitter/main.swift")
    try runSuccessfully("swift", ["build", "--package-path", folder.url.path])

    let module = try Tools.compile(
      """
      #include <stdio.h>
      static int twice(int x) { return x + x; }
      static int thrice(int x) { return 3 * x; }
      int (*const table[])(int) = {twice, thrice};
      int main(void) { printf("%d\\n", table[0](4) + table[1](5)); return 0; }
      """, named: "program.c", in: folder)
    let printed = try runSuccessfully(
      folder.path(".build/debug/splitter"), [module], in: folder.url)
    #expect(printed.contains("3 functions, weight"))
    #expect(printed.contains(": table thrice twice\n"))
    #expect(printed.hasSuffix("wrote 3 objects\n"))
    let objects = (0..<3).map { folder.path("shard\($0).o") }
    try runSuccessfully("g++", objects + ["-o", folder.path("linked")])
    #expect(try run(folder.path("linked")).output == "23\n")
  }
}
