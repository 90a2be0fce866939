// <balie-chat>: the launcher, the panel and what happens in them. One script line makes it:
//   <script src="https://balie.example.org/widget.js" data-lang="nl" defer></script>
// data-lang: nl, fr or en (else the page's, else the browser's) · data-title: the name above the chat ·
// data-user and data-user-hmac: who is logged in, hex(HMAC-SHA256(identity secret, user)).
// The page may call open(), close(), call() and say(text) on the element, or put data-balie-open (and data-balie-say)
// on a button of its own.

import { TEXTS, pickLanguage } from "./texts.js";
import { STYLE } from "./style.js";
import { Memory } from "./memory.js";
import { Connection } from "./connection.js";
import { END, Scrolling } from "./scrolling.js";
import { Receipts } from "./receipts.js";
import { Thread } from "./thread.js";
import { Menu } from "./menu.js";
import { Picture } from "./picture.js";
import { CallBar } from "./callbar.js";
import { Launcher } from "./launcher.js";
import { asText, face, h, safeUrl } from "./view.js";
import { buildFrame, greet, wordFrame } from "./frame.js";
import { helper, lastVoice, waits } from "./voices.js";
import { followPage } from "./page.js";

const MAX_TEXT = 8000;
const TYPING_FOR = 8000;
const TOLD = 500; // characters of what is being typed
const script = document.currentScript;

class BalieChat extends HTMLElement {
  #parts = {};
  #memory;
  #line;
  #server;
  #language;
  #turns = []; // what the server told, by seq
  #failed = []; // messages that it will never take
  #thread;
  #history = 0; // numbers up to here were said before this page was opened
  #scrolling;
  #receipts;
  #menu;
  #picture;
  #callBar;
  #launcher;
  #timers = {};
  #started = false;

