// A call as the customer sees it: the button that begins it, the bar with its state, time and keys. What is
// said stands in the thread, as everything does; the line is call.js.

import { h, icon } from "./view.js";
import { CallLine } from "./call.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

export class CallBar {
  #parts;
  #line; // of the chat: who we are, and the conversation that begins
  #urls;
  #texts;
  #call = null;
  #state = ""; // "", calling, on, ended
  #why = "";
  #muted = false;
  #began = 0;
  #ticking;
  #changed; // hears whether a call is on

  constructor({ parts, line, urls, texts, changed }) {
    this.#changed = changed;
    this.#parts = parts;
    this.#line = line;
    this.#urls = urls;
    this.#texts = texts;
    parts.call.addEventListener("click", () => this.start());
    parts.hangUp.addEventListener("click", () => (this.#call ? this.hangUp() : this.#become("")));
    parts.mute.addEventListener("click", () => this.#mute(!this.#muted));
    parts.keypadToggle.addEventListener("click", () => this.#keypad(parts.keypad.hidden));
    parts.keypad.append(...KEYS.map((key) => h("button", { type: "button", onclick: () => this.#call?.key(key) }, key)));
    this.offer(false);
  }

  // Whether calls are taken, as the server says.
  offer(taken) {
    this.#parts.call.hidden = !(taken && CallLine.possible);
  }

  hangUp() { this.#call?.hangUp(); }

  start() {
    if (this.#call) return;
    this.#muted = false;
    this.#call = new CallLine({
      url: this.#urls.call,
      sound: this.#urls.sound,
      tell: {
        connected: () => {
          this.#began = Date.now();
          this.#become("on");
          if (!this.#line.lastSeq) this.#line.renew(); // the call has begun the conversation
        },
        ended: (why) => {
          this.#call = null;
          this.#why = { too_many: "busy", not_allowed: "refused" }[why] || why;
          this.#become("ended");
        },
      },
    });
    this.#become("calling");
    this.#call.start(() => this.#line.introduction());
  }

  // Everything in the language of choice.
  word() {
    const { call, mute, keypadToggle, hangUp, keypad } = this.#parts;
    const texts = this.#texts().call;
    for (const [button, label] of [[call, texts.start], [keypadToggle, texts.keypad]]) {
      button.setAttribute("aria-label", label);
      button.title = label;
    }
    keypad.setAttribute("aria-label", texts.keypad);
    mute.title = texts.mute;
    mute.setAttribute("aria-label", texts.mute);
    hangUp.lastChild.textContent = this.#state === "ended" ? texts.close : texts.hangUp;
    this.#draw();
  }

  #mute(muted) {
    this.#muted = muted;
    this.#call?.mute(muted);
    this.#draw();
  }

  #keypad(open) {
    this.#parts.keypad.hidden = !open;
    this.#parts.keypadToggle.setAttribute("aria-expanded", String(open));
  }

  #become(state) {
    const { call, hangUp, bar } = this.#parts;
    const focused = bar.contains(bar.getRootNode().activeElement) || bar.getRootNode().activeElement === call;
    this.#state = state;
    clearInterval(this.#ticking);
    if (state === "on") this.#ticking = setInterval(() => this.#draw(), 1000);
    if (state !== "on") this.#keypad(false);
    this.word();
    this.#changed(Boolean(this.#call));
    if (focused) (state ? hangUp : call).focus({ preventScroll: true });
  }

  #draw() {
    const { bar, callState, callTime, mute, keypadToggle, call } = this.#parts;
    const texts = this.#texts().call;
    bar.hidden = !this.#state;
    bar.dataset.state = this.#state;
    call.setAttribute("aria-disabled", String(Boolean(this.#call)));
    mute.hidden = keypadToggle.hidden = this.#state !== "on";
    mute.setAttribute("aria-pressed", String(this.#muted));
    const text = { calling: texts.calling, on: this.#muted ? texts.muted : texts.on, ended: texts.ended[this.#why] || texts.ended.unavailable }[this.#state] || "";
    if (callState.textContent !== text) callState.textContent = text;
    const seconds = Math.floor((Date.now() - this.#began) / 1000);
    callTime.textContent = this.#state === "on" ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
  }
}
