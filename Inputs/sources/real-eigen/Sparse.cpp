// Sparse matrices: direct and iterative solvers on a grid's Laplacian.

#include "Chapters.h"

#include <Eigen/Sparse>
#include <complex>
#include <vector>

namespace {

// Each cell of a square grid with its four neighbours.
template <typename Scalar> Eigen::SparseMatrix<Scalar> makeGrid(int side) {
  std::vector<Eigen::Triplet<Scalar>> entries;
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const int cell = row * side + column;
      entries.emplace_back(cell, cell, Scalar(5));
      if (column + 1 < side) {
        entries.emplace_back(cell, cell + 1, Scalar(-1));
        entries.emplace_back(cell + 1, cell, Scalar(-1));
      }
      if (row + 1 < side) {
        entries.emplace_back(cell, cell + side, Scalar(-1));
        entries.emplace_back(cell + side, cell, Scalar(-1));
      }
    }
  Eigen::SparseMatrix<Scalar> grid(side * side, side * side);
  grid.setFromTriplets(entries.begin(), entries.end());
  return grid;
}

template <typename Solver, typename Matrix>
std::string solve(const char *name, const Matrix &matrix) {
  using Vector = Eigen::Matrix<typename Matrix::Scalar, Eigen::Dynamic, 1>;
  const Vector right = Vector::Ones(matrix.rows());
  Solver solver;
  solver.compute(matrix);
  const Vector solution = solver.solve(right);
  return text(" %s %s", name, (matrix * solution - right).norm() < 1e-3 ? "solved" : "FAILED");
}

template <typename Scalar> std::string solveAll(const char *name, int side) {
  using Matrix = Eigen::SparseMatrix<Scalar>;
  const Matrix grid = makeGrid<Scalar>(side);
  const Matrix square = (grid * grid).pruned();
  std::string lines =
      text("%s: %d and %d entries;", name, int(grid.nonZeros()), int(square.nonZeros()));
  lines += solve<Eigen::SimplicialLLT<Matrix>>("LLT", grid);
  lines += solve<Eigen::SimplicialLDLT<Matrix>>("LDLT", square);
  lines += solve<Eigen::SparseLU<Matrix>>("LU", grid);
  lines += solve<Eigen::SparseQR<Matrix, Eigen::COLAMDOrdering<int>>>("QR", grid);
  lines += solve<Eigen::ConjugateGradient<Matrix>>("gradient", grid);
  lines += solve<Eigen::BiCGSTAB<Matrix, Eigen::IncompleteLUT<Scalar>>>("stabilized", grid);
  return lines + solve<Eigen::LeastSquaresConjugateGradient<Matrix>>("least squares", grid) + "\n";
}

} // namespace

std::string reportSparse() {
  return solveAll<float>("float", 6) + solveAll<double>("double", 9) +
         solveAll<std::complex<double>>("complex", 5);
}
