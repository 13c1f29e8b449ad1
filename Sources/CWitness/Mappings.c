// /proc/self/maps, read by raw system calls through one page.

#define _GNU_SOURCE
#include "State.h"

#include <elf.h>
#include <fcntl.h>

EARLY_DATA static const char mapsPath[] = "/proc/self/maps";

/// glibc's arena heaps lie at multiples of HEAP_MAX_SIZE (malloc/arena.c): writable from there to
/// some point, PROT_NONE from it to the next multiple.
static const uintptr_t heapSize = 64ul << 20;

/// Takes the file apart line by line as its bytes come.
struct lines {
  long file;
  char *buffer;
  long filled, next;
  int reads, limit;
};

EARLY static int nextByte(struct lines *lines) {
  if (lines->next == lines->filled) {
    if (lines->limit && lines->reads == lines->limit)
      return -1;
    lines->filled = kernelCall3(__NR_read, lines->file, lines->buffer, lineCapacity);
    lines->next = 0;
    ++lines->reads;
    if (lines->filled <= 0) {
      lines->filled = 0;
      return -1;
    }
  }
  return (unsigned char)lines->buffer[lines->next++];
}

EARLY static uintptr_t hexDigits(const char **text) {
  uintptr_t value = 0;
  for (;; ++*text) {
    char c = **text;
    if (c >= '0' && c <= '9')
      value = value * 16 + (uintptr_t)(c - '0');
    else if (c >= 'a' && c <= 'f')
      value = value * 16 + (uintptr_t)(c - 'a' + 10);
    else
      return value;
  }
}

/// The next line; 0 at the end.
EARLY static int nextMapping(struct lines *lines, struct mapping *mapping) {
  int length = 0, c;
  while ((c = nextByte(lines)) >= 0 && c != '\n')
    if (length < (int)sizeof mapping->text - 1)
      mapping->text[length++] = (char)c;
  mapping->text[length] = 0;
  if (c < 0)
    return 0;
  const char *text = mapping->text;
  mapping->begin = hexDigits(&text);
  if (*text == '-')
    ++text;
  mapping->end = hexDigits(&text);
  if (*text == ' ')
    ++text;
  for (int i = 0; i < 4; ++i)
    mapping->permissions[i] = *text ? *text++ : '-';
  mapping->permissions[4] = 0;
  return 1;
}

EARLY static void copyMapping(struct mapping *to, const struct mapping *from) {
  to->begin = from->begin;
  to->end = from->end;
  for (int i = 0; i < 5; ++i)
    ((volatile char *)to->permissions)[i] = from->permissions[i];
  for (int i = 0; i < (int)sizeof to->text; ++i) {
    ((volatile char *)to->text)[i] = from->text[i];
    if (!from->text[i])
      break;
  }
}

/// The head of an arena heap, at its lowest address (malloc/arena.c, heap_info).
struct heapHead {
  void *arena, *previous;
  size_t size, writable;
};

struct heapReading {
  uintptr_t address, end;
};

static void readHeapHead(void *argument) {
  struct heapReading *reading = argument;
  uintptr_t begin = reading->address - reading->address % heapSize;
  const struct heapHead *head = (const struct heapHead *)begin;
  // What lies there may be anything; a heap's own numbers fit together, and its first page is
  // followed by no other than the arena that it names.
  if (head->size >= pageSize && head->size <= head->writable && head->writable <= heapSize &&
      head->writable % pageSize == 0 && head->arena && (uintptr_t)head->arena % 16 == 0)
    reading->end = begin + head->writable;
}

uintptr_t heapWritableEnd(const struct mapsFinding *finding, uintptr_t address,
                          struct recovery *recovery) {
  struct heapReading reading = {address, 0};
  if (finding->hasHeap)
    attempt(readHeapHead, &reading, recovery);
  return reading.end;
}

EARLY void readMaps(struct mapsFinding *finding, uintptr_t address, char *buffer, int limit) {
  finding->isRead = finding->hasAddress = finding->count = finding->hasHeap = 0;
  finding->arenaBytes = 0;
  long file = kernelCall4(__NR_openat, AT_FDCWD, mapsPath, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0)
    return;
  struct lines lines;
  lines.file = file;
  lines.buffer = buffer;
  lines.filled = lines.next = 0;
  lines.reads = 0;
  lines.limit = limit;
  struct mapping mapping;
  // Of a mapping that may be a row of heaps.
  uintptr_t heaps = 0, heapsEnd = 0;
  while (nextMapping(&lines, &mapping)) {
    ++finding->count;
    int isReserved = mapping.permissions[0] == '-' && mapping.permissions[1] == '-';
    if (heaps && (heaps % heapSize == 0 ||
                  (isReserved && mapping.begin == heapsEnd && mapping.end % heapSize == 0)))
      finding->arenaBytes += heaps;
    heaps = 0;
    if (address >= mapping.begin && address < mapping.end) {
      finding->hasAddress = 1;
      copyMapping(&finding->address, &mapping);
    }
    if (mapping.permissions[0] == 'r' && mapping.permissions[1] == 'w' &&
        mapping.permissions[3] == 'p' && mapping.begin % heapSize == 0) {
      // Whole heaps in a row are one mapping; the last may be growing. A thread's stack can lie
      // like that as well, but what follows it is not the rest of a heap.
      heaps = mapping.end - mapping.begin;
      heapsEnd = mapping.end;
    }
    if (mapping.permissions[0] == 'r' && mapping.begin <= address - address % heapSize &&
        mapping.end > address - address % heapSize) {
      finding->hasHeap = 1;
    }
  }
  finding->isRead = 1;
  kernelCall1(__NR_close, file);
}

