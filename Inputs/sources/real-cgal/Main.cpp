// CGAL, with the Boost and Eigen that it uses: what is printed, and in which order.

#include "Chapters.h"

int main() {
  return printReport({
      {"triangulations", reportTriangulations},
      {"spatial triangulations", reportSpatialTriangulations},
      {"hulls", reportHulls},
      {"polygons", reportPolygons},
      {"offsets", reportOffsets},
      {"arrangements", reportArrangements},
      {"search", reportSearch},
      {"meshes", reportMeshes},
      {"mesh booleans", reportMeshBooleans},
      {"Nef polyhedra", reportNefPolyhedra},
  });
}
