// What stands still: launcher, header, menu, composer, and their words. What happens in them is element.js.

import { LANGUAGES } from "./texts.js";
import { h, icon } from "./view.js";

// The parts by name, `root` among them; `on` says what to call.
export function buildFrame(title, on) {
  const parts = { ...header(title, on), ...callBar(), ...thread(on), ...composer(on) };
  parts.panel = h("div.panel", { id: "panel", role: "dialog", tabindex: "-1", hidden: true, onkeydown: on.panelKey },
    parts.head, parts.menu, parts.state, parts.bar, parts.scroll, parts.foot);
  parts.unread = h("span.unread", { "aria-hidden": "true", hidden: true });
  parts.launcher = h("button.launcher", {
    type: "button", "aria-expanded": "false", "aria-controls": "panel", "aria-haspopup": "dialog", onclick: on.toggle,
  }, icon("chat"), icon("down"), parts.unread);
  parts.root = h("div.root", {}, parts.panel, parts.launcher);
  return parts;
}

function header(title, on) {
  const options = Object.entries(LANGUAGES).map(([code, name]) =>
    h("option", { value: code, lang: code, "aria-label": name }, code.toUpperCase()));
  const parts = {
    name: h("div.name", { "data-own": title ? "1" : null }, title || ""),
    role: h("div.role"),
    language: h("select.language", { onchange: (event) => on.language(event.target.value) }, ...options),
    more: h("button.tool.more", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", onclick: on.menu }, icon("more")),
    call: h("button.tool", { type: "button", hidden: true }, icon("phone")),
    minimise: h("button.tool", { type: "button", onclick: on.close }, icon("down")),
    restart: h("button", { type: "button", role: "menuitem", onclick: on.restart }, icon("fresh"), h("span")),
    save: h("button", { type: "button", role: "menuitem", onclick: on.save }, icon("save"), h("span")),
    state: h("div.state", { role: "status", hidden: true }, icon("alert"), h("span")),
  };
  parts.menu = h("div.menu", { role: "menu", hidden: true }, parts.restart, parts.save);
  parts.head = h("div.head", {}, h("div.mark", { "aria-hidden": "true" }, icon("bell")),
    h("div.who", {}, parts.name, parts.role), parts.language, parts.call, parts.more, parts.minimise);
  return parts;
}

// What they do is callbar.js.
function callBar() {
  const parts = {
    callState: h("span.call-state", { role: "status" }),
    callTime: h("span.call-time", { role: "timer" }),
    mute: h("button.tool", { type: "button", "aria-pressed": "false" }, icon("mute")),
    keypadToggle: h("button.tool", { type: "button", "aria-expanded": "false", "aria-controls": "keypad" }, icon("keys")),
    hangUp: h("button.hang-up", { type: "button" }, icon("hangUp"), h("span")),
    keypad: h("div.keypad", { id: "keypad", role: "group", hidden: true }),
  };
  parts.bar = h("div.call", { hidden: true }, parts.callState, parts.callTime, parts.mute, parts.keypadToggle, parts.hangUp, parts.keypad);
  return parts;
}

function thread(on) {
  const parts = {
    hello: h("div.hello"),
    log: h("div.log", { role: "log", "aria-live": "polite", "aria-relevant": "additions" }),
    replies: h("div.replies", { role: "group", hidden: true }),
    typing: h("div.typing", { hidden: true }),
  };
  parts.scroll = h("div.scroll", { tabindex: "0", role: "region", onscroll: on.scrolled },
    parts.hello, parts.log, parts.replies, parts.typing);
  return parts;
}

function composer(on) {
  const parts = {
    newer: h("button.newer", { type: "button", hidden: true, onclick: on.newer }, icon("down")),
    person: h("button.person", { type: "button", onclick: on.person }, icon("person"), h("span")),
    note: h("p.note", { id: "note", role: "status", hidden: true }),
    text: h("textarea", { rows: "1", enterkeyhint: "send", "aria-describedby": "note", oninput: on.typed, onkeydown: on.key }),
    attach: h("button.attach", { type: "button", onclick: on.attach }, icon("clip")),
    file: h("input", { type: "file", accept: "image/*", hidden: true, onchange: on.attached }),
    send: h("button.send", { type: "button", "aria-disabled": "true", onclick: on.send }, icon("send")),
  };
  parts.thumb = h("canvas", { role: "img" });
  parts.fileName = h("span.file-name");
  parts.remove = h("button.tool", { type: "button", onclick: on.remove }, icon("cross"));
  parts.chosen = h("div.chosen", { hidden: true }, parts.thumb, parts.fileName, parts.remove);
  parts.told = h("p.note", { role: "status", hidden: true });
  parts.foot = h("div.foot", {}, parts.newer, parts.person, parts.note, parts.told, parts.chosen,
    h("div.compose", {}, parts.attach, parts.text, parts.send), parts.file);
  return parts;
}

// Names and titles of what stands still, in one language.
export function wordFrame(parts, texts, language) {
  const labels = {
    panel: texts.dialog, language: texts.language, more: texts.menu, minimise: texts.minimise, log: texts.log,
    scroll: texts.log, replies: texts.replies, newer: texts.newer, text: texts.composer, send: texts.send,
    attach: texts.attach, remove: texts.removePicture,
  };
  for (const [part, label] of Object.entries(labels)) parts[part].setAttribute("aria-label", label);
  for (const part of ["more", "minimise", "send", "newer", "language", "attach"]) parts[part].title = labels[part];
  parts.panel.lang = language;
  parts.language.value = language;
  if (!parts.name.dataset.own) parts.name.textContent = texts.title;
  parts.restart.lastChild.textContent = texts.restart;
  parts.save.lastChild.textContent = texts.save;
  parts.person.lastChild.textContent = texts.person;
  parts.text.placeholder = texts.placeholder;
}

// The greeting: that it is a bot, what is kept, some ways to begin, and the way to the knowledge base.
export function greet(parts, texts, help, begin) {
  const starters = texts.starters.map((text) =>
    h("button.starter", { type: "button", onclick: () => begin(text) }, text, icon("right")));
  parts.starters = h("div.starters", {}, ...starters);
  parts.find = h("a.find", { href: help, target: "_blank", rel: "noopener" }, icon("book"), texts.help,
    h("span.sr", {}, ` (${texts.opens})`));
  parts.ahead = h("p", { hidden: parts.ahead?.hidden ?? true }, texts.ahead);
  parts.hello.replaceChildren(h("h2", {}, texts.hello), h("p.about", {}, texts.about),
    h("div.kept", {}, icon("shield"), h("div", {}, h("p", {}, texts.kept), parts.ahead)), parts.starters, parts.find);
}
