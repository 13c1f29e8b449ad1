# How a configuration that cannot succeed ends: with one sentence, on one line.

# Stops with the sentence that the arguments make together. They are taken one by one, because
# ${ARGV} would lose the semicolons in them. CMake would fold the sentence, and with it a command
# that is to be copied; text that starts with a blank is left as it is.
function(parmat_give_up)
  set(sentence "")
  math(EXPR last "${ARGC} - 1")
  foreach(index RANGE ${last})
    string(APPEND sentence "${ARGV${index}}")
  endforeach()
  message(FATAL_ERROR " ${sentence}")
endfunction()
