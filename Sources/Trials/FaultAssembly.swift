/// Puts a fault together from the witness's lines.
struct FaultAssembly: Sendable {
  private var lines: [RecordLine] = []

  mutating func add(_ line: RecordLine) { lines.append(line) }

  /// Whether a program with the witness ever started.
  var hasMaps: Bool { lines.contains { if case .maps = $0.content { true } else { false } } }

  /// The object that serves malloc, as the last program that started says: launchers come before.
  var malloc: String? {
    for line in lines.reversed() {
      if case .maps(let maps) = line.content, let malloc = maps.malloc, !malloc.isEmpty {
        return malloc
      }
    }
    return nil
  }

  /// RLIMIT_AS of the last program that started.
  var addressSpaceLimit: Int? {
    for line in lines.reversed() {
      if case .maps(let maps) = line.content { return maps.addressSpaceLimit }
    }
    return nil
  }

  var faultCount: Int { faults.count }

  private var faults: [(line: RecordLine, fault: FaultLine)] {
    lines.compactMap { line in
      if case .fault(let fault) = line.content { (line, fault) } else { nil }
    }
  }

  /// The first to arrive; within one process the order is that of the record numbers.
  private var first: (line: RecordLine, fault: FaultLine)? {
    guard let pid = faults.first?.line.pid else { return nil }
    return faults.filter { $0.line.pid == pid }.min { $0.line.number < $1.line.number }
  }

  private func frames(of pid: Int) -> [(number: Int, frames: FramesLine)] {
    lines.compactMap { line in
      guard line.pid == pid, case .frames(let frames) = line.content else { return nil }
      return (line.number, frames)
    }
    .sorted { $0.number < $1.number }
  }

  private func healed(of pid: Int) -> [HealedLine] {
    lines.filter { $0.pid == pid }.sorted { $0.number < $1.number }.compactMap { line in
      if case .healed(let healed) = line.content { healed } else { nil }
    }
  }

  private func objects(of pid: Int) -> [MapsLine.Object] {
    var known: Set<MapsLine.Object> = []
    for line in lines where line.pid == pid {
      if case .maps(let maps) = line.content { known.formUnion(maps.objects) }
    }
    return known.sorted { $0.begin.value < $1.begin.value }
  }

  /// The trial's fault; nil where there was none.
  func record(by symbolizer: Symbolizer?) -> FaultRecord? {
    guard let (line, fault) = first else { return nil }
    let threads = firstFrames(of: line.pid)
    let own = frames(of: line.pid).first {
      $0.frames.of == line.number && $0.frames.tid == fault.tid
    }
    let ownStack = own?.frames.pcs ?? [fault.pc]
    var names = Names(objects(of: line.pid), symbolizer)
    names.resolve([ownStack] + threads.map(\.pcs))

    let healedLines = healed(of: line.pid)
    let end = healedLines.first { $0.of == line.number }
    let place = names.place(of: fault.pc)
    let symbol = names.innermost(fault.pc)
    let stack = names.stack(ownStack)
    return FaultRecord(
      signal: fault.signal, code: fault.code, address: fault.address.text, pid: line.pid,
      tid: fault.tid, thread: fault.name, shard: fault.shard, phase: fault.phase,
      instruction: FaultRecord.Instruction(
        object: place?.object.path ?? fault.object,
        buildID: place?.object.buildID ?? fault.buildID,
        offset: place?.offset ?? fault.offset, symbol: symbol?.symbol, file: symbol?.file,
        line: symbol?.line),
      mapping: end?.mapping.map { String($0.reversed().drop { $0 == " " }.reversed()) },
      arenaBytes: end?.arenaBytes, guestMappings: end?.guestMappings,
      writableEnd: end?.writableEnd?.text, retries: end?.retries ?? 0,
      healed: end?.healed, stack: stack, request: end?.request,
      allocatedBy: Self.allocatedBy(stack),
      stackBounds: [fault.stackLow.text, fault.stackHigh.text],
      registers: fault.registers.mapValues(\.text),
      threads: threads.map { frames in
        let stack = names.stack(frames.pcs)
        let ownFault = faults.first { $0.line.pid == line.pid && $0.fault.tid == frames.tid }
        let ownEnd = ownFault.flatMap { fault in healedLines.first { $0.of == fault.line.number } }
        return FaultRecord.Thread(
          tid: frames.tid, name: frames.name, shard: frames.shard, phase: frames.phase,
          stack: stack, allocatedBy: Self.allocatedBy(stack), request: ownEnd?.request,
          healed: ownEnd?.healed, faulted: ownFault != nil)
      },
      isComplete: own != nil && end != nil)
  }

