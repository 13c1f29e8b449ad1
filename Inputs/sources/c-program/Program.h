// The parts of this C program, one a file. Each prints what it does; together they hold what a
// splitter of modules must not break: see each file's first comment.

#ifndef C_PROGRAM_H
#define C_PROGRAM_H

void showLocals(void);     // Locals.c
void showMoreLocals(void); // MoreLocals.c
void showInterpreter(void);
void showLinkage(void);
void showAssembly(void);
void showArguments(void);
void showThreads(void);

/// Line of a constructor: `printf` may not be used before main in every libc, so that they are
/// kept.
void remember(const char *line);
void showRemembered(void);

/// Functions of two files by number: a table whose entries live elsewhere.
typedef long (*Operation)(long, long);
extern const Operation operations[];
extern const unsigned operationCount;

#endif
