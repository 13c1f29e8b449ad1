// The twin's worker: lazy load and materializePreserved.
#ifndef TWIN_WORKER_H
#define TWIN_WORKER_H

#include "twin-partition.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>

struct Worker {
  const Partition *partition;
  llvm::StringRef bytes;
  bool verify;

  void run() const {
    llvm::LLVMContext context;
    auto module = llvm::cantFail(
        llvm::getLazyBitcodeModule(llvm::MemoryBufferRef(bytes, "Optimized"), context));
    materializePreserved(*module);
    if (verify && llvm::verifyModule(*module, &llvm::errs()))
      llvm::report_fatal_error("a shard is broken");
  }

private:
  static void hide(llvm::GlobalValue &value) {
    bool hidden = value.hasHiddenVisibility();
    value.setLinkage(llvm::GlobalValue::ExternalLinkage);
    if (hidden) {
      value.setVisibility(llvm::GlobalValue::HiddenVisibility);
      value.setDSOLocal(true);
    }
  }

  static void dropBody(llvm::Function &function) {
    hide(function);
    function.deleteBody();
    function.setComdat(nullptr);
  }

  static bool hasBlockAddress(const llvm::Function &function) {
    return llvm::any_of(function.users(),
                        [](const llvm::User *user) { return llvm::isa<llvm::BlockAddress>(user); });
  }

  void materializePreserved(llvm::Module &module) const {
    using namespace llvm;
    DenseSet<GlobalValue *> preserved;
    for (auto &name : partition->globals)
      preserved.insert(module.getNamedValue(name.getKey()));
    auto isForeign = [&](GlobalValue &value) {
      return !value.isDeclaration() && !value.hasLocalLinkage() && !preserved.count(&value) &&
             !value.hasAvailableExternallyLinkage();
    };

    std::vector<Function *> later;
    for (Function &function : module.functions()) {
      if (!isForeign(function))
        continue;
      if (hasBlockAddress(function))
        later.push_back(&function);
      else
        dropBody(function);
    }
    for (GlobalVariable &variable : make_early_inc_range(module.globals())) {
      if (!isForeign(variable))
        continue;
      if (variable.hasAppendingLinkage()) {
        if (variable.getName() != "llvm.used" && variable.getName() != "llvm.compiler.used")
          variable.eraseFromParent();
        continue;
      }
      hide(variable);
      variable.setInitializer(nullptr);
      variable.setComdat(nullptr);
    }
    std::vector<std::pair<GlobalAlias *, GlobalValue *>> dummies;
    for (GlobalAlias &alias : module.aliases()) {
      if (!isForeign(alias))
        continue;
      GlobalValue *dummy;
      if (auto *type = dyn_cast<FunctionType>(alias.getValueType())) {
        auto *function = Function::Create(type, GlobalValue::ExternalLinkage, "", &module);
        new UnreachableInst(module.getContext(),
                            BasicBlock::Create(module.getContext(), "", function));
        dummy = function;
      } else {
        dummy =
            new GlobalVariable(module, alias.getValueType(), false, GlobalValue::ExternalLinkage,
                               Constant::getNullValue(alias.getValueType()));
      }
      alias.setAliasee(dummy);
      dummies.push_back({&alias, dummy});
    }
    for (GlobalIFunc &ifunc : make_early_inc_range(module.ifuncs())) {
      if (!isForeign(ifunc))
        continue;
      auto *function = Function::Create(cast<FunctionType>(ifunc.getValueType()),
                                        GlobalValue::ExternalLinkage, "", &module);
      function->setVisibility(ifunc.getVisibility());
      function->takeName(&ifunc);
      ifunc.replaceAllUsesWith(function);
      ifunc.eraseFromParent();
    }
    keepOwn(module, preserved);

    cantFail(module.materializeAll());

    for (auto &[alias, dummy] : dummies) {
      dummy->takeName(alias);
      alias->replaceAllUsesWith(dummy);
      alias->eraseFromParent();
      if (auto *function = dyn_cast<Function>(dummy))
        function->deleteBody();
      else
        cast<GlobalVariable>(dummy)->setInitializer(nullptr);
    }
    for (Function *function : later)
      dropBody(*function);
  }

  /// llvm.used and llvm.compiler.used, cut to what this shard defines.
  static void keepOwn(llvm::Module &module, const llvm::DenseSet<llvm::GlobalValue *> &preserved) {
    using namespace llvm;
    for (const char *name : {"llvm.used", "llvm.compiler.used"}) {
      GlobalVariable *list = module.getGlobalVariable(name);
      if (!list)
        continue;
      std::vector<Constant *> members;
      for (Use &use : cast<ConstantArray>(list->getInitializer())->operands()) {
        auto *member = cast<GlobalValue>(use->stripPointerCasts());
        if (preserved.count(member) || member->hasLocalLinkage())
          members.push_back(cast<Constant>(use.get()));
      }
      auto *element = cast<ArrayType>(list->getValueType())->getElementType();
      list->eraseFromParent();
      if (members.empty())
        continue;
      auto *type = ArrayType::get(element, members.size());
      auto *kept = new GlobalVariable(module, type, false, GlobalValue::AppendingLinkage,
                                      ConstantArray::get(type, members), name);
      kept->setSection("llvm.metadata");
    }
  }
};

#endif
