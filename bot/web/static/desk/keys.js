/* Everything by the keyboard: shortcuts, and a palette of all that can be done now.
 *
 * A command is what has `data-command` with its name, or a link: what can be clicked can be called. */

import { $ } from "../dom.js";

const SHORTCUTS = {
  j: () => step(1),
  k: () => step(-1),
  e: () => $('[data-dialog="resolve"]')?.click(),
  m: () => $('[data-dialog="snooze"]')?.click(),
  p: () => $("#tab-note")?.click(),
  a: () => $("[data-answer]")?.click(),
  l: () => $("#tab-reply")?.click(),
};

/* What the palette calls by its name. */
const DEEDS = {
  next: SHORTCUTS.j,
  previous: SHORTCUTS.k,
  resolve_next: resolveAndNext,
  search: () => $("#desk-filter [name=q]").select(),
};

let afterwards = null; // the conversation to go to when the one that is open is resolved

document.addEventListener("keydown", (event) => {
  if ($("dialog[open]")) return; // what is open has the keys, and what is typed there is not left
  if (event.metaKey || event.shiftKey && event.key !== "?") return;
  if (event.getModifierState("AltGraph")) return; // it writes €, @ and #, and Windows says Ctrl and Alt with it
  const letter = letterOf(event);
  if (event.ctrlKey && event.altKey && letter === "e") return call(event, resolveAndNext);
  if (event.ctrlKey && !event.altKey && letter === "k") return call(event, open);
  if (event.altKey && !event.ctrlKey && SHORTCUTS[letter]) return call(event, SHORTCUTS[letter]);
  if (event.key === "?" && !event.target.closest?.("input, textarea, select, dialog")) call(event, () => $("#keys").showModal());
});

/* What the key writes, for on AZERTY letters lie elsewhere; its place, where Alt writes something else (macOS) or the
 * letters are not Latin. */
function letterOf({ key, code }) {
  return (/^[!-~]$/.test(key) ? key : code.replace(/^Key/, "")).toLowerCase();
}

function call(event, act) {
  event.preventDefault();
  act();
}

/* The list of keys says what Enter does now. */
function listed() {
  const { enter } = $(".desk").dataset;
  for (const row of document.querySelectorAll("#keys [data-enter]")) row.hidden = row.dataset.enter !== enter;
}

document.addEventListener("desk:wished", listed);
listed();

const items = () => [...document.querySelectorAll("#desk-list .item")];

function step(by) {
  const all = items();
  const at = all.findIndex((item) => item.hasAttribute("aria-current"));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  (next ?? (by > 0 ? $("#desk-list .desk-more") : null))?.click();
}

function resolveAndNext() {
  const all = items();
  const at = all.findIndex((item) => item.hasAttribute("aria-current"));
  $('[data-dialog="resolve"]')?.click();
  afterwards = (all[at + 1] || all[at - 1])?.dataset.id ?? null;
  const says = $("[data-and-next]");
  if (says) says.hidden = !afterwards;
  $("#resolve")?.addEventListener("close", () => {
    if (says) says.hidden = true;
    if (!$("#resolve .htmx-request")) afterwards = null;
  }, { once: true });
}

/* Goes on to the next conversation, where resolving was called so; whether it did. */
export function nextAfter() {
  const item = afterwards && items().find(({ dataset }) => dataset.id === afterwards);
  afterwards = null;
  item?.click();
  return Boolean(item);
}

// ── the palette ────────────────────────────────────────────────────────────────────────────────────────────

const palette = $("#palette");
const input = $("#palette-input");
const list = $("#palette-list");
let commands = [];

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-open-palette]")) open();
  DEEDS[target.closest?.("[data-deed]")?.dataset.deed]?.();
});

/* Its parts apart: a name, how many there are, a number. */
const wordsOf = ({ childNodes }) =>
  [...childNodes].map(({ textContent }) => textContent.trim().replace(/\s+/g, " ")).filter(Boolean).join(" ");

const called = ({ dataset }) => dataset.command;
const goTo = (element) => `${list.dataset.go}${wordsOf(element)}`;

/* What the palette offers, in its order: the open conversation, where else to go, and what an agent sets. */
const COMMANDS = [
  ["#desk-main [data-command]:not(:disabled)", called],
  [".desk-tabs a, .topbar nav a", goTo],
  [".desk-side [data-command], [data-deed]:not(#desk-main *)", called],
  ["#desk-list .item", (item) => goTo($(".item-top", item))],
  [".topbar [data-command]:not(:disabled)", called],
  [".topbar .menu-list a:not([hreflang])", goTo],
];

const offered = () =>
  COMMANDS.flatMap(([where, name]) =>
    [...document.querySelectorAll(where)].map((element) => ({ name: name(element), keys: element.dataset.keys, element })));

function open() {
  if (palette.open) return;
  commands = offered();
  input.value = "";
  draw();
  palette.showModal();
}

function draw() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  list.replaceChildren(...found.map(option));
  if (!found.length) list.append(Object.assign(document.createElement("li"), { className: "muted", textContent: list.dataset.none }));
  choose(0);
}

function option(command, at) {
  const row = document.createElement("li");
  row.id = `command-${at}`;
  row.setAttribute("role", "option");
  row.append(Object.assign(document.createElement("span"), { textContent: command.name }));
  if (command.keys) row.append(Object.assign(document.createElement("kbd"), { textContent: command.keys }));
  row.addEventListener("click", () => run(command));
  row.command = command;
  return row;
}

function choose(at) {
  const rows = [...list.querySelectorAll("[role=option]")];
  const chosen = rows[(at + rows.length) % rows.length];
  for (const row of rows) row.setAttribute("aria-selected", String(row === chosen));
  input.setAttribute("aria-activedescendant", chosen?.id ?? "");
  chosen?.scrollIntoView({ block: "nearest" });
}

function run({ name, element }) {
  palette.close();
  const { opens } = element.dataset;
  if (opens) $(`[data-dialog="${opens}"]`)?.click();
  // The page may have been drawn again while the palette was open.
  (element.isConnected ? element : offered().find((each) => each.name === name)?.element)?.click();
}

input.addEventListener("input", draw);
input.addEventListener("keydown", (event) => {
  const rows = [...list.querySelectorAll("[role=option]")];
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") call(event, () => choose(at + 1));
  else if (event.key === "ArrowUp") call(event, () => choose(at - 1));
  else if (event.key === "Enter") call(event, () => rows[at] && run(rows[at].command));
});
