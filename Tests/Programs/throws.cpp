// A multithreaded C++ program: exceptions, thread-locals with destructors, and a crash if asked.

#include <atomic>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

static std::atomic<int> caught, destroyed;

struct Local {
  ~Local() { ++destroyed; }
  int count = 0;
};

static thread_local Local local;

static int deep(int depth) {
  if (depth == 0)
    throw std::runtime_error("deep");
  return deep(depth - 1) + 1;
}

static void work(bool dies) {
  for (int i = 0; i < 1000; ++i) {
    try {
      local.count += deep(i % 20);
    } catch (const std::exception &) {
      ++caught;
    }
  }
  if (dies) {
    std::vector<int> *none = nullptr;
    none->push_back(1);
  }
}

int main(int count, char **arguments) {
  bool dies = count > 1 && !std::strcmp(arguments[1], "crash");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, dies && i == 3);
  for (auto &thread : threads)
    thread.join();
  std::printf("caught %d, destroyed %d\n", caught.load(), destroyed.load());
}
