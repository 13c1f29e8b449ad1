// Calls every part in a fixed order.

#include "Program.h"

int main() {
  showStatics();
  showShapes();
  showExceptions();
  showTemplates();
  showFunctions();
  showThreadLocals();
}
