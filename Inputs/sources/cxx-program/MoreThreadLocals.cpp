// Writes to the thread-local object of another file, and to one of its own.

#include "ThreadLocals.h"

static thread_local std::string separator = " ";

void writeElsewhere(const char *word) {
  journal.text += separator + word;
  separator += ".";
}
