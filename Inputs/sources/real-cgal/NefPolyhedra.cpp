// Nef polyhedra: half-spaces with all boundary cases, in exact arithmetic.

#include "Chapters.h"

#include <CGAL/Exact_predicates_exact_constructions_kernel.h>
#include <CGAL/Nef_polyhedron_3.h>
#include <CGAL/Polyhedron_3.h>
#include <CGAL/Surface_mesh.h>
#include <CGAL/boost/graph/convert_nef_polyhedron_to_polygon_mesh.h>
#include <CGAL/convex_decomposition_3.h>
#include <CGAL/minkowski_sum_3.h>

namespace {

using Exact = CGAL::Exact_predicates_exact_constructions_kernel;
using Point = Exact::Point_3;
using Polyhedron = CGAL::Polyhedron_3<Exact>;
using Nef = CGAL::Nef_polyhedron_3<Exact>;

Nef makeBox(int from, int to) {
  Polyhedron box;
  CGAL::make_hexahedron(Point(from, from, from), Point(to, from, from), Point(to, to, from),
                        Point(from, to, from), Point(from, to, to), Point(from, from, to),
                        Point(to, from, to), Point(to, to, to), box);
  return Nef(box);
}

std::string counts(const char *name, const Nef &nef) {
  return text("%s: %d vertices, %d facets, %d volumes\n", name, int(nef.number_of_vertices()),
              int(nef.number_of_facets()), int(nef.number_of_volumes()));
}

} // namespace

std::string reportNefPolyhedra() {
  const Nef first = makeBox(0, 4), second = makeBox(2, 6), inner = makeBox(1, 3);
  Nef carved = first - inner;
  std::string lines = counts("union", first + second) + counts("intersection", first * second) +
                      counts("symmetric difference", first ^ second) + counts("carved", carved) +
                      counts("boundary", carved.boundary()) + counts("interior", first.interior());
  Nef corner = first - second;
  CGAL::convex_decomposition_3(corner);
  lines += counts("decomposed", corner);
  Nef small = makeBox(0, 1), notched = first - second;
  lines += counts("Minkowski sum", CGAL::minkowski_sum_3(notched, small));
  CGAL::Surface_mesh<Point> mesh;
  CGAL::convert_nef_polyhedron_to_polygon_mesh(first + second, mesh, true);
  return lines + text("mesh of %d faces\n", int(mesh.number_of_faces()));
}
