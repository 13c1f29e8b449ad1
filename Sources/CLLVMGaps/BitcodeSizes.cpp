// How many bytes of a bitcode file lie in which kind of block: what llvm-bcanalyzer would say of
// the top two levels, without reading what is inside them.

#include "CLLVMGaps.h"

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/Bitcode/LLVMBitCodes.h>
#include <llvm/Bitstream/BitstreamReader.h>
#include <llvm/Support/Error.h>

#include <cstring>

using namespace llvm;

namespace {

/// Skips the block whose header was just read and returns its size in bytes, header included.
Expected<uint64_t> skipBlock(BitstreamCursor &cursor, uint64_t start) {
  if (Error error = cursor.SkipBlock())
    return std::move(error);
  return (cursor.GetCurrentBitNo() - start + 7) / 8;
}

/// Calls `block(id, first bit)` for each block up to the end of the enclosing one; records are
/// skipped.
template <typename Block> Error forEachBlock(BitstreamCursor &cursor, Block block) {
  while (true) {
    if (cursor.AtEndOfStream())
      return Error::success();
    uint64_t start = cursor.GetCurrentBitNo();
    Expected<BitstreamEntry> entry = cursor.advance(BitstreamCursor::AF_DontAutoprocessAbbrevs);
    if (!entry)
      return entry.takeError();
    switch (entry->Kind) {
    case BitstreamEntry::Error:
      return createStringError(std::errc::illegal_byte_sequence, "malformed block");
    case BitstreamEntry::EndBlock:
      return Error::success();
    case BitstreamEntry::SubBlock:
      if (Error error = block(entry->ID, start))
        return error;
      break;
    case BitstreamEntry::Record:
      if (entry->ID == bitc::DEFINE_ABBREV) {
        if (Error error = cursor.ReadAbbrevRecord())
          return error;
      } else if (Expected<unsigned> code = cursor.skipRecord(entry->ID); !code) {
        return code.takeError();
      }
      break;
    }
  }
}

Error sizesOfModule(BitstreamCursor &cursor, parmat_BitcodeSizes &sizes) {
  if (Error error = cursor.EnterSubBlock(bitc::MODULE_BLOCK_ID))
    return error;
  return forEachBlock(cursor, [&](unsigned id, uint64_t start) -> Error {
    // Abbreviations of block kinds are not needed: records inside blocks are not read.
    Expected<uint64_t> size = skipBlock(cursor, start);
    if (!size)
      return size.takeError();
    if (id == bitc::FUNCTION_BLOCK_ID)
      sizes.functions += *size;
    else if (id == bitc::METADATA_BLOCK_ID)
      sizes.metadata += *size;
    else if (id == bitc::CONSTANTS_BLOCK_ID)
      sizes.constants += *size;
    else if (id == bitc::TYPE_BLOCK_ID_NEW)
      sizes.types += *size;
    return Error::success();
  });
}

Error sizesOfFile(BitstreamCursor &cursor, parmat_BitcodeSizes &sizes) {
  return forEachBlock(cursor, [&](unsigned id, uint64_t start) -> Error {
    if (id == bitc::MODULE_BLOCK_ID) {
      if (Error error = sizesOfModule(cursor, sizes))
        return error;
      sizes.module += (cursor.GetCurrentBitNo() - start + 7) / 8;
      return Error::success();
    }
    Expected<uint64_t> size = skipBlock(cursor, start);
    if (!size)
      return size.takeError();
    if (id == bitc::STRTAB_BLOCK_ID || id == bitc::SYMTAB_BLOCK_ID)
      sizes.tables += *size;
    return Error::success();
  });
}

} // namespace

char *parmat_BitstreamCursor_sizes(const void *bytes, size_t count, parmat_BitcodeSizes *sizes) {
  *sizes = {};
  auto *first = static_cast<const unsigned char *>(bytes), *last = first + count;
  if (isBitcodeWrapper(first, last) && SkipBitcodeWrapperHeader(first, last, true))
    return strdup("broken bitcode wrapper");
  BitstreamCursor cursor(ArrayRef<uint8_t>(first, last));
  // The magic number, 'BC' 0xC0DE.
  if (Expected<SimpleBitstreamCursor::word_t> magic = cursor.Read(32); !magic)
    return strdup(toString(magic.takeError()).c_str());
  if (Error error = sizesOfFile(cursor, *sizes))
    return strdup(toString(std::move(error)).c_str());
  return nullptr;
}
