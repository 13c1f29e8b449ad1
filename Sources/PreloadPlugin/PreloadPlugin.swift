import Foundation
import PackagePlugin

/// Makes the preload libraries with a C compiler, as resources beside the program: a dynamic product
/// of Swift's package manager would pull the Swift library into a library of C alone.
@main
struct PreloadPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let sources = context.package.directoryURL.appending(path: "Sources")
    return [
      .buildCommand(
        displayName: "Linking libparmat-witness.so",
        executable: try compiler(),
        arguments: try arguments(sources, into: context.pluginWorkDirectoryURL),
        inputFiles: try files(in: sources, endingIn: ["c", "h"]),
        outputFiles: [context.pluginWorkDirectoryURL.appending(path: "libparmat-witness.so")])
    ]
  }

  /// The parser's guard has no part in it.
  private func arguments(_ sources: URL, into folder: URL) throws -> [String] {
    let flags = [
      "-std=gnu17", "-O2", "-g", "-Wall", "-Wextra", "-fPIC", "-shared", "-fvisibility=hidden",
      // As in Package.swift: nothing of another library in the handler.
      "-fno-builtin", "-fno-stack-protector", "-ftls-model=initial-exec", "-funwind-tables",
      // The unwinder comes along, unseen by the program: its own may not be loaded.
      "-static-libgcc", "-Wl,--exclude-libs,ALL", "-Wl,-z,defs", "-Wl,-z,now",
      "-Wl,--build-id",
    ]
    let code = try files(in: sources, endingIn: ["c"]).map(\.path)
      .filter { !$0.hasSuffix("/ParserGuard.c") }
    let headers = ["CWitness", "CWitnessPreload"].flatMap {
      ["-I", sources.appending(path: "\($0)/include").path]
    }
    return flags + headers
      + ["-o", folder.appending(path: "libparmat-witness.so").path] + code
  }

  private func files(in sources: URL, endingIn extensions: Set<String>) throws -> [URL] {
    try ["CWitness", "CWitness/include", "CWitnessPreload", "CWitnessPreload/include"].flatMap {
      folder in
      try FileManager.default.contentsOfDirectory(
        at: sources.appending(path: folder), includingPropertiesForKeys: nil)
    }
    .filter { extensions.contains($0.pathExtension) }
    .sorted { $0.path < $1.path }
  }

  /// Swift's own clang lies beside it; any C compiler does.
  private func compiler() throws -> URL {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    for name in ["clang", "cc", "gcc"] {
      for folder in folders {
        let path = "\(folder)/\(name)"
        if FileManager.default.isExecutableFile(atPath: path) { return URL(fileURLWithPath: path) }
      }
    }
    throw NoCompiler()
  }
}

struct NoCompiler: Error, CustomStringConvertible {
  var description: String { "no C compiler is installed; run: apt-get install gcc" }
}
