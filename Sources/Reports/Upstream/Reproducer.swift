/// The smallest program that runs into the host's limit of mappings inside gVisor: what a report
/// carries. 8 threads and 100 MiB each need three times the default limit of 65,530.
public enum Reproducer {
  public static let fileName = "exhaust.c"

  /// gVisor's maintainers want a static program, so that nothing of the image matters.
  public static let compileCommand = "cc -O2 -Wall -Wextra -static -pthread exhaust.c -o exhaust"

  public static let source = """
    // Small mallocs on eight threads die of SIGSEGV in gVisor (ptrace, systrap), where the host's
    // vm.max_map_count is 65530; natively, and on one thread, they complete.
    //
    //   cc -O2 -Wall -Wextra -static -pthread exhaust.c -o exhaust
    //   ./exhaust                                                  (prints "done")
    //   runsc --platform=ptrace --network=none do ./exhaust | cat  (SIGSEGV)
    //
    // Each thread grows a malloc arena of its own: glibc's grow_heap makes one page more writable by
    // mprotect, and stores to it. The sandbox backs that page by the next page of its memory file.
    // The arenas grow in turn, so that neighbours in the file are no neighbours in the address space,
    // and the host cannot merge them: one host mapping for each page. At the host's limit the
    // sandbox's mmap fails (ENOMEM), and the store's page fault becomes a SIGSEGV, on a page that
    // /proc/self/maps shows as rw-p.
    #include <pthread.h>
    #include <stdio.h>
    #include <stdlib.h>

    enum { threads = 8, mebibytes = 100, blockSize = 100, chunkSize = 112 };

    static void *grow(void *last) {
      for (long bytes = 0; bytes < (long)mebibytes << 20; bytes += chunkSize) {
        void **block = malloc(blockSize);
        if (!block) {
          fprintf(stderr, "malloc returned NULL after %ld MiB\\n", bytes >> 20);
          exit(1);
        }
        *block = last; // a list of all blocks: none can be left out
        last = block;
      }
      return last;
    }

    int main(void) {
      pthread_t started[threads];
      for (int i = 0; i < threads; ++i)
        if (pthread_create(&started[i], NULL, grow, NULL))
          return 1;
      for (int i = 0; i < threads; ++i)
        pthread_join(started[i], NULL);
      puts("done");
      return 0;
    }

    """
}
