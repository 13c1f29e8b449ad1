// The other half of the classes of Shapes.h, and one that only this file knows.

#include "Shapes.h"

const char *ColoredSquare::color() const { return area() > 4 ? "red" : "green"; }

std::string PaintedSlab::name() const { return std::string("slab in ") + color(); }

namespace {

struct Hidden : Slab {
  std::string name() const override { return "hidden " + Slab::name(); }
};

} // namespace

std::vector<std::unique_ptr<Shape>> makeShapes() {
  std::vector<std::unique_ptr<Shape>> shapes;
  shapes.push_back(std::make_unique<Square>(1.5));
  shapes.push_back(std::make_unique<ColoredSquare>(2));
  shapes.push_back(std::make_unique<ColoredSquare>(3));
  shapes.push_back(std::make_unique<PaintedSlab>());
  shapes.push_back(std::make_unique<Hidden>());
  return shapes;
}
