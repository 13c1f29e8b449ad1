// Multi-index, Property Tree, interval maps, Variant and Format.

#include "Chapters.h"

#include <boost/format.hpp>
#include <boost/icl/interval_map.hpp>
#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index/ranked_index.hpp>
#include <boost/multi_index/sequenced_index.hpp>
#include <boost/multi_index_container.hpp>
#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <boost/variant.hpp>
#include <sstream>

namespace {

struct Instrument {
  int serial;
  std::string name;
  double gain;
};

std::string catalogue() {
  namespace index = boost::multi_index;
  index::multi_index_container<
      Instrument,
      index::indexed_by<
          index::sequenced<>,
          index::hashed_unique<index::member<Instrument, int, &Instrument::serial>>,
          index::ordered_non_unique<index::member<Instrument, std::string, &Instrument::name>>,
          index::ranked_non_unique<index::member<Instrument, double, &Instrument::gain>>>>
      all;
  Numbers numbers(51);
  for (int count = 0; count < 60; ++count)
    all.push_back({numbers.below(100), count % 3 ? "barometer" : "compass", numbers.real()});
  const auto &gains = all.get<3>();
  std::string lines =
      str(boost::format("%1% instruments, %2% compasses, median %3$.4f\n") % all.size() %
          all.get<2>().count("compass") % gains.nth(gains.size() / 2)->gain);
  all.get<2>().erase("barometer");
  return lines + str(boost::format("%|5| left, first %|=9|, %s\n") % all.size() %
                     all.front().serial % all.front().name);
}

std::string documents() {
  namespace tree = boost::property_tree;
  tree::ptree document;
  std::istringstream source(
      R"({"name": "compass", "gains": [1.5, 2.5], "at": {"x": 3, "y": "4"}})");
  tree::read_json(source, document);
  document.put("at.z", 5.25);
  std::ostringstream asXML, asJSON;
  tree::write_xml(asXML, document);
  tree::write_json(asJSON, document, false);
  return asXML.str() + "\n" + asJSON.str();
}

struct Describe : boost::static_visitor<std::string> {
  std::string operator()(int value) const { return text("int %d", value); }
  std::string operator()(double value) const { return text("double %.2f", value); }
  std::string operator()(const std::string &value) const { return "string " + value; }
};

std::string variants() {
  boost::icl::interval_map<int, int> busy;
  busy += std::make_pair(boost::icl::interval<int>::right_open(1, 5), 1);
  busy += std::make_pair(boost::icl::interval<int>::closed(3, 8), 2);
  std::ostringstream lines;
  lines << busy << "\n";
  for (const boost::variant<int, double, std::string> &value :
       {boost::variant<int, double, std::string>(3), {2.5}, {std::string("text")}})
    lines << boost::apply_visitor(Describe(), value) << "\n";
  return lines.str();
}

} // namespace

std::string reportContainers() { return catalogue() + documents() + variants(); }
