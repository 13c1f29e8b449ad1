// Multiprecision, Math, odeint and Accumulators.

#include "Chapters.h"

#include <array>
#include <boost/accumulators/accumulators.hpp>
#include <boost/accumulators/statistics.hpp>
#include <boost/accumulators/statistics/rolling_mean.hpp>
#include <boost/accumulators/statistics/rolling_window.hpp>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/zeta.hpp>
#include <boost/math/tools/roots.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_dec_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <boost/multiprecision/miller_rabin.hpp>
#include <boost/numeric/odeint.hpp>

namespace {

namespace precise = boost::multiprecision;

std::string integers() {
  precise::cpp_int factorial = 1;
  for (int factor = 2; factor <= 40; ++factor)
    factorial *= factor;
  const precise::cpp_rational harmonic(factorial / 40 + factorial / 39, factorial);
  const precise::int512_t mersenne = (precise::int512_t(1) << 127) - 1;
  return factorial.str() + "\n" + harmonic.str() + "\n" + powm(mersenne, 3, 1000003).str() + " " +
         (miller_rabin_test(precise::cpp_int(mersenne), 8) ? "prime" : "composite") + "\n";
}

template <typename Real> std::string digits(const char *name, int count) {
  const Real root = sqrt(Real(2)), angle = atan2(Real(1), Real(3));
  return text("%s: ", name) + Real(exp(root) * sin(angle)).str(count) + " " +
         Real(pow(root, angle) + log(root)).str(count) + "\n";
}

std::string distributions() {
  using namespace boost::math;
  const double root = tools::bisect([](double x) { return cyl_bessel_j(0, x); }, 2.0, 3.0,
                                    tools::eps_tolerance<double>(30))
                          .first;
  return text("normal %.6f, t %.6f, beta %.6f, zeta %.6f, root of J0 %.6f\n",
              cdf(normal(1, 2), 2.5), quantile(students_t(5), 0.975),
              cdf(beta_distribution<>(2, 3), 0.25), zeta(3.0), root);
}

std::string oscillator() {
  using State = std::array<double, 2>;
  State state = {1, 0};
  const auto move = [](const State &at, State &change, double) {
    change[0] = at[1];
    change[1] = -at[0] - 0.125 * at[1];
  };
  using namespace boost::numeric::odeint;
  const auto steps = integrate_adaptive(make_controlled<runge_kutta_dopri5<State>>(1e-8, 1e-8),
                                        move, state, 0.0, 8.0, 0.125);
  return text("oscillator (%.4f %.4f) after %d steps\n", state[0], state[1], int(steps));
}

std::string statistics() {
  using namespace boost::accumulators;
  accumulator_set<double, stats<tag::mean, tag::variance, tag::skewness, tag::kurtosis, tag::median,
                                tag::rolling_mean, tag::max>>
      all(tag::rolling_window::window_size = 10);
  Numbers numbers(41);
  for (int index = 0; index < 200; ++index)
    all(numbers.real());
  return text(
      "mean %.4f, variance %.4f, skewness %.4f, kurtosis %.4f, rolling %.4f, largest %.4f\n",
      mean(all), variance(all), skewness(all), kurtosis(all), rolling_mean(all), max(all));
}

} // namespace

std::string reportNumbers() {
  return integers() + digits<precise::cpp_dec_float_50>("decimal", 45) +
         digits<precise::cpp_bin_float_quad>("binary", 30) + distributions() + oscillator() +
         statistics();
}
