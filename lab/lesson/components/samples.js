// Draws samples of language models. Every piece of text goes through textContent, never innerHTML:
// a sample repeats what a student pasted.

const VISIBLE = { " ": "␣", "\n": "↵", "\t": "⇥" };
const visible = (token) => VISIBLE[token] ?? token;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// Surprise in bits, 0 for a certain token, full colour from 6 bits (probability 1/64) on.
function strength(probability) {
  return Math.min(1, -Math.log2(Math.max(probability, 1e-6)) / 6);
}

function drawBars(panel, sample, index) {
  panel.replaceChildren();
  if (index === null) return;
  const chosen = sample.labels[index]; // as the alternatives are written
  const before = sample.tokens.slice(Math.max(0, index - 24), index).map(visible).join("");
  panel.append(
    element("div", "context", `after “${before || "the prompt"}” the model gave`),
  );
  for (const [token, probability] of sample.alternatives[index] ?? []) {
    const row = element("div", token === chosen ? "bar chosen" : "bar");
    row.append(element("span", "token", visible(token)));
    const track = element("span", "track");
    const fill = element("span", "fill");
    fill.style.width = `${Math.max(0.5, probability * 100)}%`;
    track.append(fill);
    row.append(track, element("span", "value", probability.toFixed(3)));
    panel.append(row);
  }
  if (!(sample.alternatives[index] ?? []).some(([token]) => token === chosen)) {
    panel.append(
      element("div", "context",
        `drawn: “${visible(chosen)}”, probability ${sample.probabilities[index].toFixed(3)}`),
    );
  }
}

function drawSample(sample, remembered) {
  const card = element("section", "card");
  const head = element("div", "head");
  const dot = element("span", "dot");
  dot.style.background = sample.colour;
  head.append(dot, element("strong", "", sample.name), element("span", "when", sample.when));
  const text = element("div", "text");
  text.tabIndex = 0;
  text.setAttribute("role", "group");
  text.setAttribute("aria-label", `Sample of ${sample.name}, ${sample.when}. Arrow keys move.`);
  if (sample.prompt) text.append(element("span", "prompt", sample.prompt));
  const panel = element("div", "panel");
  panel.setAttribute("aria-live", "polite");
  const spans = sample.tokens.map((token, index) => {
    const span = element("span", "piece", token === "\n" ? "↵\n" : token);
    span.style.setProperty("--surprise", strength(sample.probabilities[index]));
    span.title = `“${visible(token)}” ${sample.probabilities[index].toFixed(3)}`;
    span.onclick = () => select(index);
    return span;
  });
  text.append(...spans);
  function select(index) {
    if (remembered.index !== null) spans[remembered.index]?.classList.remove("selected");
    remembered.index = index;
    if (index !== null) spans[index]?.classList.add("selected");
    drawBars(panel, sample, index);
  }
  text.onkeydown = (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move || !spans.length) return;
    event.preventDefault();
    const from = remembered.index ?? (move > 0 ? -1 : spans.length);
    select(Math.min(spans.length - 1, Math.max(0, from + move)));
  };
  if (remembered.index !== null && remembered.index < spans.length) {
    const index = remembered.index;
    remembered.index = null;
    select(index);
  } else {
    remembered.index = null;
  }
  card.append(head, text, panel);
  return card;
}

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".samples");
  root.memory ??= new Map();
  const wanted = new Set(data.samples.map((sample) => sample.name));
  for (const name of root.memory.keys()) if (!wanted.has(name)) root.memory.delete(name);
  const cards = data.samples.map((sample) => {
    const signature = JSON.stringify(sample);
    let kept = root.memory.get(sample.name);
    if (!kept || kept.signature !== signature) {
      // Another step is another text: a place chosen in the old one means nothing here.
      const remembered = { index: kept && kept.step === sample.step ? kept.remembered.index : null };
      kept = { signature, step: sample.step, remembered, card: drawSample(sample, remembered) };
      root.memory.set(sample.name, kept);
    }
    return kept.card;
  });
  const same = cards.length === root.children.length && cards.every((c, i) => c === root.children[i]);
  if (!same) root.replaceChildren(...cards);
}
