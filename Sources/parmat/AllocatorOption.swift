internal import Trials

/// An allocator by the name that a user gives it.
func allocator(_ name: String) throws -> Allocator {
  do {
    return try Allocator(
      name, lab: PreloadLibrary.path(of: "libparmat-lab.so", in: "CAllocatorLab"))
  } catch {
    throw Failure(error.kind == .usage ? .usage : .unavailable, error.sentence)
  }
}
