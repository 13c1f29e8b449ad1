/// What a generated module is to look like: a profile, and the knobs that depart from it.
public struct GeneratorOptions: Sendable, Equatable {
  public var profile: Profile
  /// All functions, wrappers and thunks among them.
  public var functions: Int
  /// Instructions of a function, in the mean over all.
  public var meanInstructions: Double
  /// The share of all instructions that the largest 1 % of the functions hold, 0 to 1; nil takes the
  /// profile's, or what comes nearest to it with the other knobs.
  public var tail: Double?
  /// All variables, Julia's four tables not counted.
  public var globals: Int
  /// The share of the instructions of bodies that have a location; 0 leaves out all debug information.
  public var debugInfo: Double
  /// Alias tags and alias scopes: 1 for as many as the profile has, 0 for none.
  public var metadata: Double
  public var seed: UInt64

  /// The knobs as the profile has them. With fewer or more functions than the profile's the variables
  /// go with them.
  public init(profile: Profile, functions: Int? = nil, seed: UInt64 = 1) {
    let shape = profile.shape
    self.profile = profile
    self.functions = functions ?? shape.functions.total
    meanInstructions = shape.meanInstructions
    tail = nil
    let scale = Double(max(self.functions, 0)) / Double(shape.functions.total)
    let scaled = (Double(shape.variables.total) * scale).rounded()
    globals = max(Int(scaled), shape.leastVariables(functions: max(self.functions, 0)))
    debugInfo = shape.locationShare
    metadata = 1
    self.seed = seed
  }

  /// Functions or variables: a hundred times those of the largest programs that are known.
  public static let mostGlobals = 20_000_000
  /// All instructions together; LLVM takes about 400 bytes of memory for each.
  public static let mostInstructions = 100_000_000.0
  /// One function: LLVM numbers values by 32 bits, but its passes take more than linear time.
  public static let mostInstructionsOfOne = 10_000_000.0
  /// Half of the functions are wrappers, which take five to unbox, call and box.
  public static let leastMean = 8.0

  /// Throws the first thing that is wrong.
  public func validate() throws(GeneratorError) {
    guard (1...Self.mostGlobals).contains(functions) else {
      throw GeneratorError("--functions takes a number from 1 to \(Self.mostGlobals)")
    }
    guard meanInstructions >= Self.leastMean, meanInstructions <= Self.mostInstructionsOfOne else {
      throw GeneratorError(
        "--mean-instructions takes a number from \(Int(Self.leastMean)) to "
          + "\(Int(Self.mostInstructionsOfOne))")
    }
    guard Double(functions) * meanInstructions <= Self.mostInstructions else {
      throw GeneratorError(
        "--functions times --mean-instructions may be \(Int(Self.mostInstructions)) at most; "
          + "\(functions) functions of \(plain(meanInstructions)) instructions are too many")
    }
    let least = profile.shape.leastVariables(functions: functions)
    guard (least...Self.mostGlobals).contains(globals) else {
      throw GeneratorError(
        "--globals takes a number from \(least) (for \(functions) functions) to "
          + "\(Self.mostGlobals)")
    }
    for (name, share) in [("debug-info", debugInfo), ("metadata", metadata), ("tail", tail ?? 0)] {
      guard share >= 0, share <= 1 else {
        throw GeneratorError("--\(name) takes a share from 0 to 1")
      }
    }
  }
}

/// A knob that cannot be met: one sentence.
public struct GeneratorError: Error, CustomStringConvertible, Sendable, Equatable {
  public let description: String

  init(_ description: String) { self.description = description }
}

/// A number as people write it: no `.0`.
func plain(_ number: Double) -> String {
  number == number.rounded() && number.magnitude < 1e15 ? String(Int(number)) : String(number)
}
