// The calls that LLVM-C lacks, each named after the C++ function it wraps.
//
// Strings that are returned are malloc'ed and belong to the caller.
#ifndef PARMAT_CLLVMGAPS_H
#define PARMAT_CLLVMGAPS_H

#include <llvm-c/Core.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Types.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// llvm::Module::materializeAll: reads every body that is still on disk. NULL, or LLVM's error.
char *parmat_Module_materializeAll(LLVMModuleRef module);

/// llvm::Function::deleteBody: makes an external declaration of a definition, read or not.
void parmat_Function_deleteBody(LLVMValueRef function);

/// llvm::Module::materializeAll, counting on the way: llvm::Function::size (blocks) and
/// llvm::Function::getInstructionCount of each function, in the order that the module has
/// afterwards. The arrays are as long as the module has functions before, and zero: declarations
/// are skipped. `seconds` receives the time of counting alone. NULL, or LLVM's error.
/// O(instructions).
char *parmat_Module_materializeAllAndCount(LLVMModuleRef module, uint64_t *blocks,
                                           uint64_t *instructions, double *seconds);

/// llvm::GlobalAlias::eraseFromParent (LLVMDeleteGlobal is for variables only).
void parmat_GlobalAlias_eraseFromParent(LLVMValueRef alias);

/// llvm::Module::setModuleFlag: adds or replaces (LLVMAddModuleFlag only adds, and a second entry
/// fails the verifier). `behavior` is llvm::Module::ModFlagBehavior's number.
void parmat_Module_setModuleFlag(LLVMModuleRef module, unsigned behavior, const char *key,
                                 size_t keyLength, LLVMMetadataRef value);

/// llvm::MDNode::replaceOperandWith (in LLVM-C only from 17 on).
void parmat_MDNode_replaceOperandWith(LLVMMetadataRef node, unsigned index, LLVMMetadataRef value);

/// llvm::DICompileUnit::getEmissionKind: llvm::DICompileUnit::DebugEmissionKind, 0 = NoDebug.
unsigned parmat_DICompileUnit_getEmissionKind(LLVMMetadataRef unit);

/// llvm::GlobalObject::getMetadata: the global that a variable or function must be linked together
/// with (MD_associated), or whose distance from it the code generator emits (func_sanitize, clang's
/// -fsanitize=function up to LLVM 16), casts stripped; NULL if none.
LLVMValueRef parmat_GlobalObject_getAssociated(LLVMValueRef object);

/// llvm::CallInst::setTailCallKind(TCK_MustTail) (in LLVM-C only from 18 on).
void parmat_CallInst_setMustTail(LLVMValueRef call);

/// llvm::TargetOptions::UseInitArray: static constructors go to .init_array, as clang's do, not to
/// .ctors, which run in reverse.
void parmat_TargetOptions_setUseInitArray(LLVMTargetMachineRef machine, int use);

/// llvm::ModuleSymbolTable::CollectAsmSymbols: the symbols that module-level inline assembly
/// defines or uses. `flags` are llvm::object::BasicSymbolRef::Flags. The target's assembler has
/// to be initialized.
void parmat_ModuleSymbolTable_CollectAsmSymbols(LLVMModuleRef module,
                                                void (*symbol)(const char *name, size_t length,
                                                               uint32_t flags, void *state),
                                                void *state);

/// llvm::object::BasicSymbolRef::SF_Undefined and SF_Global.
extern const uint32_t parmat_SF_Undefined;
extern const uint32_t parmat_SF_Global;

/// Sizes in bytes of the parts of a bitcode file, by llvm::BitstreamCursor.
struct parmat_BitcodeSizes {
  uint64_t module;    // the module block
  uint64_t functions; // function blocks in it
  uint64_t metadata;  // metadata blocks at module level
  uint64_t constants; // constant blocks at module level
  uint64_t types;     // type table
  uint64_t tables;    // string and symbol tables
};

/// Walks the top two levels of a bitcode file. NULL, or LLVM's error. O(blocks).
char *parmat_BitstreamCursor_sizes(const void *bytes, size_t count,
                                   struct parmat_BitcodeSizes *sizes);

/// llvm::SHA256::hash.
void parmat_SHA256_hash(const void *bytes, size_t count, uint8_t digest[32]);

#ifdef __cplusplus
}
#endif
#endif
