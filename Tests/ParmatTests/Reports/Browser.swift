import Foundation
import TestSupport

/// Debian's Chromium without a window and without a network.
enum Browser {
  static let works: Bool = (try? dump("<p>works</p>"))?.contains("works") == true

  private static func run(_ page: String, _ options: [String]) throws -> String {
    let folder = try TemporaryFolder()
    let file = try folder.write(page, to: "page.html")
    return try runSuccessfully(
      "chromium",
      ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        + ["--user-data-dir=\(folder.path("profile"))", "--host-resolver-rules=MAP * ~NOTFOUND"]
        + options + ["file://\(file)"])
  }

  private static func dump(_ page: String) throws -> String {
    try run(page, ["--virtual-time-budget=5000", "--dump-dom"])
  }

  /// What a JavaScript expression says of each element `e` that a selector finds.
  ///
  /// The page stands in a frame of the given width, as it is: its policy forbids scripts, and a
  /// window of Chromium cannot be as narrow as a phone.
  static func texts(
    _ page: String, of selector: String, width: Int = 1280, as expression: String
  ) throws -> [String] {
    func attribute(_ text: String) -> String {
      text.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
    }
    let dom = try dump(
      """
      <!DOCTYPE html><meta charset="utf-8"><textarea id="found"></textarea>
      <iframe style="width: \(width)px; height: 800px; border: 0" srcdoc="\(attribute(page))"></iframe>
      <script>
      document.querySelector("iframe").onload = event => {
        const document_ = event.target.contentDocument
        const found = (document => [...document.querySelectorAll("\(selector)")]
          .map(e => String(\(expression))))(document_)
        document.querySelector("#found").textContent =
          encodeURIComponent(JSON.stringify(found))
      }
      </script>
      """)
    let found = dom.firstMatch(of: /<textarea id="found">([^<]*)</)?.1 ?? ""
    guard let json = String(found).removingPercentEncoding,
      let texts = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String]
    else { throw NoAnswer(dom: String(dom.prefix(400))) }
    return texts
  }

  private struct NoAnswer: Error {
    let dom: String
  }

  /// The colours of at least 100 pixels each of what is drawn, as six hexadecimal digits.
  static func colours(_ page: String, dark: Bool) throws -> Set<String> {
    let folder = try TemporaryFolder()
    let picture = folder.path("page.png")
    _ = try run(
      page,
      ["--window-size=1000,1600", "--screenshot=\(picture)"]
        + ["--blink-settings=preferredColorScheme=\(dark ? 0 : 1)"])
    // A PNG (RFC 2083) of eight bits a channel, as Chromium writes it.
    let script = """
      import collections, struct, sys, zlib
      data = open(sys.argv[1], 'rb').read()
      at, packed = 8, b''
      while at < len(data):
          size, kind = struct.unpack('>I4s', data[at:at + 8])
          body = data[at + 8:at + 8 + size]
          at += 12 + size
          if kind == b'IHDR': width, height, _, colour = struct.unpack('>IIBB', body[:10])
          if kind == b'IDAT': packed += body
      step = {2: 3, 6: 4}[colour]
      raw, row = zlib.decompress(packed), width * step
      above, seen = bytearray(row), collections.Counter()
      def paeth(a, b, c):
          p = a + b - c
          return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
      for y in range(height):
          start = y * (row + 1)
          kind, line = raw[start], bytearray(raw[start + 1:start + 1 + row])
          for x in range(row if kind else 0):
              a = line[x - step] if x >= step else 0
              b, c = above[x], above[x - step] if x >= step else 0
              line[x] = line[x] + (0, a, b, (a + b) // 2, paeth(a, b, c))[kind] & 255
          for x in range(0, row, step): seen[bytes(line[x:x + 3])] += 1
          above = line
      print(' '.join(colour.hex() for colour, count in seen.items() if count >= 100))
      """
    let output = try runSuccessfully("python3", ["-c", script, picture])
    return Set(output.split(whereSeparator: \.isWhitespace).map(String.init))
  }
}
