// Colours that follow the theme; both ramps can be told apart with the common colour-vision
// deficiencies.

function rgb(text, fallback) {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  canvas.fillStyle = fallback;
  canvas.fillStyle = text || fallback;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

function palette(root) {
  const style = getComputedStyle(root);
  const read = (name, fallback) => rgb(style.getPropertyValue(name).trim(), fallback);
  const background = read("--st-background-color", "#ffffff");
  const text = read("--st-text-color", "#202124");
  const dark = background[0] + background[1] + background[2] < 384;
  return {
    background,
    text: `rgb(${text})`,
    faint: `rgba(${text}, 0.45)`,
    frame: `rgba(${text}, 0.25)`,
    strong: dark ? [255, 214, 102] : [8, 48, 130],
    plus: dark ? [255, 170, 60] : [190, 90, 0],
    minus: dark ? [90, 170, 255] : [10, 90, 200],
    marked: dark ? "#ff6b6b" : "#d6006c",
    font: style.getPropertyValue("--st-font") || "sans-serif",
  };
}

const mixed = (from, to, share) => from.map((c, i) => Math.round(c + (to[i] - c) * share));

// 256 colours for codes; the colour follows the code, the square root of the weight.
function ramp(colours) {
  return Array.from({ length: 256 }, (_, code) => mixed(colours.background, colours.strong, code / 255));
}

function signedColour(value, colours) {
  const share = Math.min(1, Math.sqrt(Math.abs(value)) * 1.3);
  return mixed(colours.background, value >= 0 ? colours.plus : colours.minus, share);
}
