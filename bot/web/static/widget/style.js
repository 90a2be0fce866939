// How the widget looks. Colours are those of css/tokens.css (tests/unit/test_look.py compares them). The page
// around it may set `balie-chat { --balie-accent: …; --balie-on-accent: … }` and nothing else reaches in.

const LIGHT = `
  --bg: #f5f6f7; --surface: #ffffff; --sunken: #eef0f2; --hover: #e9ecef; --border: #dde1e5; --border-strong: #7d8792;
  --text: #17202a; --muted: #55606c; --link: #0a5c66; --accent-hover: #08545d; --accent-soft: #dff1f2;
  --accent-soft-text: #084e57; --danger-soft: #fce8e6; --danger-text: #8f1d17; --warning-soft: #fdf0d5;
  --warning-text: #7a4300; --success-text: #115c31; --info-soft: #e4edfb; --info-text: #1f4a8c; --focus: #0b6b76;
  --accent: var(--balie-accent, #0b6b76); --on-accent: var(--balie-on-accent, #ffffff);
  --head: var(--accent); --on-head: var(--on-accent); --own: var(--accent); --on-own: var(--on-accent);
  --lift: 0 24px 64px rgb(16 24 32 / 22%), 0 4px 16px rgb(16 24 32 / 10%); --near: 0 1px 2px rgb(16 24 32 / 6%);
  color-scheme: light;`;

const DARK = `
  --bg: #101519; --surface: #181f24; --sunken: #12181c; --hover: #232c32; --border: #2d373e; --border-strong: #75828c;
  --text: #e8edf0; --muted: #a3afb8; --link: #74cdd5; --accent-hover: #83d3db; --accent-soft: #173a3f;
  --accent-soft-text: #b6e6ea; --danger-soft: #452220; --danger-text: #f8b9b4; --warning-soft: #3d2d12;
  --warning-text: #f5cd8b; --success-text: #9be2b8; --info-soft: #1d2f4a; --info-text: #b8d2fb; --focus: #83d3db;
  --accent: var(--balie-accent-dark, #5cc0ca); --on-accent: var(--balie-on-accent-dark, #06272b);
  --head: #173a3f; --on-head: #e8edf0; --own: var(--balie-accent, #1d6670); --on-own: var(--balie-on-accent, #f0fbfc);
  --lift: 0 24px 64px rgb(0 0 0 / 60%), 0 4px 16px rgb(0 0 0 / 40%); --near: none;
  color-scheme: dark;`;

