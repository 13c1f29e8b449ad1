internal import LLVMBitcode

/// Julia's tree of alias types (root `jtbaa`, llvm-alloc-helpers and codegen.cpp) and its five alias
/// scopes (`jnoalias`).
struct AliasTags {
  enum Region: Int, CaseIterable {
    case gcframe, stack, data, typemd, const
  }

  let empty: IRMetadata
  /// By region: with tag and scopes, and with the tag alone.
  private let full: [AccessTags]
  private let plain: [AccessTags]

  init(_ module: borrowing ModuleBuilder, _ plan: ModulePlan) {
    let empty = module.metadata([])
    self.empty = empty
    let root = module.metadata([module.metadata("jtbaa")])
    let domain = module.metadata([module.metadata("jnoalias")])
    var scopes: [IRMetadata] = []
    for region in Region.allCases {
      scopes.append(module.metadata([module.metadata("jnoalias_\(region)"), domain]))
    }
    let value = module.aliasType("jtbaa_value", in: root).type
    let parents = [root, root, root, root, root]
    let names = ["jtbaa_gcframe", "jtbaa_stack", "jtbaa_data", "jtbaa_typemd", "jtbaa_const"]
    _ = value
    var full: [AccessTags] = []
    var plain: [AccessTags] = []
    for region in Region.allCases {
      let index = region.rawValue
      let tag = module.aliasType(names[index], in: parents[index]).tag
      let apart = module.metadata(
        scopes.enumerated().filter { $0.offset != index }.map(\.element))
      full.append(
        module.accessTags(
          alias: tag, scope: module.metadata([scopes[index]]), apart: apart))
      plain.append(module.accessTags(alias: tag))
    }
    self.full = full
    self.plain = plain
  }

  func tags(_ region: Region, scoped: Bool) -> AccessTags {
    scoped ? full[region.rawValue] : plain[region.rawValue]
  }
}
