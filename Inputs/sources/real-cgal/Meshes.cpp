// Meshes: subdivision, simplification, remeshing, parameterization, deformation, trees over faces.

#include "Chapters.h"

#include <CGAL/AABB_face_graph_triangle_primitive.h>
#include <CGAL/AABB_traits.h>
#include <CGAL/AABB_tree.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Polygon_mesh_processing/compute_normal.h>
#include <CGAL/Polygon_mesh_processing/measure.h>
#include <CGAL/Polygon_mesh_processing/remesh.h>
#include <CGAL/Polygon_mesh_processing/smooth_shape.h>
#include <CGAL/Polygon_mesh_processing/triangulate_faces.h>
#include <CGAL/Polygon_mesh_processing/triangulate_hole.h>
#include <CGAL/Polyhedron_3.h>
#include <CGAL/Polyhedron_items_with_id_3.h>
#include <CGAL/Surface_mesh.h>
#include <CGAL/Surface_mesh_approximation/approximate_triangle_mesh.h>
#include <CGAL/Surface_mesh_deformation.h>
#include <CGAL/Surface_mesh_parameterization/parameterize.h>
#include <CGAL/Surface_mesh_shortest_path.h>
#include <CGAL/Surface_mesh_simplification/Policies/Edge_collapse/Count_stop_predicate.h>
#include <CGAL/Surface_mesh_simplification/edge_collapse.h>
#include <CGAL/boost/graph/generators.h>
#include <CGAL/mesh_segmentation.h>
#include <CGAL/subdivision_method_3.h>
#include <set>
#include <vector>

namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Point = Kernel::Point_3;
using Mesh = CGAL::Surface_mesh<Point>;
using Polyhedron = CGAL::Polyhedron_3<Kernel, CGAL::Polyhedron_items_with_id_3>;
namespace processing = CGAL::Polygon_mesh_processing;

// An icosahedron, subdivided to nearly a ball.
template <typename Surface> Surface makeBall(int steps) {
  Surface ball;
  CGAL::make_icosahedron(ball, Point(0, 0, 0), 2.0);
  CGAL::Subdivision_method_3::Loop_subdivision(ball, CGAL::parameters::number_of_iterations(steps));
  return ball;
}

template <typename Surface> std::string measure(const char *name, const Surface &mesh) {
  return text("%s: %d faces, area %.3f, volume %.3f, closed %d\n", name, int(num_faces(mesh)),
              processing::area(mesh), processing::volume(mesh), int(CGAL::is_closed(mesh)));
}

std::string subdivided() {
  Mesh box;
  CGAL::make_hexahedron(Point(0, 0, 0), Point(2, 0, 0), Point(2, 2, 0), Point(0, 2, 0),
                        Point(0, 2, 3), Point(0, 0, 3), Point(2, 0, 3), Point(2, 2, 3), box);
  CGAL::Subdivision_method_3::CatmullClark_subdivision(box,
                                                       CGAL::parameters::number_of_iterations(2));
  processing::triangulate_faces(box);
  return measure("box", box) + measure("ball", makeBall<Mesh>(3)) +
         measure("ball, polyhedron", makeBall<Polyhedron>(2));
}

std::string simplified() {
  namespace simplification = CGAL::Surface_mesh_simplification;
  Mesh ball = makeBall<Mesh>(3);
  const int removed =
      simplification::edge_collapse(ball, simplification::Count_stop_predicate<Mesh>(300));
  ball.collect_garbage();
  return text("%s edges removed\n", removed > 100 ? "more than 100" : "FAILED:") +
         text("still closed %d\n", int(CGAL::is_closed(ball)));
}

