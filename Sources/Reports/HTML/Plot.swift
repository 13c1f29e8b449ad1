/// The frame of a chart as SVG: axes, grid, labels. In units of its view box, which is as wide as a
/// phone; the style sheet makes text smaller where the chart is drawn larger.
struct Plot {
  static let width = 400.0
  static let height = 270.0
  private static let right = 390.0
  private static let bottom = 226.0

  let left: Double
  /// Above it there may be a band for what has no value.
  let top: Double
  let vertical: Axis

  init(vertical: Axis, hasBand: Bool) {
    self.vertical = vertical
    top = hasBand ? 40 : 14
    let longest = vertical.ticks.map { vertical.label($0).count }.max() ?? 1
    // Of the digits, which are wide as on a phone, and of the label beside them.
    left = 24 + 8 * Double(longest)
  }

  /// Where a share of the width lies.
  func x(_ share: Double) -> Double { left + share * (Self.right - left) }
  func y(_ value: Double) -> Double { Self.bottom - vertical.place(value) * (Self.bottom - top) }

  /// The whole picture. `title` and `description` are escaped text for who does not see it.
  func svg(
    id: String, title: String, description: String, across: [(share: Double, label: String)],
    labels: (vertical: String, horizontal: String), contents: String
  ) -> String {
    var svg = "<svg class=\"chart\" role=\"img\" aria-labelledby=\"\(id)-t \(id)-d\" "
    svg += "viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\">"
    svg += "<title id=\"\(id)-t\">\(title)</title><desc id=\"\(id)-d\">\(description)</desc>\n"
    for tick in vertical.ticks {
      let y = y(tick)
      svg += "<path class=\"grid\" d=\"M\(point(left, y))H\(number(Self.right))\"/>"
      svg += "<text class=\"tick\" x=\"\(number(left - 5))\" y=\"\(number(y + 3.5))\" "
      svg += "text-anchor=\"end\">\(vertical.label(tick))</text>\n"
    }
    for (share, label) in across {
      svg += "<text class=\"tick\" x=\"\(number(x(share)))\" y=\"\(number(Self.bottom + 16))\" "
      svg += "text-anchor=\"middle\">\(label)</text>\n"
    }
    svg += "<path class=\"axis\" d=\"M\(point(left, Self.bottom))H\(number(Self.right))\"/>"
    svg += "<text class=\"label\" x=\"\(number((left + Self.right) / 2))\" y=\"262\" "
    svg += "text-anchor=\"middle\">\(labels.horizontal)</text>"
    svg += "<text class=\"label\" transform=\"translate(12 \(number((top + Self.bottom) / 2)))"
    svg += " rotate(-90)\" text-anchor=\"middle\">\(labels.vertical)</text>\n"
    return svg + contents + "</svg>\n"
  }
}

/// `12.3 45.6`: a tenth of a unit is finer than any screen shows.
func point(_ x: Double, _ y: Double) -> String { "\(number(x)) \(number(y))" }

func number(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded())
  return tenths.isMultiple(of: 10)
    ? String(tenths / 10)
    : "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
}
