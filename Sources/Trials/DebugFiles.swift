internal import Glibc

/// Separate debug files, as Debian's -dbg packages lay them.
public enum DebugFiles {
  /// glibc's (libc6-dbg): its static functions, `sysmalloc` among them, have names only there. nil
  /// where it is not installed, or is another build's.
  public static var ofGlibc: String? {
    let candidates = ["/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/libc.so.6"]
    guard let libc = candidates.first(where: { path in access(path, R_OK) == 0 }),
      let buildID = ObjectFile.buildID(of: libc), buildID.count > 2
    else { return nil }
    let path = "/usr/lib/debug/.build-id/\(buildID.prefix(2))/\(buildID.dropFirst(2)).debug"
    return access(path, R_OK) == 0 ? path : nil
  }
}
