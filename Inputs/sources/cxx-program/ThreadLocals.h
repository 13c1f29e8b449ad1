// Thread-local objects with constructors, used from two files: each use goes through a function
// that constructs them first.

#ifndef CXX_PROGRAM_THREAD_LOCALS_H
#define CXX_PROGRAM_THREAD_LOCALS_H

#include <string>

struct Journal {
  Journal();
  ~Journal();
  std::string text;
};

extern thread_local Journal journal; // ThreadLocals.cpp
extern thread_local int plainNumber; // ThreadLocals.cpp, constant-initialized

void writeElsewhere(const char *word); // MoreThreadLocals.cpp

#endif
