// Boost: what is printed, and in which order.

#include "Chapters.h"

int main() {
  return printReport({
      {"parsers", reportParsers},
      {"graphs", reportGraphs},
      {"numbers", reportNumbers},
      {"containers", reportContainers},
  });
}
