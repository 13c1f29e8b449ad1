import Foundation
import TestSupport
import Testing

@Suite("Both materializers")
struct MaterializersAgreeTests {
  private static let sources = [
    "groups.cpp": """
    #include <string>
    #include <vector>
    template <typename T> struct Stack {
      static int made;
      std::vector<T> items;
      Stack() { ++made; }
      T pop() { T last = items.back(); items.pop_back(); return last; }
    };
    template <typename T> int Stack<T>::made;
    thread_local Stack<std::string> names;
    int a() { Stack<int> s; s.items = {1, 2}; return s.pop() + Stack<int>::made; }
    std::string b() { names.items.push_back("x"); return names.pop(); }
    """,
    "mixture.c": """
    #include <stdio.h>
    static __thread int counter;
    static int number = 3;
    extern int same __attribute__((alias("number"), visibility("hidden")));
    static int (*choose(void))(int);
    int work(int) __attribute__((ifunc("choose")));
    static int slow(int x) { return x + number; }
    static int (*choose(void))(int) { return slow; }
    int renamed(int) __attribute__((alias("plain")));
    int plain(int x) { return work(x) + ++counter; }
    __attribute__((constructor)) static void start(void) { same++; puts("start"); }
    int jump(int i) {
      static void *const labels[] = {&&one, &&two};
      goto *labels[i];
    one: return 1;
    two: return 2;
    }
    static int kept __attribute__((used));
    __asm__(".globl from_assembly\\nfrom_assembly: ret");
    void from_assembly(void);
    int last(void) { from_assembly(); return renamed(1) + jump(0); }
    """,
    "plain.c": """
    struct Node { struct Node *next; int value; };
    static struct Node last = {0, 3}, first = {&last, 2};
    int sum(struct Node *n) { return n ? n->value + sum(n->next) : 0; }
    int total(void) { return sum(&first); }
    """,
  ]

  @Test(
    "write the same shards, instruction by instruction",
    arguments: sources.keys.sorted(), [["-O1"], ["-O0", "-g"]])
  func agree(name: String, options: [String]) throws {
    let source = try #require(Self.sources[name])
    let program = try ForeignProgram(source, named: name, options: options + ["-fPIC"])
    let byModule = try program.shardTexts(3, "module")
    let byFunctions = try program.shardTexts(3, "functions")
    for shard in 0..<3 {
      #expect(byModule[shard] == byFunctions[shard], "shard \(shard) of \(name)")
    }
    #expect(byModule.contains { $0.contains("define ") })
  }
}
