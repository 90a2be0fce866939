/* The agent on the line: answering a call, and the bar of the one that is on, which stays whatever is opened. Its sound
 * is the same as that of a customer's call out of the chat. */

import { $ } from "../dom.js";
import { CallLine } from "../widget/call.js";

const TICK = 1000;
const TOLD_FOR = 6000; // milliseconds that an ending is shown

class DeskCall extends HTMLElement {
  connectedCallback() {
    this.call = null;
    document.addEventListener("click", ({ target }) => {
      const answer = target.closest?.("[data-answer]");
      if (answer) this.answer(answer);
    });
    $("[data-mute]", this).onclick = () => this.mute(!this.muted);
    $("[data-hold]", this).onclick = () => this.hold(!this.holds);
    $("[data-hang-up]", this).onclick = () => this.call?.hangUp();
    addEventListener("beforeunload", (event) => this.call && event.preventDefault()); // a reload would drop the call
  }

  answer({ dataset }) {
    if (this.call) return;
    if (!CallLine.possible) return this.end("microphone");
    const url = new URL(dataset.answer, location.href);
    this.of = url.pathname.replace(/\/talk$/, "");
    url.protocol = url.protocol.replace("http", "ws");
    this.muted = this.holds = false;
    const link = $("a", this);
    link.href = this.of;
    link.textContent = $("#conversation-title").textContent;
    this.call = new CallLine({
      url: url.href,
      sound: "/widget-sound.js",
      tell: { connected: () => this.begin(), ended: (why) => this.end(why) },
    });
    this.show("calling");
    this.call.start(async () => ({ type: "hello" }));
  }

  begin() {
    this.began = Date.now();
    this.show("on");
    this.ticking = setInterval(() => this.time(), TICK);
    $("[data-hang-up]", this).focus();
  }

  end(why) {
    this.call = null;
    clearInterval(this.ticking);
    this.show(why);
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => this.call || (this.hidden = true), TOLD_FOR);
  }

  mute(muted) {
    this.muted = muted;
    this.call.mute(muted || this.holds);
    this.show("on");
  }

  hold(holds) {
    this.holds = holds;
    this.call.say({ type: "hold", holds });
    this.call.mute(this.muted || holds);
    this.show("on");
  }

  show(state) {
    const words = this.dataset;
    const said = state === "on" ? (this.holds ? words.held : this.muted ? words.muted : words.on) : words[state] || words.unavailable;
    clearTimeout(this.leaving);
    this.hidden = false;
    this.dataset.state = state;
    const text = $(".call-said", this);
    if (text.textContent !== said) text.textContent = said;
    $(".call-deeds", this).hidden = state !== "on";
    $("[data-mute]", this).setAttribute("aria-pressed", String(Boolean(this.muted)));
    $("[data-hold]", this).setAttribute("aria-pressed", String(Boolean(this.holds)));
    this.time();
  }

  time() {
    const seconds = this.call && this.began ? Math.floor((Date.now() - this.began) / 1000) : 0;
    $(".call-time", this).textContent = this.dataset.state === "on" ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
  }
}

customElements.define("desk-call", DeskCall);
