// Toolbar and legend. Every word from Python goes through textContent.

function made(tag, className, text, attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

const LAYER_NAMES = {
  none: "Radar", truth: "Truth", prediction: "Prediction", probability: "Probability", errors: "Errors",
};
const MODES = { look: "Look", pixel: "Pixel", polygon: "Polygon" };
const HINTS = {
  look: "Drag to move, wheel or + and − to zoom: both maps follow. Point at a pixel to read it. Arrow keys move the cross.",
  pixel: "Click a pixel (or arrow keys and Enter) to add its series to the chart below.",
  polygon: "Click corners (or arrow keys and Space). Double click or Enter closes it, Esc drops it.",
};

// Radio buttons that the arrow keys go through.
function choice(name, options, current, set) {
  const group = made("span", "group", undefined, { role: "radiogroup", "aria-label": name });
  const buttons = options.map(([value, label]) => {
    const button = made("button", "choice", label, { type: "button", role: "radio" });
    button.onclick = () => set(value);
    return button;
  });
  group.append(...buttons);
  group.onkeydown = (event) => {
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!move) return;
    event.preventDefault();
    const place = (options.findIndex(([value]) => value === group.current) + move + options.length) % options.length;
    set(options[place][0]);
    buttons[place].focus();
  };
  group.choose = (value) => {
    group.current = value;
    buttons.forEach((button, i) => {
      const mine = options[i][0] === value;
      button.setAttribute("aria-checked", String(mine));
      button.tabIndex = mine ? 0 : -1;
    });
  };
  group.choose(current);
  return group;
}

function pressing(name, label, act, title) {
  const button = made("button", name, label, { type: "button", ...(title && { "aria-label": title, title }) });
  button.onclick = act;
  return button;
}

function slider(value, set) {
  const label = made("label", "opacity", "Opacity ");
  const input = made("input", "", undefined, { type: "range", min: "0", max: "100", step: "5", "aria-label": "Opacity of the layer in per cent" });
  const output = made("output");
  label.choose = (given) => {
    input.value = String(given);
    output.textContent = `${given} %`;
  };
  input.oninput = () => set(Number(input.value));
  label.append(input, output);
  label.choose(value);
  return label;
}

function swatch(colour, text, className = "") {
  const item = made("span", "item");
  const box = made("span", `swatch ${className}`);
  if (colour) box.style.background = colour;
  item.append(box, made("span", "", text));
  return item;
}

const css = (colour) => `rgb(${colour})`;

// What the colours of a layer mean, in words.
function legend(layer, maps) {
  const crop = [...new Set(maps.map((map) => map.crop))].join(" or ") || "the crop";
  const found = [...new Set(maps.map((map) => map.found))].join(" or ") || "the crop";
  const items = {
    none: [],
    truth: [swatch(css(CROP), `${crop} grows here`), swatch("", "no colour: something else")],
    prediction: [swatch(css(CROP), `the map says ${found}`), swatch("", "no colour: it says no")],
    probability: [swatch(`linear-gradient(90deg, transparent, ${css(CROP)})`, `probability of ${found}, 0 to 1`, "ramp")],
    errors: [
      swatch(css(ERROR[TP]), "TP, found: it grows here, the map says so"),
      swatch(css(ERROR[FN]), "FN, missed: it grows here, the map says no"),
      swatch(css(ERROR[FP]), "FP, false alarm: the map says yes, something else grows here"),
    ],
  }[layer];
  const raster = { truth: "truth", prediction: "said", probability: "probability", errors: "errors" }[layer];
  if (maps.some((map) => map[raster]?.includes(UNKNOWN))) items.push(swatch("", "not known", "hatched"));
  for (const text of new Set(maps.map((map) => `${map.what}: ${told(map.low)} (black) to ${told(map.high)} dB (white)`))) {
    items.push(swatch("linear-gradient(90deg, #000, #fff)", text, "ramp"));
  }
  return items;
}

const told = (value) => String(value).replace("-", "−");
