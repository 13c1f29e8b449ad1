internal import Glibc

/// Swift's names, which LLVM's tools leave as they are.
enum SwiftName {
  /// `$s15Materialization...` in words; anything else as it is. Wraps the Swift library's own
  /// `swift_demangle`.
  static func demangled(_ name: String) -> String {
    guard name.hasPrefix("$s") || name.hasPrefix("$S") else { return name }
    let length = name.utf8.count
    guard let text = name.withCString({ swiftDemangle($0, length, nil, nil, 0) }) else {
      return name
    }
    defer { free(text) }
    return short(String(cString: text))
  }

  /// Modules' names and argument types fill lines without telling more.
  private static func short(_ text: String) -> String {
    for prefix in ["specialized ", "merged ", "partial apply for ", "generic specialization "]
    where text.hasPrefix(prefix) {
      return prefix + short(String(text.dropFirst(prefix.count)))
    }
    return text
  }
}

@_silgen_name("swift_demangle")
private func swiftDemangle(
  _ name: UnsafePointer<CChar>, _ length: Int, _ buffer: UnsafeMutablePointer<CChar>?,
  _ bufferSize: UnsafeMutablePointer<Int>?, _ flags: UInt32
) -> UnsafeMutablePointer<CChar>?
