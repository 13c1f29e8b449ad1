#ifndef REAL_BOOST_CHAPTERS_H
#define REAL_BOOST_CHAPTERS_H

#include "../real-report/Report.h"

std::string reportParsers();
std::string reportGraphs();
std::string reportNumbers();
std::string reportContainers();

#endif
