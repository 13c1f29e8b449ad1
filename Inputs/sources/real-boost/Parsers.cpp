// Spirit's Qi and Xpressive: grammars as expression templates.

#include "Chapters.h"

#include <boost/fusion/include/std_pair.hpp>
#include <boost/spirit/include/phoenix.hpp>
#include <boost/spirit/include/qi.hpp>
#include <boost/xpressive/xpressive_static.hpp>
#include <map>
#include <vector>

namespace qi = boost::spirit::qi;
namespace phoenix = boost::phoenix;

namespace {

using Position = std::string::const_iterator;

// Sums and products with brackets, powers and names.
struct Calculator : qi::grammar<Position, double(), qi::space_type> {
  Calculator() : Calculator::base_type(sum) {
    using qi::_1;
    using qi::_val;
    constants.add("one", 1)("two", 2)("dozen", 12);
    sum = product[_val = _1] >> *(('+' >> product[_val += _1]) | ('-' >> product[_val -= _1]));
    product = power[_val = _1] >> *(('*' >> power[_val *= _1]) | ('/' >> power[_val /= _1]));
    power = factor[_val = _1] >> -('^' >> qi::int_[_val = phoenix::bind(raised, _val, _1)]);
    factor = qi::double_[_val = _1] | constants[_val = _1] | ('(' >> sum[_val = _1] >> ')') |
             ('-' >> factor[_val = -_1]);
  }

  static double raised(double base, int exponent) {
    double result = 1;
    for (int index = 0; index < exponent; ++index)
      result *= base;
    return result;
  }

  qi::symbols<char, double> constants;
  qi::rule<Position, double(), qi::space_type> sum, product, power, factor;
};

std::string calculate(const std::string &formula) {
  double value = 0;
  auto position = formula.begin();
  const bool fits = qi::phrase_parse(position, formula.end(), Calculator(), qi::space, value);
  if (!fits || position != formula.end())
    return text("%s: stops at %d\n", formula.c_str(), int(position - formula.begin()));
  return text("%s = %.4f\n", formula.c_str(), value);
}

std::string readSettings(const std::string &source) {
  std::map<std::string, std::vector<int>> settings;
  const qi::rule<Position, std::string()> name = qi::alpha >> *(qi::alnum | qi::char_("_-"));
  const qi::rule<Position, std::vector<int>(), qi::blank_type> list =
      '[' >> -(qi::int_ % ',') >> ']' | qi::repeat(1)[qi::hex];
  const qi::rule<Position, std::pair<std::string, std::vector<int>>(), qi::blank_type> setting =
      name >> '=' >> list;
  auto position = source.begin();
  const bool fits =
      qi::phrase_parse(position, source.end(), setting % qi::eol, qi::blank, settings);
  std::string lines = fits && position == source.end() ? "" : "FAILED\n";
  for (const auto &known : settings) {
    lines += known.first + ":";
    for (int value : known.second)
      lines += text(" %d", value);
    lines += "\n";
  }
  return lines;
}

std::string findDates(const std::string &source) {
  using namespace boost::xpressive;
  const sregex date = bow >> (s1 = repeat<4>(_d)) >> '-' >> (s2 = repeat<2>(_d)) >> '-' >>
                      (s3 = repeat<2>(_d)) >> eow;
  const sregex mark = as_xpr('<') >> (s1 = +alpha) >> '>' >> (s2 = -*_) >> "</" >> s1 >> '>';
  std::string lines;
  for (sregex_iterator match(source.begin(), source.end(), date), end; match != end; ++match)
    lines += (*match)[3] + "." + (*match)[2] + "." + (*match)[1] + "\n";
  return lines + regex_replace(source, mark, std::string("[$2]")) + "\n";
}

} // namespace

std::string reportParsers() {
  return calculate("1 + 2 * (3 - 4.5) / dozen") + calculate("-(one + two)^5 * 0.5") +
         calculate("3 * (4 + ") + readSettings("mask = ff\nlimits = [1, -2, 3]\nempty_1 = []") +
         findDates("From <b>2024-02-29</b> to <i>2025-01-01</i>, not 12024-02-29.");
}
