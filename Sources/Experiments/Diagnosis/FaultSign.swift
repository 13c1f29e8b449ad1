internal import Glibc
public import Trials

/// What a crash by itself points to, before any experiment.
public enum FaultSign: String, Sendable, Hashable {
  /// The store went through once mappings were released.
  case relief
  /// A retry went through: the mapping or its protection came late.
  case late
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
  case abort
  case other

  /// Pages that the kernel lets nobody map (vm.mmap_min_addr).
  private static let nullPages: UInt = 64 << 10
  /// Frames this large overstep the stack's end by as much.
  private static let nearStack: UInt = 1 << 20

  public init(of fault: FaultRecord) {
    switch fault.healed {
    case "relief": self = .relief
    case "retry": self = .late
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
    let isProtected = fault.mapping?.contains(" ---p ") ?? false
    if let end = fault.writableEnd.flatMap(number), isProtected {
      return address < end ? .belowHeapEnd : .beyondHeapEnd
    }
    if isAtStackEnd(address, fault) { return .stackGuard }
    // The kernel tells no address of one that is not canonical (code 128).
    if address < nullPages && fault.code != 128 { return .null }
    return fault.allocatedBy != nil || isAllocators(fault) ? .insideAllocator : .other
  }

  private static func isAtStackEnd(_ address: UInt, _ fault: FaultRecord) -> Bool {
    guard let low = fault.stackBounds.first.flatMap(number), low > 0,
      let pointer = fault.registers["rsp"].flatMap(number)
    else { return false }
    let distance = max(address, pointer) - min(address, pointer)
    return address < low && low - address <= nearStack && distance <= nearStack
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
