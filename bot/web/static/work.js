/* What every page of people who work here does with its buttons: dialogs, menus, copying; and its toasts. */

import { $ } from "./dom.js";

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest?.(selector);
  const opener = at("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    dialog.showModal();
    dialog.onclose = () => $(`[data-dialog="${dialog.id}"]`)?.focus(); // its opener may have been drawn again
    ($("[autofocus]", dialog) ?? $("textarea, input:not([type=hidden])", dialog))?.focus();
  }
  at("[data-close]")?.closest("dialog").close();
  at("[data-dismiss]")?.closest("[data-toast]").remove();
  const copy = at("[data-copy]");
  if (copy) {
    const field = $("input", copy.parentElement);
    field.select();
    navigator.clipboard?.writeText(field.value).catch(() => {});
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && $("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  $("summary", menu).focus();
  event.preventDefault();
});

/* A toast goes by itself, unless it is being read or says what must not be missed. */
const toasts = $("#toasts");
const home = toasts.parentElement;
const leave = (toast) =>
  setTimeout(() => (toast.matches(":hover, :focus-within") ? leave(toast) : toast.remove()), 9000);

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const toast of addedNodes) if (toast.nodeType === 1 && !("stays" in toast.dataset)) leave(toast);
  }
}).observe(toasts, { childList: true });

/* The line is away: what somebody asked for says so, once, until it is back. What is tried again by itself
 * (`data-retried`) says nothing. */
let away = null;

document.addEventListener("htmx:sendError", ({ detail }) => {
  if (detail.requestConfig.elt.matches("[data-retried]") || away?.isConnected) return;
  away = $("#toast-away").content.firstElementChild.cloneNode(true);
  toasts.append(away);
});
addEventListener("online", () => away?.remove());
for (const back of ["htmx:afterOnLoad", "desk:back"]) document.addEventListener(back, () => away?.remove());

/* Under an open dialog the page is dimmed, and neither the mouse nor a screen reader gets there: the region of the
 * toasts goes into the dialog before anything is said, and home when it closes or is drawn away. */
new MutationObserver(() => {
  const place = [...document.querySelectorAll("dialog:modal")].at(-1) ?? home;
  if (toasts.parentElement !== place) place.append(toasts);
}).observe(document.body, { childList: true, subtree: true, attributeFilter: ["open"] });
