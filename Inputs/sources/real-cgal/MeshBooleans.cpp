// Corefinement and clipping of meshes, repair, distances, and slices.

#include "Chapters.h"

#include <CGAL/Exact_predicates_exact_constructions_kernel.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Polygon_mesh_processing/clip.h>
#include <CGAL/Polygon_mesh_processing/connected_components.h>
#include <CGAL/Polygon_mesh_processing/corefinement.h>
#include <CGAL/Polygon_mesh_processing/measure.h>
#include <CGAL/Polygon_mesh_processing/orient_polygon_soup.h>
#include <CGAL/Polygon_mesh_processing/polygon_soup_to_polygon_mesh.h>
#include <CGAL/Polygon_mesh_processing/repair_polygon_soup.h>
#include <CGAL/Polygon_mesh_processing/self_intersections.h>
#include <CGAL/Polygon_mesh_processing/stitch_borders.h>
#include <CGAL/Polygon_mesh_slicer.h>
#include <CGAL/Side_of_triangle_mesh.h>
#include <CGAL/Surface_mesh.h>
#include <vector>

namespace {

using Inexact = CGAL::Exact_predicates_inexact_constructions_kernel;
using Exact = CGAL::Exact_predicates_exact_constructions_kernel;
namespace processing = CGAL::Polygon_mesh_processing;

template <typename Kernel> CGAL::Surface_mesh<typename Kernel::Point_3> makeTetrahedron(int shift) {
  using Point = typename Kernel::Point_3;
  CGAL::Surface_mesh<Point> mesh;
  CGAL::make_tetrahedron(Point(shift, shift, shift), Point(shift + 4, shift, shift),
                         Point(shift, shift + 4, shift), Point(shift, shift, shift + 4), mesh);
  return mesh;
}

template <typename Kernel> std::string combine(const char *name) {
  using Mesh = CGAL::Surface_mesh<typename Kernel::Point_3>;
  const auto apply = [](auto operation) {
    Mesh first = makeTetrahedron<Kernel>(0), second = makeTetrahedron<Kernel>(1), result;
    operation(first, second, result);
    return CGAL::to_double(processing::volume(result));
  };
  const double both =
      apply([](Mesh &a, Mesh &b, Mesh &c) { processing::corefine_and_compute_union(a, b, c); });
  const double common = apply(
      [](Mesh &a, Mesh &b, Mesh &c) { processing::corefine_and_compute_intersection(a, b, c); });
  const double rest = apply(
      [](Mesh &a, Mesh &b, Mesh &c) { processing::corefine_and_compute_difference(a, b, c); });
  return text("%s: union %.4f, intersection %.4f, difference %.4f\n", name, both, common, rest);
}

template <typename Kernel> std::string clip(const char *name) {
  auto mesh = makeTetrahedron<Kernel>(0);
  const bool meets = processing::does_self_intersect(mesh);
  processing::clip(mesh, typename Kernel::Plane_3(0, 0, 1, -1),
                   CGAL::parameters::clip_volume(true));
  return text("%s: clipped to %.4f, meets itself %d\n", name,
              CGAL::to_double(processing::volume(mesh)), int(meets));
}

std::string repair() {
  using Point = Inexact::Point_3;
  std::vector<Point> points = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}, {0, 1, 0}};
  std::vector<std::vector<std::size_t>> triangles = {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {4, 5, 3}};
  processing::repair_polygon_soup(points, triangles);
  processing::orient_polygon_soup(points, triangles);
  CGAL::Surface_mesh<Point> mesh;
  processing::polygon_soup_to_polygon_mesh(points, triangles, mesh);
  const int stitched = int(processing::stitch_borders(mesh));
  const CGAL::Side_of_triangle_mesh<CGAL::Surface_mesh<Point>, Inexact> side(mesh);
  CGAL::Polygon_mesh_slicer<CGAL::Surface_mesh<Point>, Inexact> slicer(mesh);
  std::vector<std::vector<Point>> slices;
  slicer(Inexact::Plane_3(0, 0, 1, -0.25), std::back_inserter(slices));
  return text("repaired: closed %d, stitched %d, inside %d, %d slice\n", int(CGAL::is_closed(mesh)),
              stitched, int(side(Point(0.1, 0.1, 0.1))), int(slices.size()));
}

} // namespace

std::string reportMeshBooleans() {
  return combine<Inexact>("inexact") + combine<Exact>("exact") + clip<Inexact>("inexact") +
         clip<Exact>("exact") + repair();
}
