// Pictures of maps on a canvas: thumbnails, a large heatmap, lines between two columns of tokens.

const shownToken = (token) => {
  const plain = token.replace(/\n/g, "↵").replace(/\t/g, "⇥").replace(/^ +/, "␣");
  return plain.length > 18 ? `${plain.slice(0, 17)}…` : plain || "∅";
};

// 256 colours for codes; the colour follows the code, the square root of the weight.
function ramp(colours) {
  return Array.from({ length: 256 }, (_, code) =>
    mixed(colours.background, colours.attention, code / 255));
}

function signedColour(value, colours) {
  const share = Math.min(1, Math.sqrt(Math.abs(value)) * 1.3);
  return mixed(colours.background, value >= 0 ? colours.positive : colours.negative, share);
}

function sized(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

// A map as an image of width x height pixels. Where several cells fall on a pixel the strongest
// one is seen: a mean would hide single links.
function picture(map, shape, width, height, colourOf) {
  const image = new ImageData(width, height);
  const { T, S } = shape;
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * T) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * T) / height));
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * S) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * S) / width));
      let most = 0;
      for (let row = top; row < bottom; row++) {
        for (let i = row * S + left; i < row * S + right; i++) {
          if (Math.abs(map[i]) > Math.abs(most)) most = map[i];
        }
      }
      const at = 4 * (y * width + x);
      const [red, green, blue] = colourOf(most);
      image.data[at] = red;
      image.data[at + 1] = green;
      image.data[at + 2] = blue;
      image.data[at + 3] = 255;
    }
  }
  return image;
}

function place(context, image, x, y, width, height) {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, x, y, width, height);
}

// Lines of a map from the left edge to the right one; `only` is a row that alone is drawn.
function links(context, map, shape, box, colours, only, signed) {
  const { T, S } = shape;
  const y = (i, n) => box.y + ((i + 0.5) * box.height) / n;
  const rows = only === null ? Array.from({ length: T }, (_, i) => i) : [only];
  context.lineWidth = box.thick;
  for (const row of rows) {
    for (let column = 0; column < S; column++) {
      const value = map[row * S + column];
      const weight = signed ? Math.abs(value) : WEIGHT[value];
      if (weight < 0.02) continue;
      const colour = signed ? (value > 0 ? colours.positive : colours.negative) : colours.attention;
      context.strokeStyle = `rgba(${colour}, ${Math.min(1, weight)})`;
      context.beginPath();
      context.moveTo(box.x, y(row, T));
      context.lineTo(box.x + box.width, y(column, S));
      context.stroke();
    }
  }
}

// The large heatmap. Returns where its cells are: {x, y, cell}.
function largeHeat(canvas, view, map, room) {
  const { shape, rows, columns, colours, signed } = view;
  const cell = Math.max(3, Math.min(30, Math.floor((room - 110) / shape.S)));
  const label = 110, head = 104;
  const width = label + cell * shape.S + 60, height = head + cell * shape.T + 6;
  const context = sized(canvas, width, height);
  const colourOf = signed ? (v) => signedColour(v, colours) : (code) => view.ramp[code];
  place(context, picture(map, shape, shape.S, shape.T, colourOf), label, head, cell * shape.S, cell * shape.T);
  context.strokeStyle = colours.frame;
  context.strokeRect(label - 0.5, head - 0.5, cell * shape.S + 1, cell * shape.T + 1);
  const size = Math.max(9, Math.min(13, cell));
  const every = Math.ceil((size + 1) / cell);
  context.font = `${size}px ${colours.font}`;
  context.textBaseline = "middle";
  rows.forEach((token, i) => {
    const chosen = i === view.row;
    if (i % every && !chosen) return;
    context.fillStyle = chosen ? colours.chosen : colours.text;
    context.textAlign = "right";
    context.fillText(shownToken(token), label - 5, head + (i + 0.5) * cell, label - 8);
  });
  columns.forEach((token, i) => {
    const chosen = i === view.column;
    if (i % every && !chosen) return;
    context.save();
    context.translate(label + (i + 0.5) * cell, head - 5);
    context.rotate(-Math.PI / 3);
    context.fillStyle = chosen ? colours.chosen : colours.text;
    context.textAlign = "left";
    context.fillText(shownToken(token), 0, 0, 112);
    context.restore();
  });
  numbers(context, view, map, label, head, cell);
  if (view.row !== null) {
    context.strokeStyle = colours.chosen;
    context.lineWidth = 1.5;
    context.strokeRect(label, head + view.row * cell, cell * shape.S, cell);
    if (view.column !== null) context.strokeRect(label + view.column * cell, head + view.row * cell, cell, cell);
  }
  return { x: label, y: head, cell };
}

