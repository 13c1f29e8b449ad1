// Uses Templates.h with the types that MoreTemplates.cpp uses too: both must see the same objects.

#include "Templates.h"
#include "Program.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

void showTemplates() {
  std::printf("templates: numbers %d", nextNumber());
  std::printf(" %d", useTemplatesElsewhere());
  std::printf(" %d\n", nextNumber());
  std::printf("templates: made %d of int", (Counted<int>(), Counted<int>::made));
  std::printf(" and %d of std::string\n", Counted<std::string>::made);
  std::printf("templates: %ld %ld\n", Fibonacci<10>::value(), twice(21L));

  Stack<std::string> words;
  for (const char *word : {"c", "b", "a"})
    words.push(word);
  std::printf("templates: %s\n", sum(words).c_str());

  std::map<std::string, std::vector<int>> groups;
  for (int number = 0; number < 12; ++number)
    groups[number % 3 == 0 ? "thirds" : "others"].push_back(number * 7 % 12);
  for (auto &group : groups) {
    std::sort(group.second.begin(), group.second.end());
    std::printf("templates: %s", group.first.c_str());
    for (int number : group.second)
      std::printf(" %d", number);
    std::printf("\n");
  }
}
