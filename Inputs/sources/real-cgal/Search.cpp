// Spatial searching, range trees, point set processing, interpolation, shortest distances.

#include "Chapters.h"

#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Fuzzy_iso_box.h>
#include <CGAL/Fuzzy_sphere.h>
#include <CGAL/Incremental_neighbor_search.h>
#include <CGAL/Kd_tree.h>
#include <CGAL/Orthogonal_incremental_neighbor_search.h>
#include <CGAL/Orthogonal_k_neighbor_search.h>
#include <CGAL/Search_traits_2.h>
#include <CGAL/Search_traits_3.h>
#include <CGAL/box_intersection_d.h>
#include <CGAL/compute_average_spacing.h>
#include <CGAL/grid_simplify_point_set.h>
#include <CGAL/jet_estimate_normals.h>
#include <CGAL/jet_smooth_point_set.h>
#include <CGAL/mst_orient_normals.h>
#include <CGAL/pca_estimate_normals.h>
#include <CGAL/property_map.h>
#include <CGAL/remove_outliers.h>
#include <utility>
#include <vector>

namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Point = Kernel::Point_3;

std::vector<Point> makePoints(int count) {
  Numbers numbers(111);
  std::vector<Point> points;
  for (int index = 0; index < count; ++index) {
    const double x = numbers.real(), y = numbers.real();
    points.emplace_back(x, y, x * y / 2);
  }
  return points;
}

std::string neighbours() {
  using Traits = CGAL::Search_traits_3<Kernel>;
  const auto points = makePoints(200);
  CGAL::Kd_tree<Traits> tree(points.begin(), points.end());
  CGAL::Orthogonal_k_neighbor_search<Traits> nearest(tree, Point(0, 0, 0), 5);
  double sum = 0;
  for (const auto &found : nearest)
    sum += found.second;
  CGAL::Orthogonal_incremental_neighbor_search<Traits>::Tree::Splitter splitter(4);
  CGAL::Orthogonal_incremental_neighbor_search<Traits>::Tree wide(points.begin(), points.end(),
                                                                  splitter);
  CGAL::Orthogonal_incremental_neighbor_search<Traits> farther(wide, Point(1, 1, 1));
  std::vector<Point> ball, box;
  tree.search(std::back_inserter(ball), CGAL::Fuzzy_sphere<Traits>(Point(0, 0, 0), 0.5));
  tree.search(std::back_inserter(box),
              CGAL::Fuzzy_iso_box<Traits>(Point(-0.5, -0.5, -1), Point(0.5, 0.25, 1)));
  return text("five nearest %.4f, next %.4f, %d in the ball, %d in the box\n", sum,
              (*farther.begin()).second, int(ball.size()), int(box.size()));
}

std::string boxes() {
  using Box = CGAL::Box_intersection_d::Box_d<double, 3>;
  std::vector<Box> all;
  for (const Point &point : makePoints(80))
    all.emplace_back(CGAL::Bbox_3(point.x(), point.y(), point.z(), point.x() + 0.25,
                                  point.y() + 0.125, point.z() + 0.5));
  int count = 0;
  CGAL::box_self_intersection_d(all.begin(), all.end(), [&](const Box &, const Box &) { ++count; });
  return text("%d pairs of boxes meet\n", count);
}

std::string surfaces() {
  using Directed = std::pair<Point, Kernel::Vector_3>;
  std::vector<Directed> points;
  for (const Point &point : makePoints(150))
    points.emplace_back(point, Kernel::Vector_3());
  const auto maps = CGAL::parameters::point_map(CGAL::First_of_pair_property_map<Directed>())
                        .normal_map(CGAL::Second_of_pair_property_map<Directed>());
  CGAL::jet_smooth_point_set<CGAL::Sequential_tag>(points, 12, maps);
  CGAL::pca_estimate_normals<CGAL::Sequential_tag>(points, 12, maps);
  CGAL::jet_estimate_normals<CGAL::Sequential_tag>(points, 12, maps);
  const auto unoriented = CGAL::mst_orient_normals(points, 12, maps);
  const int oriented = int(unoriented - points.begin());
  points.erase(CGAL::remove_outliers<CGAL::Sequential_tag>(
                   points, 12,
                   CGAL::parameters::point_map(CGAL::First_of_pair_property_map<Directed>())
                       .threshold_percent(10)),
               points.end());
  const double spacing = CGAL::compute_average_spacing<CGAL::Sequential_tag>(
      points, 6, CGAL::parameters::point_map(CGAL::First_of_pair_property_map<Directed>()));
  return text("%d oriented, %d left, spacing %.2f\n", oriented, int(points.size()), spacing);
}

} // namespace

std::string reportSearch() { return neighbours() + boxes() + surfaces(); }
