// The twin's partitioner: Julia's partitionModule over an llvm::Module, names in StringMaps.
#ifndef TWIN_PARTITION_H
#define TWIN_PARTITION_H

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/Module.h>

#include <algorithm>
#include <numeric>
#include <queue>
#include <string>
#include <vector>

struct Partition {
  llvm::StringMap<bool> globals; // name -> preserve, true for all
  llvm::StringMap<unsigned> fvars, gvars;
  size_t weight = 0;
  std::vector<std::string> order; // names as they were placed
};

/// getFunctionWeight.
inline size_t functionWeight(const llvm::Function &function) {
  size_t weight = 1;
  for (const llvm::BasicBlock &block : function)
    weight += 1 + block.size();
  llvm::StringRef clones = function.getFnAttribute("julia.mv.clones").getValueAsString();
  size_t copies = 1;
  for (char digit : clones)
    copies += __builtin_popcount(llvm::hexDigitValue(digit));
  return weight * copies;
}

inline bool isTable(const llvm::GlobalValue &value) {
  llvm::StringRef name = value.getName();
  return name == "jl_fvars" || name == "jl_gvars" || name == "jl_fvar_idxs" ||
         name == "jl_gvar_idxs";
}

/// compute_module_info's weight.
inline size_t moduleWeight(const llvm::Module &module) {
  size_t weight = 0;
  for (const llvm::GlobalValue &value : module.global_values()) {
    if (value.isDeclaration() || isTable(value))
      continue;
    auto *function = llvm::dyn_cast<llvm::Function>(&value);
    weight += function ? functionWeight(*function) : 1;
  }
  return weight;
}

class Partitioner {
  struct Node {
    llvm::GlobalValue *value;
    unsigned parent;
    unsigned size;
    size_t weight;
  };

  llvm::Module &module;
  std::vector<Node> nodes;
  llvm::DenseMap<llvm::GlobalValue *, unsigned> indices;
  llvm::DenseMap<llvm::GlobalValue *, unsigned> fvars, gvars;

  unsigned find(unsigned node) {
    while (nodes[node].parent != node) {
      nodes[node].parent = nodes[nodes[node].parent].parent;
      node = nodes[node].parent;
    }
    return node;
  }

  void merge(unsigned a, unsigned b) {
    a = find(a);
    b = find(b);
    if (a == b)
      return;
    if (nodes[a].size < nodes[b].size)
      std::swap(a, b);
    nodes[b].parent = a;
    nodes[a].size += nodes[b].size;
    nodes[a].weight += nodes[b].weight;
  }

  void take(llvm::StringRef name, llvm::DenseMap<llvm::GlobalValue *, unsigned> &numbers) {
    llvm::GlobalVariable *table = module.getGlobalVariable(name, true);
    if (!table || !table->hasInitializer())
      return;
    if (auto *list = llvm::dyn_cast<llvm::ConstantArray>(table->getInitializer()))
      for (unsigned i = 0; i < list->getNumOperands(); ++i)
        numbers[llvm::cast<llvm::GlobalValue>(list->getOperand(i)->stripPointerCasts())] = i;
  }

  static bool isNode(const llvm::GlobalValue &value) {
    if (value.isDeclaration() || value.hasAvailableExternallyLinkage())
      return false;
    if (value.getName() == "llvm.used" || value.getName() == "llvm.compiler.used")
      return false;
    auto *function = llvm::dyn_cast<llvm::Function>(&value);
    return !function || !value.hasLocalLinkage() ||
           !function->hasFnAttribute(llvm::Attribute::AlwaysInline);
  }

  void makeNode(llvm::GlobalValue &value) {
    if (value.hasLocalLinkage()) {
      value.setLinkage(llvm::GlobalValue::ExternalLinkage);
      value.setVisibility(llvm::GlobalValue::HiddenVisibility);
    } else if (value.hasLinkOnceLinkage()) {
      value.setLinkage(llvm::GlobalValue::getWeakLinkage(value.hasLinkOnceODRLinkage()));
    }
    auto *function = llvm::dyn_cast<llvm::Function>(&value);
    unsigned index = nodes.size();
    nodes.push_back({&value, index, 1, function ? functionWeight(*function) : 1});
    indices[&value] = index;
  }

  void tie(unsigned node, llvm::GlobalValue *user) {
    auto found = indices.find(user);
    if (found != indices.end())
      merge(node, found->second);
  }

