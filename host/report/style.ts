// The look of a report: dark on light, one column, fit for paper.

export const STYLE = `
:root { --ink: #1a1f24; --soft: #5b6670; --line: #d9dee3; --charge: #b4450f; --discharge: #1f5f99;
  --good: #2c7a4b; --warn: #b7791f; --bad: #b42318; --paper: #ffffff; --tint: #f5f7f9; }
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); }
body { margin: 0 auto; padding: 2.2rem 1.6rem 3rem; max-width: 62rem; line-height: 1.5;
  font: 15px/1.5 "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums; }
header p.kind { margin: 0; color: var(--soft); letter-spacing: .04em; font-size: .85rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: .1rem 0 1.1rem; font-weight: 600; }
h2 { font-size: 1.1rem; font-weight: 600; margin: 2.2rem 0 .6rem; padding-bottom: .25rem;
  border-bottom: 1px solid var(--line); }
.verdict { border-left: 5px solid var(--good); background: var(--tint); padding: .8rem 1.1rem;
  font-size: 1.15rem; margin: 0 0 1.3rem; }
.verdict.warn { border-color: var(--warn); }
.verdict.bad { border-color: var(--bad); }
dl.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr));
  gap: .9rem 1.4rem; margin: 0; }
dl.figures dt { color: var(--soft); font-size: .82rem; }
dl.figures dd { margin: 0; font-size: 1.12rem; }
figure { margin: 1rem 0 1.6rem; break-inside: avoid; }
figcaption { color: var(--soft); font-size: .88rem; margin-top: .2rem; }
.plot { min-height: 120px; }
.key { display: inline-block; width: .75em; height: .75em; border-radius: 50%;
  margin: 0 .3em 0 .8em; }
.key.charge { background: var(--charge); } .key.discharge { background: var(--discharge); }
.key.bulk { border-radius: 0; height: 2px; width: 1.4em; vertical-align: middle;
  background: var(--soft); }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--ink); }
th, td { padding: .28rem .8rem .28rem 0; vertical-align: top; }
td { border-bottom: 1px solid var(--line); }
td:nth-child(2) { white-space: nowrap; }
td.number, th.number { text-align: right; padding-right: 1.4rem; white-space: nowrap; }
tr.bad td:nth-child(2) { color: var(--bad); font-weight: 600; }
tr.warn td:nth-child(2) { color: var(--warn); font-weight: 600; }
pre { background: var(--tint); padding: .7rem .9rem; overflow-x: auto; font-size: .85rem;
  white-space: pre-wrap; overflow-wrap: anywhere; margin: .6rem 0; }
table.conditions { width: auto; margin-top: .9rem; }
table.conditions td { border: 0; padding: .1rem 1.4rem .1rem 0; overflow-wrap: anywhere; }
table.conditions td:first-child { color: var(--soft); white-space: nowrap; }
h3 { font-size: .98rem; font-weight: 600; margin: 1.3rem 0 .3rem; }
article { break-inside: avoid; }
.exhibit { display: grid; grid-template-columns: minmax(0, 1fr) 17rem; gap: 1.4rem; }
.exhibit dl { margin: .4rem 0 0; font-size: .88rem; display: grid; align-content: start;
  grid-template-columns: auto 1fr; gap: .15rem .9rem; }
.exhibit dt { color: var(--soft); } .exhibit dd { margin: 0; }
.plot.small { min-height: 60px; }
@media (max-width: 40rem) { .exhibit { grid-template-columns: 1fr; } }
p.note, footer { color: var(--soft); font-size: .88rem; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .7rem; }
@page { size: A4; margin: 15mm; }
@media print { html { font-size: 13px; } body { padding: 0; max-width: none; font-size: 13px; }
  h2 { margin-top: 1.4rem; } figure { margin-bottom: 1rem; } footer { margin-top: 1.2rem; }
  .verdict, pre { print-color-adjust: exact; } tr { break-inside: avoid; } }
`;
