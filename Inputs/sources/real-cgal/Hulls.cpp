// Hulls, bounding volumes, width and distances of point sets.

#include "Chapters.h"

#include <CGAL/Exact_predicates_exact_constructions_kernel.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Min_circle_2.h>
#include <CGAL/Min_circle_2_traits_2.h>
#include <CGAL/Polygon_2.h>
#include <CGAL/Polyhedron_3.h>
#include <CGAL/Surface_mesh.h>
#include <CGAL/convex_hull_2.h>
#include <CGAL/convex_hull_3.h>
#include <CGAL/linear_least_squares_fitting_3.h>
#include <CGAL/min_quadrilateral_2.h>
#include <vector>

namespace {

using Inexact = CGAL::Exact_predicates_inexact_constructions_kernel;
using Exact = CGAL::Exact_predicates_exact_constructions_kernel;

template <typename Kernel> std::string plane(const char *name) {
  using Point = typename Kernel::Point_2;
  Numbers numbers(81);
  std::vector<Point> points;
  for (int index = 0; index < 60; ++index) {
    const double x = numbers.real();
    points.emplace_back(x, numbers.real());
  }
  std::vector<Point> hull;
  CGAL::convex_hull_2(points.begin(), points.end(), std::back_inserter(hull));
  const CGAL::Polygon_2<Kernel> polygon(hull.begin(), hull.end());
  CGAL::Polygon_2<Kernel> rectangle;
  CGAL::min_rectangle_2(hull.begin(), hull.end(), std::back_inserter(rectangle));
  return text("%s: %d corners, area %.4f, in a rectangle of %.4f\n", name, int(hull.size()),
              CGAL::to_double(polygon.area()), CGAL::to_double(rectangle.area()));
}

template <typename Kernel, typename Surface> std::string space(const char *name) {
  Numbers numbers(82);
  std::vector<typename Kernel::Point_3> points;
  for (int index = 0; index < 80; ++index) {
    const double x = numbers.real(), y = numbers.real();
    points.emplace_back(x, y, numbers.real());
  }
  Surface hull;
  CGAL::convex_hull_3(points.begin(), points.end(), hull);
  return text("%s: %d corners, convex %d\n", name, int(num_vertices(hull)),
              int(CGAL::is_strongly_convex_3(hull, Kernel())));
}

std::string fitting() {
  std::vector<Inexact::Point_3> points;
  Numbers numbers(83);
  for (int index = 0; index < 40; ++index) {
    const double x = numbers.real(), y = numbers.real();
    points.emplace_back(x, y, x / 2 - y / 4 + 1);
  }
  Inexact::Plane_3 plane;
  const double quality = CGAL::linear_least_squares_fitting_3(points.begin(), points.end(), plane,
                                                              CGAL::Dimension_tag<0>());
  using Circle = CGAL::Min_circle_2<CGAL::Min_circle_2_traits_2<Exact>>;
  const std::vector<Exact::Point_2> corners = {{0, 0}, {4, 0}, {1, 3}, {2, 2}};
  const Circle circle(corners.begin(), corners.end(), false);
  return text("plane fits to %.4f; circle on %d points\n", quality,
              int(circle.number_of_support_points()));
}

} // namespace

std::string reportHulls() {
  return plane<Inexact>("inexact") + plane<Exact>("exact") +
         space<Inexact, CGAL::Surface_mesh<Inexact::Point_3>>("mesh") +
         space<Inexact, CGAL::Polyhedron_3<Inexact>>("polyhedron") +
         space<Exact, CGAL::Polyhedron_3<Exact>>("exact polyhedron") + fitting();
}
