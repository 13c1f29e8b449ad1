internal import LLVMBitcode

/// Julia's tree of alias types (root `jtbaa`), its five alias scopes (`jnoalias`), and what it says of
/// pointers that are loaded.
struct AliasTags {
  enum Region: Int, CaseIterable {
    case gcframe, stack, data, typemd, const

    /// Types of the accesses, each with what it is a kind of (codegen.cpp's tree). What one location
    /// holds is always accessed as the same.
    var types: [(name: String, parent: String)] {
      switch self {
      case .gcframe: [("jtbaa_gcframe", "jtbaa")]
      case .stack: [("jtbaa_stack", "jtbaa")]
      case .data:
        [
          ("jtbaa_value", "jtbaa_data"), ("jtbaa_mutab", "jtbaa_value"),
          ("jtbaa_immut", "jtbaa_value"), ("jtbaa_ptrarraybuf", "jtbaa_data"),
          ("jtbaa_arraybuf", "jtbaa_data"), ("jtbaa_binding", "jtbaa_data"),
        ]
      case .typemd: [("jtbaa_tag", "jtbaa_data"), ("jtbaa_datatype", "jtbaa_mutab")]
      case .const:
        [
          ("jtbaa_const", "jtbaa"), ("jtbaa_array", "jtbaa"), ("jtbaa_arrayptr", "jtbaa_array"),
          ("jtbaa_arraysize", "jtbaa_array"), ("jtbaa_arraylen", "jtbaa_array"),
          ("jtbaa_arrayflags", "jtbaa_array"), ("jtbaa_arrayoffset", "jtbaa_array"),
          ("jtbaa_arrayselbyte", "jtbaa_array"), ("jtbaa_memoryptr", "jtbaa"),
          ("jtbaa_memorylen", "jtbaa"), ("jtbaa_memoryown", "jtbaa"),
        ]
      }
    }

    var scope: String { "jnoalias_\(self)" }
  }

  let empty: IRMetadata
  /// By region, then by type.
  private var stores: [[Attachments]] = []
  private var numbers: [[Attachments]] = []
  private var pointers: [[Attachments]] = []
  private var tags: [[Attachments]] = []

  init(_ module: borrowing ModuleBuilder) {
    let empty = module.metadata([])
    self.empty = empty
    let eight = module.metadata([module.metadata(8, module.integer(64))])
    let domain = module.metadata([module.metadata("jnoalias")])
    var scopes: [IRMetadata] = []
    for region in Region.allCases {
      scopes.append(module.metadata([module.metadata(region.scope), domain]))
    }
    var types = ["jtbaa": module.metadata([module.metadata("jtbaa")])]
    let root = types["jtbaa"] ?? empty
    types["jtbaa_data"] = module.aliasType("jtbaa_data", in: root).type
    for (index, region) in Region.allCases.enumerated() {
      let apart = module.metadata(
        scopes.enumerated().filter { $0.offset != index }.map(\.element))
      let lasting = region == .const ? [("invariant.load", empty)] : []
      tags.append([])
      stores.append([])
      numbers.append([])
      pointers.append([])
      for (name, parent) in region.types {
        let (type, tag) = module.aliasType(name, in: types[parent] ?? root)
        types[name] = type
        let scoped: [(kind: String, node: IRMetadata)] = [
          ("tbaa", tag), ("alias.scope", module.metadata([scopes[index]])), ("noalias", apart),
        ]
        tags[index].append(module.attachments([("tbaa", tag)]))
        stores[index].append(module.attachments(scoped))
        numbers[index].append(module.attachments(scoped + lasting + [("noundef", empty)]))
        // All that is loaded here is null, or an object.
        pointers[index].append(
          module.attachments(scoped + [("align", eight), ("dereferenceable_or_null", eight)]))
      }
    }
  }

  private func one(_ lists: [[Attachments]], _ region: Region, _ location: Int) -> Attachments {
    let list = lists[region.rawValue]
    return list[location % list.count]
  }

  /// For stores; `location` tells what lies apart in the region from each other.
  func store(_ region: Region, _ location: Int = 0) -> Attachments { one(stores, region, location) }

  /// For loads of numbers.
  func number(_ region: Region, _ location: Int = 0) -> Attachments {
    one(numbers, region, location)
  }

  /// For loads of pointers to objects.
  func pointer(_ region: Region, _ location: Int = 0) -> Attachments {
    one(pointers, region, location)
  }

  /// The tag alone.
  func tag(_ region: Region) -> Attachments { one(tags, region, 0) }
}
