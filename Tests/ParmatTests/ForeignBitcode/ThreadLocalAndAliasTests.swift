import Foundation
import TestSupport
import Testing

@Suite("Bitcode with thread-locals and aliases")
struct ThreadLocalAndAliasTests {
  @Test("each thread has its own copy of C's thread-locals") func threadLocals() throws {
    let program = try ForeignProgram(
      """
      #include <pthread.h>
      #include <stdio.h>
      __thread int visible = 5;
      static __thread int counter;
      __attribute__((noinline)) int step(void) { static __thread int calls = 10; return ++calls; }
      __attribute__((noinline)) int add(int x) { return counter += x + visible; }
      static void *work(void *result) {
        visible = 100;
        *(int *)result = add(1) + step();
        return NULL;
      }
      int main(void) {
        int there = 0;
        pthread_t thread;
        step();
        pthread_create(&thread, NULL, work, &there);
        pthread_join(thread, NULL);
        printf("%d %d %d\\n", there, add(1), step());
        return counter;
      }
      """, named: "tls.c", linkOptions: ["-pthread"])
    try program.expectSameWhenSplit(printing: "112 6 12\n", status: 6)
  }

  @Test("thread-locals of C++ are constructed and destroyed in each thread")
  func constructedThreadLocals() throws {
    let program = try ForeignProgram(
      """
      #include <cstdio>
      #include <string>
      #include <thread>
      struct Loud {
        std::string name;
        Loud(const char *n) : name(n) { std::printf("+%s\\n", n); }
        ~Loud() { std::printf("-%s\\n", name.c_str()); }
      };
      thread_local Loud outer("outer");
      static thread_local Loud inner("inner");
      inline thread_local Loud shared("shared");
      __attribute__((noinline)) size_t a() { return outer.name.size(); }
      __attribute__((noinline)) size_t b() { return inner.name.size() + shared.name.size(); }
      int main() {
        std::thread([] { std::printf("%zu\\n", a() + b()); }).join();
        std::puts("joined");
        return a() + b();
      }
      """, named: "tls.cpp", options: ["-O1", "-fPIC", "-std=c++17"], linkOptions: ["-pthread"])
    let whole = try run(try program.linkWhole()).output
    #expect(whole.contains("-shared\njoined\n") || whole.contains("-outer\njoined\n"))
    try program.expectSameWhenSplit(printing: whole, status: 16)
  }

