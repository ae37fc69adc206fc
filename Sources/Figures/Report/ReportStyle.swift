/// The style sheet of a report: light and dark, narrow and wide, screen and paper.
enum ReportStyle {
  static var text: String {
    let variables = [Ink.background, .panel, .text, .muted, .grid, .axis, .good, .bad, .series(0)]
    func values(_ theme: Theme) -> String {
      variables.map { "--\($0.name):\(theme.color($0).hexadecimal);" }.joined()
    }
    func shades(_ theme: Theme) -> String {
      (0...Ink.rampSteps).map { step in
        let amount = Double(step) / Double(Ink.rampSteps)
        let (shade, letters) = (theme.color(.ramp(amount)), theme.color(.onRamp(amount)))
        return ".h\(step){background:\(shade.hexadecimal);color:\(letters.hexadecimal)}"
      }.joined()
    }
    let dark = ":root{\(values(.dark))}\(shades(.dark))"
    return ":root{\(values(.light))}\n\(shades(.light))\n@media screen and (prefers-color-scheme:dark){\(dark)}\n"
      + StyleSheet.text(for: StyleSheet.allInks) + "\n" + layout
  }

  private static let layout = """
    *{box-sizing:border-box}
    html{font:16px/1.55 system-ui,"Segoe UI","DejaVu Sans",Helvetica,Arial,sans-serif;-webkit-text-size-adjust:100%;scroll-behavior:smooth}
    body{margin:0;background:var(--background);color:var(--text)}
    header,main,footer{max-width:1120px;margin:0 auto;padding:0 20px}
    header{padding-top:36px}
    h1{font-size:1.9rem;line-height:1.2;margin:0}
    h2{font-size:1.4rem;margin:0 0 14px;display:flex;align-items:center;gap:12px}
    h3{font-size:1.05rem;margin:32px 0 8px}
    h4{font-size:.85rem;font-weight:600;margin:16px 0 4px}
    p{margin:0 0 12px;max-width:72ch}
    .lead,.note,figcaption,caption,footer{color:var(--muted)}
    .lead{margin-top:6px}
    .step{display:inline-grid;place-items:center;width:1.9em;height:1.9em;border-radius:50%;background:var(--series-0);color:var(--background);font-size:.8rem;flex:none}
    section{padding:34px 0 10px;border-top:1px solid var(--grid);scroll-margin-top:44px}
    dl{margin:0 0 12px}dd{margin:0}
    .highlights{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:22px 0}
    .highlights div{background:var(--panel);border-radius:10px;padding:12px 16px}
    .highlights dt{font-size:.8rem;color:var(--muted)}
    .highlights dd{font-size:1.25rem;white-space:nowrap;font-weight:650;font-variant-numeric:tabular-nums}
    .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:0 32px}
    .facts div{display:flex;gap:16px;justify-content:space-between;border-bottom:1px solid var(--grid);padding:5px 0;font-size:.92rem}
    .facts dt{color:var(--muted);flex:none}
    .facts dd{text-align:right;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
    nav{display:flex;flex-wrap:wrap;gap:4px 20px;padding:12px 0 14px}
    a{color:var(--series-0)}
    .wide{overflow-x:auto;margin:0 0 16px}
    table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
    caption{text-align:left;font-size:.85rem;padding-bottom:8px}
    th,td{padding:5px 12px;text-align:left;white-space:nowrap;border-bottom:1px solid var(--grid)}
    th{font-weight:600}
    .number{text-align:right}
    .sortable th button{all:unset;cursor:pointer}
    .sortable th button:focus-visible{outline:2px solid var(--series-0);outline-offset:2px}
    .sortable th button::after{content:" ↕";color:var(--axis)}
    th[aria-sort=ascending] button::after{content:" ↑"!important;color:inherit}
    th[aria-sort=descending] button::after{content:" ↓"!important;color:inherit}
    .matrix{border-collapse:separate;border-spacing:2px;font-size:.85rem}
    .matrix th,.matrix td{border:0;padding:0}
    .matrix td{min-width:3.4em;height:2.5em;text-align:center;border-radius:3px;-webkit-print-color-adjust:exact;print-color-adjust:exact}
    .matrix thead th{vertical-align:bottom;font-weight:400}
    .matrix thead span{writing-mode:vertical-rl;transform:rotate(180deg);padding:4px 0}
    .matrix tbody th{font-weight:400;text-align:right;padding-right:8px;position:sticky;left:0;background:var(--background)}
    .matrix .right{font-weight:700}
    .matrix td[data-true].live{cursor:pointer}
    .matrix td.live:focus-visible,.matrix td.live:hover{outline:2px solid var(--text)}
    figure{margin:0 0 16px;min-width:0}
    figure svg{display:block;width:100%;height:auto}
    figcaption{font-size:.85rem}
    .columns{display:flex;flex-wrap:wrap;gap:8px 48px;align-items:flex-start}
    .columns>*{min-width:0;max-width:100%}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:20px 32px;align-items:start}
    .figures figure{max-width:560px}
    .tiles{list-style:none;display:flex;flex-wrap:wrap;gap:10px 2px;padding:0;margin:0 0 12px -8px}
    .tiles li{display:flex;flex-direction:column;align-items:center;text-align:center;font-size:.74rem;line-height:1.3;color:var(--muted);font-variant-numeric:tabular-nums}
    .tiles span{overflow-wrap:anywhere}
    @media (min-width:720px){.gallery:has(h4){display:grid;grid-template-columns:auto 1fr;gap:0 20px;align-items:center}.gallery h4{margin:0;text-align:right}}
    .px,.e{image-rendering:pixelated;outline:1px solid #8884;display:block;margin-bottom:3px;-webkit-print-color-adjust:exact;print-color-adjust:exact}
    .c-text{color:var(--text)}.c-good{color:var(--good)}.c-bad{color:var(--bad)}
    .controls{display:flex;flex-wrap:wrap;gap:8px 18px;margin-bottom:10px}
    select,button{font:inherit;font-size:.9rem;color:inherit;background:var(--panel);border:1px solid var(--axis);border-radius:6px;padding:4px 10px}
    #explorer li{width:88px}
    footer{padding:24px 20px 48px;font-size:.85rem;border-top:1px solid var(--grid)}
    @media (max-width:600px){html{font-size:15px}header,main,footer{padding-left:16px;padding-right:16px}.highlights{grid-template-columns:repeat(auto-fit,minmax(132px,1fr));gap:8px}.highlights div{padding:9px 12px}.highlights dd{font-size:1.05rem}th,td{padding:4px 6px}table{font-size:.84rem}.matrix td{min-width:2.4em;height:2.1em}.matrix{font-size:.72rem}}
    @media print{
    html{font-size:10.5pt}nav,#explorer,.note,h3:has(+noscript){display:none!important}
    section{break-inside:auto;padding-top:18px}
    figure,table,tr,p,.tiles,.tiles li,.highlights div,.facts div{break-inside:avoid}
    h2,h3,h4,p:has(+.gallery){break-after:avoid}
    .gallery{zoom:.8}.gallery:has(h4){display:block}.gallery h4{margin:12px 0 4px;text-align:left}
    .tiles{display:block}.tiles li{display:inline-flex;vertical-align:top;margin-bottom:8px}.px{outline-offset:-1px}
    .wide{overflow:visible}.sortable th button::after{content:""!important}.figures{grid-template-columns:1fr 1fr}
    }
    @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
    """
}
