internal import Glibc
public import Trials

/// What a crash by itself points to, before any experiment.
public enum FaultSign: String, Sendable, Hashable {
  /// The store went through once mappings were released.
  case relief
  /// A retry went through, in an arena of glibc's: its protection came late.
  case late
  /// A retry went through elsewhere: somebody else changed the page meanwhile.
  case changed
  /// Nothing was tried: the program's own handler took it.
  case untried
  /// PROT_NONE, where glibc's own books have the arena heap writable.
  case belowHeapEnd
  /// PROT_NONE, past the end of what glibc has made writable: somebody wrote beyond a block.
  case beyondHeapEnd
  /// In the guard below the thread's stack, near its stack pointer.
  case stackGuard
  /// Within the first pages, that nobody maps.
  case null
  /// glibc found its own books broken, and aborted.
  case allocatorAbort
  /// A wild address that the allocator itself followed.
  case insideAllocator
  /// A wild address that the program followed.
  case wild
  case abort
  case other

  /// Pages that the kernel lets nobody map (vm.mmap_min_addr).
  private static let nullPages: UInt = 64 << 10
  /// Frames this large overstep the stack's end by as much.
  private static let nearStack: UInt = 1 << 20
  private static let page: UInt = 4096

  public init(of fault: FaultRecord) {
    switch fault.healed {
    case "relief": self = .relief
    case "retry": self = fault.writableEnd == nil ? .changed : .late
    default: self = Self.unhealed(fault)
    }
  }

  private static func unhealed(_ fault: FaultRecord) -> FaultSign {
    if Int32(fault.signal) == SIGABRT {
      return fault.stack.contains { $0.hasPrefix("malloc_printerr") } ? .allocatorAbort : .abort
    }
    guard Int32(fault.signal) == SIGSEGV, fault.code > 0, let address = number(fault.address) else {
      return .other
    }
    if fault.healed == nil { return .untried }
    let isProtected = fault.mapping?.contains(" ---p ") ?? false
    if let end = fault.writableEnd.flatMap(number), isProtected {
      return address < end ? .belowHeapEnd : .beyondHeapEnd
    }
    if isAtStackEnd(address, fault) { return .stackGuard }
    // The kernel tells no address of one that is not canonical (code 128).
    let isWild = fault.mapping == nil || fault.code == 128
    // No object holds the instruction: the program jumped there.
    if fault.instruction.object == nil { return .wild }
    if address < nullPages && fault.code != 128 { return .null }
    guard isWild else { return .other }
    return fault.allocatedBy != nil || isAllocators(fault) ? .insideAllocator : .wild
  }

  private static func isAtStackEnd(_ address: UInt, _ fault: FaultRecord) -> Bool {
    guard let low = fault.stackBounds.first.flatMap(number), low > 0,
      let pointer = fault.registers["rsp"].flatMap(number)
    else { return false }
    // The kernel's end of a stack is a page's.
    let end = (low + page - 1) / page * page
    let distance = max(address, pointer) - min(address, pointer)
    return address < end && end - address <= nearStack && distance <= nearStack
  }

  private static func isAllocators(_ fault: FaultRecord) -> Bool {
    let object = fault.instruction.object?.split(separator: "/").last ?? ""
    return ["libparmat-lab", "libmimalloc", "libjemalloc", "libtcmalloc"].contains {
      object.hasPrefix($0)
    }
  }

  private static func number(_ text: String) -> UInt? {
    text.hasPrefix("0x") ? UInt(text.dropFirst(2), radix: 16) : nil
  }
}

extension FaultRecord {
  /// Bytes between the ends of the faulting thread's stack; nil where they are not known.
  var stackSize: UInt? {
    let bounds = stackBounds.compactMap { UInt($0.dropFirst(2), radix: 16) }
    return bounds.count == 2 && bounds[0] > 0 && bounds[1] > bounds[0] ? bounds[1] - bounds[0] : nil
  }

  /// The innermost frame that is not the C library's way to die.
  var tellingFrame: String {
    let passed = [
      "__pthread_kill", "__GI_", "raise", "gsignal", "abort", "__libc_message", "malloc_printerr",
      "std::terminate", "__cxa_", "__gnu_cxx::", "__cxxabiv1::", "__assert_fail",
    ]
    return stack.first { frame in !passed.contains { frame.hasPrefix($0) } } ?? stack.first
      ?? "no known frame"
  }

  /// `SIGBUS, si_code 2, at 0x7f..., in work a.c:7`
  var summary: String {
    let names: [Int32: String] = [
      SIGSEGV: "SIGSEGV", SIGBUS: "SIGBUS", SIGABRT: "SIGABRT", SIGILL: "SIGILL", SIGFPE: "SIGFPE",
    ]
    let name = names[Int32(signal)] ?? "signal \(signal)"
    let place = Int32(signal) == SIGABRT ? "" : ", si_code \(code), at \(address)"
    return "\(name)\(place), in \(tellingFrame)"
  }
}
