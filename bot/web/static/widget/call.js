// The line of a call: the microphone to a socket, and back what is to be heard. What the customer sees of it is
// callbar.js; the sound itself is made in ../sound.js, beside the page. The desk's line is made of this, too.

export class CallLine {
  #url;
  #sound; // where sound.js is
  #tell;
  #socket;
  #microphone;
  #contexts = [];
  #voice;
  #over = false;

  // `tell`: connected() and ended(why). Why is "over", "lost", "microphone", or the server's code for an error.
  constructor({ url, sound, tell }) {
    this.#url = url;
    this.#sound = sound;
    this.#tell = tell;
  }

  // A browser that gives a page no microphone (on plain http, say) has none of this.
  static get possible() {
    return Boolean(navigator.mediaDevices?.getUserMedia && globalThis.AudioWorkletNode);
  }

  // Called where the customer pressed something: only then may a page make sound. `hello` is the first frame.
  async start(hello) {
    try {
      const heard = new AudioContext({ sampleRate: 8000 });
      const spoken = new AudioContext();
      this.#contexts = [heard, spoken];
      const asked = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
      this.#microphone = await navigator.mediaDevices.getUserMedia({ audio: asked });
      await Promise.all(this.#contexts.map((context) => context.audioWorklet.addModule(this.#sound)));
      await Promise.all(this.#contexts.map((context) => context.resume()));
      if (this.#over) return this.#release();
      this.#voice = new AudioWorkletNode(heard, "balie-voice", { numberOfInputs: 0, outputChannelCount: [1] });
      this.#voice.port.onmessage = ({ data }) => this.#post({ type: "mark", name: data });
      this.#voice.connect(heard.destination);
      const mono = { channelCount: 1, channelCountMode: "explicit" }; // a microphone may have two sides
      const ears = new AudioWorkletNode(spoken, "balie-ears", { numberOfOutputs: 0, ...mono });
      ears.port.onmessage = ({ data }) => this.#ready && this.#socket.send(data);
      spoken.createMediaStreamSource(this.#microphone).connect(ears);
      this.#open(await hello());
    } catch (error) {
      this.#end(["NotAllowedError", "NotFoundError", "NotReadableError"].includes(error.name) ? "microphone" : "unavailable");
    }
  }

  key(key) { this.#post({ type: "key", key }); }

  say(frame) { this.#post(frame); }

  mute(muted) {
    for (const track of this.#microphone?.getTracks() ?? []) track.enabled = !muted;
  }

  hangUp() {
    this.#post({ type: "bye" });
    this.#end("over");
  }

  get #ready() { return this.#socket?.readyState === WebSocket.OPEN; }

  #open(hello) {
    if (this.#over) return this.#release();
    let why = "lost";
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#post(hello);
    socket.onmessage = ({ data }) => {
      if (typeof data !== "string") return this.#voice.port.postMessage({ sound: data }, [data]);
      const frame = JSON.parse(data);
      if (frame.type === "mark") this.#voice.port.postMessage({ mark: frame.name });
      else if (frame.type === "clear") this.#voice.port.postMessage({ clear: true });
      else if (frame.type === "connected") this.#tell.connected(frame);
      else if (frame.type === "over") why = "over";
      else if (frame.type === "error") why = frame.code;
    };
    socket.onclose = () => this.#end(why);
  }

  #post(frame) {
    if (this.#ready) this.#socket.send(JSON.stringify(frame));
  }

  #end(why) {
    if (this.#over) return;
    this.#over = true;
    this.#release();
    this.#tell.ended(why);
  }

  #release() {
    this.#socket?.close();
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    for (const context of this.#contexts.splice(0)) context.close();
  }
}
