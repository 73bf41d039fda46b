// The view: two maps that move together, a cross in step, pixels and polygons to draw.

const MOST_POINTS = 200;

class MapsView extends Hands {
  constructor(root) {
    super();
    this.root = root;
    this.camera = new Camera();
    this.maps = [];
    this.marks = [];
    this.layer = "errors";
    this.opacity = 80;
    this.mode = "look";
    this.parcels = false;
    this.cursor = null; // {map, row, column} in pixels of that map
    this.open = null; // a polygon that is being drawn: {map, points}
    this.pointers = new Map();
    this.hint = made("p", "hint");
    this.bar = made("div", "bar");
    this.pair = made("div", "pair");
    this.legend = made("div", "legend");
    this.said = made("div", "unseen", "", { "aria-live": "polite" });
    root.replaceChildren(this.bar, this.hint, this.pair, this.legend, this.said);
    this.observer = new ResizeObserver(() => this.layOut());
    this.observer.observe(this.pair);
    // A page that is being scrolled must not be stopped by a map that comes under the pointer.
    this.onWheel = (event) => this.scrolled(event);
    window.addEventListener("wheel", this.onWheel, { passive: true, capture: true });
  }

  leave() {
    this.observer.disconnect();
    window.removeEventListener("wheel", this.onWheel, { capture: true });
  }

  // Data from Python ------------------------------------------------------------------------

  async take({ data, setStateValue, setTriggerValue }) {
    Object.assign(this, { setState: setStateValue, trigger: setTriggerValue });
    const fresh = data.digest !== this.data?.digest;
    this.data = data;
    if (data.news !== this.news) {
      this.news = data.news;
      this.layer = data.look.layer;
      this.opacity = data.look.opacity;
      Object.assign(this.camera, { zoom: data.look.zoom, row: data.look.row, column: data.look.column });
    }
    if (fresh) {
      const maps = await Promise.all(data.maps.map(unpacked));
      if (data.digest !== this.data.digest) return; // another one came in the meantime
      this.maps = maps;
      this.open = null;
      this.bases = maps.map(greys);
      this.borders = maps.map(borders);
      this.painted = null;
      if (this.cursor && this.cursor.map >= maps.length) this.cursor = null;
      this.build();
    }
    this.marks = this.data.marks.map((mark, i) => ({ ...mark, number: i + 1, points: this.scaled(mark, 1) }));
    if (fresh) this.layOut();
    this.chosen();
    this.root.dataset.ready = `${data.digest} ${this.marks.length}`;
  }

  // Points of a mark in pixels of its map, or of its scene.
  scaled(mark, to) {
    const step = this.maps[mark.map]?.step ?? 1, factor = to ? 1 / step : step;
    return mark.points.map(([row, column]) => [row * factor, column * factor]);
  }

  build() {
    const layers = this.data.layers.filter((name) => name === "none" || this.maps.some((map) => PAINTS[name](map)));
    if (!layers.includes(this.layer)) this.layer = layers.includes("prediction") ? "prediction" : layers[0];
    this.layers = choice("Layer", layers.map((name) => [name, LAYER_NAMES[name]]), this.layer, (name) => this.look({ layer: name }));
    this.fader = slider(this.opacity, (value) => this.look({ opacity: value }));
    this.modes = choice("What a click does", Object.entries(MODES), this.mode, (mode) => this.work(mode));
    this.edges = pressing("choice", "Fields", () => {
      this.parcels = !this.parcels;
      this.chosen();
    }, "Borders of fields");
    const zoom = made("span", "group", undefined, { role: "group", "aria-label": "Zoom" });
    zoom.append(
      pressing("choice", "+", () => this.zoom(1.5), "Closer"),
      pressing("choice", "−", () => this.zoom(1 / 1.5), "Further"),
      pressing("choice", "Whole", () => this.whole(), "The whole map"),
    );
    this.close = pressing("choice", "Close polygon", () => this.finish());
    this.drop = pressing("choice", "Cancel", () => this.work(this.mode));
    this.bar.replaceChildren(this.layers, this.fader, ...(this.borders.some(Boolean) ? [this.edges] : []), zoom, this.modes, this.close, this.drop);
    this.pair.classList.toggle("alone", this.maps.length === 1);
    this.sides = this.maps.map((map, n) => this.side(map, n));
    this.pair.replaceChildren(...this.sides.map((side) => side.box));
  }

  side(map, n) {
    const box = made("div", "side"), canvas = made("canvas", "", undefined, {
      tabindex: "0", role: "application",
      "aria-label": `Map: ${map.name}. Arrow keys move the cross, plus and minus zoom, 0 shows the whole map.`,
    });
    const under = made("dl", "under");
    box.append(made("p", "name", map.name), canvas, under);
    canvas.onpointerdown = (event) => this.down(n, event);
    canvas.onpointermove = (event) => this.move(n, event);
    canvas.onpointerup = (event) => this.up(n, event);
    canvas.onpointercancel = (event) => this.lost(event);
    canvas.onpointerleave = () => !this.pointers.size && this.point(null);
    canvas.addEventListener("wheel", (event) => this.wheel(n, event), { passive: false });
    canvas.onkeydown = (event) => this.key(n, event);
    canvas.onfocus = () => canvas.matches(":focus-visible") && this.here(n);
    return { box, canvas, under };
  }