  @Test("aliases of functions stand for them in every shard") func functionAliases() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      int real(int x) { return x * 3; }
      int other(int) __attribute__((alias("real")));
      int again(int) __attribute__((alias("other")));
      int soft(int) __attribute__((weak, alias("real")));
      static int inner(int x) { return x - 1; }
      int exported(int) __attribute__((alias("inner"), visibility("hidden")));
      int (*table[])(int) = {other, soft, exported};
      __attribute__((noinline)) int a(int x) { return other(x) + again(x); }
      __attribute__((noinline)) int b(int x) { return soft(x) + exported(x); }
      int main(void) {
        printf("%d %d %d %d\\n", a(1), b(2), table[0] == table[1], table[2](9));
        return real(7);
      }
      """, named: "aliases.c")
    try program.expectSameWhenSplit(printing: "6 7 1 8\n", status: 21)
  }

  @Test("aliases of variables share their memory across shards") func variableAliases() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      int number = 4;
      extern int same __attribute__((alias("number")));
      extern int soft __attribute__((weak, alias("same")));
      static int secret = 9;
      extern int opened __attribute__((alias("secret"), visibility("hidden")));
      int *pointers[] = {&same, &opened};
      __attribute__((noinline)) void a(void) { same++; opened += 2; }
      __attribute__((noinline)) void b(void) { soft *= 2; secret++; }
      int main(void) {
        a();
        b();
        printf("%d %d %d %d\\n", number, same, *pointers[0], *pointers[1]);
        return secret;
      }
      """, named: "variables.c")
    try program.expectSameWhenSplit(printing: "10 10 10 12\n", status: 12)
  }

  @Test("an alias of an alias of a variable, and one into it, in whatever order they stand")
  func chainedAliases() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      int numbers[4] = {1, 2, 3, 4};
      extern int first[4] __attribute__((alias("numbers")));
      __attribute__((noinline)) int useFirst(void) { return first[1]; }
      extern int second[4] __attribute__((alias("first")));
      extern int third[4] __attribute__((alias("second")));
      int *inside = &second[3];
      __attribute__((noinline)) int useSecond(void) { return second[2]++; }
      __attribute__((noinline)) int useThird(void) { return third[2] + *inside; }
      int main(void) {
        printf("%d %d %d\\n", useFirst(), useSecond(), useThird());
        return numbers[2];
      }
      """, named: "chained.c")
    try program.expectSameWhenSplit(printing: "2 3 8\n", status: 4)
  }

  @Test("an alias of a thread-local variable is thread-local too") func threadLocalAliases() throws
  {
    let program = try ForeignProgram(
      """
      #include <pthread.h>
      #include <stdio.h>
      __thread int number = 4;
      extern __thread int same __attribute__((alias("number")));
      __attribute__((noinline)) int a(void) { return same++; }
      __attribute__((noinline)) int b(void) { return number + same; }
      static void *work(void *result) { a(); *(int *)result = b(); return NULL; }
      int main(void) {
        int there = 0;
        pthread_t thread;
        a(), a();
        pthread_create(&thread, NULL, work, &there);
        pthread_join(thread, NULL);
        printf("%d %d\\n", there, b());
        return number;
      }
      """, named: "tlsalias.c", linkOptions: ["-pthread"])
    try program.expectSameWhenSplit(printing: "10 12\n", status: 6)
  }

  @Test("an alias may point into a variable") func aliasesWithOffset() throws {
    let program = try ForeignProgram(
      ir: """
        @pair = global [4 x i32] [i32 3, i32 4, i32 5, i32 6]
        @second = alias i32, {{i32*}} getelementptr inbounds ([4 x i32], {{[4 x i32]*}} @pair, \
        i64 0, i64 1)
        @fourth = internal alias i32, {{i32*}} getelementptr inbounds ([4 x i32], \
        {{[4 x i32]*}} @pair, i64 0, i64 3)
        @address = global {{i32*}} @second
        define i32 @a() noinline {
          %x = load i32, {{i32*}} @second
          ret i32 %x
        }
        define i32 @b() noinline {
          %x = load i32, {{i32*}} @fourth
          store i32 50, {{i32*}} @second
          ret i32 %x
        }
        define i32 @main() {
          %a = call i32 @a()
          %b = call i32 @b()
          %p = load {{i32*}}, {{i32**}} @address
          %c = load i32, {{i32*}} %p
          %ab = add i32 %a, %b
          %abc = add i32 %ab, %c
          ret i32 %abc
        }
        """)
    try program.expectSameWhenSplit(printing: "", status: 60)
  }

  @Test("an alias of a function under another type is called with that type")
  func castAliases() throws {
    let program = try ForeignProgram(
      ir: """
        define i32 @real(i32 %x) noinline {
          %y = add i32 %x, 1
          ret i32 %y
        }
        @cast = alias i64 (i64), {{i64 (i64)*}} bitcast ({{i32 (i32)*}} @real to {{i64 (i64)*}})
        @data = alias i8, {{i8*}} bitcast ({{i32 (i32)*}} @real to {{i8*}})
        define i64 @a(i64 %x) noinline {
          %y = call i64 @cast(i64 %x)
          %z = and i64 %y, 4294967295
          ret i64 %z
        }
        ; Read from memory: LLVM takes two declarations for two different addresses.
        @slot = global {{i8*}} @data
        define i1 @b() noinline {
          %d = load {{i8*}}, {{i8**}} @slot
          %p = ptrtoint {{i8*}} %d to i64
          %q = ptrtoint {{i32 (i32)*}} @real to i64
          %same = icmp eq i64 %p, %q
          ret i1 %same
        }
        define i32 @main() {
          %a = call i64 @a(i64 6)
          %b = call i1 @b()
          %x = trunc i64 %a to i32
          %y = zext i1 %b to i32
          %s = shl i32 %y, 4
          %r = or i32 %x, %s
          ret i32 %r
        }
        """)
    try program.expectSameWhenSplit(printing: "", status: 23)
  }
}