// The weights themselves, in hundredths, where the cells have room for them.
function numbers(context, view, map, x, y, cell) {
  if (cell < 22) return;
  const { shape, signed, colours } = view;
  context.font = `${Math.min(11, cell * 0.42)}px ${colours.font}`;
  context.textAlign = "center";
  for (let row = 0; row < shape.T; row++) {
    for (let column = 0; column < shape.S; column++) {
      const value = map[row * shape.S + column];
      const weight = signed ? value : WEIGHT[value];
      if (Math.abs(weight) < 0.005) continue;
      const fill = signed ? signedColour(value, colours) : view.ramp[value];
      context.fillStyle = readable(fill);
      context.fillText(Math.round(100 * weight), x + (column + 0.5) * cell, y + (row + 0.5) * cell);
    }
  }
}

// Two columns of tokens with lines between them. Returns {y, step, middle}.
function largeLines(canvas, view, map, room) {
  const { shape, rows, columns, colours, signed } = view;
  const most = Math.max(shape.T, shape.S);
  const step = most > 80 ? 13 : most > 40 ? 16 : 21;
  const width = Math.max(260, Math.min(room - 4, 560)), label = Math.min(130, width * 0.32), top = 22;
  const context = sized(canvas, width, top + most * step + 6);
  const box = { x: label + 4, y: top, width: width - 2 * label - 8, thick: most > 80 ? 1 : 2 };
  // Both columns begin at the top: a link of a token to itself is level.
  const tall = { ...shape, T: most, S: shape.S };
  const padded = shape.T === most && shape.S === most ? map : stretched(map, shape, most, signed);
  links(context, padded, { T: most, S: most }, { ...box, height: most * step }, colours, view.row, signed);
  context.font = `${Math.min(13, step - 2)}px ${colours.font}`;
  context.textBaseline = "middle";
  context.fillStyle = colours.faint;
  context.textAlign = "right";
  context.fillText("looks", label, 9);
  context.textAlign = "left";
  context.fillText("is looked at", width - label, 9, label);
  rows.forEach((token, i) => {
    context.textAlign = "right";
    context.fillStyle = i === view.row ? colours.chosen : colours.text;
    context.fillText(shownToken(token), label, top + (i + 0.5) * step, label - 2);
  });
  columns.forEach((token, i) => {
    context.textAlign = "left";
    const value = view.row === null ? 0 : map[view.row * tall.S + i];
    const weight = signed ? value : WEIGHT[value];
    const strong = Math.abs(weight) >= 0.05;
    context.fillStyle = view.row !== null && !strong ? colours.faint : colours.text;
    const number = view.row !== null && strong ? ` ${weight.toFixed(2)}` : "";
    context.fillText(shownToken(token) + number, width - label, top + (i + 0.5) * step, label - 2);
  });
  return { y: top, step, middle: width / 2 };
}

function stretched(map, shape, most, signed) {
  const wide = signed ? new Float32Array(most * most) : new Uint8Array(most * most);
  for (let row = 0; row < shape.T; row++) {
    wide.set(map.subarray(row * shape.S, (row + 1) * shape.S), row * most);
  }
  return wide;
}
