// Boolean operations on polygons, straight and curved; partitions, Minkowski sums, visibility.

#include "Chapters.h"

#include <CGAL/Arr_segment_traits_2.h>
#include <CGAL/Arrangement_2.h>
#include <CGAL/Boolean_set_operations_2.h>
#include <CGAL/Exact_predicates_exact_constructions_kernel.h>
#include <CGAL/General_polygon_set_2.h>
#include <CGAL/Gps_circle_segment_traits_2.h>
#include <CGAL/Partition_traits_2.h>
#include <CGAL/Polygon_2.h>
#include <CGAL/Polygon_set_2.h>
#include <CGAL/Polygon_with_holes_2.h>
#include <CGAL/Simple_polygon_visibility_2.h>
#include <CGAL/minkowski_sum_2.h>
#include <CGAL/partition_2.h>
#include <list>
#include <vector>

namespace {

using Exact = CGAL::Exact_predicates_exact_constructions_kernel;
using Point = Exact::Point_2;
using Polygon = CGAL::Polygon_2<Exact>;
using Holed = CGAL::Polygon_with_holes_2<Exact>;

Polygon makeComb(int teeth, int shift) {
  Polygon comb;
  comb.push_back(Point(shift, shift));
  comb.push_back(Point(shift + 4 * teeth, shift));
  for (int tooth = teeth; tooth-- > 0;) {
    comb.push_back(Point(shift + 4 * tooth + 3, shift + 6));
    comb.push_back(Point(shift + 4 * tooth + 1, shift + 2));
  }
  return comb;
}

double area(const std::vector<Holed> &parts) {
  Exact::FT sum = 0;
  for (const Holed &part : parts) {
    sum += part.outer_boundary().area();
    for (auto hole = part.holes_begin(); hole != part.holes_end(); ++hole)
      sum += hole->area();
  }
  return CGAL::to_double(sum);
}

std::string combine() {
  const Polygon first = makeComb(4, 0), second = makeComb(3, 1);
  std::vector<Holed> common, rest, either;
  CGAL::intersection(first, second, std::back_inserter(common));
  CGAL::difference(first, second, std::back_inserter(rest));
  CGAL::symmetric_difference(first, second, std::back_inserter(either));
  CGAL::Polygon_set_2<Exact> set(first);
  set.join(second);
  set.complement();
  return text("common %.4f, rest %.4f, either %.4f, %d outside\n", area(common), area(rest),
              area(either), int(set.number_of_polygons_with_holes()));
}

std::string curved() {
  using Traits = CGAL::Gps_circle_segment_traits_2<Exact>;
  CGAL::General_polygon_set_2<Traits> set;
  for (int index = 0; index < 5; ++index) {
    const Exact::Circle_2 circle(Point(index, index % 2), Exact::FT(1));
    const Traits::Curve_2 whole(circle);
    std::vector<CGAL::Object> pieces;
    Traits().make_x_monotone_2_object()(whole, std::back_inserter(pieces));
    Traits::Polygon_2 disc;
    for (const CGAL::Object &piece : pieces) {
      Traits::X_monotone_curve_2 arc;
      if (CGAL::assign(arc, piece))
        disc.push_back(arc);
    }
    if (index == 3)
      set.difference(disc);
    else
      set.join(disc);
  }
  return text("curved: %d parts, %d edges\n", int(set.number_of_polygons_with_holes()),
              int(set.arrangement().number_of_edges()));
}

std::string divide() {
  const Polygon comb = makeComb(5, 0);
  using Traits = CGAL::Partition_traits_2<Exact>;
  std::list<Traits::Polygon_2> convex, monotone, best;
  CGAL::approx_convex_partition_2(comb.vertices_begin(), comb.vertices_end(),
                                  std::back_inserter(convex), Traits());
  CGAL::y_monotone_partition_2(comb.vertices_begin(), comb.vertices_end(),
                               std::back_inserter(monotone), Traits());
  CGAL::optimal_convex_partition_2(comb.vertices_begin(), comb.vertices_end(),
                                   std::back_inserter(best), Traits());
  const Holed sum = CGAL::minkowski_sum_2(comb, makeComb(2, 0));
  return text("%d convex parts, %d at best, %d monotone; sum of %d corners\n", int(convex.size()),
              int(best.size()), int(monotone.size()), int(sum.outer_boundary().size()));
}

std::string visible() {
  using Arrangement = CGAL::Arrangement_2<CGAL::Arr_segment_traits_2<Exact>>;
  Arrangement room, seen;
  const Polygon comb = makeComb(3, 0);
  CGAL::insert(room, comb.edges_begin(), comb.edges_end());
  auto face = room.faces_begin();
  while (face->is_unbounded())
    ++face;
  const CGAL::Simple_polygon_visibility_2<Arrangement> visibility(room);
  visibility.compute_visibility(Point(Exact::FT(5) / 2, 1), face, seen);
  return text("seen: %d corners\n", int(seen.number_of_vertices()));
}

} // namespace

std::string reportPolygons() { return combine() + curved() + divide() + visible(); }
