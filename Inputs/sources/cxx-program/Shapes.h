// Classes whose virtual functions are in several files: a vtable of one file points into others.

#ifndef CXX_PROGRAM_SHAPES_H
#define CXX_PROGRAM_SHAPES_H

#include <memory>
#include <string>
#include <vector>

class Shape {
public:
  virtual ~Shape() = default;
  virtual double area() const = 0;
  // Inline and virtual: a copy in every file that has a vtable with it.
  virtual std::string name() const { return "shape"; }
};

class Colored {
public:
  virtual ~Colored() = default;
  virtual const char *color() const;
};

class Square : public Shape {
public:
  explicit Square(double side) : side(side) {}
  double area() const override;

protected:
  double side;
};

// Two bases: its vtable has a thunk.
class ColoredSquare : public Square, public Colored {
public:
  using Square::Square;
  std::string name() const override { return "colored " + Shape::name(); }
  const char *color() const override;
};

// A virtual base: construction goes through tables of vtables.
class Slab : public virtual Shape {
public:
  double area() const override { return 2; }
};

class PaintedSlab : public Slab, public virtual Colored {
public:
  std::string name() const override;
};

std::vector<std::unique_ptr<Shape>> makeShapes(); // MoreShapes.cpp

#endif
