/* Reply and note: tabs, Enter to send, a key so that nothing is said twice. Their drafts are `drafts.js`. */

import { $ } from "../dom.js";
import { Draft } from "./drafts.js";
import { Offers } from "./offers.js";
import { Pictures } from "./pictures.js";

let before = {}; // the composer that was here: whose it was, and whether the keyboard was in it

const RETRY_AFTER = 3000;
const LONGEST = 8000; // characters of a reply or a note
const SLOW = 800; // a reply that takes longer says that it is on its way

class DeskComposer extends HTMLElement {
  connectedCallback() {
    this.lost();
    this.state = $(".composer-state", this);
    this.notice = $(".composer-notice", this);
    this.tabs = [...this.querySelectorAll('[role="tab"]')];
    this.off = new AbortController();
    if (!this.state) return; // an erased conversation: there is nothing to write with
    this.offers = new Offers(this);
    this.pictures = new Pictures(this);
    for (const tab of this.tabs) {
      tab.addEventListener("click", () => {
        this.tell("");
        this.choose(tab, true);
      });
      tab.addEventListener("keydown", (event) => {
        if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
        const at = this.tabs.indexOf(tab) + (event.key === "ArrowRight" ? 1 : -1);
        this.choose(this.tabs.at(at % this.tabs.length), false).focus();
      });
    }
    for (const form of this.forms) this.prepare(form);
    if (this.tabs.length) this.choose(this.tabs[0], false);
    const on = (name, then) => document.addEventListener(name, then, { signal: this.off.signal });
    on("desk:put", ({ detail }) => this.put(detail));
    on("desk:back", () => this.again());
    on("desk:seq", ({ detail }) => detail.id === this.dataset.id && this.forms.forEach(({ drafting }) => drafting.look()));
    on("desk:wished", () => this.hint());
    on("htmx:beforeSwap", ({ detail }) => {
      before.focused = this.contains(document.activeElement);
      before.own = detail.target.id === "desk-main"; // the agent's own deed
    });
    this.hint();
    addEventListener("pagehide", () => {
      for (const form of this.forms) if (form.busy) this.putBack(form); // nobody will hear whether it came through
      this.keep();
    }, { signal: this.off.signal });
  }

  /* A colleague took the conversation over while this agent was at it: said aloud, and the keyboard is not left
   * nowhere. What was written is kept as a draft. */
  lost() {
    const { id, standing } = this.dataset;
    const mine = before.id === id && before.standing === "mine" && !before.own;
    if (mine && standing === "other") {
      $("#toasts").append($("[data-lost]", this).content.cloneNode(true));
      if (before.focused) $("#conversation-title")?.focus();
    }
    before = { id, standing };
  }

  disconnectedCallback() {
    this.off.abort();
    clearTimeout(this.waiting);
    for (const { drafting } of this.forms) drafting.stop();
    this.keep();
  }

  /* What the server does not have yet, before this page or this conversation is gone. */
  keep() {
    for (const { drafting } of this.forms) if (drafting.unsaved) drafting.save();
  }

  get forms() {
    return [...this.querySelectorAll("form.composer-panel")];
  }

