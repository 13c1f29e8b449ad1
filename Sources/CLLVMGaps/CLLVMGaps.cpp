// The calls that LLVM-C lacks, each named after the C++ function it wraps.

#include "CLLVMGaps.h"

#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/GlobalAlias.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Metadata.h>
#include <llvm/IR/Module.h>
#include <llvm/Object/ModuleSymbolTable.h>
#include <llvm/Object/SymbolicFile.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/SHA256.h>
#include <llvm/Target/TargetMachine.h>

#include <cstring>
#include <string>

using namespace llvm;

char *parmat_Module_materializeAll(LLVMModuleRef module) {
  if (Error error = unwrap(module)->materializeAll())
    return strdup(toString(std::move(error)).c_str());
  return nullptr;
}

void parmat_Function_deleteBody(LLVMValueRef function) { unwrap<Function>(function)->deleteBody(); }

void parmat_GlobalAlias_eraseFromParent(LLVMValueRef alias) {
  unwrap<GlobalAlias>(alias)->eraseFromParent();
}

void parmat_Module_setModuleFlag(LLVMModuleRef module, unsigned behavior, const char *key,
                                 size_t keyLength, LLVMMetadataRef value) {
  unwrap(module)->setModuleFlag(static_cast<Module::ModFlagBehavior>(behavior),
                                StringRef(key, keyLength), unwrap(value));
}

void parmat_MDNode_replaceOperandWith(LLVMMetadataRef node, unsigned index, LLVMMetadataRef value) {
  unwrap<MDNode>(node)->replaceOperandWith(index, unwrap(value));
}

unsigned parmat_DICompileUnit_getEmissionKind(LLVMMetadataRef unit) {
  return unwrap<DICompileUnit>(unit)->getEmissionKind();
}

LLVMValueRef parmat_GlobalObject_getAssociated(LLVMValueRef object) {
  auto *global = unwrap<GlobalObject>(object);
  if (!global->hasMetadata())
    return nullptr;
  MDNode *node = global->getMetadata(LLVMContext::MD_associated);
  if (!node)
    node = global->getMetadata("func_sanitize"); // no constant in every supported LLVM
  if (!node)
    return nullptr;
  for (const MDOperand &operand : node->operands())
    if (auto *value = dyn_cast_or_null<ValueAsMetadata>(operand.get()))
      if (auto *other = dyn_cast<GlobalValue>(value->getValue()->stripPointerCasts()))
        return wrap(other);
  return nullptr;
}

void parmat_CallInst_setMustTail(LLVMValueRef call) {
  unwrap<CallInst>(call)->setTailCallKind(CallInst::TCK_MustTail);
}

void parmat_TargetOptions_setUseInitArray(LLVMTargetMachineRef machine, int use) {
  reinterpret_cast<TargetMachine *>(machine)->Options.UseInitArray = use != 0;
}

const uint32_t parmat_SF_Undefined = object::BasicSymbolRef::SF_Undefined;
const uint32_t parmat_SF_Global = object::BasicSymbolRef::SF_Global;

void parmat_ModuleSymbolTable_CollectAsmSymbols(
    LLVMModuleRef module, void (*symbol)(const char *, size_t, uint32_t, void *), void *state) {
  ModuleSymbolTable::CollectAsmSymbols(
      *unwrap(module), [&](StringRef name, object::BasicSymbolRef::Flags flags) {
        symbol(name.data(), name.size(), static_cast<uint32_t>(flags), state);
      });
}

void parmat_SHA256_hash(const void *bytes, size_t count, uint8_t digest[32]) {
  // Not SHA256::hash: LLVM 14 has only the incremental form, and returns the sum as a string.
  SHA256 sum;
  sum.update(ArrayRef<uint8_t>(static_cast<const uint8_t *>(bytes), count));
  auto result = sum.final();
  std::memcpy(digest, result.data(), 32);
}
