internal import CGlibcGaps
internal import CWitness
internal import Glibc

/// A raw thread with a stack size of ours: one malloc arena a thread is the point, and pools decide
/// both for themselves.
struct ShardThread {
  private let thread: pthread_t

  /// Starts `body` on a thread named `shard-<index>`. Wraps `pthread_create`; its error is thrown
  /// (Julia ignores it).
  init(
    index: Int, stackSize: Int, _ body: @escaping @Sendable () -> Void
  ) throws(MaterializationError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    var error = pthread_attr_setstacksize(&attributes, stackSize)
    guard error == 0 else {
      throw .unavailable("a thread cannot have a stack of \(stackSize) bytes")
    }
    let start = Unmanaged.passRetained(ThreadStart(index: index, body: body))
    var thread = pthread_t()
    error = pthread_create(&thread, &attributes, shardTrampoline, start.toOpaque())
    guard error == 0 else {
      start.release()
      throw .unavailable(
        "the thread of shard \(index) does not start (\(String(cString: strerror(error)))); "
          + "take fewer --threads or a smaller --stack-size")
    }
    self.thread = thread
  }

  func join() {
    pthread_join(thread, nil)
  }
}

/// What a new thread is handed: as Julia's heap-allocated `std::function<void()>`.
private final class ThreadStart {
  let index: Int
  let body: @Sendable () -> Void

  init(index: Int, body: @escaping @Sendable () -> Void) {
    self.index = index
    self.body = body
  }
}

/// Julia's `lambda_trampoline`.
private func shardTrampoline(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
  parmat_name_thread("shard-\(start.index)")
  parmat_witness_begin_thread()
  start.body()
  parmat_witness_end_thread()
  return nil
}
