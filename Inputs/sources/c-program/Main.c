// Calls every part in a fixed order.

#include "Program.h"

int main(void) {
  showRemembered();
  showLocals();
  showMoreLocals();
  showInterpreter();
  showLinkage();
  showAssembly();
  showArguments();
  showThreads();
  return 0;
}
