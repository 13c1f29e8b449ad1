// Computed goto with a static table of labels (blockaddress in LLVM), and a dense switch.

#include "Program.h"

#include <stdio.h>

enum { PUSH, ADD, MULTIPLY, SWAP, JUMP_IF_LESS, STOP };

// A stack machine. The table is static: a variable outside of the function names blocks within.
__attribute__((noinline)) static long interpret(const int *program) {
  static const void *const labels[] = {&&push, &&add, &&multiply, &&swap, &&jumpIfLess, &&stop};
  long stack[8];
  int top = -1;
  const int *at = program;
  goto *labels[*at];
push:
  stack[++top] = at[1];
  at += 2;
  goto *labels[*at];
add:
  stack[top - 1] += stack[top];
  --top;
  goto *labels[*++at];
multiply:
  stack[top - 1] *= stack[top];
  --top;
  goto *labels[*++at];
swap : {
  long other = stack[top];
  stack[top] = stack[top - 1];
  stack[top - 1] = other;
}
  goto *labels[*++at];
jumpIfLess:
  at = stack[top] < at[1] ? program + at[2] : at + 3;
  goto *labels[*at];
stop:
  return stack[top];
}

__attribute__((noinline)) static const char *mnemonic(int operation) {
  switch (operation) {
  case PUSH:
    return "push";
  case ADD:
    return "add";
  case MULTIPLY:
    return "multiply";
  case SWAP:
    return "swap";
  case JUMP_IF_LESS:
    return "jump if less";
  case STOP:
    return "stop";
  default:
    return "unknown";
  }
}

void showInterpreter(void) {
  // 3, then times 5 until it is 1000 or more, then plus 4.
  static const int program[] = {PUSH,         3,    PUSH, 5,   SWAP, PUSH, 5, MULTIPLY,
                                JUMP_IF_LESS, 1000, 5,    ADD, STOP};
  printf("interpreter: %ld\n", interpret(program));
  for (int operation = PUSH; operation <= STOP + 1; ++operation)
    printf("interpreter: %d is %s\n", operation, mnemonic(operation));
}
