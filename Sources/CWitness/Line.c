// Record lines: at most 4,096 bytes, one write each.

#define _GNU_SOURCE
#include "Line.h"

#include <sys/stat.h>
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

/// Where records go: standard error as it was at the start. A program may have closed it since, and
/// its number may be another file's; so may ours.
EARLY static long outputDescriptor(void) {
  struct state *state = witnessState;
  struct stat status;
  if (state->output >= 0 && kernelCall2(__NR_fstat, state->output, &status) == 0 &&
      status.st_dev == state->outputDevice && status.st_ino == state->outputNode)
    return state->output;
  return STDERR_FILENO;
}

EARLY void writeLine(const char *text, int length) {
  enum { pause = 5, most = 400 }; // a pipe that nobody reads is given up after two seconds
  long output = outputDescriptor();
  int pauses = 0;
  // A pipe takes 4,096 bytes whole; a file or a terminal may take less at a time.
  while (length > 0) {
    long written = kernelCall3(__NR_write, output, text, length);
    if (written == -4) // EINTR
      continue;
    if (written == -11 && pauses++ < most) { // EAGAIN
      kernelPause(pause);
      continue;
    }
    if (written == -32) { // EPIPE: the signal that comes with it is not the program's
      uint64_t set = kernelSignalBit(SIGPIPE);
      struct timespec none;
      none.tv_sec = none.tv_nsec = 0;
      kernelCall4(__NR_rt_sigtimedwait, &set, 0, &none, 8);
    }
    if (written <= 0)
      return;
    text += written;
    length -= (int)written;
  }
}
