/// The page's style sheet.
enum PageStyle {
  /// Crash rates: one hue from light to dark (in the dark: from dark to light), told apart by
  /// lightness alone; no crash has another hue. Text has a contrast of at least 4.5 on each.
  /// Allocators: hues of Okabe and Ito's palette for all kinds of colour vision, made so dark, or so
  /// light, that lines have a contrast of 3 with the page.
  static let text = """
    :root { --page: #fff; --text: #14181d; --quiet: #57606a; --rule: #d0d7de; --soft: #f4f6f8;
      --limit: #14181d; --cross: #b3003c; --ink: #14181d; --paper: #fff;
      --s0: #0068a8; --s1: #c44e00; --s2: #00785a; --s3: #a8377f; --s4: #1f8ec9; --s5: #7a6a00;
      --s6: #5b5f66; --s7: #7a4bc2;
      --h0: #e3ecf4; --h1: #fff1dc; --h2: #fee6c4; --h3: #fdd8a8; --h4: #fdc68a; --h5: #fcb06a;
      --h6: #f5954b; --h7: #e47832; --h8: #c4511f; --h9: #9f3512; --h10: #74200c;
      --on-low: var(--ink); --on-high: var(--paper) }
    @media screen and (prefers-color-scheme: dark) {
      :root { --page: #15191e; --text: #e4e9ee; --quiet: #9aa6b2; --rule: #39424c; --soft: #1d2329;
        --limit: #e4e9ee; --cross: #ff6b93;
        --s0: #5cb8f0; --s1: #ff9a52; --s2: #3fd0a4; --s3: #ef93cf; --s4: #a8d8ff; --s5: #e8d94a;
        --s6: #b6bcc4; --s7: #b9a2ff;
        --h0: #22323f; --h1: #3a2a1c; --h2: #4a3320; --h3: #5c3d24; --h4: #724a28; --h5: #8a572b;
        --h6: #c07a3c; --h7: #d68d4a; --h8: #e8a35f; --h9: #f6bc7f; --h10: #ffdcae;
        --on-low: #fff; --on-high: var(--ink) }
      .h6, .h7 { color: var(--ink) } }
    * { box-sizing: border-box }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
    body { margin: 0 auto; max-width: 84rem; padding: 1rem; background: var(--page);
      color: var(--text); font: 1rem/1.45 system-ui, sans-serif; overflow-wrap: anywhere }
    h1 { font-size: 1.4rem; line-height: 1.25; margin: .2rem 0 .6rem }
    h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; padding-top: .8rem;
      border-top: 1px solid var(--rule) }
    h3 { font-size: .95rem; font-weight: 600; margin: .6rem 0 }
    h3 code { font-size: .95em }
    code { font: .9em ui-monospace, monospace }
    p { margin: .4rem 0; max-width: 48rem }
    .headline { font-size: 1.1rem }
    .note, .quiet { color: var(--quiet) }
    .note { font-size: .85rem }
    .quiet { font-weight: 400 }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
      clip-path: inset(50%); white-space: nowrap }
    .facts { margin: .8rem 0; font-size: .9rem }
    .facts div { display: flex; gap: .8rem; padding: .15rem 0 }
    .facts dt { flex: 0 0 9.2rem; color: var(--quiet); overflow-wrap: normal }
    .facts dd { margin: 0; min-width: 0 }
    .panels { display: grid; gap: 1rem 2rem;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)) }
    .panel { min-width: 0; max-width: 42rem }
    .scroll { overflow-x: auto; position: relative; max-width: 100% }
    table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums }
    th, td { padding: .3rem .5rem; text-align: right; vertical-align: top }
    th { font-weight: 600 }
    thead th { color: var(--quiet); font-weight: 500; vertical-align: bottom;
      overflow-wrap: normal }
    thead th:first-child, tbody th, .text { text-align: left }
    .heat { border-collapse: separate; border-spacing: 3px; table-layout: auto }
    .heat th { padding: .2rem .3rem .2rem 0; vertical-align: middle; font-size: .8rem;
      font-weight: 500 }
    .heat tbody th { max-width: 14rem; overflow-wrap: break-word }
    .heat thead th:not(:first-child) { text-align: center; padding: 0 }
    .square { height: 2.5rem; min-width: 2.6rem; padding: .2rem .3rem; border-radius: 4px;
      text-align: center; vertical-align: middle; white-space: nowrap }
    .chip { display: inline-block; min-width: 1.3rem; height: 1.3rem; margin-right: .4rem;
      border-radius: 3px; text-align: center; vertical-align: middle; line-height: 1.3rem }
    .chip.ramp { min-width: .75rem; margin: 0; border-radius: 0 }
    .key > span { display: inline-block; margin-right: .8rem }
    .key { font-size: .85rem }
    .square, .chip { print-color-adjust: exact; -webkit-print-color-adjust: exact }
    .h0 { background: var(--h0) } .h1 { background: var(--h1) } .h2 { background: var(--h2) }
    .h3 { background: var(--h3) } .h4 { background: var(--h4) } .h5 { background: var(--h5) }
    .h6 { background: var(--h6) } .h7 { background: var(--h7) } .h8 { background: var(--h8) }
    .h9 { background: var(--h9) } .h10 { background: var(--h10) }
    .h0, .h1, .h2, .h3, .h4, .h5 { color: var(--on-low) }
    .h8, .h9, .h10 { color: var(--on-high) }
    .none { border: 1px dashed var(--rule); color: var(--quiet); background: repeating-linear-gradient(
      -45deg, transparent 0 5px, var(--soft) 5px 9px) }
    .chart { display: block; width: 100%; height: auto; font: 13px system-ui, sans-serif }
    .chart text { fill: var(--text) }
    .chart .tick, .chart .label { fill: var(--quiet) }
    .grid { stroke: var(--rule); stroke-width: .6 }
    .axis { stroke: var(--quiet) }
    .band { fill: var(--soft) }
    .s0 { color: var(--s0) } .s1 { color: var(--s1) } .s2 { color: var(--s2) }
    .s3 { color: var(--s3) } .s4 { color: var(--s4) } .s5 { color: var(--s5) }
    .s6 { color: var(--s6) } .s7 { color: var(--s7) }
    .line { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round }
    .trial { fill: none; stroke: currentColor; stroke-width: 1; stroke-opacity: .75 }
    .whisker { fill: none; stroke: currentColor }
    .mark { fill: currentColor; stroke: var(--page); stroke-width: .8 }
    .cross { fill: none; stroke: var(--cross); stroke-width: 2; stroke-linecap: round }
    .series .cross { stroke: currentColor }
    .limit { stroke: var(--limit); stroke-width: 1.4; stroke-dasharray: 6 4 }
    .limit-label { font-weight: 600; paint-order: stroke; stroke: var(--page); stroke-width: 3 }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding: 0;
      margin: .4rem 0; font-size: .85rem }
    .legend li { display: flex; align-items: center; gap: .35rem; min-width: 0 }
    .legend svg { width: 28px; height: 12px; flex: none }
    .legend span { color: var(--text); min-width: 0 }
    .cells td, .cells thead th { white-space: nowrap }
    .cells thead th { white-space: normal }
    .cells tbody tr:not(.group):nth-child(even) > * { background: var(--soft) }
    .cells tr > th:first-child { position: sticky; left: 0; background: var(--page);
      max-width: 14rem; overflow-wrap: break-word }
    .cells .group th { padding-top: 1rem; max-width: none }
    .cells .group span { position: sticky; left: .5rem; display: inline-block; max-width: 80vw }
    .cells td.text:nth-child(4), .cells td.text:last-child { white-space: normal; min-width: 8rem }
    small { display: block; color: var(--quiet); font-size: .92em }
    details { margin: .4rem 0; font-size: .9rem }
    summary { cursor: pointer; padding: .25rem 0 }
    .fault { border: 1px solid var(--rule); border-radius: 6px; padding: .2rem .7rem }
    .fault dl { display: grid; grid-template-columns: minmax(5rem, auto) 1fr; gap: .2rem .8rem;
      margin: .4rem 0 }
    .fault dt { color: var(--quiet) }
    .fault dd { margin: 0; min-width: 0 }
    .stack { padding-left: 1.8rem; margin: .4rem 0 }
    :focus-visible { outline: 2px solid var(--s0); outline-offset: 2px }
    @media (min-width: 40rem) { .narrow { display: none }
      .chart { font-size: 10.5px } .panel .chart { margin-top: .2rem } }
    @media print {
      .narrow { display: none }
      body { max-width: none; padding: 0; font-size: 9pt }
      .scroll { overflow: visible }
      .cells { font-size: 6pt } .cells th, .cells td { padding: .1rem .2rem; min-width: 0 }
      .cells td, .cells thead th { white-space: normal }
      .panel, tr, .fault { break-inside: avoid }
      .fault::details-content { content-visibility: visible; block-size: auto } }

    """
}
