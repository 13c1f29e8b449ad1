// The parts of this C program, one a file. Each prints what it does; together they hold what a
// splitter of modules must not break: see each file's first comment.

#ifndef C_PROGRAM_H
#define C_PROGRAM_H

void showLocals(void);      // Locals.c
void showMoreLocals(void);  // MoreLocals.c
void showInterpreter(void); // Interpreter.c
void showLinkage(void);     // Linkage.c
void showAssembly(void);    // Assembly.c
void showArguments(void);   // Arguments.c
void showThreads(void);     // Threads.c

/// Keeps what constructors have to say until main: nothing is promised of printf before.
void remember(const char *line);
void showRemembered(void);

/// Functions of Locals.c, static there, by number: others reach them through this table only.
typedef long (*Operation)(long, long);
extern const Operation operations[];
extern const unsigned operationCount;

#endif
