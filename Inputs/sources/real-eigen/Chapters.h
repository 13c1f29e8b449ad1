#ifndef REAL_EIGEN_CHAPTERS_H
#define REAL_EIGEN_CHAPTERS_H

#include "../real-report/Report.h"

#include <Eigen/Core>

/// A square matrix with a dominant diagonal, so that every solver is far from its limits.
template <typename Scalar>
Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> makeMatrix(int size, std::uint64_t seed) {
  Numbers numbers(seed);
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> matrix(size, size);
  for (int row = 0; row < size; ++row)
    for (int column = 0; column < size; ++column)
      matrix(row, column) = Scalar(numbers.real());
  for (int row = 0; row < size; ++row)
    matrix(row, row) += Scalar(2 * size);
  return matrix;
}

std::string reportSolvers();
std::string reportEigenvalues();
std::string reportSparse();
std::string reportGeometry();

#endif
