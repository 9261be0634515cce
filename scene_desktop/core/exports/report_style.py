"""How the report looks, on bright and dark screens and on paper."""

STYLE = """
:root { --ground: #ffffff; --text: #1d2128; --muted: #5d6673; --line: #dfe3e8; --accent: #3158d8;
  --warning: #a86400; --track: #eef0f3; }
@media (prefers-color-scheme: dark) { :root { --ground: #16181c; --text: #e9ebee; --muted: #9aa3af;
  --line: #30343b; --accent: #8ea6ff; --warning: #e0a84a; --track: #24272d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 30px; margin: 0 0 4px; }
h2 { font-size: 19px; margin: 40px 0 12px; overflow-wrap: anywhere; }
small { color: var(--muted); font-weight: 400; font-size: 14px; margin-left: 6px; }
p { color: var(--muted); margin: 0 0 12px; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 500; overflow-wrap: anywhere; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); }
td { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
thead th, thead td { color: var(--muted); font-size: 13px; }
thead th + th { text-align: right; }
td.bar { width: 45%; padding-left: 12px; }
td.bar span { display: block; height: 8px; border-radius: 4px; background: var(--accent); min-width: 1px; }
svg { width: 100%; max-width: 720px; height: auto; }
rect.high { fill: var(--accent); } rect.low { fill: var(--warning); }
line { stroke: var(--text); stroke-dasharray: 4 3; }
text { fill: var(--muted); font-size: 13px; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 16px; }
figure { margin: 0; break-inside: avoid; }
figure img { width: 100%; aspect-ratio: 4 / 3; object-fit: cover; border-radius: 6px; display: block;
  background: var(--track); }
figure span { display: grid; place-items: center; aspect-ratio: 4 / 3; border-radius: 6px; padding: 8px;
  text-align: center; color: var(--muted); background: var(--track); font-size: 13px; }
figcaption { font-size: 13px; color: var(--muted); margin-top: 4px; overflow-wrap: anywhere; }
figcaption b { color: var(--text); font-weight: 500; }
li { margin-bottom: 4px; overflow-wrap: anywhere; }
@media print { main { max-width: none; padding: 0; } .grid { grid-template-columns: repeat(5, 1fr); } }
"""
