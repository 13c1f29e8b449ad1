import TestSupport
import Testing

@testable import ModuleGenerator

/// Plans of modules, without LLVM. Seeds are drawn anew in each run and printed with what fails.
@Suite("Plans of generated modules")
struct ModulePlanTests {
  static let seeds = (0..<4).map { _ in UInt64.random(in: 0...UInt64.max) }

  private func plan(
    _ profile: Profile, _ functions: Int? = nil, seed: UInt64 = 1,
    _ change: (inout GeneratorOptions) -> Void = { _ in }
  ) throws -> ModulePlan {
    var options = GeneratorOptions(profile: profile, functions: functions, seed: seed)
    change(&options)
    return try ModulePlan(options)
  }

  @Test(
    "a body has exactly the instructions and blocks that its function was given", arguments: seeds)
  func exactSizes(seed: UInt64) throws {
    for plan in [try plan(.tiny, seed: seed), try plan(.juliaSysimage, 600, seed: seed)] {
      for (index, function) in plan.functions.enumerated() {
        guard [.julia, .japi1, .inlined].contains(function.kind) else { continue }
        let body = plan.body(of: index)
        let fixed = (body.hasStack ? 3 : 0) + (function.kind == .japi1 ? 3 : 0)
        let instructions = body.operations.reduce(fixed) { $0 + $1.instructions }
        #expect(instructions == function.instructions, "seed \(seed), \(plan.name(of: index))")
        let blocks = body.operations.reduce(1) { sum, operation in
          switch operation.code {
          case .jump: sum + 1
          case .undefinedGuard, .boundsGuard, .conditionalBegin, .coldBegin, .loopBegin: sum + 2
          case .diamondBegin: sum + 3
          default: sum
          }
        }
        #expect(blocks == function.blocks, "seed \(seed), \(plan.name(of: index))")
      }
    }
  }

  @Test("values are numbered in the order of the operations, and none is taken before it is there")
  func valuesInOrder() throws {
    let plan = try plan(.juliaSysimage, 300)
    for index in plan.functions.indices
    where [.julia, .japi1, .inlined].contains(plan.functions[index].kind) {
      let body = plan.body(of: index)
      var known = Int32(plan.functions[index].arity)
      for operation in body.operations {
        let operands: [Int32] =
          switch operation.code {
          // What else they hold are counts and numbers of variables.
          case .coldBegin, .rootStore, .coldBoxedCall: []
          case .conditionalBegin, .diamondBegin: [operation.a, operation.b]
          case .diamondElse: []
          default: [operation.a, operation.b, operation.c]
          }
        #expect(operands.allSatisfy { $0 < known }, "\(plan.name(of: index))")
        if operation.isValue { known += 1 }
      }
      #expect(Int(known) == body.valueCount)
    }
  }

  @Test(
    "mean and tail are as they were asked for", arguments: [(40.0, 0.1), (200, 0.3), (200, 0.7)])
  func meanAndTail(mean: Double, tail: Double) throws {
    let plan = try plan(.juliaSysimage, 3000) {
      $0.meanInstructions = mean
      $0.tail = tail
    }
    let instructions = plan.functions.reduce(0) { $0 + $1.instructions }
    #expect(abs(Double(instructions) / 3000 / mean - 1) < 0.005, "\(instructions)")
    #expect(abs(plan.tail - tail) < 0.01, "\(plan.tail)")
  }

  @Test(
    "there are as many functions and variables as asked for", arguments: [1, 2, 3, 7, 64, 1000])
  func counts(functions: Int) throws {
    for profile in Profile.allCases {
      let plan = try plan(profile, functions)
      #expect(plan.functions.count == functions)
      #expect(plan.variables.total == plan.options.globals)
      #expect(Set(plan.functions.indices.map(plan.name(of:))).count == functions)
    }
  }

  @Test("Julia's image has the counts that were counted")
  func juliaCounts() throws {
    let plan = try plan(.juliaSysimage)
    func count(_ kind: FunctionKind) -> Int { plan.functions.count { $0.kind == kind } }
    #expect(plan.functions.count == 17_940)
    #expect(count(.julia) == 8337 && count(.jfptr) == 8337 && count(.japi1) == 766)
    #expect(count(.jlplt) == 335 && count(.inlined) == 138)
    #expect(count(.tojlinvoke) + count(.entry) == 27)
    #expect(plan.tabled.count == 17_440)
    #expect(plan.functions.filter { $0.kind == .jlplt }.allSatisfy { $0.weight == 14 })
    #expect(plan.functions.filter { $0.kind == .inlined }.allSatisfy { $0.weight == 5 })
  }

  @Test("the same options give the same plan and the same result; another seed gives another")
  func determinism() throws {
    func sizes(_ seed: UInt64) throws -> [Int] {
      try plan(.juliaSysimage, 500, seed: seed).functions.map(\.instructions)
    }
    func result(_ seed: UInt64) throws -> Int64 {
      var interpreter = Interpreter(try plan(.tiny, seed: seed))
      return interpreter.result(of: 42)
    }
    #expect(try sizes(7) == sizes(7))
    #expect(try sizes(7) != sizes(8))
    #expect(try result(7) == result(7))
    #expect(try result(7) != result(8))
  }

  @Test("computing the entry takes a bounded number of steps", arguments: seeds)
  func boundedCost(seed: UInt64) throws {
    let plan = try plan(.juliaSysimage, 2000, seed: seed)
    var interpreter = Interpreter(plan)
    _ = interpreter.result(of: 1)
    // 10 functions, 15 bodies each, 4 rounds, of at most the largest size.
    let largest = plan.functions.map(\.instructions).max() ?? 0
    #expect(interpreter.steps <= 10 * 15 * 4 * largest, "seed \(seed): \(interpreter.steps)")
    #expect(interpreter.steps > 10, "seed \(seed)")
  }

  @Test("a tail that cannot be met is refused in one sentence that says what can")
  func unreachableTail() throws {
    for tail in [0.0001, 1.0] {
      let error = #expect(throws: GeneratorError.self) {
        try plan(.juliaSysimage, 1000) { $0.tail = tail }
      }
      #expect(error?.description.contains("cannot be met") == true, "\(tail)")
    }
  }
}
