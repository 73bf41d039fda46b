// Colours that follow the theme: the page's own is zero, more ink is more. PALETTE, which stands
// before this, says what each colour means.

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
  const dark = luminance(background) < PALETTE.darkPage;
  const { chosen, missing } = PALETTE;
  return {
    background,
    text: `rgb(${text})`,
    faint: `rgba(${text}, 0.45)`,
    frame: `rgba(${text}, 0.25)`,
    attention: rgb(PALETTE.attention[Number(dark)]),
    positive: rgb(PALETTE.positive),
    negative: rgb(PALETTE.negative),
    missing: rgb(missing),
    chosen,
    font: style.getPropertyValue("--st-font") || "sans-serif",
  };
}

// Relative luminance as in WCAG 2.1.
function luminance(colour) {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// Black or white, whichever is read more easily on a fill.
const readable = (fill) => (luminance(fill) > PALETTE.even ? "#000" : "#fff");

const mixed = (from, to, share) => from.map((c, i) => Math.round(c + (to[i] - c) * share));

// A probe among a component's elements: a new theme changes its colour, and the end of the
// transition tells so.
function themeProbe(changed) {
  const probe = document.createElement("span");
  probe.style.cssText = "color: var(--st-background-color); transition: color 0.01s";
  probe.addEventListener("transitionend", changed);
  return probe;
}
