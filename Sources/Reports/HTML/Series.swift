/// How an allocator is drawn, the same in all charts of a page. Colours and shapes run through
/// cycles of different lengths: who cannot tell two colours apart still has the shapes.
struct Series {
  let name: String
  private let index: Int

  static let colours = 8
  private static let shapes = 7

  /// One for each name, by their order.
  static func all(of names: [String]) -> [String: Series] {
    var series: [String: Series] = [:]
    for name in names where series[name] == nil {
      series[name] = Series(name: name, index: series.count)
    }
    return series
  }

  /// The style sheet gives it the colour.
  var style: String { "s\(index % Self.colours)" }

  /// A mark round a point.
  func mark(_ x: Double, _ y: Double) -> String {
    let corners: [(Double, Double)] =
      switch index % Self.shapes {
      case 1: [(-3.2, -3.2), (3.2, -3.2), (3.2, 3.2), (-3.2, 3.2)]
      case 2: [(0, -4.4), (4.2, 3.2), (-4.2, 3.2)]
      case 3: [(0, -4.8), (4.2, 0), (0, 4.8), (-4.2, 0)]
      case 4: [(0, 4.4), (4.2, -3.2), (-4.2, -3.2)]
      case 5: [(-4.4, 0), (3.2, -4.2), (3.2, 4.2)]
      case 6: [(4.4, 0), (-3.2, -4.2), (-3.2, 4.2)]
      default: []
      }
    guard !corners.isEmpty else {
      return "<circle class=\"mark\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"3.5\"/>"
    }
    let path = corners.map { point(x + $0.0, y + $0.1) }.joined(separator: "L")
    return "<path class=\"mark\" d=\"M\(path)Z\"/>"
  }

  /// For a trial, or a cell, that crashed.
  static func cross(_ x: Double, _ y: Double, size: Double = 4, title: String) -> String {
    "<path class=\"cross\" d=\"M\(point(x - size, y - size))L\(point(x + size, y + size))"
      + "M\(point(x - size, y + size))L\(point(x + size, y - size))\"><title>\(title)</title></path>"
  }

  /// Names with what stands for them. `extra` are items of the list, as HTML.
  static func legend(_ series: [Series], extra: [String] = []) -> String {
    var html = "<ul class=\"legend\">"
    for one in series {
      html += "<li class=\"\(one.style)\"><svg viewBox=\"0 0 28 12\" aria-hidden=\"true\">"
      html += "<path class=\"line\" d=\"M1 6H27\"/>\(one.mark(14, 6))</svg>"
      html += "<span>\(escaped(one.name, atMost: 60))</span></li>"
    }
    for item in extra { html += "<li>\(item)</li>" }
    return html + "</ul>\n"
  }

  static let crossKey =
    "<svg viewBox=\"0 0 28 12\" aria-hidden=\"true\"><path class=\"cross\" d=\"M10 2L18 10M10 10L18 "
    + "2\"/></svg>"
  static let limitKey =
    "<svg viewBox=\"0 0 28 12\" aria-hidden=\"true\"><path class=\"limit\" d=\"M1 6H27\"/></svg>"
}