  /// The stacks that SIGQUIT brought.
  func hangingThreads(by symbolizer: Symbolizer?) -> [FaultRecord.Thread] {
    var result: [FaultRecord.Thread] = []
    for pid in Set(lines.map(\.pid)).sorted() {
      let threads = frames(of: pid).map(\.frames).filter { $0.of == 0 }
      var names = Names(objects(of: pid), symbolizer)
      names.resolve(threads.map(\.pcs))
      result += threads.map { frames in
        let stack = names.stack(frames.pcs)
        return FaultRecord.Thread(
          tid: frames.tid, name: frames.name, shard: frames.shard, phase: frames.phase,
          stack: stack, allocatedBy: Self.allocatedBy(stack), request: nil, healed: nil,
          faulted: false)
      }
    }
    return result
  }

  /// Each thread's first stack, in the order of their numbers.
  private func firstFrames(of pid: Int) -> [FramesLine] {
    var seen: Set<Int> = []
    return frames(of: pid).map(\.frames).filter { $0.of != 0 && seen.insert($0.tid).inserted }
      .sorted { $0.tid < $1.tid }
  }

  /// Names of functions that allocate, as glibc, C++ and the allocators have them.
  private static let allocatorNames: Set<String> = [
    "sysmalloc", "_int_malloc", "_int_realloc", "_int_memalign", "_int_free", "malloc", "calloc",
    "realloc", "memalign", "aligned_alloc", "posix_memalign", "free", "__libc_malloc",
    "__libc_calloc", "__libc_realloc", "__libc_memalign", "__GI___libc_malloc", "grow_heap",
    "sysmalloc_mmap", "tcache_init", "arena_get2", "_int_new_arena", "new_heap", "alloc_new_heap",
    "__libc_free", "heap_trim", "systrim", "malloc_consolidate", "unlink_chunk", "tcache_get",
  ]

  private static func isAllocator(_ frame: String) -> Bool {
    let symbol = frame.prefix { $0 != " " && $0 != "(" }
    return allocatorNames.contains(String(symbol)) || frame.hasPrefix("operator new")
      || frame.hasPrefix("operator delete")
  }

  /// The caller of the allocator, where the innermost frame is the allocator's.
  static func allocatedBy(_ stack: [String]) -> String? {
    guard let first = stack.first, isAllocator(first) else { return nil }
    return stack.first { !isAllocator($0) }
  }
}

/// Names for the addresses of one process.
private struct Names {
  struct Place {
    let object: MapsLine.Object
    let offset: Int
  }

  private let objects: [MapsLine.Object]
  private let symbolizer: Symbolizer?
  private var symbols: [Symbolizer.Query: [Symbolizer.Symbol]] = [:]

  init(_ objects: [MapsLine.Object], _ symbolizer: Symbolizer?) {
    self.objects = objects
    self.symbolizer = symbolizer
  }

  func place(of address: Address) -> Place? {
    guard
      let object = objects.last(where: {
        $0.begin.value <= address.value && address.value < $0.end.value
      })
    else { return nil }
    return Place(object: object, offset: Int(address.value - object.bias.value))
  }

  /// Asks the symbolizer once for all frames.
  mutating func resolve(_ stacks: [[Address]]) {
    guard let symbolizer else { return }
    var queries: Set<Symbolizer.Query> = []
    for stack in stacks {
      for (depth, address) in stack.enumerated() {
        if let query = query(address, isReturn: depth > 0) { queries.insert(query) }
      }
    }
    symbols = symbolizer.symbols(for: Array(queries))
  }

  /// A return address may be the next function's first byte: the call lies before it.
  private func query(_ address: Address, isReturn: Bool) -> Symbolizer.Query? {
    place(of: address).map {
      Symbolizer.Query(
        path: $0.object.path, buildID: $0.object.buildID, offset: $0.offset - (isReturn ? 1 : 0))
    }
  }

  func innermost(_ address: Address) -> Symbolizer.Symbol? {
    query(address, isReturn: false).flatMap { symbols[$0]?.first }
  }

  /// One entry a frame, inlined ones included.
  func stack(_ addresses: [Address]) -> [String] {
    addresses.enumerated().flatMap { depth, address -> [String] in
      guard let query = query(address, isReturn: depth > 0), let place = place(of: address) else {
        return [address.text]
      }
      let file = place.object.path.split(separator: "/").last.map(String.init) ?? "?"
      let plain = "?? (\(file)+0x\(String(place.offset, radix: 16)))"
      guard let found = symbols[query], !found.isEmpty else { return [plain] }
      return found.map { symbol in
        guard let file = symbol.file, let line = symbol.line else {
          return "\(symbol.symbol) (\(file))"
        }
        return "\(symbol.symbol) \(file):\(line)"
      }
    }
  }
}
