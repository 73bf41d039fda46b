// What pointers, wheel and keys do; `MapsView` says what comes of it.

const CLICK = 5; // CSS pixels that a pointer may slip in a click
const TWICE = 400; // milliseconds between the clicks of a double click

class Hands {
  // Pointers --------------------------------------------------------------------------------

  down(n, event) {
    if (event.button) return;
    this.sides[n].canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (this.pointers.size === 1) this.start = { n, x: event.offsetX, y: event.offsetY, slipped: false };
    else this.start.slipped = true;
  }

  move(n, event) {
    const before = this.pointers.get(event.pointerId), now = { x: event.offsetX, y: event.offsetY };
    this.steady = performance.now();
    if (before && this.pointers.size === 2) this.pinch(n, event.pointerId, now);
    else if (before) {
      this.start.slipped ||= Math.hypot(now.x - this.start.x, now.y - this.start.y) > CLICK;
      if (this.start.slipped) {
        this.camera.pan(n, now.x - before.x, now.y - before.y);
        this.moved();
      }
    }
    if (before && (this.start.slipped || this.pointers.size === 2)) this.pointers.set(event.pointerId, now);
    this.point({ map: n, ...this.camera.toMap(n, now.x, now.y) });
  }

  pinch(n, id, now) {
    const other = [...this.pointers].find(([key]) => key !== id)[1], before = this.pointers.get(id);
    const far = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
    this.camera.zoomAt(n, far(now) / far(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
    this.camera.pan(n, (now.x - before.x) / 2, (now.y - before.y) / 2);
    this.moved();
  }

  up(n, event) {
    const clicked = this.pointers.has(event.pointerId) && this.pointers.size === 1 && !this.start.slipped;
    this.lost(event);
    if (!clicked) return;
    const point = this.camera.toMap(n, event.offsetX, event.offsetY);
    this.point({ map: n, ...point });
    if (!this.camera.inside(n, point)) return;
    const last = this.clicked, now = { time: performance.now(), x: event.offsetX, y: event.offsetY, n };
    this.clicked = now;
    const again = last && last.n === n && now.time - last.time < TWICE && Math.hypot(now.x - last.x, now.y - last.y) < 2 * CLICK;
    if (this.mode === "pixel" && !again) this.pick(n, point);
    if (this.mode === "polygon") again ? this.finish() : this.corner(n, point);
  }

  lost(event) {
    this.pointers.delete(event.pointerId);
    this.draw();
  }

  scrolled(event) {
    if (!this.root.isConnected) return this.leave();
    const path = event.composedPath(), mine = this.sides?.some((side) => path.includes(side.canvas));
    if (!mine) this.scrolling = performance.now();
  }

  wheel(n, event) {
    const now = performance.now(), scrolls = now - (this.scrolling ?? -1e9) < 300 && (this.steady ?? 0) < this.scrolling;
    const nothing = event.deltaY > 0 && this.camera.zoom <= 1;
    if ((scrolls || nothing) && !event.ctrlKey) {
      this.scrolling = now; // the page scrolls on
      return;
    }
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 30 : 1;
    this.camera.zoomAt(n, 2 ** (-Math.max(-300, Math.min(300, event.deltaY * lines)) / 200), event.offsetX, event.offsetY);
    this.moved();
  }

  // Keys ------------------------------------------------------------------------------------

  key(n, event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    const done = move ? this.step(n, move, event.shiftKey) : this.pressed(n, event.key);
    if (done) event.preventDefault();
  }

  // The cross on this map; in the middle of what is seen if it was elsewhere.
  here(n) {
    if (this.cursor?.map === n && this.camera.inside(n, this.cursor)) return this.cursor;
    const { width, height } = this.camera.rooms[n];
    this.point({ map: n, ...this.camera.toMap(n, width / 2, height / 2) });
    return this.cursor;
  }

  step(n, [down, right], far) {
    const map = this.maps[n], size = Math.max(1, Math.round((far ? 60 : 6) / this.camera.box(n).scale));
    const from = this.here(n);
    const kept = (value, most) => Math.min(most - 0.5, Math.max(0.5, Math.floor(value) + 0.5));
    const point = { map: n, row: kept(from.row + down * size, map.rows), column: kept(from.column + right * size, map.columns) };
    this.camera.show(n, point);
    this.point(point);
    this.said.textContent = words(map, point.row, point.column).map((pair) => pair.join(" ")).join(", ");
    if (this.camera.zoom > 1) this.tellLook();
    return true;
  }

  pressed(n, key) {
    const here = this.here(n);
    const zoomed = { "+": 1.5, "=": 1.5, "-": 1 / 1.5, "−": 1 / 1.5 }[key];
    if (zoomed) {
      const box = this.camera.box(n);
      this.camera.zoomAt(n, zoomed, box.x + here.column * box.scale, box.y + here.row * box.scale);
      this.moved();
    } else if (key === "0") this.whole();
    else if (key === "Escape" && this.open) this.work(this.mode);
    else if (key === "Backspace" && this.open) {
      this.open.points.pop();
      if (!this.open.points.length) this.open = null;
      this.chosen();
    } else if (key === "Enter" && this.open) this.finish();
    else if ((key === "Enter" || key === " ") && this.mode === "pixel") this.pick(n, here);
    else if (key === " " && this.mode === "polygon") this.corner(n, here);
    else return key === " ";
    return true;
  }
}
