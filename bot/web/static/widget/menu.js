// The menu behind the three dots and the question before a new conversation, with their keys and focus.

import { h } from "./view.js";

export class Menu {
  #parts;
  #question = null;

  constructor(parts) {
    this.#parts = parts;
  }

  toggle(show = this.#parts.menu.hidden) {
    const { menu, more } = this.#parts;
    menu.hidden = !show;
    more.setAttribute("aria-expanded", String(show));
    if (!show) return;
    menu.firstChild.focus();
    const away = (event) => {
      if (event.composedPath().includes(more)) return;
      if (!event.composedPath().includes(menu)) this.toggle(false);
      removeEventListener("pointerdown", away);
    };
    addEventListener("pointerdown", away);
  }

  // `person` is who is helping in this one.
  ask(texts, person, then) {
    this.toggle(false);
    const agree = () => {
      this.#close();
      then();
    };
    const yes = h("button.button.primary", { type: "button", onclick: agree }, texts.restartYes);
    const no = h("button.button", { type: "button", onclick: () => this.#close() }, texts.cancel);
    this.#question = h("div.ask", { role: "alertdialog", "aria-modal": "true", "aria-labelledby": "ask" },
      h("div", {}, h("p", { id: "ask" }, person ? texts.restartHelped(person) : texts.restartAsk), h("div.ask-foot", {}, no, yes)));
    this.#parts.panel.append(this.#question);
    yes.focus();
  }

  #close() {
    this.#question.remove();
    this.#question = null;
    this.#parts.more.focus();
  }

  // Keys in the panel; `close` is for an Escape with nothing else to close.
  key(event, close) {
    const { menu, more, panel } = this.#parts;
    if (event.key === "Escape") {
      event.stopPropagation();
      if (this.#question) this.#close();
      else if (menu.hidden) close();
      else {
        this.toggle(false);
        more.focus();
      }
    } else if (!menu.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const items = [...menu.children];
      const step = event.key === "ArrowDown" ? 1 : -1;
      event.preventDefault();
      items[(items.indexOf(focused(panel)) + step + items.length) % items.length].focus();
    } else if (event.key === "Tab" && (this.#question || matchMedia("(max-width: 480px)").matches)) {
      keepWithin(this.#question || panel, event); // over the whole screen, or with a question, nowhere else to go
    }
  }
}

function focused(element) {
  return element.getRootNode().activeElement;
}

function keepWithin(area, event) {
  const stops = [...area.querySelectorAll("button, select, textarea, a[href], [tabindex='0']")].filter((each) => each.checkVisibility());
  const [first, last] = [stops[0], stops.at(-1)];
  if (focused(area) !== (event.shiftKey ? first : last)) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}
