import Foundation
import TestSupport
import Testing

/// The page of `parmat report --as html`, loaded in a browser.
@Suite("HTML report", .enabled(if: Browser.works, "chromium does not start here: not tested"))
struct HTMLReportTests {
  /// Three allocators, two launchers, three thread counts, five trials each; in runsc glibc crashes
  /// with two and more threads; natively nobody tried tcmalloc with four.
  private static let sweep: String = {
    var records: [SampleRecord] = []
    for launcher in ["native", "runsc:ptrace"] {
      for allocator in ["glibc", "glibc:arena_max=1", "tcmalloc"] {
        for threads in [1, 2, 4] {
          if launcher == "native", allocator == "tcmalloc", threads == 4 { continue }
          for _ in 0..<5 {
            var record = SampleRecord(threads, allocator, launcher, "libclc.bc")
            record.trial = records.count + 1
            record.hasCrashed = launcher != "native" && allocator == "glibc" && threads > 1
            record.peak = launcher == "native" ? nil : record.hasCrashed ? 65_532 : 900
            records.append(record)
          }
        }
      }
    }
    return records.map(\.line).joined()
  }()

  @Test("the heat map has a square for each pair, with its counts, level and interval")
  func heatMap() throws {
    let squares = try Browser.texts(
      render(Self.sweep), of: ".square", as: "e.textContent + '|' + e.className + '|' + e.title")
    #expect(squares.count == 2 * 3 * 3)
    let crashed = squares.filter { $0.hasPrefix("5/5|square h10|glibc, ") }
    #expect(crashed.count == 2)
    #expect(crashed.allSatisfy { $0.contains("95 % interval 57 % to 100 % (Wilson)") })
    let whole = squares.filter { $0.hasPrefix("0/5|square h0|") }
    #expect(whole.count == 15)
    #expect(whole.allSatisfy { $0.contains("at most 43 %") })
    #expect(
      squares.filter { $0.contains("|square none|tcmalloc, 4 threads: no trials") }.count == 1)
  }

  @Test("wall time has a line an allocator, and a cross where no trial completed")
  func wallTime() throws {
    let page = try render(Self.sweep)
    let lines = try Browser.texts(page, of: "[id^=wall-] ~ .series > .line", as: "'line'")
    #expect(lines.count == 2 * 3)
    let whiskers = try Browser.texts(page, of: ".whisker", as: "'whisker'")
    #expect(whiskers.count == 15)
    let crosses = try Browser.texts(page, of: ".series > .cross title", as: "e.textContent")
    #expect(
      crosses == [2, 4].map { "glibc, \($0) threads: no trial completed (5 crashed)" }, "\(crosses)"
    )
  }

  @Test("host mappings have a line a trial, the limit with its name, a cross for each crash")
  func mappings() throws {
    let page = try render(Self.sweep)
    let labels = try Browser.texts(page, of: ".limit-label", as: "e.textContent")
    #expect(labels == ["vm.max_map_count 65,530"])
    let lines = try Browser.texts(page, of: "polyline.trial", as: "e.points.length")
    // 40 of the 45 trials in runsc.
    #expect(lines == Array(repeating: "12", count: 40))
    let crosses = try Browser.texts(page, of: "svg.chart > .cross title", as: "e.textContent")
    #expect(crosses.count == 10)
    #expect(crosses.allSatisfy { $0.hasSuffix("crashed, peak 65,532 mappings") }, "\(crosses)")
    // What crashed reached the limit: its cross lies on the dashed line.
    let heights = try Browser.texts(
      page, of: "svg.chart > .cross, svg.chart > .limit",
      as: "Math.round(e.getBBox().y + e.getBBox().height / 2)")
    #expect(Set(heights).count == 1, "\(heights)")
    #expect(page.contains("Without counts of host mappings: libclc.bc, launcher native."))
    let without = try render(SampleRecord(1, "glibc", "native", "true").line)
    #expect(without.contains("No trial here has counts of host mappings"))
  }

  @Test("the table has a row a cell, the faults three frames each")
  func tables() throws {
    let page = try render(Self.sweep)
    let rows = try Browser.texts(page, of: ".cells tbody tr:not(.group)", as: "e.textContent")
    #expect(rows.count == 17)
    #expect(rows.filter { $0.contains("5/5: 57 % to 100 %") }.count == 2)
    #expect(rows.filter { $0.contains("65,532 / 65,530") }.count == 2)
    let faults = try Browser.texts(
      page, of: ".fault",
      as: "e.querySelector('summary').textContent + e.querySelectorAll('li').length")
    #expect(
      faults
        == [2, 4].map {
          "glibc, \($0) threads, runsc:ptrace, libclc.bc: SIGSEGV (SEGV_MAPERR), healed: relief3"
        }, "\(faults)")
  }

  @Test("what records say is text: no name becomes an element or runs")
  func escaping() throws {
    let name = "<script>document.title = 'ran'</script>\"'>&<img src=x onerror=alert(1)>"
    var record = SampleRecord(2, "lab:\(name)", "env \(name)", name)
    record.hasCrashed = true
    record.peak = 65_530
    record.frame = name
    let page = try render(record.line)
    #expect(!page.contains("<script") && !page.contains("<img"))
    #expect(!page.contains("\u{1B}"))
    let names = try Browser.texts(page, of: "h3 code", as: "e.textContent")
    #expect(names.filter { $0 == name }.count == 3, "\(names)")
    let frames = try Browser.texts(page, of: ".stack code", as: "e.textContent")
    #expect(frames.first == name)
    #expect(try Browser.texts(page, of: "script, img, iframe, object", as: "e.tagName") == [])
    #expect(try Browser.texts(page, of: "title", as: "document.title != 'ran'").first == "true")
  }

  @Test("nothing comes from elsewhere, and the same records give the same page")
  func selfContained() throws {
    let page = try render(Self.sweep)
    for word in ["http:", "https:", "src=", "url(", "@import", "<script", "<link rel=\"style"] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(try page == render(Self.sweep))
  }

  @Test(
    "on a phone only tables in their own boxes are wider than the screen", arguments: [320, 360])
  func phone(width: Int) throws {
    let path = "libexec/" + String(repeating: "a-long-name-", count: 12) + ".so"
    let page = try render(Self.sweep + SampleRecord(3, path, "native", path).line)
    let tooWide = try Browser.texts(
      page, of: "body *", width: width,
      as: "e.closest('.scroll, svg') || e.getBoundingClientRect().right <= \(width) "
        + "? '' : e.outerHTML.slice(0, 80)")
    #expect(tooWide.filter { !$0.isEmpty } == [])
    let all = try Browser.texts(
      page, of: "html", width: width, as: "e.scrollWidth + ' ' + e.clientWidth")
    #expect(all == ["\(width) \(width)"])
    // In pixels: view boxes shrink their text with them.
    let sizes = try Browser.texts(
      page, of: "svg.chart text", width: width,
      as: "parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a >= 9 || "
        + "e.getAttribute('transform') != null")
    #expect(!sizes.isEmpty && Set(sizes) == ["true"])
  }

  @Test("crashes are drawn dark on light by day, light on dark by night")
  func colours() throws {
    let page = try render(Self.sweep)
    let day = try Browser.colours(page, dark: false)
    #expect(day.contains("ffffff") && day.contains("74200c") && day.contains("e3ecf4"))
    let night = try Browser.colours(page, dark: true)
    #expect(night.contains("15191e") && night.contains("ffdcae") && night.contains("22323f"))
    #expect(!night.contains("74200c"))
  }

  @Test("100,000 trials make a page of less than 3 MB")
  func size() throws {
    // 500 cells: 25 workloads under two launchers, each with two allocators and five thread counts.
    let thousand = (0..<1000).map { trial in
      var record = SampleRecord(
        1 << (trial % 5), trial % 2 == 0 ? "glibc" : "mimalloc",
        trial / 10 % 2 == 0 ? "native" : "runsc:ptrace", "module-\(trial / 20 % 25).bc")
      record.trial = trial + 1
      record.hasCrashed = trial % 2 == 0 && trial % 5 > 1
      record.peak = record.hasCrashed ? 65_530 : 300
      return record.line
    }.joined()
    let page = try render(String(repeating: thousand, count: 100))
    #expect(page.utf8.count < 3_000_000)
    #expect(page.contains("30,000 of 100,000 trials crashed") as Bool)
  }

  /// The page of these record lines.
  private func render(_ jsonl: String) throws -> String {
    let folder = try TemporaryFolder()
    let records = try folder.write(jsonl, to: "trials.jsonl")
    let page = folder.path("page.html")
    try runSuccessfully(Parmat.path, ["report", records, "--as", "html", "-o", page])
    return try String(contentsOfFile: page, encoding: .utf8)
  }
}
