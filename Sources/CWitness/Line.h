// A line of JSON, put together in a buffer that was touched.
#ifndef PARMAT_LINE_H
#define PARMAT_LINE_H

#include "State.h"

#pragma GCC visibility push(hidden)

struct line {
  char *text;
  int length;
};

/// Constants of the handler's own: a literal's page may be one that nobody has touched.
#define put(line, literal)                                                                         \
  do {                                                                                             \
    EARLY_DATA static const char word[] = literal;                                                 \
    putText(line, word);                                                                           \
  } while (0)

EARLY void putText(struct line *line, const char *text);
EARLY void putNumber(struct line *line, int64_t number);
/// `"0x..."`
EARLY void putHex(struct line *line, uint64_t number);
/// In quotes, escaped; bytes beyond ASCII become `?`. At most `limit` bytes of `text`.
EARLY void putString(struct line *line, const char *text, int limit);
/// `\nparmat-record N {"kind":"`...`","pid":`...`,"token":"`...`"`; returns N, which is 0 in a
/// drill.
EARLY int beginRecord(struct line *line, char *buffer, const char *kind, int isDrill);
/// Closes the object and writes it with one call; nothing where `really` is 0.
EARLY void endRecord(struct line *line, int really);
/// Writes a line as it is.
EARLY void writeLine(const char *text, int length);

/// Room for what closes a record.
static inline int roomIn(const struct line *line) { return lineCapacity - 8 - line->length; }

#pragma GCC visibility pop
#endif
