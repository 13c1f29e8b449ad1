/// What records say, made safe for a page and short enough for it: names of workloads are command
/// lines, and anybody can have written the file.
func escaped(_ text: String, atMost limit: Int = 120) -> String {
  var safe = ""
  for scalar in shortened(text, to: limit).unicodeScalars {
    switch scalar {
    case "&": safe += "&amp;"
    case "<": safe += "&lt;"
    case ">": safe += "&gt;"
    case "\"": safe += "&quot;"
    case "'": safe += "&#39;"
    case "\t", "\n": safe += " "
    // Controls have no place in HTML, and marks of direction would turn round what follows.
    case _ where isControl(scalar): safe += "\u{FFFD}"
    default: safe.unicodeScalars.append(scalar)
    }
  }
  return safe
}

/// The same for headings in narrow columns: a name may go on in the next line after `:` and `/`.
func breakable(_ name: String) -> String {
  var html = ""
  for character in escaped(name) {
    html.append(character)
    if character == ":" || character == "/" { html += "<wbr>" }
  }
  return html
}

/// The beginning and the end of what is too long: paths differ at their end.
private func shortened(_ text: String, to limit: Int) -> String {
  // Bytes are counted at once, characters one by one; a character may be of any number of scalars.
  guard text.utf8.count > limit, text.unicodeScalars.count > limit else { return text }
  let head = String(text.unicodeScalars.prefix(limit / 2))
  return head + "…" + String(text.unicodeScalars.suffix(limit - limit / 2 - 1))
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
  default: false
  }
}

/// A measurement with about three digits.
func measure(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "beyond 10^15" }
  return switch abs(value) {
  case 99.95...: grouped(Int(value.rounded()))
  case 9.995...: fixed(value, 1)
  case 0.9995..., 0: fixed(value, value == 0 ? 0 : 2)
  default: fixed(value, 3)
  }
}

/// `measure [lower to upper]`; the measure alone where there was only one.
func measure(_ value: Double, _ lower: Double, _ upper: Double, of count: Int) -> String {
  let text = measure(value)
  return count > 1 ? "\(text) [\(measure(lower)) to \(measure(upper))]" : text
}

/// 65,530
func grouped(_ number: Int) -> String {
  let digits = String(number.magnitude)
  var text = number < 0 ? "-" : ""
  for (place, digit) in digits.enumerated() {
    if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
    text.append(digit)
  }
  return text
}

/// A share as a percentage; what is neither nothing nor everything never looks as if it were.
func percentage(_ share: Double) -> String {
  let percent = share * 100
  if percent > 0, percent < 0.1 { return "under 0.1 %" }
  if percent < 100, percent > 99.9 { return "over 99.9 %" }
  let isWhole = percent == percent.rounded() || (percent >= 10 && percent < 99.5)
  return "\(fixed(percent, isWhole ? 0 : 1)) %"
}

/// `1 trial`, `2 trials`
func plural(_ count: Int, _ noun: String) -> String {
  "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// What stands for a number of threads in headings; programs that are not ours have none.
func threadsName(_ threads: Int?) -> String { threads.map { "\($0)" } ?? "any" }

/// Threads of a cell in a sentence.
func threadsText(_ threads: Int?) -> String {
  guard let threads else { return "threads of its own" }
  return threads == 1 ? "1 thread" : "\(threads) threads"
}
