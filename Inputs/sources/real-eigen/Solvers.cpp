// Dense decompositions, each for four kinds of numbers and for sizes known early and late.

#include "Chapters.h"

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <complex>

namespace {

// Whether a solution is one, to half of the digits that the numbers have.
template <typename Matrix, typename Vector>
const char *verdict(const Matrix &matrix, const Vector &solution, const Vector &right) {
  using Real = typename Matrix::RealScalar;
  const Real error = (matrix * solution - right).norm() / right.norm();
  return error * error < Eigen::NumTraits<Real>::epsilon() ? "solved" : "FAILED";
}

template <typename Matrix> std::string solveAll(const char *name, const Matrix &matrix) {
  using Vector = Eigen::Matrix<typename Matrix::Scalar, Matrix::RowsAtCompileTime, 1>;
  const Vector right = matrix * Vector::Ones(matrix.rows());
  const Matrix symmetric = (matrix + matrix.adjoint()) / 2;
  std::string lines = text("%s, %d rows:", name, int(matrix.rows()));
  lines += text(" LU %s", verdict(matrix, Vector(matrix.partialPivLu().solve(right)), right));
  lines += text(", full LU %s", verdict(matrix, Vector(matrix.fullPivLu().solve(right)), right));
  lines += text(", QR %s", verdict(matrix, Vector(matrix.householderQr().solve(right)), right));
  lines += text(", pivoting QR %s",
                verdict(matrix, Vector(matrix.colPivHouseholderQr().solve(right)), right));
  lines +=
      text(", complete %s",
           verdict(matrix, Vector(matrix.completeOrthogonalDecomposition().solve(right)), right));
  lines += text(", LLT %s", verdict(symmetric, Vector(symmetric.llt().solve(right)), right));
  lines += text(", LDLT %s", verdict(symmetric, Vector(symmetric.ldlt().solve(right)), right));
  return lines + text(", inverse %s\n", verdict(matrix, Vector(matrix.inverse() * right), right));
}

template <typename Matrix> std::string singularValues(const char *name, const Matrix &matrix) {
  const Eigen::JacobiSVD<Matrix> jacobi(matrix, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Eigen::BDCSVD<Matrix> divided(matrix, Eigen::ComputeThinU | Eigen::ComputeThinV);
  return text("%s: rank %d, largest %.3f, by division %.3f\n", name, int(jacobi.rank()),
              double(jacobi.singularValues()(0)), double(divided.singularValues()(0)));
}

} // namespace

std::string reportSolvers() {
  std::string lines;
  lines += solveAll("float", makeMatrix<float>(7, 1));
  lines += solveAll("double", makeMatrix<double>(20, 2));
  lines += solveAll("long double", makeMatrix<long double>(9, 3));
  lines += solveAll("complex", makeMatrix<std::complex<double>>(11, 4));
  lines += solveAll<Eigen::Matrix4d>("double, fixed", makeMatrix<double>(4, 5));
  lines += solveAll<Eigen::Matrix<float, 6, 6>>("float, fixed", makeMatrix<float>(6, 6));
  lines += singularValues<Eigen::MatrixXd>("double", makeMatrix<double>(24, 7).leftCols(18));
  lines += singularValues<Eigen::MatrixXf>("float", makeMatrix<float>(10, 8).leftCols(4));
  lines += singularValues<Eigen::MatrixXcd>("complex", makeMatrix<std::complex<double>>(8, 9));
  return lines;
}
