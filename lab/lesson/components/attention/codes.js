// Attention weights as they travel: one byte each, 255 times the square root of the weight.

const WEIGHT = Float32Array.from({ length: 256 }, (_, code) => (code / 255) ** 2);

async function unpack(text) {
  if (!text) return null;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// A map is one T x S picture: {values: codes or signed differences, T, S, signed}.
function headMap(codes, shape, layer, head) {
  const size = shape.T * shape.S;
  const start = (layer * shape.heads + head) * size;
  return codes.subarray(start, start + size);
}

function meanMap(codes, shape, layer) {
  const size = shape.T * shape.S;
  const sums = new Float32Array(size);
  for (let head = 0; head < shape.heads; head++) {
    const map = headMap(codes, shape, layer, head);
    for (let i = 0; i < size; i++) sums[i] += WEIGHT[map[i]];
  }
  return Uint8Array.from(sums, (sum) => Math.round(255 * Math.sqrt(sum / shape.heads)));
}

// Keep, for every row, the strongest links that hold a share of its attention; the rest is 0.
// A link as strong as the last one that is needed stays too.
function strongest(map, shape, share) {
  if (share >= 1) return map;
  const kept = new Uint8Array(map.length);
  const counts = new Uint32Array(256);
  for (let row = 0; row < shape.T; row++) {
    const start = row * shape.S;
    counts.fill(0);
    let total = 0;
    for (let i = start; i < start + shape.S; i++) {
      counts[map[i]]++;
      total += WEIGHT[map[i]];
    }
    let code = 255;
    for (let held = 0; code > 0; code--) {
      held += counts[code] * WEIGHT[code];
      if (held >= share * total) break;
    }
    for (let i = start; i < start + shape.S; i++) kept[i] = map[i] >= Math.max(code, 1) ? map[i] : 0;
  }
  return kept;
}

// Signed differences of weights in [-1, 1].
function difference(now, before) {
  return Float32Array.from(now, (code, i) => WEIGHT[code] - WEIGHT[before[i]]);
}

// How far the rows of two maps are apart: half the sum of absolute differences, mean over rows.
function distance(now, before, T) {
  let sum = 0;
  for (let i = 0; i < now.length; i++) sum += Math.abs(WEIGHT[now[i]] - WEIGHT[before[i]]);
  return sum / 2 / T;
}
