// Triangulations of the plane by three kernels, with constraints, refined, and as Voronoi diagrams.

#include "Chapters.h"

#include <CGAL/Alpha_shape_2.h>
#include <CGAL/Constrained_Delaunay_triangulation_2.h>
#include <CGAL/Constrained_triangulation_plus_2.h>
#include <CGAL/Delaunay_mesh_face_base_2.h>
#include <CGAL/Delaunay_mesh_size_criteria_2.h>
#include <CGAL/Delaunay_mesher_2.h>
#include <CGAL/Delaunay_triangulation_2.h>
#include <CGAL/Delaunay_triangulation_adaptation_policies_2.h>
#include <CGAL/Delaunay_triangulation_adaptation_traits_2.h>
#include <CGAL/Exact_predicates_exact_constructions_kernel.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Regular_triangulation_2.h>
#include <CGAL/Simple_cartesian.h>
#include <CGAL/Voronoi_diagram_2.h>
#include <vector>

namespace {

using Inexact = CGAL::Exact_predicates_inexact_constructions_kernel;
using Exact = CGAL::Exact_predicates_exact_constructions_kernel;

template <typename Kernel> std::vector<typename Kernel::Point_2> makePoints(int count) {
  Numbers numbers(61);
  std::vector<typename Kernel::Point_2> points;
  for (int index = 0; index < count; ++index) {
    const double x = numbers.real();
    points.emplace_back(x, numbers.real());
  }
  return points;
}

template <typename Kernel> std::string delaunay(const char *name) {
  const auto points = makePoints<Kernel>(100);
  CGAL::Delaunay_triangulation_2<Kernel> triangulation(points.begin(), points.end());
  double length = 0;
  for (auto edge = triangulation.finite_edges_begin(); edge != triangulation.finite_edges_end();
       ++edge)
    length += CGAL::to_double(triangulation.segment(*edge).squared_length());
  const auto nearest = triangulation.nearest_vertex(typename Kernel::Point_2(0, 0));
  triangulation.remove(nearest);
  return text("%s: %d faces, squares of lengths %.4f, valid %d\n", name,
              int(triangulation.number_of_faces()), length, int(triangulation.is_valid()));
}

template <typename Kernel> std::string weighted(const char *name) {
  CGAL::Regular_triangulation_2<Kernel> triangulation;
  Numbers numbers(62);
  for (const auto &point : makePoints<Kernel>(80))
    triangulation.insert(typename Kernel::Weighted_point_2(point, numbers.below(8) / 64.0));
  return text("%s: %d vertices, %d hidden\n", name, int(triangulation.number_of_vertices()),
              int(triangulation.number_of_hidden_vertices()));
}

std::string refined() {
  using Vertex = CGAL::Triangulation_vertex_base_2<Inexact>;
  using Face = CGAL::Delaunay_mesh_face_base_2<Inexact>;
  using Triangulation = CGAL::Constrained_Delaunay_triangulation_2<
      Inexact, CGAL::Triangulation_data_structure_2<Vertex, Face>>;
  using Criteria = CGAL::Delaunay_mesh_size_criteria_2<Triangulation>;
  Triangulation triangulation;
  const std::vector<Inexact::Point_2> outline = {{0, 0}, {4, 0}, {4, 3}, {2, 1}, {0, 3}};
  triangulation.insert_constraint(outline.begin(), outline.end(), true);
  const int before = int(triangulation.number_of_vertices());
  CGAL::Delaunay_mesher_2<Triangulation, Criteria> mesher(triangulation, Criteria(0.125, 0.5));
  mesher.refine_mesh();
  return text("refined from %d to %s vertices\n", before,
              triangulation.number_of_vertices() > 40 ? "more than 40" : "FAILED");
}

template <typename Kernel> std::string crossing(const char *name, int count) {
  using Triangulation =
      CGAL::Constrained_triangulation_plus_2<CGAL::Constrained_Delaunay_triangulation_2<
          Kernel, CGAL::Default, CGAL::Exact_intersections_tag>>;
  Triangulation triangulation;
  const auto points = makePoints<Kernel>(2 * count);
  for (int index = 0; index < count; ++index)
    triangulation.insert_constraint(points[2 * index], points[2 * index + 1]);
  return text("%s: %d vertices, %d constraints\n", name, int(triangulation.number_of_vertices()),
              int(triangulation.number_of_constraints()));
}

std::string voronoi() {
  using Triangulation = CGAL::Delaunay_triangulation_2<Inexact>;
  using Traits = CGAL::Delaunay_triangulation_adaptation_traits_2<Triangulation>;
  using Policy = CGAL::Delaunay_triangulation_caching_degeneracy_removal_policy_2<Triangulation>;
  CGAL::Voronoi_diagram_2<Triangulation, Traits, Policy> diagram;
  for (const auto &point : makePoints<Inexact>(30))
    diagram.insert(point);
  return text("Voronoi: %d faces, %d half-edges, %d vertices\n", int(diagram.number_of_faces()),
              int(diagram.number_of_halfedges()), int(diagram.number_of_vertices()));
}

std::string alphaShape() {
  using Vertex = CGAL::Alpha_shape_vertex_base_2<Inexact>;
  using Face = CGAL::Alpha_shape_face_base_2<Inexact>;
  using Triangulation =
      CGAL::Delaunay_triangulation_2<Inexact, CGAL::Triangulation_data_structure_2<Vertex, Face>>;
  const auto points = makePoints<Inexact>(100);
  CGAL::Alpha_shape_2<Triangulation> shape(points.begin(), points.end(), 0.0625,
                                           CGAL::Alpha_shape_2<Triangulation>::GENERAL);
  const auto best = shape.find_optimal_alpha(1);
  return text("alpha: %d components, best %.4f\n", int(shape.number_of_solid_components()), *best);
}

} // namespace

std::string reportTriangulations() {
  return delaunay<Inexact>("inexact") + delaunay<Exact>("exact") + weighted<Inexact>("weighted") +
         weighted<Exact>("weighted, exact") + refined() + crossing<Exact>("crossing", 20) +
         voronoi() + alphaShape();
}
