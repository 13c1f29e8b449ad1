// Rotations, transforms, hyperplanes, boxes; polynomials, splines and Fourier transforms.

#include "Chapters.h"

#include <Eigen/Geometry>
#include <complex>
#include <unsupported/Eigen/FFT>
#include <unsupported/Eigen/Polynomials>
#include <unsupported/Eigen/Splines>
#include <vector>

namespace {

template <typename Scalar> std::string turn(const char *name) {
  using Vector = Eigen::Matrix<Scalar, 3, 1>;
  using Turn = Eigen::AngleAxis<Scalar>;
  const Eigen::Quaternion<Scalar> first(Turn(Scalar(0.5), Vector::UnitX())),
      second(Turn(Scalar(-0.25), Vector(1, 2, 2).normalized()));
  Eigen::Transform<Scalar, 3, Eigen::Affine> move = Eigen::Translation<Scalar, 3>(1, 2, 3) *
                                                    first.slerp(Scalar(0.25), second) *
                                                    Eigen::Scaling(Scalar(2), Scalar(3), Scalar(4));
  const Vector there = move * Vector(1, -1, 2), back = move.inverse() * there;
  const Vector angles = move.rotation().eulerAngles(2, 1, 0);
  const auto plane = Eigen::Hyperplane<Scalar, 3>::Through(there, back, Vector::Zero());
  Eigen::AlignedBox<Scalar, 3> box(back);
  box.extend(there);
  return text("%s: (%.3f %.3f %.3f) and back (%.3f %.3f %.3f), first angle %.3f, box %.3f, %.3f\n",
              name, double(there.x()), double(there.y()), double(there.z()), double(back.x()),
              double(back.y()), double(back.z()), double(angles(0)), double(box.volume()),
              double(plane.absDistance(Vector(1, 1, 1))));
}

std::string align() {
  Eigen::Matrix3Xd before(3, 12);
  Numbers numbers(21);
  for (int column = 0; column < before.cols(); ++column)
    before.col(column) << numbers.real(), numbers.real(), numbers.real();
  const Eigen::Matrix3d rotation = Eigen::AngleAxisd(0.75, Eigen::Vector3d::UnitZ()).matrix();
  const Eigen::Matrix3Xd after = (2 * rotation * before).colwise() + Eigen::Vector3d(3, 2, 1);
  const Eigen::Matrix4d found = Eigen::umeyama(before, after);
  return text("aligned: scale %.3f, shift %.3f\n", found.block<3, 3>(0, 0).col(0).norm(),
              found(0, 3));
}

std::string curves() {
  Eigen::Matrix2Xd points(2, 9);
  for (int column = 0; column < points.cols(); ++column)
    points.col(column) << column, column * column % 5;
  const auto spline = Eigen::SplineFitting<Eigen::Spline<double, 2>>::Interpolate(points, 3);
  const Eigen::Vector2d middle = spline(0.5);
  Eigen::Matrix<double, 5, 1> polynomial;
  polynomial << 24, -50, 35, -10, 1;
  const Eigen::PolynomialSolver<double, 4> roots(polynomial);
  bool hasReal = false;
  return text("spline (%.3f %.3f), largest root %.3f\n", middle.x(), middle.y(),
              roots.greatestRealRoot(hasReal));
}

template <typename Scalar> std::string waves(const char *name) {
  std::vector<Scalar> signal, again;
  for (int index = 0; index < 24; ++index)
    signal.push_back(Scalar(index % 6));
  std::vector<std::complex<Scalar>> spectrum;
  Eigen::FFT<Scalar> transform;
  transform.fwd(spectrum, signal);
  transform.inv(again, spectrum);
  return text("%s: mean %.3f, sixth %.3f\n", name, double(spectrum[0].real()) / 24,
              double(again[5]));
}

} // namespace

std::string reportGeometry() {
  return turn<float>("float") + turn<double>("double") + align() + curves() +
         waves<float>("waves, float") + waves<double>("waves, double");
}
