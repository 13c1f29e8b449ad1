// Eigen: what is printed, and in which order.

#include "Chapters.h"

int main() {
  return printReport({
      {"solvers", reportSolvers},
      {"eigenvalues", reportEigenvalues},
      {"sparse", reportSparse},
      {"geometry", reportGeometry},
  });
}
