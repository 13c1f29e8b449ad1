// Straight skeletons, offsets, simplified polylines, points sorted along curves.

#include "Chapters.h"

#include <CGAL/Delaunay_triangulation_2.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Polygon_2.h>
#include <CGAL/Polyline_simplification_2/simplify.h>
#include <CGAL/Segment_Delaunay_graph_2.h>
#include <CGAL/Segment_Delaunay_graph_filtered_traits_2.h>
#include <CGAL/create_offset_polygons_2.h>
#include <CGAL/create_straight_skeleton_2.h>
#include <CGAL/hilbert_sort.h>
#include <CGAL/natural_neighbor_coordinates_2.h>
#include <CGAL/spatial_sort.h>
#include <vector>

namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Point = Kernel::Point_2;
using Polygon = CGAL::Polygon_2<Kernel>;

Polygon makeOutline() {
  Polygon outline;
  for (const Point &point : {Point(0, 0), Point(10, 0), Point(10, 4), Point(6, 5), Point(10, 6),
                             Point(10, 10), Point(0, 10), Point(0, 7), Point(3, 5), Point(0, 3)})
    outline.push_back(point);
  return outline;
}

std::string skeletons() {
  const Polygon outline = makeOutline();
  const auto inside = CGAL::create_interior_straight_skeleton_2(outline);
  const auto outside = CGAL::create_exterior_straight_skeleton_2(2.0, outline);
  const auto smaller = CGAL::create_interior_skeleton_and_offset_polygons_2(0.5, outline);
  double area = 0;
  for (const auto &part : smaller)
    area += part->area();
  return text("%d faces inside, %d outside, %d parts of %.3f\n", int(inside->size_of_faces()),
              int(outside->size_of_faces()), int(smaller.size()), area);
}

std::string simplified() {
  namespace simplification = CGAL::Polyline_simplification_2;
  Polygon wave;
  for (int index = 0; index < 40; ++index)
    wave.push_back(Point(index, index % 7 / 8.0));
  wave.push_back(Point(39, 20));
  wave.push_back(Point(0, 20));
  const Polygon simple =
      simplification::simplify(wave, simplification::Squared_distance_cost(),
                               simplification::Stop_below_count_ratio_threshold(0.5));
  return text("%d of %d corners left\n", int(simple.size()), int(wave.size()));
}

std::string segments() {
  using Traits = CGAL::Segment_Delaunay_graph_filtered_traits_2<Kernel, CGAL::Field_with_sqrt_tag>;
  CGAL::Segment_Delaunay_graph_2<Traits> graph;
  const Polygon outline = makeOutline();
  for (auto edge = outline.edges_begin(); edge != outline.edges_end(); ++edge)
    graph.insert(edge->source(), edge->target());
  graph.insert(Point(5, 5));
  return text("segments: %d sites, %d faces\n", int(graph.number_of_input_sites()),
              int(graph.number_of_faces()));
}

std::string sorted() {
  Numbers numbers(91);
  std::vector<Point> points;
  for (int index = 0; index < 50; ++index) {
    const double x = numbers.real();
    points.emplace_back(x, numbers.real());
  }
  CGAL::hilbert_sort(points.begin(), points.end());
  const Point first = points.front();
  CGAL::Delaunay_triangulation_2<Kernel> triangulation(points.begin(), points.end());
  std::vector<std::pair<Point, Kernel::FT>> shares;
  const auto sum = CGAL::natural_neighbor_coordinates_2(triangulation, Point(0.01, 0.02),
                                                        std::back_inserter(shares));
  return text("first (%.4f %.4f), %d neighbours, found %d\n", first.x(), first.y(),
              int(shares.size()), int(sum.third));
}

} // namespace

std::string reportOffsets() { return skeletons() + simplified() + segments() + sorted(); }
