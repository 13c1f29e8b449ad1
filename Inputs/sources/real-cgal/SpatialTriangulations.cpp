// Triangulations of space by two kernels, weighted, periodic, and as alpha shapes.

#include "Chapters.h"

#include <CGAL/Alpha_shape_3.h>
#include <CGAL/Alpha_shape_cell_base_3.h>
#include <CGAL/Alpha_shape_vertex_base_3.h>
#include <CGAL/Delaunay_triangulation_3.h>
#include <CGAL/Exact_predicates_exact_constructions_kernel.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Periodic_3_Delaunay_triangulation_3.h>
#include <CGAL/Periodic_3_Delaunay_triangulation_traits_3.h>
#include <CGAL/Regular_triangulation_3.h>
#include <vector>

namespace {

using Inexact = CGAL::Exact_predicates_inexact_constructions_kernel;
using Exact = CGAL::Exact_predicates_exact_constructions_kernel;

template <typename Kernel> std::vector<typename Kernel::Point_3> makePoints(int count) {
  Numbers numbers(71);
  std::vector<typename Kernel::Point_3> points;
  for (int index = 0; index < count; ++index) {
    const double x = numbers.real(), y = numbers.real();
    points.emplace_back(x, y, numbers.real());
  }
  return points;
}

template <typename Kernel> std::string delaunay(const char *name) {
  const auto points = makePoints<Kernel>(120);
  CGAL::Delaunay_triangulation_3<Kernel> triangulation(points.begin(), points.end());
  double volume = 0;
  for (auto cell = triangulation.finite_cells_begin(); cell != triangulation.finite_cells_end();
       ++cell)
    volume += CGAL::to_double(triangulation.tetrahedron(cell).volume());
  triangulation.remove(triangulation.nearest_vertex(typename Kernel::Point_3(0, 0, 0)));
  return text("%s: %d cells, volume %.4f, valid %d\n", name,
              int(triangulation.number_of_finite_cells()), volume, int(triangulation.is_valid()));
}

template <typename Kernel> std::string weighted(const char *name) {
  CGAL::Regular_triangulation_3<Kernel> triangulation;
  Numbers numbers(72);
  for (const auto &point : makePoints<Kernel>(80))
    triangulation.insert(typename Kernel::Weighted_point_3(point, numbers.below(8) / 64.0));
  return text("%s: %d vertices, %d cells\n", name, int(triangulation.number_of_vertices()),
              int(triangulation.number_of_finite_cells()));
}

std::string periodic() {
  using Traits = CGAL::Periodic_3_Delaunay_triangulation_traits_3<Inexact>;
  CGAL::Periodic_3_Delaunay_triangulation_3<Traits> triangulation(
      Traits::Iso_cuboid_3(-1, -1, -1, 2, 2, 2));
  for (const auto &point : makePoints<Inexact>(40))
    triangulation.insert(point);
  return text("periodic: %d vertices, valid %d\n", int(triangulation.number_of_vertices()),
              int(triangulation.is_valid()));
}

std::string alphaShape() {
  using Vertex = CGAL::Alpha_shape_vertex_base_3<Inexact>;
  using Cell = CGAL::Alpha_shape_cell_base_3<Inexact>;
  using Triangulation =
      CGAL::Delaunay_triangulation_3<Inexact, CGAL::Triangulation_data_structure_3<Vertex, Cell>>;
  const auto points = makePoints<Inexact>(100);
  CGAL::Alpha_shape_3<Triangulation> shape(points.begin(), points.end());
  shape.set_alpha(*shape.find_optimal_alpha(1));
  return text("alpha: %d component\n", int(shape.number_of_solid_components()));
}

} // namespace

std::string reportSpatialTriangulations() {
  return delaunay<Inexact>("inexact") + delaunay<Exact>("exact") + weighted<Inexact>("weighted") +
         weighted<Exact>("weighted, exact") + periodic() + alphaShape();
}
