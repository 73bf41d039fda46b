// Rasters as they travel, one byte for a pixel, and the pictures made of them.

const FLOOR = -40, STEP = 0.2; // dB of code 1, and from one code to the next; 0 is no data
const UNKNOWN = 255;
const TN = 0, TP = 1, FN = 2, FP = 3;
// Okabe and Ito 2008: told apart with the common colour-vision deficiencies.
const CROP = [0, 158, 115];
const ERROR = { [TP]: [0, 158, 115], [FN]: [213, 94, 0], [FP]: [0, 114, 178] };
const NOBODY = [128, 128, 128];

async function unpack(text) {
  if (!text) return null;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const RASTERS = ["base", "labels", "truth", "said", "probability", "errors", "parcels"];

// A map with its rasters as arrays; one of a wrong size is left out.
async function unpacked(map) {
  const arrays = await Promise.all(RASTERS.map((name) => unpack(map[name])));
  const size = map.rows * map.columns;
  const found = { ...map };
  RASTERS.forEach((name, i) => (found[name] = arrays[i]?.length === size ? arrays[i] : null));
  return found;
}

const decibelsOf = (code) => (code ? FLOOR + (code - 1) * STEP : null);

// A picture of rows x columns pixels, `paint(i)` giving [red, green, blue, alpha] of pixel i.
function pictureOf(map, paint) {
  const image = new ImageData(map.columns, map.rows);
  for (let i = 0; i < map.rows * map.columns; i++) {
    const colour = paint(i);
    if (colour) image.data.set(colour, 4 * i);
  }
  const canvas = document.createElement("canvas");
  canvas.width = map.columns;
  canvas.height = map.rows;
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

function greys(map) {
  if (!map.base) return null;
  return pictureOf(map, (i) => {
    const value = decibelsOf(map.base[i]);
    if (value === null) return null;
    const share = (value - map.low) / (map.high - map.low);
    const grey = Math.round(255 * Math.min(1, Math.max(0, share)));
    return [grey, grey, grey, 255];
  });
}

// What nobody knows is hatched, so that no colour has to mean it.
const hatched = (map, i) => {
  const row = Math.floor(i / map.columns), column = i % map.columns;
  return (row + column) % 4 === 0 ? [...NOBODY, 255] : null;
};

const PAINTS = {
  truth: (map) => map.truth && ((i) => (map.truth[i] === UNKNOWN ? hatched(map, i) : map.truth[i] ? [...CROP, 255] : null)),
  prediction: (map) => map.said && ((i) => (map.said[i] === UNKNOWN ? hatched(map, i) : map.said[i] ? [...CROP, 255] : null)),
  probability: (map) => map.probability && !map.certain && ((i) => {
    const code = map.probability[i];
    return code === UNKNOWN ? hatched(map, i) : [...CROP, code];
  }),
  errors: (map) => map.errors && ((i) => {
    const code = map.errors[i];
    return code === UNKNOWN ? hatched(map, i) : ERROR[code] && [...ERROR[code], 255];
  }),
};

function overlay(map, layer) {
  const paint = PAINTS[layer]?.(map);
  return paint ? pictureOf(map, paint) : null;
}

// Borders of parcels as a path in pixels: bit 1 a border on the right, bit 2 one below.
function borders(map) {
  if (!map.parcels) return null;
  const path = new Path2D();
  for (let i = 0; i < map.parcels.length; i++) {
    const row = Math.floor(i / map.columns), column = i % map.columns;
    if (map.parcels[i] & 1) {
      path.moveTo(column + 1, row);
      path.lineTo(column + 1, row + 1);
    }
    if (map.parcels[i] & 2) {
      path.moveTo(column, row + 1);
      path.lineTo(column + 1, row + 1);
    }
  }
  return path;
}

// Words about a pixel: [name, value] pairs.
function words(map, row, column) {
  const r = Math.floor(row), c = Math.floor(column), i = r * map.columns + c;
  const found = [["place", `row ${r * map.step}, column ${c * map.step}${coordinates(map, r + 0.5, c + 0.5)}`]];
  const value = map.base && decibelsOf(map.base[i]);
  if (map.base) {
    found.push([map.band, value === null ? "no data" : `${value.toFixed(1).replace("-", "−")} dB`]);
  }
  const truth = map.truth?.[i];
  if (map.truth) {
    const name = map.labels && map.classes[map.labels[i]];
    const crop = truth === UNKNOWN ? "not known" : truth ? map.crop : `not ${map.crop}`;
    found.push(["truth", name ?? crop]);
  }
  const code = map.probability?.[i];
  if (map.probability) {
    const yes = map.said?.[i] === 1 ? map.found : `not ${map.found}`;
    const how = map.certain ? "" : `, probability ${(code / 254).toFixed(2)}`;
    found.push(["map says", code === UNKNOWN ? "not known" : yes + how]);
  }
  if (map.errors) found.push(["so", SO[map.errors[i]] ?? "not known"]);
  return found;
}
const SO = {
  [TN]: "rightly left out (TN)",
  [TP]: "found (TP)",
  [FN]: "missed (FN)",
  [FP]: "false alarm (FP)",
};

function coordinates(map, row, column) {
  if (!map.transform) return "";
  const [a, b, c, d, e, f] = map.transform;
  const x = a * column + b * row + c, y = d * column + e * row + f;
  const places = map.degrees ? 5 : 0;
  const told = (value) => value.toLocaleString("en", { maximumFractionDigits: places, minimumFractionDigits: places });
  return `; x ${told(x)}, y ${told(y)} ${map.degrees ? "°" : "m"}`;
}
