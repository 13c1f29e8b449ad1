// Times: fmt's durations and calendar dates, and colored text. All of them are constants.

#include "Report.h"

#include <chrono>
#include <fmt/chrono.h>
#include <fmt/color.h>
#include <fmt/format.h>

std::string reportTimes() {
  using namespace std::chrono;
  std::string text;
  text += fmt::format("{} {} {} {}\n", 90s, 1500ms, 2h, microseconds(7));
  text += fmt::format("{:%H:%M:%S} {:%Q %q}\n", 3h + 25min + 45s, 12min);
  text += fmt::format("{:.2} {}\n", duration<double>(12.345), duration<double, std::milli>(0.5));

  // Of the calendar only, so that the machine's time zone is not asked.
  std::tm moment = {};
  moment.tm_year = 2023 - 1900;
  moment.tm_mon = 4;
  moment.tm_mday = 16;
  moment.tm_wday = 2;
  moment.tm_yday = 135;
  moment.tm_hour = 13;
  moment.tm_min = 7;
  text += fmt::format("{:%Y-%m-%d %H:%M:%S %j %u %I%p %y %D %R %T}\n", moment);
  text += fmt::format("{:%A %a %B %b %e %U %W %G-W%V}\n", moment);
  text += fmt::format("{:%F}\n", fmt::gmtime(std::time_t(951782400)));

  text += fmt::format(fmt::emphasis::bold | fg(fmt::color::steel_blue), "{:>8}", "blue");
  text += fmt::format(bg(fmt::rgb(10, 20, 30)) | fg(fmt::terminal_color::red), "{}\n", 1.5);
  return text;
}