export const STYLE = `
:host { all: initial; ${LIGHT} position: fixed; z-index: 2147483000; right: 24px; bottom: 24px; }
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { ${DARK} } }
:host([theme="dark"]) { ${DARK} }
@media print { :host { display: none; } }

*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.root { font: 400 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  color: var(--text); -webkit-font-smoothing: antialiased; text-align: left; overflow-wrap: anywhere; }
button, select, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { border: 0; background: none; padding: 0; cursor: pointer; }
p { margin: 0; }
svg { display: block; flex: none; width: 20px; height: 20px; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; }
a { color: var(--link); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.sr { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher { position: relative; display: grid; place-items: center; width: 60px; height: 60px; margin-left: auto;
  border-radius: 50%; background: var(--accent); color: var(--on-accent); box-shadow: var(--lift);
  transition: background 120ms, transform 160ms cubic-bezier(.2, 0, 0, 1); }
.launcher:hover { background: var(--accent-hover); transform: translateY(-2px); }
.launcher:focus-visible { outline-offset: 3px; }
.launcher svg { width: 28px; height: 28px; }
:host([open]) .launcher svg:first-child, :host(:not([open])) .launcher svg:nth-child(2) { display: none; }
:host([calling]:not([open])) .launcher { box-shadow: 0 0 0 4px var(--surface), 0 0 0 8px #b3261e; }
.unread { position: absolute; top: -3px; right: -3px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px;
  background: #b3261e; color: #fff; font-size: 12px; font-weight: 700; line-height: 22px; text-align: center;
  box-shadow: 0 0 0 2px var(--surface); }

.panel { position: absolute; right: 0; bottom: 76px; display: flex; flex-direction: column;
  width: min(408px, calc(100vw - 32px)); height: min(700px, calc(100dvh - 124px)); overflow: hidden;
  border: 1px solid var(--border); border-radius: 20px; background: var(--surface); box-shadow: var(--lift);
  animation: arrive 200ms cubic-bezier(.2, 0, 0, 1); }
.panel:focus { outline: none; }
@keyframes arrive { from { opacity: 0; transform: translateY(12px); } }

.head { display: flex; align-items: center; gap: 12px; flex: none; padding: 14px 12px 14px 16px; background: var(--head);
  color: var(--on-head); }
.head :focus-visible { outline-color: var(--on-head); outline-offset: 0; }
.mark { display: grid; place-items: center; flex: none; width: 40px; height: 40px; border-radius: 12px;
  background: color-mix(in srgb, var(--on-head) 16%, transparent); }
.mark svg { width: 24px; height: 24px; }
.who { flex: 1; min-width: 0; }
.name { font-size: 16px; font-weight: 650; line-height: 1.3; letter-spacing: -.01em; }
.role { font-size: 13px; line-height: 1.35; }
.tool { display: grid; place-items: center; flex: none; width: 36px; height: 36px; border-radius: 10px; color: inherit; }
.tool.more svg { stroke-width: 3.2; }
.tool:hover, .tool[aria-expanded="true"] { background: color-mix(in srgb, var(--on-head) 16%, transparent); }
.language { height: 36px; padding: 0 20px 0 8px; border: 0; border-radius: 10px; background: transparent no-repeat right 8px center / 4px 4px;
  background-image: linear-gradient(45deg, transparent 50%, currentColor 50%), linear-gradient(135deg, currentColor 50%, transparent 50%);
  background-position: right 11px center, right 7px center; color: inherit; font-size: 13px; font-weight: 600; appearance: none; cursor: pointer; }
.language:hover { background-color: color-mix(in srgb, var(--on-head) 16%, transparent); }
.language option { background: var(--surface); color: var(--text); }

.menu { position: absolute; z-index: 3; top: 60px; right: 12px; min-width: 220px; padding: 6px; border: 1px solid var(--border);
  border-radius: 12px; background: var(--surface); box-shadow: var(--lift); }
.menu button { display: flex; align-items: center; gap: 10px; width: 100%; min-height: 40px; padding: 0 10px;
  border-radius: 8px; text-align: left; }
.menu button:hover, .menu button:focus-visible { background: var(--hover); outline-offset: -2px; }
.menu svg { width: 18px; height: 18px; color: var(--muted); }

.ask { position: absolute; z-index: 4; inset: 0; display: grid; place-items: end center; padding: 16px;
  background: rgb(15 23 32 / 45%); }
.ask > div { width: 100%; padding: 20px; border-radius: 16px; background: var(--surface); box-shadow: var(--lift); }
.ask p { margin-bottom: 16px; }
.ask-foot { display: flex; flex-wrap: wrap; gap: 8px; justify-content: flex-end; }

.state { display: flex; align-items: center; gap: 8px; flex: none; padding: 8px 16px; background: var(--warning-soft);
  color: var(--warning-text); font-size: 13px; line-height: 1.4; }
.state svg { width: 16px; height: 16px; }

.call { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; flex: none; padding: 8px 12px 8px 16px; background: var(--accent-soft);
  color: var(--accent-soft-text); font-size: 14px; line-height: 1.35; }
.call[data-state="ended"] { background: var(--sunken); color: var(--text); }
.call-state { flex: 1; min-width: 96px; font-weight: 550; }
.call-time { font-variant-numeric: tabular-nums; }
.call .tool:hover, .call .tool[aria-pressed="true"], .call .tool[aria-expanded="true"] { background: color-mix(in srgb, currentColor 16%, transparent); }
.call .tool svg { width: 18px; height: 18px; }
.hang-up { display: inline-flex; align-items: center; gap: 6px; min-height: 36px; padding: 0 12px; border-radius: 18px; background: #b3261e; color: #fff; font-weight: 600; }
.hang-up:hover { background: #8f1d17; }
.call[data-state="ended"] .hang-up { background: var(--hover); color: var(--text); }
.call[data-state="ended"] .hang-up svg { display: none; }
.keypad { display: grid; flex-basis: 100%; grid-template-columns: repeat(3, 1fr); gap: 6px; padding: 4px 8px 4px 0; }
.keypad button { min-height: 40px; border-radius: 10px; background: var(--surface); color: var(--text); font-size: 18px; font-weight: 600; }
.keypad button:hover { background: var(--hover); }

.scroll { position: relative; flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 20px 16px 14px;
  background: var(--bg); scrollbar-width: thin; scrollbar-color: var(--border) transparent; }
.scroll:focus-visible { outline-offset: -2px; }

.hello { padding: 4px 4px 0; }
.hello h2 { margin: 0 0 8px; font-size: 22px; font-weight: 680; line-height: 1.25; letter-spacing: -.02em; text-wrap: balance; }
.hello .about { text-wrap: pretty; }
.kept { display: flex; gap: 10px; margin-top: 14px; padding: 12px 14px; border-radius: 12px; background: var(--info-soft);
  color: var(--info-text); font-size: 13px; line-height: 1.45; }
.kept p + p { margin-top: 8px; }
.kept svg { width: 18px; height: 18px; margin-top: 1px; }
.starters { display: flex; flex-direction: column; gap: 8px; margin-top: 16px; }
.starter { display: flex; align-items: center; justify-content: space-between; gap: 12px; min-height: 44px; padding: 8px 14px;
  border: 1px solid var(--border); border-radius: 12px; background: var(--surface); box-shadow: var(--near); text-align: left;
  transition: border-color 120ms, background 120ms; }
.starter:hover { border-color: var(--accent); background: var(--accent-soft); color: var(--accent-soft-text); }
.starter svg { width: 16px; height: 16px; color: var(--muted); }
.find { display: inline-flex; align-items: center; gap: 8px; margin-top: 16px; font-size: 14px; }
.find svg { width: 18px; height: 18px; }

.log:not(:empty) { padding-top: 12px; }
.day { display: flex; align-items: center; gap: 12px; margin: 16px 0 4px; color: var(--muted); font-size: 12px; }
.day::before, .day::after { content: ""; flex: 1; height: 1px; background: var(--border); }

.turn { display: grid; grid-template-columns: 32px minmax(0, 1fr); column-gap: 8px; margin-top: 3px; }
.turn.first { margin-top: 16px; }
.turn .face { grid-row: 1 / span 2; display: none; place-items: center; align-self: start; width: 32px; height: 32px; margin-top: 20px;
  border-radius: 50%; background: var(--accent-soft); color: var(--accent-soft-text); font-size: 13px; font-weight: 700; }
.turn.first .face { display: grid; }
.turn .face svg { width: 18px; height: 18px; }
.turn.agent .face { background: var(--accent); color: var(--on-accent); }
.body { grid-column: 2; min-width: 0; display: flex; flex-direction: column; align-items: flex-start; }
.author { display: none; margin: 0 0 2px 4px; color: var(--muted); font-size: 12px; line-height: 18px; }
.turn.first .author { display: block; }
.author b { color: var(--text); font-weight: 600; }
.bubble { max-width: 100%; padding: 9px 14px; border: 1px solid var(--border); border-radius: 16px; background: var(--surface);
  box-shadow: var(--near); white-space: pre-wrap; }
.turn.first .bubble { border-top-left-radius: 5px; }
.bubble ul { margin: 4px 0; padding-left: 18px; }
.turn.agent .bubble { border-color: var(--accent); }
.meta { display: none; margin: 3px 4px 0; color: var(--muted); font-size: 12px; line-height: 16px; }
.turn.last .meta, .turn.pending .meta, .turn.failed .meta { display: block; }

.turn.customer { display: flex; justify-content: flex-end; padding-left: 48px; }
.turn.customer .body { align-items: flex-end; }
.turn.customer .bubble { border-color: transparent; border-radius: 16px; background: var(--own); color: var(--on-own); box-shadow: none; }
.turn.customer.last .bubble { border-bottom-right-radius: 5px; }
.turn.customer.pending .bubble { opacity: .72; }
.turn.customer.failed .bubble { background: var(--danger-soft); color: var(--danger-text); }
.turn.customer.failed .meta { color: var(--danger-text); font-weight: 550; }
.turn.customer .bubble a { color: inherit; }

.turn.system { display: block; margin: 16px 8px; text-align: center; }
.turn.system .bubble { display: inline-block; padding: 8px 14px; border: 0; border-radius: 12px; background: var(--sunken);
  color: var(--muted); font-size: 13px; line-height: 1.45; box-shadow: none; text-align: center; text-wrap: pretty; }
.turn.system .body { align-items: center; }
.turn.system .meta { display: none; }
.turn .erased { color: var(--muted); font-style: italic; }

.step { width: 100%; overflow: hidden; border: 1px solid var(--border); border-radius: 16px; background: var(--surface); box-shadow: var(--near); }
.turn.first .step { border-top-left-radius: 5px; }
.step-head { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 8px 14px;
  background: var(--accent-soft); color: var(--accent-soft-text); font-size: 13px; font-weight: 600; }
.step-head span { display: inline-flex; align-items: center; gap: 6px; }
.step-head .minutes { font-weight: 500; }
.step-head svg { width: 15px; height: 15px; }
.progress { display: flex; gap: 3px; padding: 0 14px 8px; background: var(--accent-soft); }
.progress i { flex: 1; height: 3px; border-radius: 2px; background: color-mix(in srgb, var(--accent) 24%, transparent); }
.progress i.done { background: var(--accent); }
.step-title { padding: 12px 14px 0; font-weight: 600; white-space: pre-wrap; }
.step-text { padding: 4px 14px 0; white-space: pre-wrap; }
.turn.first .step + .bubble, .step + .bubble { margin-top: 3px; border-top-left-radius: 16px; }
.step dl { display: grid; gap: 10px; margin: 0; padding: 10px 14px 14px; }
.step dt { color: var(--muted); font-size: 12px; font-weight: 600; }
.step dd { margin: 0; font-size: 14px; line-height: 1.45; white-space: pre-wrap; }
.article { display: flex; align-items: center; gap: 12px; width: 100%; margin-top: 4px; padding: 10px 14px; border: 1px solid var(--border);
  border-radius: 14px; background: var(--surface); color: var(--text); text-decoration: none; box-shadow: var(--near); }
.article:hover { border-color: var(--accent); }
.article > svg { color: var(--accent); }
.article span { flex: 1; min-width: 0; font-weight: 550; }
.article svg:last-child { width: 16px; height: 16px; color: var(--muted); }

.picture { display: block; max-width: 100%; margin-top: 3px; border-radius: 12px; }
.picture img { display: block; max-width: 100%; height: auto; border: 1px solid var(--border); border-radius: 12px; background: var(--sunken); }

.replies { display: flex; flex-wrap: wrap; gap: 8px; margin: 12px 0 4px 40px; }
.reply { min-height: 40px; padding: 7px 13px; border: 1.5px solid var(--accent); border-radius: 20px; background: var(--surface);
  color: var(--link); font-weight: 550; line-height: 1.3; text-align: left; transition: background 120ms; }
.reply:hover { background: var(--accent-soft); color: var(--accent-soft-text); }

.typing { display: flex; align-items: center; gap: 8px; margin-top: 12px; }
.typing .face { display: grid; place-items: center; width: 32px; height: 32px; border-radius: 50%; background: var(--accent-soft); color: var(--accent-soft-text); }
.typing .face svg { width: 18px; height: 18px; }
.dots { display: flex; gap: 5px; padding: 13px 14px; border: 1px solid var(--border); border-radius: 16px; background: var(--surface); }
.dots i { width: 7px; height: 7px; border-radius: 50%; background: var(--muted); animation: breathe 1.2s infinite ease-in-out; }
.dots i:nth-child(2) { animation-delay: .16s; }
.dots i:nth-child(3) { animation-delay: .32s; }
@keyframes breathe { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }

.newer { position: absolute; z-index: 2; right: 26px; bottom: 100%; display: grid; place-items: center; width: 36px; height: 36px;
  margin: 0 0 10px; border: 1px solid var(--border); border-radius: 50%; background: var(--surface); color: var(--link); box-shadow: var(--lift); }

.foot { position: relative; flex: none; padding: 10px 12px 12px; border-top: 1px solid var(--border); background: var(--surface); }
.person { display: inline-flex; align-items: center; gap: 6px; min-height: 32px; margin: 0 0 8px; padding: 0 12px 0 10px; border-radius: 16px;
  background: var(--hover); color: var(--text); font-size: 13px; font-weight: 550; }
button.person:hover { background: var(--accent-soft); color: var(--accent-soft-text); }
.person svg { width: 16px; height: 16px; color: var(--accent); }
.note { margin: 0 4px 8px; font-size: 13px; color: var(--muted); }
.note.over { color: var(--danger-text); }
.chosen { display: flex; align-items: center; gap: 10px; margin: 0 4px 8px; }
.chosen canvas { flex: none; max-width: 50%; border: 1px solid var(--border); border-radius: 10px; }
.file-name { flex: 1; min-width: 0; overflow: hidden; font-size: 13px; text-overflow: ellipsis; white-space: nowrap; }
.chosen .tool { flex: none; color: var(--text); }
.chosen .tool:hover { background: var(--hover); }
.attach { display: grid; place-items: center; flex: none; width: 40px; height: 40px; border-radius: 50%; color: var(--muted); }
.attach:hover { background: var(--hover); color: var(--text); }
.attach svg { width: 20px; height: 20px; }
.foot.dropping { outline: 2px dashed var(--accent); outline-offset: -4px; }
.compose { display: flex; align-items: flex-end; gap: 4px; padding: 4px; border: 1px solid var(--border-strong); border-radius: 24px;
  background: var(--surface); }
.compose:focus-within { border-color: var(--focus); box-shadow: 0 0 0 1px var(--focus); }
textarea { flex: 1; min-width: 0; max-height: 144px; padding: 8px 0; border: 0; background: none; font-size: 16px; line-height: 24px; resize: none;
  field-sizing: content; }
textarea:focus { outline: none; }
textarea::placeholder { color: var(--muted); opacity: 1; }
.send { display: grid; place-items: center; flex: none; width: 40px; height: 40px; border-radius: 50%; background: var(--accent); color: var(--on-accent); }
.send:hover { background: var(--accent-hover); }
.send[aria-disabled="true"] { background: var(--sunken); color: var(--muted); cursor: default; }

.button { min-height: 40px; padding: 0 16px; border: 1px solid var(--border-strong); border-radius: 10px; font-weight: 550; }
.button:hover { background: var(--hover); }
.button.primary { border-color: transparent; background: var(--accent); color: var(--on-accent); }
.button.primary:hover { background: var(--accent-hover); }

@media (max-width: 480px) {
  :host { right: 16px; bottom: 16px; }
  :host([open]) { inset: 0; }
  :host([open]) .launcher { display: none; }
  .panel { position: fixed; inset: 0; width: 100%; height: var(--seen, 100dvh); border: 0; border-radius: 0; }
  .head { gap: 8px; padding-top: max(14px, env(safe-area-inset-top)); }
  .foot { padding-bottom: max(12px, env(safe-area-inset-bottom)); }
  .tool, .language { height: 44px; }
  .tool { width: 40px; }
}
@media (max-height: 480px) { .panel { height: calc(100dvh - 32px); bottom: 0; } :host([open]) .launcher { display: none; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
@media (forced-colors: active) { .bubble, .launcher, .send, .step { border: 1px solid; } }
`;
