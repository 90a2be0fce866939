/* Reply and note: tabs, Enter to send, drafts that survive a reload, a key so that nothing is said twice. */

import { $ } from "../dom.js";

class DeskComposer extends HTMLElement {
  connectedCallback() {
    this.tabs = [...this.querySelectorAll('[role="tab"]')];
    for (const tab of this.tabs) {
      tab.addEventListener("click", () => this.choose(tab, true));
      tab.addEventListener("keydown", (event) => {
        if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
        const at = this.tabs.indexOf(tab) + (event.key === "ArrowRight" ? 1 : -1);
        this.choose(this.tabs.at(at % this.tabs.length), false).focus();
      });
    }
    for (const form of this.querySelectorAll("form.composer-panel")) this.prepare(form);
    if (this.tabs.length) this.choose(this.tabs[0], false);
  }

  prepare(form) {
    const text = form.elements.text;
    const place = `balie-draft:${this.dataset.id}:${form.id}`;
    const renew = () => (form.elements.key.value = crypto.getRandomValues(new Uint32Array(3)).join("-"));
    renew();
    if (!text.value) text.value = sessionStorage.getItem(place) || "";
    text.addEventListener("input", () => {
      sessionStorage.setItem(place, text.value);
      if (form.id === "write-reply") this.type();
    });
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (text.value.trim()) form.requestSubmit();
    });
    form.addEventListener("htmx:beforeRequest", (event) => {
      if (form.dataset.busy) return event.preventDefault();
      form.dataset.busy = "1";
    });
    form.addEventListener("htmx:afterRequest", ({ detail }) => {
      delete form.dataset.busy;
      if (!detail.successful) return;
      text.value = "";
      this.told = 0;
      sessionStorage.removeItem(place);
      renew();
    });
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

  type() {
    if (this.told && Date.now() - this.told < 3000) return;
    this.told = Date.now();
    fetch(this.dataset.typingUrl, { method: "POST", headers: JSON.parse(document.body.getAttribute("hx-headers")) }).catch(() => {});
  }
}

customElements.define("desk-composer", DeskComposer);
