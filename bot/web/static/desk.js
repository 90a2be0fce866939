/* The desk beyond htmx: its elements, the panel, and what follows when another conversation is shown. No state
 * that the server has not. */

import { $ } from "./dom.js";
import "./desk/feed.js";
import "./desk/transcript.js";
import "./desk/composer.js";
import "./desk/lookers.js";
import "./desk/alerts.js";
import "./desk/presence.js";
import "./desk/call.js";
import { nextAfter } from "./desk/keys.js";

/* On a narrow screen the panel lies over the conversation; filters are folded away until they are wanted. */
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-panel]")) panel(!document.body.hasAttribute("data-ticket"));
  if (target.closest?.("[data-panel-close]")) panel(false);
  const filters = target.closest?.("[data-filters]");
  if (filters) {
    const box = $("#desk-filters");
    unfold(box.hidden);
    if (!box.hidden) $("select", box).focus();
  }
  const item = target.closest?.("#desk-list .item");
  if (item) mark(item.dataset.id); // at once: the next key goes on from here
  const back = target.closest?.("[data-back]");
  if (back) back.search = location.search; // to the list that it was opened from
  const put = target.closest?.("[data-put]");
  if (put) document.dispatchEvent(new CustomEvent("desk:put", { detail: put.dataset.put }));
});

function unfold(shown) {
  $("#desk-filters").hidden = !shown;
  $("[data-filters]").setAttribute("aria-expanded", String(shown));
}

/* What is open, or is on its way: lists that were asked for before are marked by it, too. */
function mark(id) {
  $("#desk-open").value = id;
  for (const item of document.querySelectorAll("#desk-list .item")) {
    if (item.dataset.id === id) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
}

let watcher = null; // the Back of a telephone closes the panel, where the browser knows of that

function panel(shown) {
  watcher?.destroy();
  watcher = shown && globalThis.CloseWatcher ? new CloseWatcher() : null;
  if (watcher) watcher.onclose = () => panel(false);
  document.body.toggleAttribute("data-ticket", shown);
  $("[data-panel]")?.setAttribute("aria-expanded", String(shown));
  (shown ? $("[data-panel-close]") : $("[data-panel]"))?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (document.body.hasAttribute("data-ticket")) panel(false);
  if (event.target.closest?.("#desk-filters")) {
    unfold(false);
    $("[data-filters]").focus();
  }
});

document.addEventListener("change", ({ target }) => {
  if (target.dataset.reveals) $(`#${target.dataset.reveals}`).hidden = !target.checked;
  if (target.closest("#desk-filter")) $("#desk-shown").value = "";
  const wishes = target.closest("#desk-wishes");
  if (wishes) {
    $(".desk").dataset[target.name] = target.checked ? "on" : "off";
    document.dispatchEvent(new CustomEvent("desk:wished", { detail: "here" }));
  }
});

/* While a card is pressed its list stays: a click on what was drawn again in the middle of it would be lost. */
let pressed = false;
let held = false;

document.addEventListener("pointerdown", ({ target }) => (pressed = Boolean(target.closest?.("#desk-list"))));
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => setTimeout(() => {
    pressed = false;
    if (held) document.body.dispatchEvent(new Event("desk:list"));
    held = false;
  }));
}

/* A list that is drawn again because something happened leaves the reader, and the keyboard, where they were. */
let reader = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const list = $("#desk-list");
  const elt = detail.requestConfig?.elt;
  if (detail.target !== list || !elt?.matches("#desk-list, .desk-more")) return;
  if (pressed && elt === list) {
    held = true;
    detail.shouldSwap = false;
    return;
  }
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const from = elt === list ? null : list.querySelectorAll(".item").length; // more of them: on with the first of those
  reader = { top: $(".pane-body", list).scrollTop, focused, from };
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!reader || detail.target?.id !== "desk-list") return;
  const { top, focused, from } = reader;
  reader = null;
  $("#desk-list .pane-body").scrollTop = top;
  if (document.activeElement !== document.body) return;
  if (focused) $(`#desk-list [data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  if (from !== null) document.querySelectorAll("#desk-list .item")[from]?.focus({ preventScroll: true });
});

/* A deed shows how things stand after it: a conversation that was asked for before must not cover that. */
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target?.id === "desk-main" && detail.requestConfig.verb !== "get") htmx.trigger(detail.target, "htmx:abort");
});

/* After htmx has put another conversation in place: the list, the feed and the reader follow. */
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const main = $("#desk-main");
  if (detail.elt?.id === "desk-list") {
    const { shown, address, filtered } = $("[data-shown]").dataset;
    $("[data-filters]").classList.toggle("on", Boolean(filtered));
    $("#desk-shown").value = shown;
    mark($("#desk-open").value);
    if (location.search !== address) history.replaceState(history.state, "", location.pathname + address);
  }
  if (!main || detail.elt?.id !== "desk-main") return;
  document.body.removeAttribute("data-ticket");
  $(".desk").dataset.view = main.dataset.id ? "conversation" : "list";
  mark(main.dataset.id);
  document.dispatchEvent(new Event("desk:open"));
  const read = detail.requestConfig?.verb === "get";
  if (!read && nextAfter()) return;
  ((!read && $("#panel-reply textarea")) || $("#conversation-title"))?.focus();
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful) return;
  if (detail.elt.hasAttribute("data-closes")) detail.elt.closest("dialog").close();
  if (detail.elt.closest?.(".note-on-customer")) detail.elt.reset();
});

/* A deed that came too late: the toast says why, and the transcript shows how it stands now. */
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status === 409) document.dispatchEvent(new Event("desk:said"));
});

document.addEventListener("htmx:sendError", ({ detail }) => {
  if (detail.requestConfig.elt.matches(".item")) mark($("#desk-main").dataset.id); // it was not opened
});
