/* A draft of a reply or a note: it stands on the server, and until it does in this tab. What another tab or device
 * wrote meanwhile is never overwritten unasked: the agent sees it and chooses. */

import { $ } from "../dom.js";

const SAVE_AFTER = 600;
const RETRY_AFTER = 3000;
const OUTLIVES = 60_000; // bytes that a browser still sends for a page that goes; more is refused
const UNHEARD = 2; // texts that may be on the server though nobody heard so

export class Draft {
  constructor(composer, form) {
    this.composer = composer;
    this.form = form;
    this.text = form.elements.text;
    this.saved = form.elements.draft; // what this page last knew as saved: it goes with what is sent, too
    this.sent = [];
    this.place = `balie-draft:${composer.dataset.id}:${form.dataset.kind}`;
    this.line = $("[data-elsewhere]", form.parentElement);
    $("[data-take]", this.line).addEventListener("click", () => this.take());
    $("[data-keep]", this.line).addEventListener("click", () => this.keep());
    this.restore();
  }

  /* What the server did not have yet when this tab was here last, and what that was built on. */
  restore() {
    const unsaved = sessionStorage.getItem(this.place);
    if (unsaved === null) return;
    const [base = "", ...sent] = JSON.parse(sessionStorage.getItem(`${this.place}:known`) ?? "[]");
    const { value } = this.saved;
    this.sent = [unsaved, ...sent].slice(0, UNHEARD);
    if (value && ![base, ...this.sent].includes(value)) this.saved.value = base; // another's: saving will ask
    this.text.value = unsaved;
    this.later();
  }

  /* What the server may keep from this page. */
  get known() {
    return [this.saved.value, ...this.sent];
  }

  remember() {
    this.unsaved = true;
    sessionStorage.setItem(this.place, this.text.value);
    sessionStorage.setItem(`${this.place}:known`, JSON.stringify(this.known));
  }

  forget() {
    this.unsaved = false;
    sessionStorage.removeItem(this.place);
    sessionStorage.removeItem(`${this.place}:known`);
  }

  later(after = SAVE_AFTER) {
    this.unsaved = true;
    this.stop();
    this.waiting = setTimeout(() => this.save(), after);
  }

  stop() {
    clearTimeout(this.waiting);
  }

  async save() {
    const text = this.text.value;
    const { url } = this.composer.dataset;
    const known = this.known.map((was) => ["was", was]);
    const body = new URLSearchParams([["kind", this.form.dataset.kind], ["text", text], ...known]).toString();
    const headers = { ...this.composer.headers, "Content-Type": "application/x-www-form-urlencoded" };
    this.sent = [text, ...this.sent.filter((each) => each !== text)].slice(0, UNHEARD);
    this.remember();
    try {
      const answer = await fetch(`${url}/draft`, { method: "POST", body, headers, keepalive: body.length < OUTLIVES });
      if (answer.status === 409) return this.elsewhere((await answer.json()).kept);
      if (answer.status >= 500) return this.failed();
      if (!answer.ok) return this.composer.say("unsaved");
      this.heard(text);
    } catch {
      this.failed();
    }
  }

  heard(text) {
    this.saved.value = text;
    this.ask("");
    if (this.text.value === text) {
      this.forget();
      this.composer.say(text ? "saved" : "");
    } else if (this.composer.isConnected && !this.form.busy) this.later();
  }

  /* It stays in this tab, and is saved when that can be. */
  failed() {
    if (!this.composer.isConnected) return;
    this.composer.say(this.form.unsent ? "unsent" : "unsaved");
    this.later(RETRY_AFTER);
  }

  /* The server keeps another text. One of this page's own is only an answer that was overtaken. */
  elsewhere(kept) {
    if (!this.composer.isConnected || !this.unsaved || this.known.includes(kept)) return;
    this.composer.say("");
    this.ask(kept);
  }

  ask(kept) {
    const quote = $("q", this.line);
    if (quote.textContent !== kept) quote.textContent = kept; // what is read out once is not read out again
    this.line.hidden = !kept;
  }

  /* Something was said: what was written elsewhere, or stands here from before, may be sent by now. */
  look() {
    if (!this.line.hidden) this.save();
    else if (this.text.value && !this.unsaved && !this.form.busy) this.follow();
  }

  async follow() {
    const { value } = this.text;
    const { url } = this.composer.dataset;
    const answer = await fetch(`${url}/draft?kind=${this.form.dataset.kind}`).catch(() => null);
    if (!answer?.ok) return;
    const { kept } = await answer.json();
    if (this.unsaved || this.form.busy || this.text.value !== value) return; // it has been gone on with here
    this.text.value = this.saved.value = kept;
    this.composer.say(kept ? "saved" : "");
  }

  take() {
    const { textContent } = $("q", this.line);
    this.stop();
    this.text.value = this.saved.value = textContent;
    this.forget();
    this.ask("");
    this.composer.say("saved");
    this.text.focus();
  }

  keep() {
    this.saved.value = $("q", this.line).textContent;
    this.ask("");
    this.save();
    this.text.focus();
  }

  /* What goes to the server now says which draft is done with by it. */
  goes() {
    this.gone = this.saved.value;
  }

  /* It was sent, and the server dropped its draft; not one that was saved while it was on its way. */
  done() {
    if (this.saved.value === this.gone) this.saved.value = "";
    this.ask("");
    if (this.text.value || this.saved.value) this.later();
    else this.forget();
  }
}
