/* How the agent is known, in every open tab: it may have been changed by a rule, a deed or another tab. The server has
 * the words for it. */

import { $ } from "../dom.js";

document.addEventListener("desk:availability", ({ detail }) => {
  const shown = $("#desk-presence");
  if (shown.dataset.availability === detail.availability) return;
  $("#toast-gone")?.remove();
  shown.dispatchEvent(new Event("desk:changed"));
});
