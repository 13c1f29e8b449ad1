// Eigenvalues and functions of matrices.

#include "Chapters.h"

#include <Eigen/Eigenvalues>
#include <complex>
#include <unsupported/Eigen/MatrixFunctions>

namespace {

template <typename Scalar> std::string selfAdjoint(const char *name, int size, int seed) {
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  const Matrix matrix = makeMatrix<Scalar>(size, seed);
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(matrix + matrix.adjoint());
  const Eigen::GeneralizedSelfAdjointEigenSolver<Matrix> pair(matrix + matrix.adjoint(),
                                                              Matrix::Identity(size, size));
  return text("%s: smallest %.3f, largest %.3f, of the pair %.3f\n", name,
              double(solver.eigenvalues()(0)), double(solver.eigenvalues()(size - 1)),
              double(pair.eigenvalues()(size - 1)));
}

template <typename Scalar> std::string general(const char *name, int size, int seed) {
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  const Matrix matrix = makeMatrix<Scalar>(size, seed);
  const Eigen::EigenSolver<Matrix> solver(matrix);
  const Eigen::RealSchur<Matrix> schur(matrix);
  const Eigen::RealQZ<Matrix> pencil(matrix, makeMatrix<Scalar>(size, seed + 1));
  return text("%s: trace %.3f, by eigenvalues %.3f, by Schur %.3f, pencil of %d\n", name,
              double(matrix.trace()), double(solver.eigenvalues().sum().real()),
              double(schur.matrixT().trace()), int(pencil.matrixS().rows()));
}

template <typename Scalar> std::string functions(const char *name, int seed) {
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  const Matrix matrix = makeMatrix<Scalar>(6, seed) / Scalar(8);
  const Matrix root = matrix.sqrt(), exponential = matrix.exp();
  return text("%s: root's square %.3f, exp %.3f, log of exp %.3f, cos %.3f, power %.3f\n", name,
              double(std::abs((root * root).trace())), double(std::abs(exponential.trace())),
              double(std::abs(exponential.log().trace())), double(std::abs(matrix.cos().trace())),
              double(std::abs(matrix.pow(Scalar(1.5)).trace())));
}

} // namespace

std::string reportEigenvalues() {
  std::string lines;
  lines += selfAdjoint<float>("float", 6, 11);
  lines += selfAdjoint<double>("double", 15, 12);
  lines += selfAdjoint<std::complex<double>>("complex", 8, 13);
  lines += general<float>("general float", 7, 14);
  lines += general<double>("general double", 13, 15);
  lines += functions<double>("functions, double", 16);
  lines += functions<std::complex<double>>("functions, complex", 17);
  return lines;
}
