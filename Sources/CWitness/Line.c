// Record lines: at most 4,096 bytes, one write each.

#define _GNU_SOURCE
#include "Line.h"

#include <unistd.h>

EARLY static void putByte(struct line *line, char byte) {
  if (roomIn(line) > 0)
    line->text[line->length++] = byte;
}

EARLY void putText(struct line *line, const char *text) {
  for (int i = 0; text[i]; ++i)
    putByte(line, text[i]);
}

EARLY void putNumber(struct line *line, int64_t number) {
  char digits[20];
  int count = 0;
  uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
  do
    digits[count++] = (char)('0' + rest % 10);
  while (rest /= 10);
  if (number < 0)
    putByte(line, '-');
  while (count > 0)
    putByte(line, digits[--count]);
}

EARLY static char hexDigit(unsigned value) {
  return (char)(value < 10 ? '0' + value : 'a' + value - 10);
}

EARLY void putHex(struct line *line, uint64_t number) {
  int shift = 60;
  while (shift > 0 && number >> shift == 0)
    shift -= 4;
  put(line, "\"0x");
  for (; shift >= 0; shift -= 4)
    putByte(line, hexDigit(number >> shift & 15));
  putByte(line, '"');
}

EARLY void putString(struct line *line, const char *text, int limit) {
  putByte(line, '"');
  for (int i = 0; i < limit && text[i]; ++i) {
    char c = text[i];
    if (c == '"' || c == '\\')
      putByte(line, '\\');
    putByte(line, c >= ' ' && c < 127 ? c : '?');
  }
  putByte(line, '"');
}

EARLY int beginRecord(struct line *line, char *buffer, const char *kind, int isDrill) {
  struct state *state = witnessState;
  int number = isDrill ? 0 : atomic_fetch_add(&state->records, 1) + 1;
  line->text = buffer;
  line->length = 0;
  put(line, "\nparmat-record ");
  putNumber(line, number);
  put(line, " {\"kind\":\"");
  putText(line, kind);
  put(line, "\",\"pid\":");
  putNumber(line, state->process);
  put(line, ",\"token\":");
  putString(line, state->token, sizeof state->token);
  return number;
}

EARLY void endRecord(struct line *line, int really) {
  // The room that roomIn keeps free.
  line->text[line->length++] = '}';
  line->text[line->length++] = '\n';
  if (really)
    writeLine(line->text, line->length);
}

EARLY void writeLine(const char *text, int length) {
  // A pipe takes 4,096 bytes whole; a file or a terminal may take less at a time.
  while (length > 0) {
    long written = kernelCall3(__NR_write, STDERR_FILENO, text, length);
    if (written == -4 || written == -11) // EINTR, EAGAIN
      continue;
    if (written <= 0)
      return;
    text += written;
    length -= (int)written;
  }
}
