// Virtual calls, dynamic_cast and typeid on objects that another file makes.

#include "Shapes.h"
#include "Program.h"

#include <cstdio>
#include <typeinfo>

const char *Colored::color() const { return "grey"; }

double Square::area() const { return side * side; }

namespace {

// Of a name that MoreShapes.cpp has too, and yet another class.
struct Hidden : Shape {
  double area() const override { return 0.5; }
};

void show(const Shape &shape) {
  const auto *colored = dynamic_cast<const Colored *>(&shape);
  std::printf("shapes: %s %.2f %s%s\n", shape.name().c_str(), shape.area(),
              colored ? colored->color() : "no color",
              typeid(shape) == typeid(Square) ? ", a plain square" : "");
}

} // namespace

void showShapes() {
  for (const auto &shape : makeShapes())
    show(*shape);
  const Hidden own;
  show(own);
  try {
    (void)dynamic_cast<const Square &>(static_cast<const Shape &>(own));
  } catch (const std::bad_cast &) {
    std::printf("shapes: no square\n");
  }
}
