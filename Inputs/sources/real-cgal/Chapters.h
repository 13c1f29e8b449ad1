#ifndef REAL_CGAL_CHAPTERS_H
#define REAL_CGAL_CHAPTERS_H

#include "../real-report/Report.h"

std::string reportArrangements();
std::string reportHulls();
std::string reportMeshes();
std::string reportMeshBooleans();
std::string reportNefPolyhedra();
std::string reportOffsets();
std::string reportPolygons();
std::string reportSearch();
std::string reportSpatialTriangulations();
std::string reportTriangulations();

#endif
