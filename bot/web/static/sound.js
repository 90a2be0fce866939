// The sound of a call, on the browser's audio thread: the microphone as G.711 mu-law at 8000 samples a second
// ("balie-ears"), and mu-law to be heard ("balie-voice", in a context of that rate). Made for call.js, which
// brings it to the server; the frames are those of channels/web/call_codec.py.

const RATE = 8000;
const FRAME = 160; // 20 ms
const REACH = 8; // zero crossings of the filter to each side
const STEPS = 64; // entries of its table from one crossing to the next

// A low-pass (a windowed sinc, cut a little under half of the new rate): what is higher would fold into speech.
const FILTER = Float32Array.from({ length: REACH * STEPS + 1 }, (_, at) => {
  const u = at / STEPS;
  const sinc = u ? Math.sin(0.9 * Math.PI * u) / (0.9 * Math.PI * u) : 1;
  return 0.9 * sinc * (0.5 + 0.5 * Math.cos((Math.PI * u) / REACH));
});

// Samples at one rate to samples at a lower one.
class Slower {
  constructor(rate) {
    this.ratio = rate / RATE;
    this.reach = Math.ceil(REACH * this.ratio);
    this.kept = new Float32Array(this.reach);
    this.at = this.reach; // where in `kept` and what comes the next sample lies
  }

  feed(samples) {
    const all = new Float32Array(this.kept.length + samples.length);
    all.set(this.kept);
    all.set(samples, this.kept.length);
    const made = [];
    for (; this.at + this.reach < all.length; this.at += this.ratio) {
      let sum = 0;
      for (let k = Math.ceil(this.at - this.reach); k <= this.at + this.reach; k++) {
        const near = Math.round((Math.abs(k - this.at) / this.ratio) * STEPS);
        if (near < FILTER.length && k >= 0) sum += all[k] * FILTER[near];
      }
      made.push(sum / this.ratio);
    }
    const from = Math.max(0, Math.floor(this.at) - this.reach);
    this.kept = all.slice(from);
    this.at -= from;
    return made;
  }
}

function toUlaw(sample) {
  const value = Math.round(Math.max(-1, Math.min(1, sample)) * 32635);
  const size = Math.abs(value) + 132;
  const segment = 31 - Math.clz32(size) - 7;
  return ~((value < 0 ? 0x80 : 0) | (segment << 4) | ((size >> (segment + 3)) & 0x0f)) & 0xff;
}

const HEARD = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const size = ((((bits & 0x0f) << 3) + 132) << ((bits >> 4) & 0x07)) - 132;
  return (bits & 0x80 ? -size : size) / 32768;
});

class Ears extends AudioWorkletProcessor {
  constructor() {
    super();
    this.slower = new Slower(sampleRate);
    this.frame = [];
  }

  process([[samples]]) {
    if (!samples) return true;
    for (const sample of this.slower.feed(samples)) {
      this.frame.push(toUlaw(sample));
      if (this.frame.length < FRAME) continue;
      const frame = Uint8Array.from(this.frame);
      this.frame = [];
      this.port.postMessage(frame.buffer, [frame.buffer]);
    }
    return true;
  }
}

// Told {sound}, {mark} and {clear}; tells each mark once everything before it was heard, or cleared.
class Voice extends AudioWorkletProcessor {
  constructor() {
    super();
    this.queue = []; // sound and the names of marks, in order
    this.at = 0; // how much of the first sound was heard
    this.port.onmessage = ({ data }) => {
      if (data.clear) {
        this.queue = this.queue.filter((each) => typeof each === "string");
        this.at = 0;
      } else this.queue.push(data.mark ?? new Uint8Array(data.sound));
    };
  }

  process(_, [[output]]) {
    for (let i = 0; i <= output.length; i++) {
      while (typeof this.queue[0] === "string") this.port.postMessage(this.queue.shift());
      const sound = this.queue[0];
      if (!sound || i === output.length) break;
      output[i] = HEARD[sound[this.at++]];
      if (this.at >= sound.length) {
        this.queue.shift();
        this.at = 0;
      }
    }
    return true;
  }
}

registerProcessor("balie-ears", Ears);
registerProcessor("balie-voice", Voice);
