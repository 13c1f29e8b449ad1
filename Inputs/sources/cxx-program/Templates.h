// Inline functions, variables and templates: every file that uses one has a copy (a comdat), and
// the linker keeps one of them.

#ifndef CXX_PROGRAM_TEMPLATES_H
#define CXX_PROGRAM_TEMPLATES_H

#include <cstddef>

// C++14, clang 14's default, has no inline variables; a static member of a template is one.
template <typename Value> struct Counted {
  static int made;
  Counted() { ++made; }
};
template <typename Value> int Counted<Value>::made = 0;

inline int nextNumber() {
  static int number = 0;
  return ++number;
}

template <std::size_t Index> struct Fibonacci {
  static long value() { return Fibonacci<Index - 1>::value() + Fibonacci<Index - 2>::value(); }
};
template <> struct Fibonacci<1> {
  static long value() { return 1; }
};
template <> struct Fibonacci<0> {
  static long value() { return 0; }
};

template <typename Value> class Stack {
public:
  ~Stack() {
    while (top != nullptr)
      pop();
  }
  void push(const Value &value) { top = new Node{value, top}; }
  Value pop() {
    Node *node = top;
    Value value = node->value;
    top = node->below;
    delete node;
    return value;
  }
  bool isEmpty() const { return top == nullptr; }

private:
  struct Node {
    Value value;
    Node *below;
  };
  Node *top = nullptr;
};

template <typename Value> Value sum(Stack<Value> &stack) {
  Value total = Value();
  while (!stack.isEmpty())
    total = total + stack.pop();
  return total;
}

// Instantiated once, in MoreTemplates.cpp.
template <typename Value> Value twice(Value value) { return value + value; }
extern template long twice<long>(long);

int useTemplatesElsewhere();

#endif