std::string remeshed() {
  Mesh ball = makeBall<Mesh>(2);
  processing::isotropic_remeshing(faces(ball), 0.5, ball,
                                  CGAL::parameters::number_of_iterations(2));
  std::set<Mesh::Vertex_index> fixed = {*vertices(ball).begin()};
  processing::smooth_shape(
      ball, 0.001,
      CGAL::parameters::vertex_is_constrained_map(CGAL::make_boolean_property_map(fixed)));
  const double volume = processing::volume(ball);
  return text("remeshed: %s\n", volume > 8 && volume < 16 ? "a ball still" : "FAILED");
}

std::string paths() {
  using Primitive = CGAL::AABB_face_graph_triangle_primitive<Mesh>;
  const Mesh ball = makeBall<Mesh>(2);
  CGAL::AABB_tree<CGAL::AABB_traits<Kernel, Primitive>> tree(faces(ball).first, faces(ball).second,
                                                             ball);
  const int hits = int(tree.number_of_intersected_primitives(
      Kernel::Segment_3(Point(-5, 0.11, 0.07), Point(5, 0.13, 0.05))));
  CGAL::Surface_mesh_shortest_path<CGAL::Surface_mesh_shortest_path_traits<Kernel, Mesh>> shortest(
      ball);
  shortest.add_source_point(*vertices(ball).begin());
  const auto last = *std::prev(vertices(ball).end());
  return text("%d hits, nearest %.3f, shortest path %.3f\n", hits,
              tree.squared_distance(Point(1, 2, 3)),
              shortest.shortest_distance_to_source_points(last).first);
}

std::string unfolded() {
  namespace parameterization = CGAL::Surface_mesh_parameterization;
  Mesh ball = makeBall<Mesh>(2);
  CGAL::Euler::remove_face(halfedge(*faces(ball).begin(), ball), ball);
  const auto border = processing::longest_border(ball).first;
  auto places = ball.add_property_map<Mesh::Vertex_index, Kernel::Point_2>("v:uv").first;
  const auto status = parameterization::parameterize(ball, border, places);
  std::vector<Mesh::Face_index> patch;
  processing::triangulate_hole(ball, border, std::back_inserter(patch));
  return text("unfolded %d, hole of %d\n", int(status == parameterization::OK), int(patch.size()));
}

std::string deformed() {
  Polyhedron ball = makeBall<Polyhedron>(2);
  CGAL::set_halfedgeds_items_id(ball);
  CGAL::Surface_mesh_deformation<Polyhedron> deformation(ball);
  deformation.insert_roi_vertices(vertices(ball).begin(), vertices(ball).end());
  const auto handle = *vertices(ball).begin(), fixed = *std::prev(vertices(ball).end());
  deformation.insert_control_vertex(handle);
  deformation.insert_control_vertex(fixed);
  const bool ready = deformation.preprocess();
  deformation.set_target_position(handle, handle->point() + Kernel::Vector_3(1, 0, 0));
  deformation.deform(4, 0.0);
  return text("deformed %d, handle at %.3f\n", int(ready), handle->point().x());
}

std::string takenApart() {
  const Mesh ball = makeBall<Mesh>(2);
  Mesh working = ball;
  auto diameters = working.add_property_map<Mesh::Face_index, double>("f:sdf").first;
  auto segments = working.add_property_map<Mesh::Face_index, std::size_t>("f:segment").first;
  CGAL::sdf_values(working, diameters);
  const int count = int(CGAL::segmentation_from_sdf_values(working, diameters, segments, 2));
  std::vector<Point> anchors;
  std::vector<std::array<std::size_t, 3>> triangles;
  CGAL::Surface_mesh_approximation::approximate_triangle_mesh(
      working, CGAL::parameters::max_number_of_proxies(12)
                   .anchors(std::back_inserter(anchors))
                   .triangles(std::back_inserter(triangles)));
  return text("segments %s, anchors %s\n", count > 0 ? "found" : "FAILED",
              anchors.empty() ? "FAILED" : "found");
}

} // namespace

std::string reportMeshes() {
  return subdivided() + simplified() + remeshed() + paths() + unfolded() + deformed() +
         takenApart();
}
