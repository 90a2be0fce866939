/* The desk beyond htmx: its elements, the ticket's pane, keys, and what follows when another conversation is shown.
 * No state that the server has not. */

import { $ } from "./dom.js";
import "./desk/feed.js";
import "./desk/transcript.js";
import "./desk/composer.js";

/* On a narrow screen the ticket is a pane over the conversation. */
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-panel]")) panel(!document.body.hasAttribute("data-ticket"));
  if (target.closest?.("[data-panel-close]")) panel(false);
});

function panel(shown) {
  document.body.toggleAttribute("data-ticket", shown);
  $("[data-panel]")?.setAttribute("aria-expanded", String(shown));
  (shown ? $("[data-panel-close]") : $("[data-panel]"))?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && document.body.hasAttribute("data-ticket")) panel(false);
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const key = event.code;
  const act = {
    KeyJ: () => step(1),
    KeyK: () => step(-1),
    KeyE: () => $('[data-dialog="resolve"]')?.click(),
    KeyP: () => $("#tab-note")?.click(),
    KeyL: () => $("#tab-reply")?.click(),
  }[key];
  if (act) {
    event.preventDefault();
    act();
  }
});

function step(by) {
  const items = [...document.querySelectorAll("#desk-list .item")];
  const at = items.findIndex((item) => item.hasAttribute("aria-current"));
  items[at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by]?.click();
}

/* After htmx has put another conversation in place: the list, the feed and the reader follow. */
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const main = $("#desk-main");
  if (main && detail.elt?.id === "desk-main") {
    document.body.removeAttribute("data-ticket");
    $(".desk").dataset.view = main.dataset.id ? "conversation" : "list";
    $("#desk-open").value = main.dataset.id;
    for (const item of document.querySelectorAll("#desk-list .item")) {
      if (item.dataset.id === main.dataset.id) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
    document.dispatchEvent(new Event("desk:open"));
    if (detail.requestConfig?.verb === "get") $("#conversation-title")?.focus();
    else ($("#panel-reply textarea") || $("#conversation-title"))?.focus();
  }
  title();
});

/* A deed that came too late: the toast says why, and the transcript shows how it stands now. */
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status === 409) document.dispatchEvent(new Event("desk:said"));
});

/* How many wait, in the tab's title. */
function title() {
  const waiting = Number($("[data-waiting]")?.dataset.waiting || 0);
  const plain = document.title.replace(/^\(\d+\) /, "");
  document.title = waiting ? `(${waiting}) ${plain}` : plain;
}

document.addEventListener("DOMContentLoaded", title);
title();
