import LLVMBitcode
print(LLVMLibrary.builtVersion)
