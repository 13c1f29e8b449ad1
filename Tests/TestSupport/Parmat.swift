import Foundation

/// The built program, as users call it.
public enum Parmat {
  /// It lies beside the test bundle.
  public static let path: String = {
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var folder = tests.deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("parmat").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder = folder.deletingLastPathComponent()
    }
    // swift-testing runs the bundle from a helper in the toolchain: ask the bundle's own path.
    for argument in CommandLine.arguments {
      let candidate = URL(fileURLWithPath: argument).deletingLastPathComponent()
        .appendingPathComponent("parmat").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
    }
    return "parmat-is-not-built"
  }()

  @discardableResult
  public static func run(
    _ arguments: [String], environment: [String: String?] = [:], input: Data? = nil
  ) throws -> Outcome {
    try TestSupport.run(path, arguments, environment: environment, input: input)
  }

  /// The JSON document that a successful call prints.
  public static func json(
    _ arguments: [String], environment: [String: String?] = [:]
  ) throws -> [String: Any] {
    // Before a command that may follow.
    let outcome = try run(
      arguments.prefix(1) + ["--format", "json"] + arguments.dropFirst(), environment: environment)
    guard outcome.status == 0, outcome.signal == nil else {
      throw CommandFailure(
        description: "parmat \(arguments.joined(separator: " ")) ended with \(outcome.status):\n"
          + outcome.errors)
    }
    let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    guard let object = value as? [String: Any] else {
      throw CommandFailure(description: "no JSON object: \(outcome.output.prefix(200))")
    }
    return object
  }
}

/// The project's folder, where Inputs and CMakeHelpers are.
public let projectFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// LLVM's tools of the major version that parmat was built against, by their Debian names.
public enum Tools {
  public static let major: Int = {
    let doctor = try? Parmat.run(["doctor"])
    let built = doctor?.output.components(separatedBy: "built against ").dropFirst().first
    return built.flatMap { Int($0.prefix { $0 != "." }) } ?? 0
  }()

  public static var clang: String { "clang-\(major)" }
  public static var clangxx: String { "clang++-\(major)" }
  public static var llvmAs: String { "llvm-as-\(major)" }
  public static var llvmDis: String { "llvm-dis-\(major)" }
  public static var llvmLink: String { "llvm-link-\(major)" }
  public static var opt: String { "opt-\(major)" }
  public static var nm: String { "nm" }

  /// Text IR in this major version's dialect: `ptr` from 15 on, typed pointers before. Written with
  /// typed pointers in double braces: `{{i8*}}`.
  public static func dialect(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let open = rest.range(of: "{{"), let close = rest.range(of: "}}") {
      result += rest[..<open.lowerBound]
      result += major >= 15 ? "ptr" : rest[open.upperBound..<close.lowerBound]
      rest = rest[close.upperBound...]
    }
    return result + rest
  }

  /// Assembles text IR (in `dialect` notation) and returns the bitcode's path.
  public static func assemble(
    _ text: String, in folder: TemporaryFolder, as name: String = "module"
  )
    throws -> String
  {
    let source = try folder.write(dialect(text), to: "\(name).ll")
    let path = folder.path("\(name).bc")
    try runSuccessfully(llvmAs, [source, "-o", path])
    return path
  }

  /// Compiles a C or C++ source (by the name's extension) to bitcode and returns its path.
  public static func compile(
    _ source: String, named name: String, in folder: TemporaryFolder,
    options: [String] = ["-O1", "-fPIC"]
  ) throws -> String {
    let file = try folder.write(source, to: name)
    let path = folder.path("\(name).bc")
    let compiler = name.hasSuffix(".c") ? clang : clangxx
    try runSuccessfully(compiler, options + ["-emit-llvm", "-c", file, "-o", path])
    return path
  }
}
