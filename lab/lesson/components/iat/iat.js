// A sitting of an association test: blocks of words, two keys, times until the right one.
// Times come from performance.now() and stay here until the sitting is whole; then they are told
// once. A sitting that is stopped tells nothing.

const GAP = 250; // milliseconds between an answer and the next word
const KEYS = { e: "left", i: "right" };
const NAMES = { left: "E", right: "I" };

function made(tag, className, text, attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

const fits = (block, side) => block[side].join(" or ");

class Sitting {
  constructor(root) {
    this.stage = made("section", "stage", undefined, {
      tabindex: "0", role: "application", "aria-label": "Association test. Keys E and I answer, Escape stops.",
    });
    this.progress = made("div", "progress");
    this.sides = { left: this.side("left"), right: this.side("right") };
    this.word = made("div", "word", "", { "aria-live": "assertive", "aria-atomic": "true" });
    this.cross = made("div", "cross", "", { role: "alert" });
    this.note = made("div", "note", "", { "aria-live": "polite", "aria-atomic": "true" });
    this.go = made("button", "go", "", { type: "button" });
    this.stop = made("button", "stop", "Stop (Esc)", { type: "button" });
    const middle = made("div", "middle");
    middle.append(this.word, this.cross, this.note, this.go);
    this.stage.append(this.sides.left, middle, this.sides.right, this.progress, this.stop);
    root.append(this.stage);
    this.go.onclick = () => this.next();
    this.stop.onclick = () => this.begin("Stopped. Nothing was kept.");
    this.stage.onkeydown = (event) => this.key(event);
    // Another window, another field: the clock must not run on.
    this.stage.addEventListener("focusout", (event) => {
      if (!this.stage.contains(event.relatedTarget)) this.pause();
    });
  }

  side(name) {
    const button = made("button", `side ${name}`, undefined, { type: "button" });
    // Down, not up, is when an answer is given; and the stage keeps the focus.
    let pressed = false;
    button.onpointerdown = (event) => {
      event.preventDefault();
      pressed = true;
      this.answer(name);
    };
    button.onclick = () => {
      if (!pressed) this.answer(name); // from a keyboard or a screen reader
      pressed = false;
    };
    return button;
  }

  take({ data, setTriggerValue }) {
    this.tell = setTriggerValue;
    if (this.data?.seed === data.seed) return;
    this.data = data;
    this.begin();
  }

  get block() {
    return this.data.blocks[this.at];
  }

  // Screens -----------------------------------------------------------------------------------

  show(state, { word = "", cross = "", note = "", go = "" } = {}) {
    // A hidden button gives up the focus, and that must not look like leaving.
    if (state === "word" || state === "gap") this.stage.focus({ preventScroll: true });
    this.state = state;
    this.stage.dataset.state = state;
    this.word.textContent = word;
    this.cross.textContent = cross;
    this.note.replaceChildren(...[note].flat().map((line) => made("p", "", line)));
    this.go.textContent = go;
    this.go.hidden = !go;
    const running = !["start", "done"].includes(state);
    this.stop.hidden = !running;
    this.progress.textContent = running
      ? `Block ${this.at + 1} of ${this.data.blocks.length}` +
        (state === "ready" ? "" : ` · ${this.trial + 1} of ${this.block.words.length}`)
      : "";
  }

  label() {
    for (const name of ["left", "right"]) {
      const parts = [made("kbd", "", NAMES[name])];
      this.block[name].forEach((category, n) => {
        if (n) parts.push(made("span", "or", "or"));
        parts.push(made("span", this.data.things.includes(category) ? "thing" : "value", category));
      });
      this.sides[name].replaceChildren(...parts);
      this.sides[name].setAttribute("aria-label", `${NAMES[name]}: ${fits(this.block, name)}`);
    }
  }

  begin(said = "") {
    clearTimeout(this.timer);
    Object.assign(this, { at: 0, trial: 0 });
    const empty = () => this.data.blocks.map((block) => Array(block.words.length).fill(0));
    Object.assign(this, { times: empty(), errors: empty() });
    this.label();
    const words = this.data.blocks.reduce((sum, block) => sum + block.words.length, 0);
    this.show("start", {
      note: [
        said,
        `${words} words come one by one: about two minutes. Press E if a word belongs to the left ` +
        "side, I if it belongs to the right, or tap the sides.",
        "Be as quick as you can with few mistakes. A mistake has to be corrected, and the clock runs on.",
      ].filter(Boolean),
      go: "Start",
    });
  }

  // The pause before each block: what its keys mean now.
  ready() {
    this.label();
    this.show("ready", {
      note: [
        `${this.block.said} E: ${fits(this.block, "left")}. I: ${fits(this.block, "right")}.`,
        this.block.part === "practice" ? "This block is practice; it is not scored." : "This block is scored.",
      ],
      go: "Go on (Space)",
    });
    this.stage.focus({ preventScroll: true });
  }

  next() {
    if (this.state === "start") {
      this.ready();
      this.stage.scrollIntoView({ block: "nearest" });
    } else if (this.state === "ready" || this.state === "paused") this.wait();
    else if (this.state === "done") this.begin();
  }

  pause() {
    if (this.state !== "word" && this.state !== "gap") return;
    clearTimeout(this.timer);
    this.errors[this.at][this.trial] = 0;
    this.show("paused", {
      note: ["Paused. The next word starts with a new clock."], go: "Go on (Space)",
    });
  }

  // Trials ------------------------------------------------------------------------------------

  wait() {
    this.show("gap");
    this.timer = setTimeout(() => requestAnimationFrame(() => this.present()), GAP);
  }

  present() {
    if (this.state !== "gap") return; // paused or stopped in between
    this.show("word", { word: this.block.words[this.trial] });
    const thing = this.data.things.includes(this.block.categories[this.trial]);
    this.word.classList.toggle("value", !thing);
    this.started = performance.now();
  }

  answer(side) {
    const now = performance.now();
    if (this.state !== "word") return;
    if ((side === "left") !== this.block.lefts[this.trial]) {
      this.errors[this.at][this.trial] += 1;
      this.cross.textContent = "✕ the other side";
      return;
    }
    this.times[this.at][this.trial] = Math.round((now - this.started) * 10) / 10;
    this.trial += 1;
    if (this.trial < this.block.words.length) return this.wait();
    this.trial = 0;
    this.at += 1;
    if (this.at < this.data.blocks.length) return this.ready();
    this.finish();
  }

  finish() {
    this.at = this.data.blocks.length - 1;
    this.show("done", { note: ["Done. Your times are below."] });
    this.tell("result", { seed: this.data.seed, times: this.times, errors: this.errors });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const side = KEYS[event.key.toLowerCase()];
    if (side) {
      if (!event.repeat) this.answer(side);
    } else if (event.key === "Escape") {
      if (!this.stop.hidden) this.begin("Stopped. Nothing was kept.");
    } else if (event.key === " " || event.key === "Enter") {
      if (event.target.tagName === "BUTTON") return; // its own click follows
      if (!event.repeat && !this.go.hidden) this.next();
    } else return;
    event.preventDefault();
    event.stopPropagation(); // letters are shortcuts of the page around
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".iat");
  root.sitting ??= new Sitting(root);
  root.sitting.take(component);
}
