/* A picture with a reply: pasted, dropped or chosen, and seen before it goes. It is a field of the reply's form,
 * so that it is sent, and sent again, as a reply is. Until then this page keeps it, whichever conversation is open. */

import { $ } from "../dom.js";

const TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"];
const MOST = 10 * 1024 * 1024;

const unsent = new Map(); // by conversation
const onTheWay = new Set(); // which of them nobody should see, or send, a second time

addEventListener("beforeunload", (event) => unsent.size && event.preventDefault()); // the browser asks

export class Pictures {
  constructor(composer) {
    this.composer = composer;
    this.form = $("#write-reply", composer);
    const { signal } = composer.off;
    composer.addEventListener("paste", (event) => this.pasted(event), { signal });
    const place = composer.closest(".desk-conversation");
    const leave = () => delete place.dataset.dropping;
    place.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault(); // else the browser leaves the page for the file
      place.dataset.dropping = "";
    }, { signal });
    place.addEventListener("dragleave", (event) => place.contains(event.relatedTarget) || leave(), { signal });
    place.addEventListener("drop", (event) => {
      leave();
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      this.take([...event.dataTransfer.files]);
    }, { signal });
    if (this.form) this.prepare(signal);
    else unsent.delete(this.id); // it is no longer this agent's to answer
  }

  get id() {
    return this.composer.dataset.id;
  }

  prepare(signal) {
    const { form } = this;
    this.box = $(".picture-chosen", form);
    this.input = $('input[type="file"]', form);
    this.named = $("[data-picture-name]", form);
    this.bar = $("progress", this.box);
    $("[data-add-picture]", form).addEventListener("click", () => form.busy || this.input.click(), { signal });
    $("button", this.box).addEventListener("click", () => {
      if (form.busy) return;
      this.clear();
      form.elements.text.focus();
    }, { signal });
    this.input.addEventListener("change", () => {
      const files = [...this.input.files];
      this.carry(form.carries); // choosing took away what was chosen before; what is wrong or nothing leaves it
      if (files.length) this.take(files);
    }, { signal });
    form.addEventListener("htmx:configRequest", ({ detail }) => {
      if (form.carries) detail.path = `${this.composer.dataset.url}/picture`;
    }, { signal });
    form.addEventListener("htmx:beforeSend", () => this.goes(), { signal });
    form.addEventListener("htmx:xhr:progress", ({ detail }) => {
      if (detail.lengthComputable) this.bar.value = detail.loaded / detail.total;
    }, { signal });
    if (unsent.has(this.id) && !onTheWay.has(this.id)) this.show(unsent.get(this.id)).then(() => this.carry(unsent.get(this.id)));
  }

  goes() {
    if (!this.form.carries) return;
    onTheWay.add(this.id);
    this.busy(true);
  }

  /* Heard here also when another conversation is open by now. */
  went(arrived) {
    onTheWay.delete(this.id);
    this.busy(false);
    if (arrived) this.clear();
  }

  /* Not `disabled`: that would take the keyboard away from the button that was pressed. */
  busy(on) {
    this.bar.hidden = !on;
    this.bar.removeAttribute("value");
    for (const button of this.form.querySelectorAll("button")) {
      if (on) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  }

  /* Copied cells and words bring a picture of themselves along: there the text is what is meant. */
  pasted(event) {
    const { types, files } = event.clipboardData;
    if (!files.length || types.includes("text/plain")) return;
    event.preventDefault();
    this.take([...files]);
  }

  async take(files) {
    const say = (what) => this.composer.tell(what);
    if (!this.form) return say("claimFirst");
    if (this.form.busy) return;
    if ($("#panel-reply", this.composer).hidden) return say("withReply");
    const file = files.find(({ type }) => TYPES.includes(type));
    if (!file) return say("unknown");
    if (file.size > MOST) return say("tooLarge");
    try {
      await this.show(file);
    } catch {
      return say("unknown");
    }
    say(files.length > 1 ? "onlyOne" : this.form.carries ? "replaced" : "");
    this.carry(file);
    this.form.elements.text.focus();
  }

  /* The form has this picture, or none. */
  carry(file) {
    const { form, input, named } = this;
    form.carries = file;
    if (file) unsent.set(this.id, file);
    else unsent.delete(this.id);
    form.elements.text.required = !file;
    const chosen = new DataTransfer();
    if (file) {
      chosen.items.add(new File([file], "picture", { type: file.type })); // its name goes beside it, whole
      form.setAttribute("hx-encoding", "multipart/form-data");
      input.name = "picture";
      named.name = "filename";
      named.value = file.name;
    } else {
      form.removeAttribute("hx-encoding");
      for (const field of [input, named]) field.removeAttribute("name");
    }
    input.files = chosen.files;
  }

  async show(file) {
    const bitmap = await createImageBitmap(file);
    const canvas = $("canvas", this.box);
    const scale = Math.min(1, 160 / bitmap.width, 80 / bitmap.height);
    canvas.width = Math.max(1, bitmap.width * scale);
    canvas.height = Math.max(1, bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    canvas.setAttribute("aria-label", file.name);
    bitmap.close();
    $(".clip", this.box).textContent = file.name;
    this.box.hidden = false;
  }

  clear() {
    this.carry(null);
    this.box.hidden = true;
    this.composer.tell("");
  }
}
