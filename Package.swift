// swift-tools-version: 6.0
import Foundation
import PackageDescription

// LLVM is found by asking llvm-config: Debian ships no llvm.pc that a system-library target could
// name. LLVM_CONFIG chooses one; without it LLVM 16 (Julia 1.11's) is preferred, then whatever
// plain llvm-config names (Debian's llvm-dev).

/// What `program arguments` prints, trimmed; nil where it cannot be run or fails.
func output(of program: String, _ arguments: [String]) -> String? {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program] + arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return nil }
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0, let text = String(data: data, encoding: .utf8) else {
    return nil
  }
  return text.trimmingCharacters(in: .whitespacesAndNewlines)
}

func giveUp(_ sentence: String) -> Never {
  FileHandle.standardError.write(Data("error: \(sentence)\n".utf8))
  exit(1)
}

let environment = ProcessInfo.processInfo.environment
let chosen = environment["LLVM_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
let candidates = chosen.map { [$0] } ?? ["llvm-config-16", "llvm-config"]
guard let llvmConfig = candidates.first(where: { output(of: $0, ["--version"]) != nil }) else {
  giveUp(
    chosen.map { "LLVM_CONFIG names '\($0)', which cannot be run; install its llvm-N-dev package" }
      ?? "LLVM is not installed; run: apt-get install llvm-16-dev")
}
guard let llvmVersion = output(of: llvmConfig, ["--version"]),
  let llvmMajor = llvmVersion.split(separator: ".").first.flatMap({ Int($0) }),
  let llvmIncludes = output(of: llvmConfig, ["--includedir"]),
  let llvmLibraries = output(of: llvmConfig, ["--libdir"])
else { giveUp("\(llvmConfig) does not answer --version, --includedir and --libdir") }
guard FileManager.default.fileExists(atPath: llvmIncludes + "/llvm-c/Core.h") else {
  giveUp("the headers of LLVM \(llvmMajor) are missing; run: apt-get install llvm-\(llvmMajor)-dev")
}

let llvmHeaders = ["-I\(llvmIncludes)"]
let importsLLVM: [SwiftSetting] = [.unsafeFlags(llvmHeaders.flatMap { ["-Xcc", $0] })]
let strictSwift: [SwiftSetting] = [.enableUpcomingFeature("InternalImportsByDefault")]
// Release binaries carry the Swift library, so that they run where no Swift is installed.
let staticSwift: [SwiftSetting] = [
  .unsafeFlags(["-static-stdlib"], .when(configuration: .release))
]

let package = Package(
  name: "parmat",
  products: [
    .library(name: "LLVMBitcode", targets: ["LLVMBitcode"]),
    .library(name: "Materialization", targets: ["Materialization"]),
    .executable(name: "parmat", targets: ["parmat"]),
  ],
  dependencies: [
    // Commands, options, help, completions.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Heap, for the plan that can be redone by hand.
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    // File descriptors with errors that keep their errno.
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    // LLVM-C's headers, nothing else.
    .systemLibrary(name: "CLLVM"),
    // What LLVM-C lacks, one extern "C" function a C++ call.
    .target(
      name: "CLLVMGaps",
      dependencies: ["CLLVM"],
      cxxSettings: [.unsafeFlags(llvmHeaders + ["-Wno-unused-parameter"])],
      linkerSettings: [
        .unsafeFlags(["-L\(llvmLibraries)"]),
        // llvm-config --libs --link-shared asks for the same; the name differs between majors.
        .linkedLibrary("LLVM-\(llvmMajor)"),
      ]),
    // The fill, whose ties are libstdc++'s.
    .target(name: "CPartitionFill"),
    // The GNU calls that Swift's Glibc module lacks.
    .target(name: "CGlibcGaps"),
    // What a sandbox does with mappings and faults; CMakeHelpers builds it alone, with its Main.c.
    .target(name: "CProbe", exclude: ["Main.c"]),
    // The crash witness, and the guard round the bitcode parser. A handler that calls into another
    // library, or reads the thread's stack canary, faults again where pages are short.
    .target(
      name: "CWitness",
      cSettings: [
        .unsafeFlags(["-fno-builtin", "-fno-stack-protector", "-ftls-model=initial-exec"])
      ],
      linkerSettings: [.linkedLibrary("gcc_s")]),
    // Makes libparmat-witness.so of CWitness and CWitnessPreload, beside the program.
    .plugin(name: "PreloadPlugin", capability: .buildTool(), path: "Sources/PreloadPlugin"),
    // The interposers, and the library as a resource. Only ever in libparmat-witness.so: nothing
    // depends on this target.
    .target(
      name: "CWitnessPreload", dependencies: ["CWitness"],
      plugins: ["PreloadPlugin"]),
    // Allocators made for experiments, and their library as a resource. Only ever in
    // libparmat-lab.so: nothing depends on this target.
    .target(
      name: "CAllocatorLab", dependencies: ["CWitness"],
      cSettings: [
        .headerSearchPath("../CWitness"),
        .unsafeFlags(["-fno-builtin", "-ftls-model=initial-exec", "-fvisibility=hidden"]),
      ],
      plugins: ["PreloadPlugin"]),
    // Starting programs that cannot outlive their supervisor.
    .target(name: "CSpawn"),
    .target(
      name: "LLVMBitcode",
      dependencies: ["CLLVM", "CLLVMGaps"],
      swiftSettings: strictSwift + importsLLVM + staticSwift),
    .target(
      name: "Materialization",
      dependencies: [
        "LLVMBitcode", "CPartitionFill", "CGlibcGaps", "CWitness",
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: strictSwift + importsLLVM + staticSwift),
    // Modules of Julia's shape and of any size.
    .target(
      name: "ModuleGenerator", dependencies: ["LLVMBitcode"],
      swiftSettings: strictSwift + importsLLVM + staticSwift),
    // One supervised run of a workload. Knows no LLVM.
    .target(
      name: "Trials",
      dependencies: [
        "CSpawn", "CGlibcGaps", .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strictSwift + staticSwift),
    // Many trials.
    .target(
      name: "Experiments", dependencies: ["Trials"], swiftSettings: strictSwift + staticSwift),
    // What people read of them.
    .target(
      name: "Reports", dependencies: ["Experiments", "Trials"],
      swiftSettings: strictSwift + staticSwift),
    .executableTarget(
      name: "parmat",
      dependencies: [
        "Materialization", "LLVMBitcode", "ModuleGenerator", "CWitness", "CProbe", "Trials",
        "Experiments", "Reports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strictSwift + importsLLVM + staticSwift,
      linkerSettings: [
        // libLLVM may lie beside the program.
        // As DT_RPATH, which libraries that libLLVM needs are looked up by too.
        .unsafeFlags(
          ["-rpath", "$ORIGIN", "--disable-new-dtags"].flatMap { ["-Xlinker", $0] }),
        .unsafeFlags(
          ["-static-stdlib", "-l_FoundationCShims", "-l_FoundationCollections"],
          .when(configuration: .release)),
      ]),
    // What tests share: running programs, finding the built parmat and LLVM's tools.
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    // Planning, as a library.
    .testTarget(
      name: "MaterializationTests",
      dependencies: ["Materialization", "LLVMBitcode", "TestSupport"],
      swiftSettings: importsLLVM),
    // Plans of generated modules, as a library.
    .testTarget(
      name: "ModuleGeneratorTests", dependencies: ["ModuleGenerator", "TestSupport"],
      swiftSettings: importsLLVM),
    // Statistics, as a library.
    .testTarget(name: "ExperimentsTests", dependencies: ["Experiments", "TestSupport"]),
    // The built program, as users call it.
    .testTarget(name: "ParmatTests", dependencies: ["TestSupport", "parmat"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