  prepare(form) {
    const text = form.elements.text;
    const renew = () => (form.elements.key.value = crypto.getRandomValues(new Uint32Array(3)).join("-"));
    renew();
    form.drafting = new Draft(this, form);
    text.setSelectionRange(text.value.length, text.value.length); // a draft goes on where it ended
    text.addEventListener("input", () => {
      form.drafting.remember();
      form.drafting.later();
      this.fits(text);
      this.offers.look(text, form.dataset.kind);
      if (text.value) this.type(form.dataset.kind);
    });
    text.addEventListener("blur", () => this.offers.hide());
    text.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (this.offers.key(event)) return event.preventDefault();
      const sends = $(".desk").dataset.enter === "on" ? !event.shiftKey : event.ctrlKey || event.metaKey;
      if (event.key !== "Enter" || !(sends || event.ctrlKey)) return;
      event.preventDefault();
      if (text.value.trim() || form.carries) form.requestSubmit();
    });
    form.addEventListener("htmx:configRequest", ({ detail }) => {
      if (form.busy) return;
      form.drafting.goes();
      // Under the same key goes exactly what went with it before: the server may have it, and what was typed since
      // is another reply, with a key of its own.
      if (form.repeats) detail.parameters.text = form.sent;
      else {
        if (form.unsent && text.value !== form.sent) detail.parameters.key = renew();
        form.sent = text.value;
      }
    });
    form.addEventListener("htmx:beforeRequest", (event) => {
      if (form.busy) return event.preventDefault();
      form.busy = true;
      this.offers.hide();
      form.drafting.stop();
      this.takeOut(form);
      setTimeout(() => form.busy && this.say("sending"), SLOW);
      // The request's own end: it is heard, too, where another conversation has been opened meanwhile.
      const { xhr } = event.detail;
      xhr.addEventListener("loadend", () => {
        const arrived = xhr.status >= 200 && xhr.status < 400;
        form.busy = false;
        if (form.carries) this.pictures.went(arrived);
        if (arrived) {
          renew();
          this.sent(form);
        } else this.failed(form, !xhr.status);
      });
    });
  }

  /* What is sent leaves the box at once: what is typed while it is on its way is the next reply. */
  takeOut(form) {
    const { text } = form.elements;
    text.value = text.value.slice(form.sent.length).replace(/^\n/, "");
    form.away = true;
  }

  putBack(form) {
    const { text } = form.elements;
    const since = text.value;
    text.value = since && form.sent ? `${form.sent}\n${since}` : form.sent; // and the caret at its end
    form.away = false;
    form.drafting.remember();
  }

  sent(form) {
    if (!form.away) this.takeOut(form);
    form.unsent = false;
    this.told = 0;
    this.say("");
    this.tell("");
    form.drafting.done();
  }

  failed(form, offline) {
    if (form.away) this.putBack(form);
    form.unsent = offline; // again when the line is back
    if (!this.isConnected) return form.drafting.save();
    this.say(offline ? "unsent" : "");
    if (!offline) return form.drafting.later();
    this.waiting = setTimeout(() => this.again(), RETRY_AFTER);
  }

  /* The line is back: what was not sent or not saved is tried again; its key keeps it from being said twice. */
  again() {
    clearTimeout(this.waiting);
    for (const form of this.forms) {
      // What was sent is tried again by itself; once it was changed, only by who wrote it.
      if (form.unsent && form.elements.text.value.startsWith(form.sent) && (form.sent.trim() || form.carries)) {
        form.repeats = true;
        form.requestSubmit();
        form.repeats = false;
      } else if (form.drafting.unsaved) form.drafting.save();
    }
  }

  /* What Enter does, as the agent wishes it. */
  hint() {
    const text = $("#panel-reply textarea", this);
    if (text) text.placeholder = $(".desk").dataset.enter === "on" ? text.dataset.sends : text.dataset.breaks;
  }

  /* How what is written stands: it follows by itself. */
  say(state) {
    this.state.textContent = state ? this.state.dataset[state] : "";
  }

  /* What an agent must know beside that: it stays until something else is done. */
  tell(what) {
    this.notice.textContent = what ? this.notice.dataset[what] : "";
  }

  /* What is too long stays whole, and is not sent: cutting is for who wrote it. */
  fits(text) {
    const over = text.value.length > LONGEST;
    if (over !== text.validity.customError) this.tell(over ? "tooLong" : "");
    text.setCustomValidity(over ? this.notice.dataset.tooLong : "");
  }

  put(what) {
    const text = $("#panel-reply textarea", this);
    if (!text) return;
    this.choose(this.tabs[0], true);
    const begins = !text.value || /\s$/.test(text.value);
    text.setRangeText(begins ? what : `\n${what}`, text.value.length, text.value.length, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  get headers() {
    return JSON.parse(document.body.getAttribute("hx-headers"));
  }

  choose(chosen, focus) {
    for (const tab of this.tabs) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute("aria-controls"));
      panel.hidden = !on;
      if (on && focus) $("textarea", panel).focus();
    }
    return chosen;
  }

  type(kind) {
    if (this.told && Date.now() - this.told < 3000) return;
    this.told = Date.now();
    fetch(`${this.dataset.url}/typing?kind=${kind}`, { method: "POST", headers: this.headers }).catch(() => {});
  }
}

customElements.define("desk-composer", DeskComposer);
