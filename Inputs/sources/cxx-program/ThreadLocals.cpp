// Threads with thread-local objects; they are constructed and destroyed once a thread.

#include "ThreadLocals.h"
#include "Program.h"

#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

namespace {

std::atomic<int> constructed(0), destroyed(0);
std::mutex mutex;
std::once_flag flag;
int shared = 0, onces = 0;

void work(int turns, std::string *result) {
  for (int turn = 0; turn < turns; ++turn) {
    writeElsewhere("tick");
    ++plainNumber;
    const std::lock_guard<std::mutex> lock(mutex);
    ++shared;
  }
  std::call_once(flag, [] { ++onces; });
  *result = journal.text + " " + std::to_string(plainNumber);
}

} // namespace

Journal::Journal() : text("journal:") { ++constructed; }
Journal::~Journal() { ++destroyed; }

thread_local Journal journal;
thread_local int plainNumber = 30;

void showThreadLocals() {
  std::string results[2];
  std::thread one(work, 1, &results[0]), other(work, 3, &results[1]);
  one.join();
  other.join();
  for (const std::string &result : results)
    std::printf("thread-locals: %s\n", result.c_str());
  std::printf("thread-locals: %d constructed, %d destroyed, %d turns, %d once\n",
              constructed.load(), destroyed.load(), shared, onces);
  writeElsewhere("main");
  std::printf("thread-locals: %s %d\n", journal.text.c_str(), plainNumber);
}
