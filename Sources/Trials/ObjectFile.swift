internal import Glibc
internal import SystemPackage

/// The little of an ELF file that tells which build it is.
enum ObjectFile {
  /// The GNU build-id in hexadecimal; nil where the file cannot be read, empty where it has none.
  static func buildID(of path: String) -> String? {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
    defer { try? file.close() }
    func read(_ count: Int, at offset: Int) -> [UInt8]? {
      guard count >= 0, count <= 1 << 20 else { return nil }
      var bytes = [UInt8](repeating: 0, count: count)
      let filled = bytes.withUnsafeMutableBytes {
        (try? file.read(fromAbsoluteOffset: Int64(offset), into: $0)) ?? 0
      }
      return filled == count ? bytes : nil
    }
    // Elf64_Ehdr: e_phoff at 32, e_phentsize at 54, e_phnum at 56.
    guard let header = read(64, at: 0), header.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2]) else {
      return nil
    }
    let tableOffset = header.number(at: 32, bytes: 8)
    let entrySize = header.number(at: 54, bytes: 2)
    for index in 0..<header.number(at: 56, bytes: 2) {
      // Elf64_Phdr: p_type at 0, p_offset at 8, p_filesz at 32. 4 is PT_NOTE.
      guard let entry = read(56, at: tableOffset + index * entrySize) else { return "" }
      guard entry.number(at: 0, bytes: 4) == 4,
        let notes = read(entry.number(at: 32, bytes: 8), at: entry.number(at: 8, bytes: 8))
      else { continue }
      if let found = buildID(in: notes) { return found }
    }
    return ""
  }

  /// EM_X86_64.
  static let x8664 = 62

  /// The processor that a shared object (ET_DYN) is for; nil where the file is none.
  static func sharedObjectMachine(of path: String) -> Int? {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
    defer { try? file.close() }
    var header = [UInt8](repeating: 0, count: 20)
    let count = header.withUnsafeMutableBytes { (try? file.read(into: $0)) ?? 0 }
    guard count == 20, header.starts(with: [0x7F, 0x45, 0x4C, 0x46]),
      header.number(at: 16, bytes: 2) == 3
    else { return nil }
    return header.number(at: 18, bytes: 2)
  }

  private static func buildID(in notes: [UInt8]) -> String? {
    var at = 0
    while at + 12 <= notes.count {
      let nameSize = notes.number(at: at, bytes: 4)
      let contentSize = notes.number(at: at + 4, bytes: 4)
      let content = at + 12 + (nameSize + 3) / 4 * 4
      guard content + contentSize <= notes.count else { return nil }
      // NT_GNU_BUILD_ID is 3.
      if notes.number(at: at + 8, bytes: 4) == 3, nameSize == 4,
        notes[(at + 12)..<(at + 15)].elementsEqual("GNU".utf8)
      {
        return notes[content..<(content + contentSize)].map { byte in
          (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
      }
      at = content + (contentSize + 3) / 4 * 4
    }
    return nil
  }
}

extension [UInt8] {
  /// Little-endian; 0 where the bytes are not there.
  fileprivate func number(at offset: Int, bytes: Int) -> Int {
    guard offset >= 0, offset + bytes <= count else { return 0 }
    var value = 0
    for index in (0..<bytes).reversed() { value = value << 8 | Int(self[offset + index]) }
    return value < 0 ? 0 : value
  }
}
