"""The look of all pages: one style sheet, inside each page. No font, picture or script from elsewhere.

On a screen it is light or dark as the reader's machine is; on a narrow one wide tables become lists; on paper it is
ink. Contrast of text to its ground: 7 to 1 (WCAG 2.2, 1.4.6), of links and what is said quietly 4.5 to 1 (1.4.3).
"""

from __future__ import annotations

LIGHT = {
    "ink": "#1b2026",
    "quiet": "#4d5762",
    "paper": "#ffffff",
    "band": "#f2f5f8",
    "rule": "#d5dbe1",
    "link": "#0a539e",
    "good": "#17703f",
    "bad": "#b3261e",
    "plain": "#0a539e",
    "warm": "#fdf3dc",
    "edge": "#b7791f",
}
DARK = {
    "ink": "#e6eaee",
    "quiet": "#a9b4bf",
    "paper": "#14181c",
    "band": "#1f252b",
    "rule": "#38424c",
    "link": "#8cc0ff",
    "good": "#5fce93",
    "bad": "#ff8f85",
    "plain": "#8cc0ff",
    "warm": "#33280f",
    "edge": "#d9a441",
}


def _colours(named: dict[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in named.items())


STYLE = f"""
:root {{ color-scheme: light dark; {_colours(LIGHT)} }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ {_colours(DARK)} }} }}
* {{ box-sizing: border-box; }}
html {{ -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }}
body {{ font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  color: var(--ink); background: var(--paper); margin: 0; }}
main {{ max-width: 62rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }}
h1 {{ font-size: 1.7rem; line-height: 1.25; margin: .5rem 0 1.2rem; padding-bottom: .6rem;
  border-bottom: 3px solid var(--plain); overflow-wrap: anywhere; }}
h1.same {{ border-color: var(--good); }}
h1.other {{ border-color: var(--bad); }}
h2 {{ font-size: 1.25rem; line-height: 1.3; margin: 2.6rem 0 .6rem; padding-bottom: .25rem;
  border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }}
h3 {{ font-size: 1.05rem; line-height: 1.35; margin: 2rem 0 .4rem; overflow-wrap: anywhere; }}
p, ul {{ margin: .5rem 0; max-width: 46rem; overflow-wrap: anywhere; }}
ul {{ padding-left: 1.3rem; }}
li {{ margin: .2rem 0; }}
a {{ color: var(--link); text-underline-offset: .15em; }}
nav {{ display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: .6rem 0; font-size: .92rem; }}
dl {{ margin: .8rem 0; }}
dl div {{ display: grid; grid-template-columns: minmax(8rem, 12rem) 1fr; gap: 0 1rem; padding: .3rem 0;
  border-bottom: 1px solid var(--rule); }}
dt {{ color: var(--quiet); }}
dd {{ margin: 0; overflow-wrap: anywhere; }}
.notice {{ background: var(--warm); border-left: 4px solid var(--edge); padding: .5rem 1rem; margin: 1rem 0; }}
.notice > p {{ font-weight: 600; }}
.gap {{ border: 1px dashed var(--edge); padding: .4rem .8rem; font-style: italic; color: var(--quiet); }}
figure {{ margin: 1rem 0; overflow-x: auto; }}
figure svg {{ display: block; width: 100%; min-width: 34rem; height: auto; }}
table {{ border-collapse: collapse; max-width: 100%; min-width: min(100%, 34rem); margin: .8rem 0; font-size: .92rem; }}
th {{ text-align: left; background: var(--band); font-weight: 600; vertical-align: bottom; }}
th, td {{ padding: .35rem .7rem; border-bottom: 1px solid var(--rule); }}
td {{ vertical-align: top; overflow-wrap: break-word; }}
th.number, td.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
td.number {{ white-space: nowrap; }}
td.code {{ font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .86rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }}
@media screen and (max-width: 40rem) {{
  main {{ padding: 1rem 1rem 3rem; }}
  h1 {{ font-size: 1.35rem; }}
  dl div {{ grid-template-columns: 1fr; }}
  table {{ min-width: 100%; }}
  table.short th, table.short td {{ padding: .3rem .4rem; overflow-wrap: anywhere; }}
  table:not(.short) :is(tbody, tr, td), table:not(.short) {{ display: block; width: 100%; }}
  table:not(.short) thead {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
  table:not(.short) tr {{ padding: .4rem 0; border-bottom: 1px solid var(--rule); }}
  table:not(.short) td {{ display: grid; grid-template-columns: minmax(6rem, 34%) 1fr; gap: 0 .8rem;
    padding: .12rem 0; border: 0; text-align: left; overflow-wrap: anywhere; }}
  table:not(.short) td:first-child {{ font-weight: 600; }}
  table:not(.short) td::before {{ content: attr(data-name); color: var(--quiet); white-space: normal;
    font: 400 .86rem/1.6 system-ui, sans-serif; }}
  table:not(.short) td:empty {{ display: none; }}
}}
@media print {{
  @page {{ margin: 18mm 16mm; }}
  main {{ max-width: none; padding: 0; }}
  html {{ font-size: 9.5pt; }}
  body {{ font-size: 1rem; line-height: 1.4; }}
  nav {{ display: none; }}
  a {{ color: inherit; text-decoration: none; }}
  h2, h3, p:has(+ table), p:has(+ ul), p:has(+ dl) {{ break-after: avoid; }}
  p, ul, .notice, dl div {{ max-width: none; }}
  tr, li, .notice, dl div, figure, .gap {{ break-inside: avoid; }}
  thead {{ display: table-header-group; }}
  .notice, th {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
}}
"""
