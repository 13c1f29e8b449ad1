// Assembly outside of functions: it defines a function and data for C, and reads C's data.

#include "Program.h"

#include <stdio.h>

// C defines it, only the assembly uses it.
__attribute__((used)) const int assemblyOffset = 40;

#if defined(__x86_64__)
__asm__(".text\n"
        ".globl addOffset\n"
        ".type addOffset, @function\n"
        "addOffset:\n"
        "  movq assemblyOffset@GOTPCREL(%rip), %rax\n"
        "  movl (%rax), %eax\n"
        "  addl %edi, %eax\n"
        "  ret\n"
        ".size addOffset, . - addOffset\n");
#elif defined(__aarch64__)
__asm__(".text\n"
        ".globl addOffset\n"
        ".type addOffset, %function\n"
        "addOffset:\n"
        "  adrp x1, :got:assemblyOffset\n"
        "  ldr x1, [x1, :got_lo12:assemblyOffset]\n"
        "  ldr w1, [x1]\n"
        "  add w0, w0, w1\n"
        "  ret\n"
        ".size addOffset, . - addOffset\n");
#else
#error "addOffset is not written for this processor"
#endif

__asm__(".section .rodata\n"
        ".globl assemblyText\n"
        "assemblyText:\n"
        "  .asciz \"text of assembly\"\n"
        ".size assemblyText, . - assemblyText\n"
        ".text\n");

int addOffset(int number);
extern const char assemblyText[];

void showAssembly(void) { printf("assembly: %d, '%s'\n", addOffset(2), assemblyText); }
