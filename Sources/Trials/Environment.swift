internal import Glibc

/// A variable of this process's environment.
func environmentVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Every `NAME=VALUE` of it.
func environmentEntries() -> [String] {
  var entries: [String] = []
  var entry = environ
  while let pointer = entry.pointee {
    entries.append(String(cString: pointer))
    entry += 1
  }
  return entries
}

/// Monotonic seconds.
func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
