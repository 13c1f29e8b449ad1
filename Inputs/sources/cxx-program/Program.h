// The parts of this C++ program, one a file, and what several of them share.

#ifndef CXX_PROGRAM_H
#define CXX_PROGRAM_H

#include <string>

void showStatics();      // Statics.cpp
void showShapes();       // Shapes.cpp, MoreShapes.cpp
void showExceptions();   // Exceptions.cpp
void showTemplates();    // Templates.cpp
void showFunctions();    // Functions.cpp
void showThreadLocals(); // ThreadLocals.cpp

/// What is thrown in one file and caught in another.
struct Failure {
  explicit Failure(int code) : code(code) {}
  virtual ~Failure() = default;
  virtual std::string text() const { return "failure " + std::to_string(code); }
  int code;
};

/// Throws by its number: nothing, a Failure, a class of Thrower.cpp's own, an int, or a
/// std::exception. Prints at each frame that is unwound.
int throwing(int number);

#endif