  get texts() { return TEXTS[this.#language]; }

  connectedCallback() {
    if (this.#started) return;
    this.#started = true;
    const settings = { ...script?.dataset, ...this.dataset };
    this.#server = new URL(".", settings.server || script?.src || location.href).href;
    this.#memory = new Memory(new URL(this.#server).host);
    this.#language = pickLanguage(this.#memory.language, settings.lang, document.documentElement.lang, ...navigator.languages);
    const socket = new URL("webhooks/web/socket", this.#server);
    socket.protocol = socket.protocol.replace("http", "ws");
    this.#line = new Connection({
      url: socket.href,
      memory: this.#memory,
      identity: settings.user ? { user: settings.user, hmac: settings.userHmac || "" } : null,
      language: this.#language,
      tell: {
        state: (state) => this.#showState(state),
        welcome: (frame) => this.#welcome(frame),
        turn: (turn) => this.#hear(turn),
        ack: () => this.#expectAnswer(),
        typing: (frame) => this.#showTyping(frame),
        calls: () => this.#callBar.offer(true),
        rejected: (item, code) => { this.#failed.push({ ...item, code, after: this.#line.lastSeq }); this.#draw(); },
        forget: () => { this.#turns = []; this.#failed = []; this.#receipts.forget(); this.#draw(); },
      },
    });
    this.#build(settings.title);
    followPage(this);
    this.#memory.onOtherToken((token) => {
      this.#forget();
      if (token) this.#line.start();
    });
    document.addEventListener("visibilitychange", () => document.hidden || this.#draw());
    if (this.#memory.open) this.open({ focus: false });
    else if (this.#memory.token) this.#line.start();
  }

  // --- what a page may call ---------------------------------------------------------------------

  open({ focus = true } = {}) {
    const { panel, launcher } = this.#parts;
    panel.hidden = false;
    this.toggleAttribute("open", true);
    launcher.setAttribute("aria-expanded", "true");
    this.#memory.open = true;
    this.#line.start();
    this.#draw();
    if (this.#line.outbox.length || this.#turns.length) this.#scrolling.to(this.#line.outbox.length ? END : this.#turns.at(-1));
    if (focus) (matchMedia("(pointer: coarse)").matches ? panel : this.#parts.text).focus({ preventScroll: true });
  }

  close() {
    const { panel, launcher } = this.#parts;
    const inside = this.shadowRoot.activeElement;
    panel.hidden = true;
    this.#menu.toggle(false);
    this.toggleAttribute("open", false);
    launcher.setAttribute("aria-expanded", "false");
    this.#memory.open = false;
    if (inside) launcher.focus();
  }

  // Begins a call; where the browser or the server takes none, the chat opens.
  call() {
    this.open();
    if (!this.#parts.call.hidden) this.#callBar.start();
  }

  // Opens with a text in the composer; the customer sends it, or not.
  say(text) {
    this.open();
    this.#parts.text.value = text;
    this.#typed();
  }

  // --- building ---------------------------------------------------------------------------------

  #build(title) {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.#parts = buildFrame(title, {
      toggle: () => (this.#parts.panel.hidden ? this.open() : this.close()),
      close: () => this.close(),
      language: (language) => this.#speak(language),
      menu: () => this.#menu.toggle(),
      restart: () => this.#menu.ask(this.texts, helper(this.#turns, this.texts.agent), () => this.#restart()),
      save: () => this.#save(),
      scrolled: () => {
        this.#parts.newer.hidden = this.#scrolling.atEnd;
        this.#receipts.look();
      },
      newer: () => this.#scrolling.to(END),
      person: () => this.#submit(this.texts.person),
      typed: () => this.#typed(),
      key: (event) => this.#key(event),
      panelKey: (event) => this.#menu.key(event, () => this.close()),
      send: () => this.#sendText(),
      attach: () => this.#parts.file.click(),
      attached: () => this.#picture.attached(),
      remove: () => this.#picture.clear({ focus: true }),
    });
    root.append(this.#parts.root);
    this.#thread = new Thread(this.#parts.log);
    this.#scrolling = new Scrolling(this.#parts.scroll, (turn) => this.#thread.elementOf(turn));
    this.#receipts = new Receipts({
      thread: this.#parts.scroll,
      shown: () => !this.#parts.panel.hidden,
      elementOf: (turn) => this.#thread.elementOf(turn),
      tell: (got, seen) => this.#line.receipt(got, seen),
    });
    this.#menu = new Menu(this.#parts);
    this.#launcher = new Launcher(this.#parts, this.#memory, () => this.texts);
    this.#picture = new Picture({
      parts: this.#parts,
      line: this.#line,
      url: new URL("webhooks/web/picture", this.#server).href,
      texts: () => this.texts,
      changed: () => this.#typed(),
    });
    const call = new URL("webhooks/web/call", this.#server);
    call.protocol = call.protocol.replace("http", "ws");
    this.#callBar = new CallBar({
      parts: this.#parts,
      line: this.#line,
      urls: { call: call.href, sound: new URL("widget-sound.js", this.#server).href },
      texts: () => this.texts,
      changed: (on) => {
        this.toggleAttribute("calling", on);
        this.#drawLauncher();
      },
    });
    this.#parts.text.value = this.#memory.draft;
    this.#speak(this.#language, { keep: false });
    this.#typed();
  }

  // Everything the widget says itself, in the language of choice.
  #speak(language, { keep = true } = {}) {
    this.#language = language;
    this.#line.language = language;
    if (keep) this.#memory.language = language;
    wordFrame(this.#parts, this.texts, language);
    greet(this.#parts, this.texts, safeUrl(`help/${language}/`, this.#server), (text) => this.#submit(text));
    this.#callBar.word();
    this.#thread.clear();
    this.#showState(this.#line.state);
    this.#draw();
  }

  // --- what the server says ---------------------------------------------------------------------

  #welcome(frame) {
    this.#history = Math.max(this.#history, frame.seq);
    this.#parts.log.setAttribute("aria-busy", frame.seq > this.#line.lastSeq ? "true" : "false");
    this.#receipts.again();
    this.#parts.ahead.hidden = !frame.typed;
    this.#callBar.offer(frame.call);
    this.#draw();
  }

  #hear(turn) {
    if (turn.author !== "customer") this.#hideTyping();
    this.#turns.push(turn);
    this.#scrolling.heard(turn, this.#history);
    this.#later("draw", 0, () => {
      this.#draw();
      this.#scrolling.drawn();
      if (turn.seq >= this.#history) this.#parts.log.setAttribute("aria-busy", "false");
    });
  }

  // The bot answers at once, so its dots may show before it says that it is typing; a person's may not.
  #expectAnswer() {
    if (lastVoice(this.#turns)?.author === "agent" || this.#turns.at(-1)?.author === "system") return;
    this.#later("expect", 350, () => {
      if (this.#turns.at(-1)?.author === "customer") this.#showTyping({ author: "bot" });
    });
  }

  #showTyping(frame) {
    const name = frame.author === "agent" ? frame.name || this.texts.agent : this.texts.bot;
    this.#parts.typing.replaceChildren(face(frame), h("div.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i")),
      h("span.sr", { role: "status" }, this.texts.typing(name)));
    this.#scrolling.follow(() => (this.#parts.typing.hidden = false));
    this.#later("typing", TYPING_FOR, () => this.#hideTyping());
  }

  #hideTyping() {
    clearTimeout(this.#timers.expect);
    this.#parts.typing.hidden = true;
  }

  #showState(state) {
    const { state: bar } = this.#parts;
    if (!bar) return;
    const text = { open: "", idle: "", refused: this.texts.refused, connecting: this.texts.connecting, busy: this.texts.busy,
      waiting: navigator.onLine === false ? this.texts.offline : this.texts.lost }[state];
    clearTimeout(this.#timers.state);
    const show = () => {
      bar.lastChild.textContent = text;
      bar.hidden = !text;
    };
    // A line that is back within a second was never away; one that is said to be away stays so until it is back.
    if (!text) show();
    else if (bar.hidden) this.#later("state", 1200, show);
    else if (state !== "connecting") show();
    this.#draw();
  }

  // --- what the customer does -------------------------------------------------------------------

  #submit(text, payload = null) {
    this.#line.send(text, payload);
    this.#draw();
    this.#scrolling.to(END);
  }

