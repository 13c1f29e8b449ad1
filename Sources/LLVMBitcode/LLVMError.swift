/// What LLVM said of a failed call: its own sentence, without a trailing full stop or newline.
public struct LLVMError: Error, CustomStringConvertible, Sendable {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
