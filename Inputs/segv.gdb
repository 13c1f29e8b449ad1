# Runs a program under gdb and, at a SIGSEGV or another deadly signal, prints what a report needs:
# the signal's cause and address, registers, the instruction, the mappings, every thread's stack.
#
#   gdb -batch -x Inputs/segv.gdb --args .build/release/parmat run FILE.bc --threads 8 \
#       --on-fault none
#
# Without --on-fault none gdb would stop at the witness's own drill.
#
# The exit status is the program's, or 128 + the signal's number (139 for SIGSEGV), as in a shell.

set pagination off
set confirm off
set width 0
# Neither network nor questions: symbols are taken from what is installed (libc6-dbg).
set debuginfod enabled off
set print thread-events off
# The program's addresses as it has them outside of gdb.
set disable-randomization off

handle SIGSEGV stop print nopass

run

# $_siginfo is there only while a signal holds the program, $_exitcode only after it has ended.
if $_isvoid($_siginfo)
  if $_isvoid($_exitcode)
    echo \n== the program was not run, or ended without an exit status\n
    quit 1
  end
  printf "\n== no signal; exit status %d\n", $_exitcode
  quit $_exitcode
end

echo \n== signal\n
print $_siginfo
if $_siginfo.si_signo == 11
  printf "SIGSEGV, code %d, address %p\n", $_siginfo.si_code, $_siginfo._sifields._sigfault.si_addr
end

echo \n== registers\n
info registers

echo \n== instruction\n
x/i $pc

echo \n== mappings\n
info proc mappings

echo \n== stacks\n
thread apply all bt 20

quit 128 + $_siginfo.si_signo