  #sendText() {
    const { text } = this.#parts;
    const value = text.value.trim();
    if (value.length > MAX_TEXT) return;
    if (this.#picture.file) return void this.#sendPicture(value);
    if (!value) return;
    text.value = "";
    this.#typed();
    this.#submit(value);
    text.focus();
  }

  async #sendPicture(caption) {
    if (!(await this.#picture.send(caption))) return;
    const { text } = this.#parts;
    if (text.value.trim() === caption) text.value = ""; // else more was typed meanwhile
    this.#typed();
    this.#scrolling.to(END);
    if (!this.#line.lastSeq) this.#line.renew();
    this.#expectAnswer();
  }

  #choose(reply) {
    this.#submit(reply.title, reply.payload);
    this.#parts.text.focus({ preventScroll: true });
  }

  #typed() {
    const { text, send, note } = this.#parts;
    const length = text.value.trim().length;
    this.#memory.draft = text.value;
    const something = length || this.#picture?.file;
    send.setAttribute("aria-disabled", String(!something || length > MAX_TEXT || Boolean(this.#picture?.busy)));
    const over = length > MAX_TEXT;
    note.hidden = length < MAX_TEXT - 500;
    note.classList.toggle("over", over);
    note.textContent = note.hidden ? "" : over ? this.texts.tooLong : this.texts.left(MAX_TEXT - length);
    if (!CSS.supports("field-sizing", "content")) {
      text.style.height = "auto";
      text.style.height = `${text.scrollHeight}px`;
    }
    this.#line.typing(text.value.trim().slice(-TOLD), waits(this.#turns) || Boolean(helper(this.#turns, "?")));
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#sendText();
  }

  // --- the menu ---------------------------------------------------------------------------------

  #restart() {
    this.#line.leave();
    this.#memory.token = null;
    this.#forget();
    this.#line.start();
    this.#parts.text.focus();
  }

  #forget() {
    this.#callBar.hangUp();
    this.#line.reset();
    this.#turns = [];
    this.#failed = [];
    this.#receipts.forget();
    this.#history = 0;
    this.#memory.read = 0;
    this.#hideTyping();
    this.#draw();
  }

  #save() {
    this.#menu.toggle(false);
    const url = URL.createObjectURL(new Blob([asText(this.#turns, this.texts, this.#language)], { type: "text/plain;charset=utf-8" }));
    h("a", { href: url, download: "balie.txt" }).click();
    this.#later("saved", 10_000, () => URL.revokeObjectURL(url));
  }

  // --- drawing ----------------------------------------------------------------------------------

  #draw() {
    const { starters, find, save } = this.#parts;
    if (!this.#thread) return;
    const said = { turns: this.#turns, failed: this.#failed, outbox: this.#line.outbox, open: this.#line.state === "open" };
    const items = this.#thread.draw(said, { texts: this.texts, language: this.#language, server: this.#server });
    starters.hidden = find.hidden = items.length > 0;
    save.hidden = items.length === 0;
    this.#drawReplies(items);
    this.#drawWho();
    this.#drawLauncher();
    this.#receipts.look(this.#turns);
  }

  // The answers that were offered last, until something is said.
  #drawReplies(items) {
    const { replies } = this.#parts;
    // A notice leaves them, unless a person has joined: the bot does not hear them any more.
    const last = items.findLast((item) => item.turn && (item.turn.author !== "system" || item.turn.name));
    const offered = last && last.turn.author !== "customer" ? last.turn.replies || [] : [];
    const key = offered.length ? last.key : "";
    if (replies.dataset.of === key && !replies.hidden === offered.length > 0) return;
    replies.dataset.of = key;
    replies.hidden = offered.length === 0;
    replies.replaceChildren(...offered.map((reply) => h("button.reply", { type: "button", onclick: () => this.#choose(reply) }, reply.title)));
  }

  #drawWho() {
    const { role, person } = this.#parts;
    const agent = helper(this.#turns, this.texts.agent);
    const queued = waits(this.#turns);
    const state = queued ? this.texts.queueState : agent ? this.texts.agentState(agent) : this.texts.botState;
    if (role.textContent !== state) role.textContent = state;
    const focused = this.shadowRoot.activeElement === person;
    person.hidden = Boolean(agent) || queued;
    if (focused && person.hidden) this.#parts.text.focus({ preventScroll: true });
  }

  #drawLauncher() {
    this.#launcher.draw({ turns: this.#turns, last: this.#line.lastSeq, calling: this.hasAttribute("calling") });
  }

  #later(name, ms, work) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(work, ms);
  }
}

if (!customElements.get("balie-chat")) {
  customElements.define("balie-chat", BalieChat);
  if (!document.querySelector("balie-chat")) document.body.append(document.createElement("balie-chat"));
}
