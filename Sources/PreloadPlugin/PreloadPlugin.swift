import Foundation
import PackagePlugin

/// Makes the preload libraries with a C compiler, as resources beside the program: a dynamic product
/// of Swift's package manager would pull the Swift library into a library of C alone.
@main
struct PreloadPlugin: BuildToolPlugin {
  /// A library and what it is made of: folders of Sources.
  private struct Library {
    let name: String
    let folders: [String]
    /// Headers that are looked at besides.
    let headers: [String]
  }

  private static let libraries = [
    "CWitnessPreload": Library(
      name: "libparmat-witness.so", folders: ["CWitness", "CWitnessPreload"], headers: []),
    "CAllocatorLab": Library(
      name: "libparmat-lab.so", folders: ["CAllocatorLab"], headers: ["CWitness"]),
  ]

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let library = Self.libraries[target.name] else { return [] }
    let sources = context.package.directoryURL.appending(path: "Sources")
    let output = context.pluginWorkDirectoryURL.appending(path: library.name)
    return [
      .buildCommand(
        displayName: "Linking \(library.name)",
        executable: try compiler(),
        arguments: try arguments(library, sources, output),
        inputFiles: try files(in: library.folders + library.headers, of: sources),
        outputFiles: [output])
    ]
  }

  private func arguments(_ library: Library, _ sources: URL, _ output: URL) throws -> [String] {
    let flags = [
      "-std=gnu17", "-O2", "-g", "-Wall", "-Wextra", "-fPIC", "-shared", "-fvisibility=hidden",
      // As in Package.swift: nothing of another library in the handler.
      "-fno-builtin", "-fno-stack-protector", "-ftls-model=initial-exec", "-funwind-tables",
      // The unwinder comes along, unseen by the program: its own may not be loaded.
      "-static-libgcc", "-Wl,--exclude-libs,ALL", "-Wl,-z,defs", "-Wl,-z,now",
      "-Wl,--build-id",
    ]
    let headers = (library.folders + library.headers).flatMap { folder in
      ["-I", sources.appending(path: folder).path]
        + ["-I", sources.appending(path: "\(folder)/include").path]
    }
    // The parser's guard has no part in it.
    let code = try files(in: library.folders, of: sources)
      .filter { $0.pathExtension == "c" && $0.lastPathComponent != "ParserGuard.c" }
    return flags + headers + ["-o", output.path] + code.map(\.path)
  }

  /// C sources and headers of these folders, by name.
  private func files(in folders: [String], of sources: URL) throws -> [URL] {
    try folders.flatMap { [$0, "\($0)/include"] }.flatMap { folder in
      try FileManager.default.contentsOfDirectory(
        at: sources.appending(path: folder), includingPropertiesForKeys: nil)
    }
    .filter { ["c", "h"].contains($0.pathExtension) }
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
