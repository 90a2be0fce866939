/* What a composer offers while something is typed: canned replies and articles after a slash at the beginning of a
 * line, colleagues after an @ in a note. A list that the keyboard walks while the text keeps the focus. */

import { $ } from "../dom.js";

const SLASH = /(?:^|\n)\/((?:\S{1,30} ){0,4}\S{0,30})$/; // a few words: more is a sentence that begins with a slash
const MENTION = /(?:^|\s)@([\w.-]*)$/;

export class Offers {
  constructor(composer) {
    this.url = composer.dataset.url;
    this.wanted = null; // what is looked for now, and what the list was found for
    this.found = null;
    this.first = false; // take the first that is found: Enter was quicker than the answer
    this.list = $("#composer-offers", composer);
    this.people = [...composer.querySelectorAll("#composer-people li")];
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the text keeps the focus
      const row = event.target.closest("[role=option]");
      if (row?.dataset.text) this.take(row); // another one is htmx's: the bot takes it from here
    });
    // What was looked for is no draft of a reply once the bot has it.
    this.list.addEventListener("htmx:beforeRequest", () => this.put(""));
  }

  /* Whether what is offered is not yet for what stands there now. */
  get searching() {
    return this.wanted !== null && this.wanted !== this.found;
  }

  get shown() {
    return !this.list.hidden;
  }

  /* Look at what stands before the caret; `kind` is reply or note. */
  async look(text, kind) {
    const before = text.value.slice(0, text.selectionStart);
    const slash = SLASH.exec(before);
    const at = kind === "note" && MENTION.exec(before);
    this.text = text;
    this.mentions = Boolean(at);
    if (at) this.show(this.colleagues(at[1]));
    else if (slash) await this.fetch(slash[1]);
    else this.hide();
  }

  colleagues(begin) {
    const wanted = begin.toLowerCase();
    const found = this.people.filter(({ dataset, textContent }) => `${dataset.name} ${textContent}`.toLowerCase().includes(wanted));
    return found.slice(0, 8).map(({ dataset, textContent }, n) => {
      const row = document.createElement("li");
      row.id = `colleague-${n}`;
      row.setAttribute("role", "option");
      row.dataset.text = `@${dataset.name} `;
      row.textContent = `${textContent} @${dataset.name}`;
      return row;
    });
  }

  async fetch(wanted) {
    this.wanted = wanted;
    this.first = false; // what is typed after Enter is another search
    await new Promise((done) => setTimeout(done, 150));
    if (this.wanted !== wanted) return; // more was typed meanwhile
    try {
      const answer = await fetch(`${this.url}/inserts?${new URLSearchParams({ q: wanted })}`, { headers: { "HX-Request": "true" } });
      if (this.wanted !== wanted) return;
      if (!answer.ok) return this.hide();
      const rows = document.createElement("ul");
      rows.innerHTML = await answer.text();
      this.found = wanted;
      this.show([...rows.children]);
      if (this.first) this.takeFirst();
    } catch {
      this.hide();
    }
  }

  show(rows) {
    this.list.replaceChildren(...rows);
    this.list.hidden = !rows.length;
    htmx.process(this.list);
    this.choose(0);
  }

  hide() {
    this.wanted = this.found = null;
    this.first = false;
    this.list.hidden = true;
    this.text?.removeAttribute("aria-activedescendant");
  }

  get rows() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  choose(at) {
    const rows = this.rows;
    const chosen = rows[(at + rows.length) % rows.length];
    for (const row of rows) row.setAttribute("aria-selected", String(row === chosen));
    if (chosen) this.text.setAttribute("aria-activedescendant", chosen.id);
    chosen?.scrollIntoView({ block: "nearest" });
  }

  /* Whether the key was the list's. A slash and a word, and Enter at once, are no reply. */
  key({ key }) {
    if (this.searching && (key === "Enter" || key === "Tab")) return (this.first = true);
    if (!this.shown) return false;
    const at = this.rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (key === "ArrowDown") this.choose(at + 1);
    else if (key === "ArrowUp") this.choose(at - 1);
    else if (key === "Escape") this.hide();
    else if ((key === "Enter" || key === "Tab") && this.rows[at]) this.take(this.rows[at]);
    else return false;
    return true;
  }

  takeFirst() {
    this.first = false;
    const [row] = this.rows;
    if (row) this.take(row);
  }

  take(row) {
    if (!row.dataset.text) return row.click();
    this.put(row.dataset.text);
    this.text.focus();
  }

  /* In the place of what was looked for: as it stands there now, for more may have been typed since. */
  put(what) {
    const end = this.text.selectionStart;
    const before = this.text.value.slice(0, end);
    const looked = this.mentions ? MENTION.exec(before) : SLASH.exec(before);
    const length = looked ? looked[1].length + 1 : 0;
    this.text.setRangeText(what, end - length, end, "end");
    this.hide();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
