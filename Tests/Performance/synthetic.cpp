// Writes a bitcode module of a given number of functions of a given length: what planning is timed
// on. Same arguments, same bytes.
//
// usage: synthetic FUNCTIONS INSTRUCTIONS OUT.bc

#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/raw_ostream.h>

#include <cstdlib>
#include <vector>

using namespace llvm;

namespace {

/// Arithmetic over three blocks and one call; about `length` instructions.
void fillBody(Function &function, unsigned length, Function &callee, GlobalVariable &table) {
  LLVMContext &context = function.getContext();
  auto *entry = BasicBlock::Create(context, "", &function);
  auto *rare = BasicBlock::Create(context, "", &function);
  auto *rest = BasicBlock::Create(context, "", &function);
  IRBuilder<> builder(entry);
  Type *number = builder.getInt64Ty();
  Value *value = function.getArg(0);
  unsigned step = 0;
  auto compute = [&](unsigned count) {
    for (unsigned i = 0; i < count; ++i, ++step)
      value = step % 3 ? builder.CreateXor(value, builder.getInt64(step * 7 + 1))
                       : builder.CreateMul(value, builder.getInt64(step + 3));
  };
  unsigned arithmetic = length > 9 ? length - 9 : 0;
  compute(arithmetic / 2);
  builder.CreateCondBr(builder.CreateICmpEQ(value, builder.getInt64(0)), rare, rest);
  builder.SetInsertPoint(rare);
  Value *called = builder.CreateCall(&callee, {value});
  builder.CreateBr(rest);
  builder.SetInsertPoint(rest);
  PHINode *merged = builder.CreatePHI(number, 2);
  merged->addIncoming(value, entry);
  merged->addIncoming(called, rare);
  value = merged;
  compute(arithmetic - arithmetic / 2);
  value = builder.CreateAdd(value, builder.CreatePtrToInt(&table, number));
  builder.CreateRet(value);
}

} // namespace

int main(int argc, char **argv) {
  unsigned count = argc == 4 ? strtoul(argv[1], nullptr, 10) : 0;
  unsigned length = argc == 4 ? strtoul(argv[2], nullptr, 10) : 0;
  if (count == 0 || length == 0) {
    errs() << "usage: synthetic FUNCTIONS INSTRUCTIONS OUT.bc\n";
    return 64;
  }
  LLVMContext context;
  Module module("synthetic", context);
  module.setTargetTriple("x86_64-pc-linux-gnu");
  Type *number = Type::getInt64Ty(context);
  FunctionType *type = FunctionType::get(number, {number}, false);
  std::vector<Function *> functions;
  for (unsigned i = 0; i < count; ++i)
    functions.push_back(Function::Create(type, GlobalValue::InternalLinkage,
                                         "julia_synthetic_" + Twine(i), module));
  // A table of pointers for each hundred functions: constants that tie four of them together.
  std::vector<GlobalVariable *> tables;
  for (unsigned i = 0; i < count; i += 100) {
    std::vector<Constant *> entries;
    for (unsigned k = i; k < std::min(i + 4, count); ++k)
      entries.push_back(functions[k]);
    auto *array = ArrayType::get(functions[0]->getType(), entries.size());
    tables.push_back(new GlobalVariable(module, array, true, GlobalValue::InternalLinkage,
                                        ConstantArray::get(array, entries),
                                        "_j_const" + Twine(i / 100)));
  }
  // Lengths vary by half, so that weights do not all tie.
  for (unsigned i = 0; i < count; ++i)
    fillBody(*functions[i], length / 2 + (i * 2654435761u) % (length + 1),
             *functions[(i * 7 + 1) % count], *tables[i / 100]);

  std::error_code error;
  raw_fd_ostream file(argv[3], error, sys::fs::OF_None);
  if (error) {
    errs() << argv[3] << ": " << error.message() << '\n';
    return 73;
  }
  WriteBitcodeToFile(module, file);
  return 0;
}
