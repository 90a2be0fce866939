/* The review: marking the selected words of an example as an entity, as in nlu.yml: [words](entity). */

import { $ } from "./dom.js";

class MarkEntity extends HTMLElement {
  connectedCallback() {
    $("button", this).addEventListener("click", () => this.mark());
  }

  mark() {
    const field = document.getElementById(this.dataset.for);
    const selected = field.value.slice(field.selectionStart, field.selectionEnd);
    const words = selected.trim();
    field.focus();
    if (!words || /[[\]]/.test(words)) return;
    const start = field.selectionStart + selected.indexOf(words);
    field.setRangeText(`[${words}](${$("select", this).value})`, start, start + words.length, "end");
  }
}

customElements.define("mark-entity", MarkEntity);