  // What the student chose ------------------------------------------------------------------

  look(change) {
    Object.assign(this, change);
    this.chosen();
    this.tellLook();
  }

  work(mode) {
    this.mode = mode;
    this.open = null;
    this.chosen();
  }

  chosen() {
    if (!this.sides) return;
    this.layers.choose(this.layer);
    this.fader.choose(this.opacity);
    this.modes.choose(this.mode);
    this.edges.setAttribute("aria-pressed", String(this.parcels));
    this.close.hidden = this.drop.hidden = !this.open;
    this.close.disabled = (this.open?.points.length ?? 0) < 3;
    this.hint.textContent = HINTS[this.mode];
    if (this.painted !== this.layer) {
      this.painted = this.layer;
      this.overlays = this.maps.map((map) => overlay(map, this.layer));
      this.legend.replaceChildren(...legend(this.layer, this.maps));
    }
    this.draw();
  }

  // Python hears of it when the student has paused: every word to it runs the page.
  tellLook() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      const { zoom, row, column } = this.camera;
      this.setState("look", { layer: this.layer, opacity: this.opacity, zoom, row, column });
    }, 700);
  }

  zoom(factor) {
    const n = this.cursor?.map ?? 0, room = this.camera.rooms[n];
    this.camera.zoomAt(n, factor, room.width / 2, room.height / 2);
    this.moved();
  }

  whole() {
    this.camera.whole();
    this.moved();
  }

  moved() {
    this.draw();
    this.tellLook();
  }

  // Drawing on the maps ---------------------------------------------------------------------

  pick(n, point) {
    this.finished({ map: n, kind: "pixel", points: [[Math.floor(point.row) + 0.5, Math.floor(point.column) + 0.5]] });
  }

  corner(n, point) {
    if (this.open && this.open.map !== n) {
      this.hint.textContent = "This polygon has begun on the other map: close it there, or press Esc.";
      return;
    }
    this.open ??= { map: n, points: [] };
    if (this.open.points.length < MOST_POINTS) this.open.points.push([point.row, point.column]);
    this.chosen();
    const count = this.open.points.length;
    this.hint.textContent = count < 3 ? `${count} of at least 3 corners.` : `${count} corners. Double click, Enter or “Close polygon” ends it, Backspace takes one back, Esc drops it.`;
  }

  finish() {
    if (!this.open) return;
    const { map, points } = this.open;
    if (points.length < 3) {
      this.hint.textContent = `${points.length} of at least 3 corners.`;
      return;
    }
    this.open = null;
    this.finished({ map, kind: "polygon", points });
    this.chosen();
  }

  finished(mark) {
    const points = this.scaled(mark, 0).map((point) => point.map((value) => Math.round(value * 10) / 10));
    this.marks = [...this.marks, { ...mark, number: "…", colour: "#fff" }]; // until Python answers
    this.draw();
    this.trigger("drawn", { ...mark, points });
  }

  // Seeing ----------------------------------------------------------------------------------

  layOut() {
    const width = this.pair.clientWidth;
    if (!this.sides || !width) return;
    const rooms = this.sides.map((side) => Math.floor(side.box.clientWidth) - 2);
    const high = Math.max(...this.maps.map((map, n) => Math.min(this.data.height, (rooms[n] * map.rows) / map.columns)));
    this.camera.rooms = this.maps.map((map, n) => ({
      width: rooms[n], height: Math.round(high), rows: map.rows, columns: map.columns,
    }));
    this.camera.zoom = Math.min(this.camera.zoom, this.camera.most);
    this.camera.keep();
    this.draw();
  }

  point(cursor) {
    this.cursor = cursor;
    this.draw();
  }

  // Where the cross stands on map n: at the same share of its height and width.
  there(n) {
    if (!this.cursor) return null;
    const from = this.maps[this.cursor.map], to = this.maps[n];
    const point = { row: (this.cursor.row / from.rows) * to.rows, column: (this.cursor.column / from.columns) * to.columns };
    return this.camera.inside(n, point) ? point : null;
  }

  draw() {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      if (this.camera.rooms.length === this.maps.length) this.maps.forEach((map, n) => this.paint(map, n));
    });
  }

  paint(map, n) {
    const { canvas, under } = this.sides[n], cursor = this.there(n);
    drawMap(canvas, {
      room: this.camera.rooms[n],
      box: this.camera.box(n),
      base: this.bases[n],
      layer: this.overlays?.[n],
      opacity: this.opacity / 100,
      borders: this.parcels && this.borders[n],
      marks: this.marks.filter((mark) => mark.map === n),
      drawing: this.open?.map === n && this.open.points,
      cursor,
      metres: map.pixel,
      synthetic: map.synthetic,
      font: getComputedStyle(this.root).fontFamily,
    });
    canvas.classList.toggle("near", this.camera.zoom > 1);
    canvas.classList.toggle("held", this.pointers.size > 0 && this.start?.slipped);
    canvas.classList.toggle("draws", this.mode !== "look");
    const pairs = cursor ? words(map, cursor.row, cursor.column) : [["", "Point at a pixel to read it."]];
    under.replaceChildren(...pairs.flatMap(([name, value]) => [made("dt", name, name), made("dd", name, value)]));
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".maps");
  root.view ??= new MapsView(root);
  root.view.take(component);
}
