internal import Glibc

/// Swift's names, which LLVM's tools leave as they are.
enum SwiftName {
  /// `$s15Materialization...` as a person would call it: `materializePreserved(...)`; anything else
  /// as it is. Wraps the Swift library's own `swift_demangle`.
  static func demangled(_ name: String) -> String {
    guard name.hasPrefix("$s") || name.hasPrefix("$S") else { return name }
    guard let text = name.withCString({ swiftDemangle($0, strlen($0), nil, nil, 0) }) else {
      return name
    }
    defer { free(text) }
    return short(Substring(String(cString: text)))
  }

  /// Modules, types of arguments and results, and marks of private names fill lines without telling
  /// more.
  static func short(_ name: Substring) -> String {
    for prefix in ["@objc ", "partial apply forwarder for ", "partial apply for ", "merged "]
    where name.hasPrefix(prefix) {
      return short(name.dropFirst(prefix.count))
    }
    if name.hasPrefix("generic specialization <") || name.hasPrefix("function signature ") {
      if let of = name.firstRange(of: " of ") { return short(name[of.upperBound...]) }
    }
    // `closure #1 @Sendable () -> () in Outer.function(...)`
    if name.hasPrefix("closure #") || name.hasPrefix("implicit closure #") {
      let number =
        name.prefix { $0 != "#" } + "#" + name.drop { $0 != "#" }.dropFirst().prefix { $0.isNumber }
      if let outer = outermost(" in ", of: name) { return number + " in " + short(outer) }
    }
    let plain = withoutPrivateMarks(name)
    let path = plain.prefix { $0 != "(" && $0 != "<" && $0 != " " }
    let components = path.split(separator: ".")
    let shown = components.count > 1 ? components.dropFirst().joined(separator: ".") : String(path)
    return plain.contains("(") ? shown + "()" : shown
  }

  /// What follows `separator` where it stands outside of all brackets.
  private static func outermost(_ separator: String, of text: Substring) -> Substring? {
    var depth = 0
    var rest = text
    while let character = rest.first {
      if depth == 0 && rest.hasPrefix(separator) { return rest.dropFirst(separator.count) }
      if "([<".contains(character) { depth += 1 }
      if ")]>".contains(character) && !text[..<rest.startIndex].hasSuffix("-") { depth -= 1 }
      rest = rest.dropFirst()
    }
    return nil
  }

  /// `(run in _FDCEC3866FDA57852B1D49A42D1BAA50)` is `run`.
  private static func withoutPrivateMarks(_ name: Substring) -> String {
    var result = ""
    var rest = name
    while let open = rest.firstIndex(of: "(") {
      let inside = rest[rest.index(after: open)...]
      result += rest[..<open]
      if let mark = inside.firstRange(of: " in _"), let close = inside.firstIndex(of: ")"),
        mark.upperBound < close, inside[..<mark.lowerBound].allSatisfy({ $0 != "(" && $0 != " " })
      {
        result += inside[..<mark.lowerBound]
        rest = inside[inside.index(after: close)...]
      } else {
        result += "("
        rest = inside
      }
    }
    return result + rest
  }
}

@_silgen_name("swift_demangle")
private func swiftDemangle(
  _ name: UnsafePointer<CChar>, _ length: Int, _ buffer: UnsafeMutablePointer<CChar>?,
  _ bufferSize: UnsafeMutablePointer<Int>?, _ flags: UInt32
) -> UnsafeMutablePointer<CChar>?
