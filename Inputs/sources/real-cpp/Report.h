// The chapters of the report that this program prints. Each is a file, and uses nlohmann json or
// fmt in its own way, so that the linked module holds much of both libraries.

#ifndef REAL_CPP_REPORT_H
#define REAL_CPP_REPORT_H

#include <cstdint>
#include <string>
#include <vector>

struct Instrument {
  std::string name;
  std::uint32_t serial = 0;
  double gain = 1;
  std::vector<double> readings;
};

/// The same instruments at every call: a linear congruential generator, no clock and no `rand`.
std::vector<Instrument> makeInstruments(std::size_t count);

std::string reportDocuments();
std::string reportConversions();
std::string reportPatches();
std::string reportBinaryForms();
std::string reportErrors();
std::string reportFormats();
std::string reportRanges();
std::string reportTimes();

#endif
