// Which part of the maps is seen: one zoom and one middle for both, as shares of each map.

const CLOSEST = 40; // CSS pixels of a map's pixel at the closest zoom

class Camera {
  constructor() {
    this.zoom = 1;
    this.row = this.column = 0.5;
    this.rooms = []; // of each map: {width, height, rows, columns}
  }

  // The whole of a map fits into its canvas at zoom 1.
  fit(n) {
    const room = this.rooms[n];
    return Math.min(room.width / room.columns, room.height / room.rows);
  }

  get most() {
    return Math.max(1, ...this.rooms.map((_, n) => CLOSEST / this.fit(n)));
  }

  // Where a map is drawn: pixel (row, column) stands at x + column * scale, y + row * scale.
  box(n) {
    const { width, height, rows, columns } = this.rooms[n], scale = this.fit(n) * this.zoom;
    const kept = (middle, room, size) => {
      if (size <= room) return 0.5;
      const half = room / size / 2;
      return Math.min(1 - half, Math.max(half, middle));
    };
    const column = kept(this.column, width, columns * scale), row = kept(this.row, height, rows * scale);
    return { scale, x: width / 2 - column * columns * scale, y: height / 2 - row * rows * scale };
  }

  toMap(n, x, y) {
    const box = this.box(n);
    return { row: (y - box.y) / box.scale, column: (x - box.x) / box.scale };
  }

  inside(n, point) {
    const { rows, columns } = this.rooms[n];
    return point.row >= 0 && point.column >= 0 && point.row < rows && point.column < columns;
  }

  // The middle never leaves what every map could show: a drag back is felt at once.
  keep() {
    const half = (size) => Math.min(0.5, ...this.rooms.map((room, n) => {
      const scale = this.fit(n) * this.zoom;
      return size === "row" ? room.height / (room.rows * scale) / 2 : room.width / (room.columns * scale) / 2;
    }));
    for (const name of ["row", "column"]) {
      const edge = half(name);
      this[name] = Math.min(1 - edge, Math.max(edge, this[name]));
    }
  }

  pan(n, x, y) {
    const { rows, columns } = this.rooms[n], { scale } = this.box(n);
    this.column -= x / (columns * scale);
    this.row -= y / (rows * scale);
    this.keep();
  }

  // Zoom so that what stands at (x, y) of map n stays there.
  zoomAt(n, factor, x, y) {
    const before = this.toMap(n, x, y), { rows, columns, width, height } = this.rooms[n];
    this.zoom = Math.min(this.most, Math.max(1, this.zoom * factor));
    const scale = this.fit(n) * this.zoom;
    this.column = (before.column + (width / 2 - x) / scale) / columns;
    this.row = (before.row + (height / 2 - y) / scale) / rows;
    this.keep();
  }

  // Pan just so far that a pixel is seen.
  show(n, point) {
    const box = this.box(n), { width, height } = this.rooms[n];
    const x = box.x + point.column * box.scale, y = box.y + point.row * box.scale, edge = 24;
    const over = (place, room) => (place < edge ? place - edge : place > room - edge ? place - room + edge : 0);
    this.pan(n, -over(x, width), -over(y, height));
  }

  whole() {
    this.zoom = 1;
    this.row = this.column = 0.5;
  }
}
