// The C++ twin of `parmat run` and `parmat partition`: the same steps by LLVM's C++ API, in the
// style of Julia's aotcompile.cpp (1.11's rules). What the Swift driver costs is measured against
// it. Independent of our Swift code: its plan is a second opinion too.
//
// usage: twin MODULE.bc --threads N [--always-split] [--plan-only] [--print-plan] [--verify]
//        [--timings]
//        twin --version

#include "twin-partition.h"
#include "twin-worker.h"

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <pthread.h>

using namespace llvm;

namespace {

struct Options {
  const char *path = nullptr;
  unsigned threads = 1;
  bool alwaysSplit = false, planOnly = false, printPlan = false, verify = false, timings = false;
};

[[noreturn]] void fail(const std::string &sentence) {
  fprintf(stderr, "twin: %s\n", sentence.c_str());
  exit(1);
}

Options parse(int argc, char **argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    if (word == "--version") {
      puts("twin");
      exit(0);
    } else if (word == "--threads" && i + 1 < argc) {
      options.threads = atoi(argv[++i]);
    } else if (word == "--always-split") {
      options.alwaysSplit = true;
    } else if (word == "--plan-only") {
      options.planOnly = true;
    } else if (word == "--print-plan") {
      options.printPlan = true;
    } else if (word == "--verify") {
      options.verify = true;
    } else if (word == "--timings") {
      options.timings = true;
    } else if (word[0] != '-' && !options.path) {
      options.path = argv[i];
    } else {
      fail("unknown argument " + word);
    }
  }
  if (!options.path || options.threads < 1)
    fail("usage: twin MODULE.bc --threads N [--always-split] [--plan-only] [--print-plan] "
         "[--verify] [--timings]");
  return options;
}

/// Runs a step and prints how long it took, where that was asked for.
template <typename Step> auto timed(const char *name, bool print, Step step) {
  struct Report {
    const char *name;
    bool print;
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    ~Report() {
      std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      if (print)
        fprintf(stderr, "%s %.6f\n", name, seconds.count());
    }
  } report{name, print};
  return step();
}

void *runWorker(void *argument) {
  static_cast<Worker *>(argument)->run();
  return nullptr;
}

/// add_output's threaded path: all threads created, then joined, in index order.
void runWorkers(const std::vector<Partition> &partitions, StringRef bytes, bool verify) {
  std::vector<Worker> workers;
  for (const Partition &partition : partitions)
    workers.push_back({&partition, bytes, verify});
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 8 << 20);
  std::vector<pthread_t> threads(workers.size());
  for (size_t i = 0; i < workers.size(); ++i)
    if (pthread_create(&threads[i], &attributes, runWorker, &workers[i]))
      fail("a thread does not start");
  for (pthread_t thread : threads)
    pthread_join(thread, nullptr);
}

void print(const std::vector<Partition> &partitions, bool names) {
  printf("Partition weights: [");
  for (size_t i = 0; i < partitions.size(); ++i)
    printf("%s%zu", i ? ", " : "", partitions[i].weight);
  printf("]\n");
  if (!names)
    return;
  for (size_t i = 0; i < partitions.size(); ++i)
    for (const std::string &name : partitions[i].order)
      printf("%zu\t%s\n", i, name.c_str());
}

} // namespace

int main(int argc, char **argv) {
  Options options = parse(argc, argv);
  auto context = std::make_unique<LLVMContext>();
  std::unique_ptr<Module> module = timed("parse", options.timings, [&] {
    auto buffer = MemoryBuffer::getFile(options.path, false, false);
    if (!buffer)
      fail(std::string("cannot read ") + options.path);
    auto parsed = parseBitcodeFile((*buffer)->getMemBufferRef(), *context);
    if (!parsed)
      fail(toString(parsed.takeError()));
    return std::move(*parsed);
  });
  timed("verify", options.timings, [&] {
    if (verifyModule(*module, &errs()))
      fail("the module is broken");
  });
  // compute_module_info; the thread count is given here, but its price is paid.
  size_t weight = timed("weigh", options.timings, [&] { return moduleWeight(*module); });
  if (options.threads == 1 && !options.alwaysSplit && !options.planOnly) {
    printf("weight %zu, in place\n", weight);
    return 0;
  }

  Partitioner partitioner(*module);
  timed("union", options.timings, [&] { partitioner.prepare(); });
  auto partitions =
      timed("fill", options.timings, [&] { return partitioner.fill(options.threads); });
  timed("check", options.timings, [&] {
    if (!partitioner.check(partitions))
      fail("the partitioning is wrong");
  });
  if (!options.planOnly) {
    SmallVector<char, 0> bytes;
    timed("serialize", options.timings, [&] {
      BitcodeWriter writer(bytes);
      writer.writeModule(*module);
      writer.writeSymtab();
      writer.writeStrtab();
    });
    module.reset();
    context.reset();
    timed("output", options.timings,
          [&] { runWorkers(partitions, StringRef(bytes.data(), bytes.size()), options.verify); });
  }
  print(partitions, options.printPlan);
  return 0;
}
