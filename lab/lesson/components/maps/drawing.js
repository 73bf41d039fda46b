// A map on its canvas: base, layer, borders, marks, crosshair, scale bar.

function sized(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const wide = Math.round(width * ratio), high = Math.round(height * ratio);
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

// `view`: {room, box, base, layer, opacity, borders, marks, drawing, cursor, metres, synthetic}.
function drawMap(canvas, view) {
  const { room, box } = view, context = sized(canvas, room.width, room.height);
  context.clearRect(0, 0, room.width, room.height);
  context.imageSmoothingEnabled = false;
  const width = room.columns * box.scale, height = room.rows * box.scale;
  if (view.base) context.drawImage(view.base, box.x, box.y, width, height);
  if (view.layer) {
    context.globalAlpha = view.opacity;
    context.drawImage(view.layer, box.x, box.y, width, height);
    context.globalAlpha = 1;
  }
  if (view.borders) {
    context.save();
    context.translate(box.x, box.y);
    context.scale(box.scale, box.scale);
    context.lineWidth = 1 / box.scale;
    context.strokeStyle = "rgba(255, 255, 255, 0.75)";
    context.stroke(view.borders);
    context.restore();
  }
  for (const mark of view.marks) drawMark(context, box, mark);
  if (view.drawing) drawOpen(context, box, view.drawing, view.cursor);
  if (view.cursor) crosshair(context, box, room, view.cursor);
  labels(context, view);
}

const at = (box, [row, column]) => [box.x + column * box.scale, box.y + row * box.scale];

// Black under the colour: seen on any ground.
function twice(context, colour, width, draw) {
  context.lineJoin = "round";
  for (const [style, wide] of [["#000", width + 2], [colour, width]]) {
    context.strokeStyle = style;
    context.lineWidth = wide;
    draw();
    context.stroke();
  }
}

function outline(context, box, points, closed) {
  context.beginPath();
  points.forEach((point, i) => (i ? context.lineTo(...at(box, point)) : context.moveTo(...at(box, point))));
  if (closed) context.closePath();
}

function drawMark(context, box, mark) {
  let [x, y] = at(box, mark.points[0]);
  if (mark.kind === "pixel") {
    const half = Math.max(4, box.scale / 2);
    twice(context, mark.colour, 2, () => {
      context.beginPath();
      context.rect(x - half, y - half, 2 * half, 2 * half);
    });
    x += half + 9;
  } else {
    twice(context, mark.colour, 2, () => outline(context, box, mark.points, true));
  }
  badge(context, x, y - 9, mark.colour, mark.number);
}

function badge(context, x, y, colour, number) {
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.strokeStyle = "#000";
  context.lineWidth = 1;
  context.stroke();
  context.fillStyle = "#000";
  context.font = "bold 11px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(number, x, y + 0.5);
}

// A polygon that is not closed yet.
function drawOpen(context, box, points, cursor) {
  const ends = cursor ? [...points, [cursor.row, cursor.column]] : points;
  twice(context, "#fff", 1.5, () => outline(context, box, ends, false));
  for (const point of points) {
    const [x, y] = at(box, point);
    twice(context, "#fff", 2, () => {
      context.beginPath();
      context.rect(x - 2.5, y - 2.5, 5, 5);
    });
  }
}

function crosshair(context, box, room, cursor) {
  const [x, y] = at(box, [cursor.row, cursor.column]).map((place) => Math.round(place) + 0.5);
  for (const [style, width] of [["rgba(0, 0, 0, 0.55)", 3], ["#fff", 1]]) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.beginPath();
    for (const [x1, y1, x2, y2] of [[0, y, x - 6, y], [x + 6, y, room.width, y], [x, 0, x, y - 6], [x, y + 6, x, room.height]]) {
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
    }
    context.stroke();
  }
}

// 1, 2 or 5 times a power of ten, at most `most`.
function round(most) {
  const ten = 10 ** Math.floor(Math.log10(most));
  return ten * [5, 2, 1].find((step) => step * ten <= most);
}

function labels(context, view) {
  const { room, box, metres, font } = view;
  const unit = metres ? metres : 1;
  const length = round(Math.max(unit / box.scale, (0.28 * room.width * unit) / box.scale));
  const wide = (length / unit) * box.scale;
  const told = !metres ? `${length} pixels` : length >= 1000 ? `${length / 1000} km` : `${length} m`;
  const x = 10, y = room.height - 12;
  context.font = `600 12px ${font}`;
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  plate(context, x - 4, y - 19, Math.max(wide, context.measureText(told).width) + 8, 25);
  context.fillStyle = "#fff";
  context.fillText(told, x, y - 6);
  context.fillRect(x, y - 2, wide, 3);
  context.fillRect(x, y - 5, 1.5, 6);
  context.fillRect(x + wide - 1.5, y - 5, 1.5, 6);
  if (view.synthetic) {
    const text = "synthetic", long = context.measureText(text).width;
    plate(context, room.width - long - 16, room.height - 25, long + 12, 19);
    context.fillStyle = "#fff";
    context.fillText(text, room.width - long - 10, room.height - 11);
  }
}

function plate(context, x, y, width, height) {
  context.fillStyle = "rgba(0, 0, 0, 0.6)";
  context.fillRect(x, y, width, height);
}
