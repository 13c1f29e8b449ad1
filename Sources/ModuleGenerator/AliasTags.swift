internal import LLVMBitcode

/// Julia's tree of alias types (root `jtbaa`), its five alias scopes (`jnoalias`), and what it says of
/// pointers that are loaded.
struct AliasTags {
  enum Region: Int, CaseIterable {
    case gcframe, stack, data, typemd, const

    /// The type's name, below the root.
    var type: String { "jtbaa_\(self)" }
    var scope: String { "jnoalias_\(self)" }
  }

  let empty: IRMetadata
  /// By region.
  private var stores: [Attachments] = []
  private var numbers: [Attachments] = []
  private var pointers: [Attachments] = []
  private var tags: [Attachments] = []

  init(_ module: borrowing ModuleBuilder) {
    let empty = module.metadata([])
    self.empty = empty
    let eight = module.metadata([module.metadata(8, module.integer(64))])
    let root = module.metadata([module.metadata("jtbaa")])
    let domain = module.metadata([module.metadata("jnoalias")])
    var scopes: [IRMetadata] = []
    for region in Region.allCases {
      scopes.append(module.metadata([module.metadata(region.scope), domain]))
    }
    for (index, region) in Region.allCases.enumerated() {
      let tag = module.aliasType(region.type, in: root).tag
      let apart = module.metadata(
        scopes.enumerated().filter { $0.offset != index }.map(\.element))
      let scoped: [(kind: String, node: IRMetadata)] = [
        ("tbaa", tag), ("alias.scope", module.metadata([scopes[index]])), ("noalias", apart),
      ]
      tags.append(module.attachments([("tbaa", tag)]))
      stores.append(module.attachments(scoped))
      let lasting = region == .const ? [("invariant.load", empty)] : []
      numbers.append(module.attachments(scoped + lasting + [("noundef", empty)]))
      // All that is loaded here is null, or an object.
      pointers.append(
        module.attachments(scoped + [("align", eight), ("dereferenceable_or_null", eight)]))
    }
  }

  /// For stores.
  func store(_ region: Region) -> Attachments { stores[region.rawValue] }

  /// For loads of numbers.
  func number(_ region: Region) -> Attachments { numbers[region.rawValue] }

  /// For loads of pointers to objects.
  func pointer(_ region: Region) -> Attachments { pointers[region.rawValue] }

  /// The tag alone.
  func tag(_ region: Region) -> Attachments { tags[region.rawValue] }
}
