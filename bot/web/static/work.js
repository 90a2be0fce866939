/* What every page of people who work here does with its buttons: dialogs, menus, copying; and its toasts. */

import { $ } from "./dom.js";

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest?.(selector);
  const opener = at("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    dialog.showModal();
    dialog.onclose = () => $(`[data-dialog="${dialog.id}"]`)?.focus(); // its opener may have been drawn again
    $("textarea, input:not([type=hidden])", dialog)?.focus();
  }
  at("[data-close]")?.closest("dialog").close();
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

/* A toast goes by itself, unless it is being read. */
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const toast of addedNodes) {
      if (toast.nodeType === 1) setTimeout(() => toast.remove(), 9000);
    }
  }
}).observe($("#toasts") || document.body, { childList: true });
