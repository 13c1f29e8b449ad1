// What is tried at one's own risk: each faults or not, and the handler steps over its own fault.

#define _GNU_SOURCE
#include "State.h"

// The labels are what the nested handler knows a fault of ours by.
__asm__(".pushsection parmat_early,\"ax\",@progbits\n"

        // int probeStore(uintptr_t address): adds nothing to a byte, so that it changes nothing.
        ".hidden parmatProbeStore\n"
        ".globl parmatProbeStore\n"
        ".type parmatProbeStore,@function\n"
        "parmatProbeStore:\n"
        ".hidden parmatProbeStoreAt\n"
        ".globl parmatProbeStoreAt\n"
        "parmatProbeStoreAt:\n"
        "  lock orb $0, (%rdi)\n"
        "  movl $1, %eax\n"
        "  ret\n"

        // int probeLoad(uintptr_t address)
        ".hidden parmatProbeLoad\n"
        ".globl parmatProbeLoad\n"
        ".type parmatProbeLoad,@function\n"
        "parmatProbeLoad:\n"
        ".hidden parmatProbeLoadAt\n"
        ".globl parmatProbeLoadAt\n"
        "parmatProbeLoadAt:\n"
        "  movb (%rdi), %al\n"
        "  movl $1, %eax\n"
        "  ret\n"
        ".hidden parmatProbeFailed\n"
        ".globl parmatProbeFailed\n"
        "parmatProbeFailed:\n"
        "  xorl %eax, %eax\n"
        "  ret\n"

        // void drillFault(void): a load from the page at 8, where no program has one.
        ".hidden parmatDrill\n"
        ".globl parmatDrill\n"
        ".type parmatDrill,@function\n"
        "parmatDrill:\n"
        "  movl $8, %eax\n"
        ".hidden parmatDrillAt\n"
        ".globl parmatDrillAt\n"
        "parmatDrillAt:\n"
        "  movb (%rax), %al\n"
        ".hidden parmatDrillDone\n"
        ".globl parmatDrillDone\n"
        "parmatDrillDone:\n"
        "  ret\n"

        // int attempt(body, argument, recovery): offsets are those of struct recovery.
        ".hidden parmatAttempt\n"
        ".globl parmatAttempt\n"
        ".type parmatAttempt,@function\n"
        "parmatAttempt:\n"
        "  .cfi_startproc\n"
        "  movq %rbx, 0(%rdx)\n"
        "  movq %rbp, 8(%rdx)\n"
        "  movq %r12, 16(%rdx)\n"
        "  movq %r13, 24(%rdx)\n"
        "  movq %r14, 32(%rdx)\n"
        "  movq %r15, 40(%rdx)\n"
        "  movq %rsp, 48(%rdx)\n"
        "  movq $1, 56(%rdx)\n"
        "  pushq %rdx\n"
        "  .cfi_adjust_cfa_offset 8\n"
        "  movq %rdi, %rax\n"
        "  movq %rsi, %rdi\n"
        "  call *%rax\n"
        "  popq %rdx\n"
        "  .cfi_adjust_cfa_offset -8\n"
        "  movq $0, 56(%rdx)\n"
        "  xorl %eax, %eax\n"
        "  ret\n"
        "  .cfi_endproc\n"
        ".hidden parmatAttemptFailed\n"
        ".globl parmatAttemptFailed\n"
        "parmatAttemptFailed:\n"
        "  movl $1, %eax\n"
        "  ret\n"

        // void switchStack(stack, body, argument): calls body(argument) on another stack. Unwinders
        // find the way back by the frame pointer.
        ".hidden parmatSwitchStack\n"
        ".globl parmatSwitchStack\n"
        ".type parmatSwitchStack,@function\n"
        "parmatSwitchStack:\n"
        "  .cfi_startproc\n"
        "  pushq %rbp\n"
        "  .cfi_def_cfa_offset 16\n"
        "  .cfi_offset %rbp, -16\n"
        "  movq %rsp, %rbp\n"
        "  .cfi_def_cfa_register %rbp\n"
        "  movq %rdi, %rsp\n"
        "  movq %rsi, %rax\n"
        "  movq %rdx, %rdi\n"
        "  call *%rax\n"
        "  movq %rbp, %rsp\n"
        "  popq %rbp\n"
        "  .cfi_def_cfa %rsp, 8\n"
        "  ret\n"
        "  .cfi_endproc\n"

        // The return from a signal frame. Unwinders know it by these very bytes.
        ".hidden parmatRestoreFrame\n"
        ".globl parmatRestoreFrame\n"
        ".type parmatRestoreFrame,@function\n"
        "  nop\n"
        "parmatRestoreFrame:\n"
        "  movq $15, %rax\n"
        "  syscall\n"
        ".popsection\n");

#pragma GCC visibility push(hidden)
extern int parmatProbeStore(uintptr_t address);
extern int parmatProbeLoad(uintptr_t address);
extern void parmatDrill(void);
extern int parmatAttempt(void (*body)(void *), void *argument, struct recovery *recovery);
extern void parmatSwitchStack(uintptr_t stack, void (*body)(void *), void *argument);
extern void parmatRestoreFrame(void);
extern const char parmatProbeStoreAt[], parmatProbeLoadAt[], parmatProbeFailed[];
extern const char parmatDrillAt[], parmatDrillDone[], parmatAttemptFailed[];
#pragma GCC visibility pop

EARLY int probe(uintptr_t address, int write) {
  return write ? parmatProbeStore(address) : parmatProbeLoad(address);
}

EARLY int attempt(void (*body)(void *), void *argument, struct recovery *recovery) {
  return parmatAttempt(body, argument, recovery);
}

EARLY void drillFault(void) { parmatDrill(); }

EARLY int stepOver(struct slot *slot, ucontext_t *context) {
  greg_t *registers = context->uc_mcontext.gregs;
  uintptr_t pc = (uintptr_t)registers[REG_RIP];
  if (pc == (uintptr_t)parmatProbeStoreAt || pc == (uintptr_t)parmatProbeLoadAt) {
    registers[REG_RIP] = (greg_t)(uintptr_t)parmatProbeFailed;
    return 1;
  }
  if (pc == (uintptr_t)parmatDrillAt) {
    registers[REG_RIP] = (greg_t)(uintptr_t)parmatDrillDone;
    return 2;
  }
  if (slot && slot->recovery.armed) {
    struct recovery *recovery = &slot->recovery;
    recovery->armed = 0;
    registers[REG_RBX] = (greg_t)recovery->rbx;
    registers[REG_RBP] = (greg_t)recovery->rbp;
    registers[REG_R12] = (greg_t)recovery->r12;
    registers[REG_R13] = (greg_t)recovery->r13;
    registers[REG_R14] = (greg_t)recovery->r14;
    registers[REG_R15] = (greg_t)recovery->r15;
    registers[REG_RSP] = (greg_t)recovery->rsp;
    registers[REG_RIP] = (greg_t)(uintptr_t)parmatAttemptFailed;
    return 1;
  }
  return 0;
}

EARLY void callOnStack(uintptr_t stack, void (*body)(void *), void *argument) {
  parmatSwitchStack(stack & ~(uintptr_t)15, body, argument);
}

void (*const frameRestorer)(void) = parmatRestoreFrame;
