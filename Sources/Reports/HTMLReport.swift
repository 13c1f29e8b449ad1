public import Trials

public struct HTMLReport {
  public init(_ trials: [Trial], title: String) {}
  public var text: String { "" }
}