  void walk(unsigned node, llvm::Value *value) {
    for (const llvm::Use &use : value->uses()) {
      llvm::User *user = use.getUser();
      if (llvm::isa<llvm::ConstantAggregate>(user) || llvm::isa<llvm::ConstantExpr>(user)) {
        walk(node, user);
      } else if (auto *function = llvm::dyn_cast<llvm::Function>(user)) {
        if (use.getOperandNo() != 0) // not the personality
          tie(node, function);
      } else if (auto *global = llvm::dyn_cast<llvm::GlobalValue>(user)) {
        tie(node, global);
      } else if (llvm::isa<llvm::BlockAddress>(user)) {
        for (llvm::User *taker : user->users()) {
          if (auto *instruction = llvm::dyn_cast<llvm::Instruction>(taker))
            tie(node, instruction->getFunction());
          else if (auto *global = llvm::dyn_cast<llvm::GlobalValue>(taker))
            tie(node, global);
          else
            walk(node, taker);
        }
      }
    }
  }

public:
  explicit Partitioner(llvm::Module &module) : module(module) {}

  /// Names, tables, nodes, unions.
  void prepare() {
    unsigned counter = 0;
    for (llvm::GlobalValue &value : module.global_values())
      if (!value.isDeclaration() &&
          (!value.hasName() || (value.hasLocalLinkage() && value.getName().substr(0, 2) == ".L")))
        value.setName("jl_ext_" + llvm::Twine(counter++));
    take("jl_fvars", fvars);
    take("jl_gvars", gvars);
    for (const char *name : {"jl_fvars", "jl_gvars", "jl_fvar_idxs", "jl_gvar_idxs"})
      if (auto *table = module.getGlobalVariable(name, true))
        table->eraseFromParent();
    for (llvm::GlobalValue &value : module.global_values())
      if (isNode(value))
        makeNode(value);
    for (unsigned node = 0; node < nodes.size(); ++node)
      walk(node, nodes[node].value);
    llvm::DenseMap<const llvm::Comdat *, unsigned> groups;
    for (unsigned node = 0; node < nodes.size(); ++node) {
      auto *object = llvm::dyn_cast<llvm::GlobalObject>(nodes[node].value);
      if (!object || !object->hasComdat())
        continue;
      auto inserted = groups.insert({object->getComdat(), node});
      if (!inserted.second)
        merge(inserted.first->second, node);
    }
  }

  /// Longest processing time first.
  std::vector<Partition> fill(unsigned count) {
    std::vector<Partition> partitions(count);
    auto heavier = [](const Partition *a, const Partition *b) { return a->weight > b->weight; };
    std::priority_queue<Partition *, std::vector<Partition *>, decltype(heavier)> lightest(heavier);
    for (Partition &partition : partitions)
      lightest.push(&partition);
    std::vector<unsigned> order(nodes.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [this](unsigned a, unsigned b) { return nodes[a].weight > nodes[b].weight; });
    std::vector<Partition *> owners(nodes.size());
    for (unsigned node : order) {
      unsigned root = find(node);
      if (root == node) {
        Partition *partition = lightest.top();
        lightest.pop();
        owners[node] = partition;
        partition->weight += nodes[node].weight;
        lightest.push(partition);
      }
      Partition &partition = *owners[root];
      llvm::GlobalValue *value = nodes[node].value;
      partition.globals.insert({value->getName(), true});
      partition.order.push_back(value->getName().str());
      if (auto found = fvars.find(value); found != fvars.end())
        partition.fvars[value->getName()] = found->second;
      if (auto found = gvars.find(value); found != gvars.end())
        partition.gvars[value->getName()] = found->second;
    }
    return partitions;
  }

  /// verify_partitioning.
  bool check(const std::vector<Partition> &partitions) {
    llvm::StringMap<unsigned> owners;
    std::vector<bool> fvarSeen(fvars.size()), gvarSeen(gvars.size());
    for (unsigned shard = 0; shard < partitions.size(); ++shard) {
      for (auto &global : partitions[shard].globals)
        if (!owners.insert({global.getKey(), shard}).second)
          return false;
      for (auto &entry : partitions[shard].fvars) {
        if (fvarSeen[entry.second])
          return false;
        fvarSeen[entry.second] = true;
      }
      for (auto &entry : partitions[shard].gvars) {
        if (gvarSeen[entry.second])
          return false;
        gvarSeen[entry.second] = true;
      }
    }
    for (const llvm::GlobalValue &value : module.global_values()) {
      bool listed = owners.count(value.getName());
      if (listed != (!value.isDeclaration() && indices.count(&value)))
        return false;
    }
    for (unsigned node = 0; node < nodes.size(); ++node)
      if (owners[nodes[node].value->getName()] != owners[nodes[find(node)].value->getName()])
        return false;
    return std::find(fvarSeen.begin(), fvarSeen.end(), false) == fvarSeen.end() &&
           std::find(gvarSeen.begin(), gvarSeen.end(), false) == gvarSeen.end();
  }
};

#endif
