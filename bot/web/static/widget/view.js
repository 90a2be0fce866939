// Pieces of the page, built of elements and text nodes. Nothing that anybody wrote is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  bell: ["M4 17a8 8 0 0 1 16 0", "M2.5 20.5h19", "M12 9V6", "M9.5 5.5h5"],
  chat: ["M4 4.5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-9L6 20.5v-4H4a1 1 0 0 1-1-1v-10a1 1 0 0 1 1-1z", "M8 10.5h.01M12 10.5h.01M16 10.5h.01"],
  clip: ["M20 11.5l-8.2 8.2a5 5 0 0 1-7-7l8.4-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4l7.7-7.6"],
  cross: ["M6.5 6.5l11 11", "M17.5 6.5l-11 11"],
  down: ["M6 9.5l6 6 6-6"],
  more: ["M12 5.5v.01M12 12v.01M12 18.5v.01"],
  phone: ["M20.5 16.2v2.6a1.8 1.8 0 0 1-2 1.8A17.6 17.6 0 0 1 3.4 5.5a1.8 1.8 0 0 1 1.8-2h2.6a1.8 1.8 0 0 1 1.8 1.5l.6 2.7a1.8 1.8 0 0 1-.5 1.7L8.5 10.600a14 14 0 0 0 5 5l1.2-1.200a1.8 1.8 0 0 1 1.7-.5l2.7.6a1.8 1.8 0 0 1 1.4 1.700z"],
  mute: ["M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3z", "M6 11.5a6 6 0 0 0 12 0", "M12 17.5V21", "M4 3.500l16 17"],
  keys: ["M6 6v.01M12 6v.01M18 6v.01M6 12v.01M12 12v.01M18 12v.01M6 18v.01M12 18v.01M18 18v.01"],
  hangUp: ["M3 15.500c5-5 13-5 18 0l-1.8 2.3-4.2-1.300v-2.600a12 12 0 0 0-6 0v2.600L4.8 17.800z"],
  send: ["M12 19V5", "M6 11l6-6 6 6"],
  person: ["M12 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5z", "M4.5 20a7.5 7.5 0 0 1 15 0"],
  book: ["M12 6.5C10 5 7 4.5 3.5 4.5v13.5c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4.5C17 4.5 14 5 12 6.5z", "M12 6.5V20"],
  clock: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M12 7.5V12l3 2"],
  out: ["M8 5H5v14h14v-3", "M13 4h7v7", "M20 4l-9 9"],
  right: ["M9.5 6l6 6-6 6"],
  fresh: ["M12 5v14", "M5 12h14"],
  save: ["M12 4v11", "M7 11l5 5 5-5", "M5 20h14"],
  alert: ["M12 4L2.5 20h19L12 4z", "M12 10v4.5M12 17.25v.01"],
  shield: ["M12 3.5l7.5 3v5.5c0 4.5-3 7.5-7.5 8.5-4.5-1-7.5-4-7.5-8.5V6.5l7.5-3z", "M9 12l2 2 4-4"],
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const line of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", line);
    svg.append(path);
  }
  return svg;
}

// h("button.tool", {type: "button", onclick}, "text", child): an element with classes, attributes and children.
export function h(what, props = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// An address that may be followed: http(s), seen from the server. Anything else is nothing.
export function safeUrl(value, base) {
  try {
    const url = new URL(value, base);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

// Text with its addresses as links: whole ones, and those of our own pages that begin with a slash.
export function linked(text, server) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"]{3,500}|(?<=^|\s)\/(?:help|t)\/[\w/-]{3,200}/g)) {
    const address = found[0].replace(/[.,;:!?)\]}'"]+$/, "");
    const href = address.startsWith("/") ? server && safeUrl(address.slice(1), server) : safeUrl(address);
    if (!href) continue;
    parts.push(text.slice(at, found.index), h("a", { href, target: "_blank", rel: "noopener noreferrer" }, address));
    at = found.index + address.length;
  }
  parts.push(text.slice(at));
  return parts;
}

// Text as it stands, its lines that begin with a dash as a list.
function written(text, server) {
  const parts = [];
  for (const [block] of text.matchAll(/(?:^- .*(?:\n|$))+|(?:^(?!- ).*(?:\n|$))+/gm)) {
    if (!block.startsWith("- ")) parts.push(...linked(block.replace(/\n$/, ""), server));
    else parts.push(h("ul", {}, ...block.trimEnd().split("\n").map((line) => h("li", {}, ...linked(line.slice(2), server)))));
  }
  return parts;
}

// One thing said. `turn` is a frame of the server, or {author: "customer", text, at} of a message on its way.
export function turnView(turn, texts, language, server) {
  const { author } = turn;
  const content = h("div.body");
  if (author !== "system") content.append(authorLine(turn, texts));
  else content.append(h("span.sr", {}, `${texts.system}: `));
  const text = turn.step ? besides(turn.text || "", turn.step) : turn.text;
  if (turn.step) content.append(stepCard(turn.step, texts));
  if (text) content.append(h("div.bubble", {}, ...(author === "bot" ? written(text, server) : linked(text, server))));
  else if (!turn.step && !turn.pictures) content.append(h("div.bubble.erased", {}, texts.erased));
  content.append(...pictures(turn, texts, server));
  const article = articleLink(turn, texts, language, server);
  if (article) content.append(article);
  const time = clock(turn.at, language);
  content.append(h("div.meta", {}, h("time", { datetime: new Date(turn.at * 1000).toISOString() }, time), h("span")));
  const element = h(`div.turn.${author}`);
  if (author === "bot" || author === "agent") element.append(face(turn));
  element.append(content);
  return element;
}

