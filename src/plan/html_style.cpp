// SPDX-License-Identifier: Apache-2.0
#include "plan/html_style.hpp"

namespace dockerlint::plan {

std::string_view html_style() {
  return R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1c2430; --soft: #5b6675; --line: #dfe3e9; --code: #eef1f5;
  --fine: #2f7d4f; --queues: #2563b8; --unknown: #737d8c; --conflict: #b06a00; --broken: #bb2d22;
  --fine-tint: #e8f4ec; --queues-tint: #e7effb; --unknown-tint: #eff1f4; --conflict-tint: #fdf1dc; --broken-tint: #fce8e6;
  --shadow: 0 1px 2px rgb(20 30 50 / .06), 0 4px 16px rgb(20 30 50 / .05);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10151c; --card: #18202a; --ink: #e3e9f1; --soft: #93a1b3; --line: #2b3644; --code: #222c39;
    --fine: #6cc08b; --queues: #79aef2; --unknown: #94a0b0; --conflict: #e5a84b; --broken: #f08379;
    --fine-tint: #1b2c24; --queues-tint: #1b2940; --unknown-tint: #222b36; --conflict-tint: #33291a; --broken-tint: #3a2220;
    --shadow: none;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 30px; line-height: 1.2; letter-spacing: -.01em; margin: 0 0 6px; }
h2 { font-size: 19px; margin: 44px 0 6px; }
p { margin: 0 0 12px; }
a { color: var(--queues); text-decoration: none; }
a:hover { text-decoration: underline; }
code, .id { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 13px; }
code { background: var(--code); border-radius: 4px; padding: 1px 4px; }
.soft { color: var(--soft); }
.chips { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 16px; }
.chip { border: 1px solid var(--line); background: var(--card); border-radius: 999px; padding: 3px 12px; font-size: 13px; }
.chip b { font-size: 14px; }
.pill { display: inline-block; border-radius: 999px; padding: 1px 10px; font-size: 12px; font-weight: 600; white-space: nowrap; }
.fine { color: var(--fine); background: var(--fine-tint); }
.queues { color: var(--queues); background: var(--queues-tint); }
.unknown { color: var(--unknown); background: var(--unknown-tint); }
.conflict { color: var(--conflict); background: var(--conflict-tint); }
.broken { color: var(--broken); background: var(--broken-tint); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); }
.matrix { overflow-x: auto; margin-top: 14px; }
.matrix table { border-collapse: separate; border-spacing: 0; min-width: 100%; }
.matrix th, .matrix td { border-bottom: 1px solid var(--line); padding: 7px 12px; }
.matrix tr:last-child th, .matrix tr:last-child td { border-bottom: 0; }
.matrix thead th { font-size: 12px; font-weight: 600; vertical-align: bottom; text-align: center; }
.matrix thead th small { display: block; color: var(--soft); font-weight: 400; }
.matrix.many thead th:not(:first-child):not(:last-child) span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 180px; overflow: hidden; }
.matrix.many thead th small { display: none; }
.matrix tbody th { position: sticky; left: 0; background: var(--card); text-align: left; font-weight: 400; min-width: 250px; max-width: 360px; }
.matrix tbody th .id { overflow-wrap: anywhere; }
.matrix tbody th small { display: block; color: var(--soft); }
.matrix td { text-align: center; }
.matrix td:last-child { text-align: right; }
.mark { display: block; margin: 0 auto; width: 30px; height: 30px; }
.mark .dot { fill: currentColor; }
.mark .ring { fill: none; stroke: currentColor; stroke-width: 2.5; }
.mark .lock { fill: var(--card); stroke: currentColor; stroke-width: 1.6; }
td.on a { background: none; }
td.on { padding: 4px; }
td.on a { display: inline-block; border-radius: 8px; padding: 3px 5px; }
td.on a.broken { background: var(--broken-tint); }
td.on a.conflict { background: var(--conflict-tint); }
.legend { display: flex; flex-wrap: wrap; gap: 6px 20px; align-items: center; margin-top: 10px; font-size: 13px; color: var(--soft); }
.legend svg { display: inline-block; width: 22px; height: 22px; margin: 0 4px 0 0; vertical-align: middle; }
.queues-grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 500px), 1fr)); gap: 14px; margin-top: 14px; }
.queue { padding: 16px 20px; overflow-x: auto; }
.queue .id { margin-right: 12px; white-space: nowrap; }
.queue svg { display: block; margin-top: 8px; max-width: 100%; height: auto; }
.queue text { fill: var(--ink); font-size: 13px; }
.queue .bar { fill: var(--queues); }
.queue .wait { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 3 4; }
.cache { padding: 18px 20px 14px; margin-top: 14px; scroll-margin-top: 12px; }
.cache:target { outline: 2px solid var(--queues); }
.cache header { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
.cache header .id { font-size: 15px; font-weight: 600; overflow-wrap: anywhere; }
.cache header .pill { margin-left: auto; }
.cache dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 8px 0 10px; font-size: 14px; }
.cache dt { color: var(--soft); }
.cache dd { margin: 0; overflow-wrap: anywhere; }
.users { overflow-x: auto; }
.users table { border-collapse: collapse; width: 100%; font-size: 14px; }
.users th { text-align: left; color: var(--soft); font-weight: 500; font-size: 12px; padding: 4px 14px 4px 0; }
.users td { border-top: 1px solid var(--line); padding: 5px 14px 5px 0; vertical-align: top; }
.finding { border-left: 4px solid var(--unknown); background: var(--unknown-tint); border-radius: 0 8px 8px 0; padding: 8px 14px; margin-top: 10px; font-size: 14px; }
.finding.error { border-color: var(--broken); background: var(--broken-tint); }
.finding.warning { border-color: var(--conflict); background: var(--conflict-tint); }
.finding.info { border-color: var(--queues); background: var(--queues-tint); }
.finding b { text-transform: capitalize; }
.rule { padding: 14px 20px; margin-top: 12px; scroll-margin-top: 12px; }
.rule h3 { margin: 0 0 4px; font-size: 15px; }
.rule p:last-child { margin-bottom: 0; }
footer { margin-top: 40px; font-size: 13px; color: var(--soft); }
@media print { body { background: #fff; } .card { box-shadow: none; break-inside: avoid; } }
)css";
}

}  // namespace dockerlint::plan
