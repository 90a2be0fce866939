/* A conversation comes to the agent, a colleague mentions them, somebody waits, a customer writes: a sound, a
 * notification, and in the tab's title how many wait for an answer. Each list that comes in says how many there are;
 * more than before is news. Only the tab that reads the stream makes a noise. */

import { $ } from "../dom.js";

/* What is told first stands first: who is handed a conversation gets its unread messages with it. */
const KINDS = { handed: "alertHanded", called: "alertCalled", waiting: "alertWaits", unread: "alertAsks" };
let before = counts();
let shown = listed();
let audio = null;

/* The conversations in the list that is shown, and whether something in them is unread. */
function listed() {
  return new Map([...document.querySelectorAll("#desk-list .item")].map((item) => [item.dataset.id, item.classList.contains("unread")]));
}

/* The card that is news: it was not there, or was read. Another list than the one that is shown has none. */
function news() {
  const known = shown;
  shown = listed();
  const id = [...shown.keys()].find((each) => !known.has(each) || (shown.get(each) && !known.get(each)));
  return id && $(`#desk-list [data-id="${CSS.escape(id)}"]`);
}

function counts() {
  const from = $("[data-waiting]")?.dataset;
  return from ? Object.fromEntries([...Object.keys(KINDS), "asking"].map((kind) => [kind, Number(from[kind])])) : null;
}

function look() {
  const now = counts();
  if (!now) return;
  const number = now.waiting + now.asking;
  const plain = document.title.replace(/^\(\d+\) /, "");
  document.title = number && $(".desk").dataset.badge === "on" ? `(${number}) ${plain}` : plain;
  const more = before && Object.keys(KINDS).find((kind) => now[kind] > before[kind]);
  before = now;
  const card = news();
  if (more) tell(more, card);
}

function tell(kind, card) {
  const desk = $(".desk");
  if (!$("desk-feed")?.leading) return;
  if (desk.dataset.sound === "on") chime(kind);
  if (desk.dataset.notify === "on" && document.hidden && globalThis.Notification?.permission === "granted") {
    const who = card && [$(".item-name", card), $(".item-top .nums", card)].map((part) => part?.textContent.trim()).join(" ");
    const note = new Notification(who?.trim() || desk.dataset.alertTitle, { body: desk.dataset[KINDS[kind]], tag: `balie-${kind}` });
    note.onclick = () => {
      window.focus();
      note.close();
      if (card) $(`#desk-list [data-id="${CSS.escape(card.dataset.id)}"]`)?.click(); // it may have been drawn again
    };
  }
}

/* Two soft tones; a browser that has not been touched yet stays silent. */
function chime(kind) {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
  for (const [tone, at] of [[660, 0], [880, 0.14]]) {
    const source = new OscillatorNode(audio, { frequency: tone });
    const volume = new GainNode(audio, { gain: 0 });
    const start = audio.currentTime + at;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
    source.connect(volume).connect(audio.destination);
    source.start(start);
    source.stop(start + 0.32);
  }
  document.dispatchEvent(new CustomEvent("desk:chimed", { detail: kind }));
}

/* Notifications are asked for when they are wanted, never before. */
document.addEventListener("change", async ({ target }) => {
  if (target.name !== "notify" || !target.checked || !globalThis.Notification) return;
  if ((await Notification.requestPermission()) === "granted") return;
  target.checked = false;
  target.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("htmx:afterSettle", look);
document.addEventListener("desk:wished", look);
look();
