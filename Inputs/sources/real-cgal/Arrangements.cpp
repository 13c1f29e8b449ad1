// Arrangements of segments, circles, conics' relatives and polylines, and point location in them.

#include "Chapters.h"

#include <CGAL/Arr_circle_segment_traits_2.h>
#include <CGAL/Arr_landmarks_point_location.h>
#include <CGAL/Arr_linear_traits_2.h>
#include <CGAL/Arr_overlay_2.h>
#include <CGAL/Arr_polyline_traits_2.h>
#include <CGAL/Arr_segment_traits_2.h>
#include <CGAL/Arr_trapezoid_ric_point_location.h>
#include <CGAL/Arr_walk_along_line_point_location.h>
#include <CGAL/Arrangement_2.h>
#include <CGAL/Envelope_diagram_1.h>
#include <CGAL/Exact_predicates_exact_constructions_kernel.h>
#include <CGAL/Surface_sweep_2_algorithms.h>
#include <CGAL/envelope_2.h>
#include <vector>

namespace {

using Exact = CGAL::Exact_predicates_exact_constructions_kernel;
using Segments = CGAL::Arr_segment_traits_2<Exact>;

std::vector<Segments::Curve_2> makeSegments(int count, int seed) {
  Numbers numbers(seed);
  std::vector<Segments::Curve_2> segments;
  for (int index = 0; index < count; ++index) {
    const int a = numbers.below(40), b = numbers.below(40), c = 50 + numbers.below(40);
    segments.emplace_back(Exact::Point_2(a, b), Exact::Point_2(c, numbers.below(40)));
  }
  return segments;
}

template <typename Arrangement>
std::string counts(const char *name, const Arrangement &arrangement) {
  return text("%s: %d vertices, %d edges, %d faces\n", name, int(arrangement.number_of_vertices()),
              int(arrangement.number_of_edges()), int(arrangement.number_of_faces()));
}

template <typename Location, typename Arrangement>
int isInside(const Arrangement &arrangement, const Exact::Point_2 &point) {
  const Location location(arrangement);
  const auto found = location.locate(point);
  const auto *face = boost::get<typename Arrangement::Face_const_handle>(&found);
  return face && !(*face)->is_unbounded();
}

std::string straight() {
  using Arrangement = CGAL::Arrangement_2<Segments>;
  const auto first = makeSegments(14, 101), second = makeSegments(9, 102);
  Arrangement one, two, both;
  CGAL::insert(one, first.begin(), first.end());
  CGAL::insert(two, second.begin(), second.end());
  CGAL::overlay(one, two, both);
  std::vector<Exact::Point_2> crossings;
  CGAL::compute_intersection_points(first.begin(), first.end(), std::back_inserter(crossings));
  const Exact::Point_2 middle(Exact::FT(181) / 4, Exact::FT(77) / 4);
  return counts("segments", one) + counts("overlay", both) +
         text("%d crossings; inside %d %d %d\n", int(crossings.size()),
              isInside<CGAL::Arr_walk_along_line_point_location<Arrangement>>(both, middle),
              isInside<CGAL::Arr_trapezoid_ric_point_location<Arrangement>>(both, middle),
              isInside<CGAL::Arr_landmarks_point_location<Arrangement>>(both, middle));
}

std::string round() {
  using Traits = CGAL::Arr_circle_segment_traits_2<Exact>;
  CGAL::Arrangement_2<Traits> arrangement;
  std::vector<Traits::Curve_2> curves;
  for (int index = 0; index < 6; ++index)
    curves.emplace_back(Exact::Circle_2(Exact::Point_2(index, index * index % 3), Exact::FT(4)));
  curves.emplace_back(Exact::Segment_2(Exact::Point_2(-3, 0), Exact::Point_2(9, 1)));
  CGAL::insert(arrangement, curves.begin(), curves.end());
  return counts("circles", arrangement);
}

std::string unbounded() {
  using Traits = CGAL::Arr_linear_traits_2<Exact>;
  CGAL::Arrangement_2<Traits> arrangement;
  std::vector<Traits::Curve_2> curves;
  for (int index = 0; index < 7; ++index)
    curves.emplace_back(
        Exact::Line_2(Exact::Point_2(index, 0), Exact::Point_2(7 - index, 1 + index)));
  curves.emplace_back(Exact::Ray_2(Exact::Point_2(3, 3), Exact::Point_2(4, 9)));
  CGAL::insert(arrangement, curves.begin(), curves.end());
  return counts("lines", arrangement);
}

std::string bent() {
  using Traits = CGAL::Arr_polyline_traits_2<Segments>;
  Traits traits;
  const auto construct = traits.construct_curve_2_object();
  CGAL::Arrangement_2<Traits> arrangement(&traits);
  for (int index = 0; index < 4; ++index) {
    std::vector<Exact::Point_2> points;
    for (int step = 0; step < 8; ++step)
      points.emplace_back(step * 3, (step * step + index * 5) % 11);
    CGAL::insert(arrangement, construct(points.begin(), points.end()));
  }
  return counts("polylines", arrangement);
}

std::string envelope() {
  const auto segments = makeSegments(12, 103);
  CGAL::Envelope_diagram_1<Segments> lower;
  CGAL::lower_envelope_2(segments.begin(), segments.end(), lower);
  int count = 0;
  for (auto edge = lower.leftmost(); edge != lower.rightmost(); edge = edge->right()->right())
    ++count;
  return text("lower envelope of %d edges\n", count);
}

} // namespace

std::string reportArrangements() {
  return straight() + round() + unbounded() + bent() + envelope();
}
