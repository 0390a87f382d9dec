import { createHash } from "node:crypto";

/** The page's style. Colour is for water and, one accent, for what needs attention. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#f5f6f4;--panel:#fff;--line:#d5dcdc;--ink:#162024;--dim:#566870;--water:#0b7382;--look:#9a4f00;--lookground:#fdf1df}
@media(prefers-color-scheme:dark){:root{--ground:#0e1316;--panel:#141b1f;--line:#26333a;--ink:#dfe8ec;--dim:#8ba0aa;--water:#5cc0cc;--look:#ffb65c;--lookground:#2b2113}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:14px/1.45 system-ui,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
header,footer{display:flex;flex-wrap:wrap;gap:6px 20px;align-items:baseline;padding:10px 24px;color:var(--dim)}
header{border-bottom:1px solid var(--line)}
header b{color:var(--ink);font-size:15px}
footer{border-top:1px solid var(--line);font-size:12.5px}
footer span:first-child{flex:1 1 320px}
a{color:var(--water)}
a:focus-visible{outline:2px solid var(--water);outline-offset:2px}
main{padding:20px 24px;display:grid;gap:20px;max-width:1760px;margin:auto}
h1{font-size:21px;font-weight:600;margin:0 0 12px;text-wrap:balance}
h2{font-size:12px;font-weight:600;letter-spacing:.06em;text-transform:uppercase;color:var(--dim);margin:0 0 10px}
.code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:13px}
.look{color:var(--look)}
header .look::before{content:"\\25b2\\00a0"}
.sum{display:flex;flex-wrap:wrap;align-items:flex-start;gap:6px 18px;margin:0}
.sum span{min-width:70px}
.sum b{display:block;font-size:24px;font-weight:500;letter-spacing:-.01em}
.sum small{color:var(--dim);font-size:12px}
.sum i{font-style:normal;font-size:22px;color:var(--dim)}
.seal{margin-left:auto;border:1px solid var(--water);color:var(--water);border-radius:99px;padding:5px 14px;font-weight:600}
.seal.look{border-color:var(--look);color:var(--look)}
.river{display:grid;grid-auto-flow:column;grid-auto-columns:minmax(0,1fr);border:1px solid var(--line);background:var(--panel);border-radius:6px;list-style:none;margin:0;padding:0}
.river li{padding:14px 16px 12px;position:relative;border-right:1px solid var(--line);display:flex;flex-direction:column}
.river li:last-child{border:0}
.river li:not(:last-child)::after{content:"";position:absolute;right:-7px;top:34px;width:12px;height:12px;background:var(--panel);border-top:1px solid var(--line);border-right:1px solid var(--line);transform:rotate(45deg);z-index:1}
.river .big{color:var(--ink);font-size:30px;font-weight:500;line-height:1.15;margin:0;overflow-wrap:anywhere}
.river .big span{font-size:13px;color:var(--dim);font-weight:400}
.river p{margin:6px 0 0;color:var(--dim);font-size:12.5px;overflow-wrap:anywhere}
.river .weir{margin-top:auto;padding-top:14px}
.river .weir b,.quiet b{color:var(--ink);font-weight:600}
.river li.away{background:var(--lookground)}
.river li.away:not(:last-child)::after{background:var(--lookground)}
.river li.away .big{color:var(--look);font-size:24px}
.tank{display:block;width:100%;height:8px;margin:12px 0 4px;border:1px solid var(--line);border-radius:99px;background:var(--ground)}
.tank rect{fill:var(--water)}
.tank.full rect{fill:var(--look)}
.columns{display:grid;grid-template-columns:minmax(0,2fr) minmax(340px,1fr);gap:20px;align-items:start}
.side{display:grid;gap:20px}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:14px 16px;overflow-x:auto}
table{width:100%;border-collapse:collapse}
th{font-size:12px;color:var(--dim);font-weight:500;text-align:left;padding:0 12px 6px 0;white-space:nowrap}
td{padding:6px 12px 6px 0;border-top:1px solid var(--line);vertical-align:baseline}
td:first-child{white-space:nowrap;max-width:18em;overflow:hidden;text-overflow:ellipsis}
.n{text-align:right;white-space:nowrap}
td ul{margin:0;padding:0;display:flex;flex-wrap:wrap;gap:0 14px}
td li{list-style:none;white-space:nowrap}
.dot{display:inline-block;width:8px;height:8px;border-radius:50%;background:var(--water);margin-right:8px}
.dot.late,.dot.offline{background:none;border:2px solid var(--look)}
.dot.unknown{background:none;border:2px solid var(--dim)}
.entry{border-left:3px solid var(--line);padding:1px 0 1px 12px;margin:0 0 10px}
.entry.look{border-color:var(--look);color:inherit}
.entry b{font-weight:600}
.entry{overflow-wrap:anywhere}
.entry p,.quiet{margin:2px 0 0;color:var(--dim);font-size:13px}
@media(max-width:900px){
header,footer{padding:10px 16px}main{padding:16px}
.columns{grid-template-columns:minmax(0,1fr)}.side{order:-1}
.river{grid-auto-flow:row}.river li{border-right:0;border-bottom:1px solid var(--line)}.river li::after{display:none}.river .weir{padding-top:6px}
.sum b{font-size:20px}.seal{margin:6px 0 0}.wide{display:none}td li{white-space:normal}
}
@media(min-width:2200px){body{font-size:19px}main{max-width:none}h1{font-size:30px}h2,th,.sum small,.river p,.entry p,.quiet{font-size:16px}.sum b{font-size:36px}.river .big{font-size:46px}.code{font-size:18px}}
`;

/**
 * The page's policy: nothing is loaded, nothing runs, and of styles only this very one holds (CSP Level 3,
 * hash source); its icon is in the page.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE, "utf8").digest("base64")}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
