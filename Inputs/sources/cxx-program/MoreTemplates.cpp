// The second user of Templates.h, and the one explicit instantiation.

#include "Templates.h"

#include <string>

template long twice<long>(long);

int useTemplatesElsewhere() {
  Counted<int> one, another;
  Counted<std::string> text;
  Stack<std::string> words;
  words.push("xyz");
  Stack<int> numbers;
  for (int number = 1; number <= 4; ++number)
    numbers.push(number);
  return 1000 * nextNumber() + 100 * static_cast<int>(sum(words).size()) + sum(numbers) +
         static_cast<int>(Fibonacci<5>::value());
}