/// The path of a mapping's line: what follows five fields; empty where it has none.
static const char *pathOf(const struct mapping *mapping) {
  const char *text = mapping->text;
  for (int field = 0; field < 5; ++field) {
    while (*text && *text != ' ')
      ++text;
    while (*text == ' ')
      ++text;
  }
  return text;
}

/// The GNU build-id among an object's notes, where its first page is mapped. Leaves the length at
/// -1 where the file is no ELF object: programs map data as well.
static void readBuildID(void *argument) {
  struct object *object = argument;
  const char *base = (const char *)object->begin;
  const Elf64_Ehdr *header = (const Elf64_Ehdr *)base;
  if (header->e_ident[0] != 0x7f || header->e_ident[1] != 'E' || header->e_ident[2] != 'L' ||
      header->e_ident[3] != 'F' || header->e_ident[4] != ELFCLASS64)
    return;
  object->buildIDLength = 0;
  object->bias = header->e_type == ET_EXEC ? 0 : object->begin;
  const Elf64_Phdr *segments = (const Elf64_Phdr *)(base + header->e_phoff);
  for (int i = 0; i < header->e_phnum; ++i) {
    if (segments[i].p_type != PT_NOTE || segments[i].p_offset + segments[i].p_filesz > pageSize)
      continue;
    const char *note = base + segments[i].p_offset, *end = note + segments[i].p_filesz;
    while (note + sizeof(Elf64_Nhdr) <= end) {
      const Elf64_Nhdr *head = (const Elf64_Nhdr *)note;
      const char *name = note + sizeof *head;
      const char *content = name + (head->n_namesz + 3) / 4 * 4;
      if (head->n_type == NT_GNU_BUILD_ID && head->n_namesz == 4 && name[0] == 'G' &&
          name[1] == 'N' && name[2] == 'U' && head->n_descsz <= sizeof object->buildID) {
        for (unsigned k = 0; k < head->n_descsz; ++k)
          object->buildID[k] = (unsigned char)content[k];
        object->buildIDLength = (int)head->n_descsz;
        return;
      }
      note = content + (head->n_descsz + 3) / 4 * 4;
    }
  }
}

static int isSamePath(const char *a, const char *b) {
  int i = 0;
  for (; a[i] && a[i] == b[i]; ++i) {
  }
  return a[i] == b[i] || i == (int)sizeof((struct object *)0)->path - 1;
}

/// Makes the runs of mappings of ELF files objects.
static void noteMapping(struct slot *slot, const struct mapping *mapping) {
  struct state *state = witnessState;
  const char *path = pathOf(mapping);
  if (path[0] != '/' && !isSamePath(path, "[vdso]"))
    return;
  for (int i = state->objectCount - 1; i >= 0; --i) {
    struct object *object = &state->objects[i];
    if (object->begin == mapping->begin && isSamePath(object->path, path))
      return;
    // Objects are mapped from their first page on, without another object between.
    if (mapping->begin > object->begin && isSamePath(object->path, path) &&
        mapping->begin <= object->end + (64ul << 20)) {
      if (object->end < mapping->end)
        object->end = mapping->end;
      return;
    }
  }
  if (state->objectCount == objectCapacity || mapping->permissions[0] != 'r')
    return;
  struct object *object = &state->objects[state->objectCount];
  object->begin = mapping->begin;
  object->end = mapping->end;
  object->buildIDLength = -1;
  object->isTold = 0;
  int i = 0;
  for (; path[i] && i < (int)sizeof object->path - 1; ++i)
    object->path[i] = path[i];
  object->path[i] = 0;
  attempt(readBuildID, object, &slot->recovery);
  if (object->buildIDLength >= 0)
    ++state->objectCount;
}

void findObjects(struct slot *slot) {
  long file = kernelCall4(__NR_openat, AT_FDCWD, mapsPath, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0)
    return;
  struct lines lines = {.file = file, .buffer = slot->buffer};
  struct mapping mapping;
  while (nextMapping(&lines, &mapping))
    noteMapping(slot, &mapping);
  kernelCall1(__NR_close, file);
}
