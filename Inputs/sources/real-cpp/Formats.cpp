// Formats: fmt's specifications for numbers and text, named arguments, a formatter of our own.

#include "Report.h"

#include <complex>
#include <fmt/args.h>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/printf.h>
#include <limits>
#include <ostream>

// Where Instrument is: a template of fmt's looks there only.
static std::ostream &operator<<(std::ostream &stream, const Instrument &instrument) {
  return stream << instrument.name << '#' << instrument.serial;
}

template <> struct fmt::formatter<Instrument> : ostream_formatter {};

template <typename Number> struct fmt::formatter<std::complex<Number>> {
  formatter<Number> part;
  constexpr auto parse(format_parse_context &context) { return part.parse(context); }

  template <typename Context> auto format(const std::complex<Number> &z, Context &context) const {
    auto out = part.format(z.real(), context);
    *out++ = '|';
    context.advance_to(out);
    return part.format(z.imag(), context);
  }
};

namespace {

template <typename Integer> std::string integers() {
  using Limits = std::numeric_limits<Integer>;
  std::string text;
  for (Integer value : {Limits::min(), Integer(42), Limits::max()})
    text += fmt::format("{0} {0:>21} {0:#x} {0:#o} {0:#b} {0:*^24} {0:024}\n", value);
  return text;
}

template <typename Real> std::string reals() {
  std::string text;
  for (Real value : {Real(0), Real(-0.1), Real(1) / 3, Real(6.02214076e23),
                     std::numeric_limits<Real>::infinity(), Real(1e-30)})
    text += fmt::format("{0} {0:.3f} {0:e} {0:.5g} {0:a} {0:>+12.2E}\n", value);
  return text;
}

} // namespace

std::string reportFormats() {
  std::string text = integers<std::int8_t>() + integers<std::uint16_t>() + integers<int>() +
                     integers<unsigned long>() + integers<long long>();
  text += reals<float>() + reals<double>() + reals<long double>();
  text += fmt::format("{:.3}|{:<8}|{:^8}|{:_>8}|{:c}|{}\n", "truncated", "left", "mid", "right",
                      120, true);
  text += fmt::format("{1} {0} {name:>{width}}\n", "second", "first", fmt::arg("name", "named"),
                      fmt::arg("width", 9));
  text += fmt::format("{:.2f} {}\n", std::complex<double>(1, -2.5), std::complex<float>(0, 1));
  text += fmt::format("{:>20}\n", makeInstruments(2)[1]);
  text += fmt::format(FMT_COMPILE("{}:{:04x}\n"), "compiled", 48879);
  text += fmt::sprintf("%-8s|%08.3f|%+d|%#x|%c|%%\n", "printf", 3.14159, 7, 255, 'z');

  fmt::dynamic_format_arg_store<fmt::format_context> arguments;
  arguments.push_back(1);
  arguments.push_back("two");
  arguments.push_back(fmt::arg("three", 3.0));
  text += fmt::vformat("{} {} {three:.1f}\n", arguments);
  return text;
}
