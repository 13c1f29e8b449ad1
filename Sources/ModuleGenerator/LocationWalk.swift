internal import LLVMBitcode

/// The locations of one body's instructions: a walk from line to line, into functions that were
/// inlined and out again. Each of those has a subprogram of its own, as Julia's code generator makes
/// one, so that all of it lies in the function's own metadata block.
final class LocationWalk {
  private let debugInfo: DebugInfoBuilder
  private let emitter: ModuleEmitter
  private var random: SeededGenerator
  private var current: IRMetadata
  /// Of the functions that are being walked in: subprogram, where it was inlined, line.
  private var stack: [(scope: IRMetadata, inlinedAt: IRMetadata?, line: Int)]
  /// Subprograms of this body besides its own.
  private var inlined: [(scope: IRMetadata, line: Int)] = []
  private var isShown = false
  private let share: Double
  private let perInlining: Double
  private let newShare: Double
  private let perLine: Double

  private static let deepest = 12

  init(_ emitter: ModuleEmitter, _ index: Int) {
    let function = emitter.plan.functions[index]
    let shape = emitter.plan.shape
    self.emitter = emitter
    // Wrappers, prologues and the entry have none: what bodies have must make up for them.
    share = min(emitter.plan.options.debugInfo * shape.bodyLocations, 1)
    perInlining = 1 / shape.instructionsPerInlining
    newShare = shape.newInlineeShare
    perLine = 1 / shape.instructionsPerLine
    random = SeededGenerator(seed: function.seed &+ 0x5DEE_CE66)
    let names = MethodNames.files
    debugInfo = DebugInfoBuilder(in: emitter.module, file: names[random.below(names.count)])
    let word = MethodNames.all[function.word]
    let line = 1 + random.below(2_000)
    let scope = debugInfo.subprogram(
      word + ";", linkageName: emitter.plan.name(of: index), file: debugInfo.file, line: line)
    debugInfo.set(scope, of: emitter.functions[index])
    stack = [(scope, nil, line)]
    current = debugInfo.location(line: line, in: scope, inlinedAt: nil)
  }

  /// Moves on, and says where the next operation's instructions are.
  func advance(over operation: Operation) {
    let instructions = Double(operation.instructions)
    let drawn = random.unit()
    let push = perInlining * instructions
    if drawn < push, stack.count < Self.deepest {
      enter()
    } else if drawn < 2 * push, stack.count > 1 {
      leave()
    } else if drawn < 2 * push + perLine * instructions {
      move()
    } else if isShown, operation.mustHaveLocation || random.chance(share) {
      return
    } else if isShown {
      isShown = false
      return emitter.write.setLocation(nil)
    }
    isShown = operation.mustHaveLocation || random.chance(share)
    emitter.write.setLocation(isShown ? current : nil)
  }

  /// Into a function that was inlined here.
  private func enter() {
    let top = stack[stack.count - 1]
    let at = debugInfo.location(line: top.line, in: top.scope, inlinedAt: top.inlinedAt)
    let (scope, line) = inlinee()
    stack.append((scope, at, line))
    current = debugInfo.location(line: line, in: scope, inlinedAt: at)
  }

  /// A function that is inlined here: often one that was inlined elsewhere in this body.
  private func inlinee() -> (scope: IRMetadata, line: Int) {
    if !inlined.isEmpty, !random.chance(newShare) { return inlined[random.below(inlined.count)] }
    let line = 1 + random.below(2_000)
    let names = MethodNames.all
    let name = names[random.below(names.count)]
    let scope = debugInfo.subprogram(
      name + ";", linkageName: name, file: debugInfo.file, line: line)
    inlined.append((scope, line))
    return (scope, line)
  }

  /// Back to where the function was inlined.
  private func leave() {
    if let at = stack.removeLast().inlinedAt { current = at }
  }

  /// To another line of the same function.
  private func move() {
    stack[stack.count - 1].line += 1 + random.below(3)
    let top = stack[stack.count - 1]
    current = debugInfo.location(line: top.line, in: top.scope, inlinedAt: top.inlinedAt)
  }

  func finish() { debugInfo.finish() }
}

extension Operation {
  /// A call between functions with debug information has to have a location (LLVM's verifier).
  fileprivate var mustHaveLocation: Bool { code == .call || code == .coldCall }
}