function authorLine(turn, texts) {
  if (turn.author === "customer") return h("span.sr", {}, `${texts.you}: `);
  const name = turn.author === "agent" ? turn.name || texts.agent : texts.bot;
  const role = turn.author === "agent" ? texts.agentRole : texts.botRole;
  const same = name.toLowerCase() === role;
  return h("div.author", {}, h("b", {}, name), same ? null : ` · ${role}`);
}

export function face(turn) {
  const initial = turn.author === "agent" && turn.name ? Array.from(turn.name.trim())[0] : null;
  return h("div.face", { "aria-hidden": "true" }, initial ? initial.toUpperCase() : icon(turn.author === "agent" ? "person" : "bell"));
}

// What a step's text says that its card does not: the text carries the whole step, for channels without cards.
function besides(text, step) {
  const shown = ["title", "what", "text", "why", "expected"].flatMap((key) => String(step[key] || "").split("\n"));
  const parts = shown.map((part) => part.trim()).filter(Boolean);
  const heading = (line) => line.includes(String(step.number)) && line.includes(String(step.of));
  const lines = text.split("\n").filter((line) => !parts.some((part) => line.includes(part) || part.includes(line.trim())));
  return lines.filter((line, n) => n > 0 || !step.number || !heading(line)).join("\n").trim();
}

function stepCard(step, texts) {
  const card = h("div.step");
  const minutes = Number(step.minutes) > 0 ? h("span.minutes", {}, icon("clock"), texts.minutes(Number(step.minutes))) : null;
  const number = Number(step.number) > 0 ? h("span", {}, texts.step(Number(step.number), Number(step.of) || 0)) : null;
  if (number || minutes) card.append(h("div.step-head", {}, number || h("span"), minutes));
  const of = Number(step.of);
  if (number && of > 1 && of <= 20) {
    const marks = Array.from({ length: of }, (_, n) => h(n < Number(step.number) ? "i.done" : "i"));
    card.append(h("div.progress", { "aria-hidden": "true" }, ...marks));
  }
  if (step.title) card.append(h("p.step-title", {}, ...linked(String(step.title))));
  if (step.what) card.append(h(step.title ? "p.step-text" : "p.step-title", {}, ...linked(String(step.what))));
  if (step.text) card.append(h("p.step-text", {}, ...linked(String(step.text))));
  const more = ["why", "expected"].filter((key) => step[key]);
  const rows = more.map((key) => h("div", {}, h("dt", {}, texts[key]), h("dd", {}, ...linked(String(step[key])))));
  card.append(h("dl", { hidden: rows.length === 0 }, ...rows));
  return card;
}

// Shown small in a place that is kept free for them, so that nothing jumps; large in a tab of their own.
function pictures(turn, texts, server) {
  return (turn.pictures || []).map(({ path, name, width, height }) => {
    const href = safeUrl(path, server);
    const scale = Math.min(1, 260 / width, 240 / height);
    const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
    const image = h("img", { src: href, alt: name, loading: "lazy", decoding: "async", ...size });
    return h("a.picture", { href, target: "_blank", rel: "noopener noreferrer" }, image, h("span.sr", {}, ` (${texts.opens})`));
  });
}

function articleLink(turn, texts, language, server) {
  const path = turn.url || (turn.article ? `help/${language}/${encodeURIComponent(turn.article)}` : null);
  const href = path && safeUrl(path, server);
  if (!href) return null;
  const link = h("a.article", { href, target: "_blank", rel: "noopener" }, icon("book"));
  link.append(h("span", {}, turn.title || texts.article, h("span.sr", {}, ` (${texts.opens})`)), icon("out"));
  return link;
}

export function clock(at, language) {
  return new Intl.DateTimeFormat(`${language}-BE`, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at * 1000);
}

export function day(at, texts, language) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  if (at * 1000 >= midnight) return texts.today;
  if (at * 1000 >= midnight - 86_400_000) return texts.yesterday;
  return new Intl.DateTimeFormat(`${language}-BE`, { weekday: "long", day: "numeric", month: "long" }).format(at * 1000);
}

// The conversation as plain text, for the customer to keep.
export function asText(turns, texts, language) {
  const name = { customer: texts.you, bot: `${texts.bot} (${texts.botRole})`, system: texts.system };
  return turns
    .map((turn) => `[${new Date(turn.at * 1000).toLocaleString(`${language}-BE`)}] ${name[turn.author] || turn.name || texts.agent}: ${[turn.text, ...(turn.pictures || []).map(({ name }) => `[${name}]`)].filter(Boolean).join(" ")}`)
    .join("\n\n");
}
