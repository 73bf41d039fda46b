// The view itself: token strip, toolbar, overview of all heads, one head enlarged. Every piece of
// text goes through textContent or a canvas, never innerHTML: tokens are what somebody typed.

function made(tag, className, text, attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

class AttentionView {
  constructor(root) {
    this.root = root;
    this.mode = "heat";
    this.share = 1;
    this.show = "now";
    this.picked = null; // {layer, head}, head "mean", or {rollout: true}
    this.pinned = null; // a row that stays chosen
    this.row = this.column = null;
    this.build();
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
  }

  build() {
    this.strip = made("div", "strip", undefined, { role: "listbox", "aria-label": "Tokens" });
    this.hint = made("p", "hint");
    this.bar = made("div", "bar");
    this.overview = made("canvas", "overview", undefined, {
      tabindex: "0", role: "application",
      "aria-label": "All layers and heads. Arrow keys choose one.",
    });
    this.large = made("canvas", "large", undefined, {
      tabindex: "0", role: "application",
      "aria-label": "The chosen head. Arrow keys go through its links.",
    });
    this.title = made("div", "title");
    this.info = made("div", "info", "", { "aria-live": "polite" });
    this.changed = made("div", "changed");
    this.probe = themeProbe(() => this.draw());
    const all = made("div", "all");
    all.append(this.overview, made("p", "hint", "Rows are layers, columns are heads: click one. The more ink, the larger the weight; here its square root, so that small ones are seen. Numbers on the right are hundredths."));
    const one = made("div", "one");
    const scroll = made("div", "scroll");
    scroll.append(this.large);
    one.append(this.title, this.info, scroll, this.changed);
    const body = made("div", "body");
    body.append(all, one);
    this.root.replaceChildren(this.strip, this.hint, this.bar, body, this.probe);
    this.overviewRoom = all;
    this.scroll = scroll;
    this.overview.onclick = (event) => this.pickAt(event.offsetX, event.offsetY);
    this.overview.onkeydown = (event) => this.moveHead(event);
    this.large.onmousemove = (event) => this.pointAt(event.offsetX, event.offsetY);
    this.large.onmouseleave = () => this.point(this.pinned, null);
    this.large.onclick = () => this.pin(this.row);
    this.large.onkeydown = (event) => this.moveLink(event);
  }

  async take(component) {
    this.tell = component.setStateValue;
    const data = component.data;
    if (data.digest === this.data?.digest && data.text === this.data.text &&
        String(data.hidden) === String(this.data.hidden)) return;
    this.data = data;
    const [codes, rolled, before, rolledBefore] = await Promise.all(
      [data.codes, data.rolled, data.before, data.rolledBefore].map(unpack),
    );
    if (data !== this.data) return; // newer data have come meanwhile
    const sameText = this.shape?.T === data.rows.length && this.shape?.S === data.columns.length;
    Object.assign(this, { codes, rolled, before, rolledBefore, rows: data.rows, columns: data.columns });
    this.shape = { T: data.rows.length, S: data.columns.length, heads: data.heads, layers: data.layers };
    if (!sameText) this.row = this.column = this.pinned = null;
    if (!this.before) this.show = "now";
    this.picked ??= this.named(data.picked);
    const fits = this.picked && !this.picked.rollout && this.picked.layer < data.layers &&
      (this.picked.head === "mean" || this.picked.head < data.heads);
    if (!fits && !(this.picked?.rollout && rolled)) this.picked = { layer: data.layers - 1, head: "mean" };
    this.means = this.meansBefore = null;
    this.buildStrip();
    this.buildBar();
    this.draw();
    this.root.dataset.ready = data.digest;
  }

  // What the page calls a head: "layer.head", "layer.mean" or "rollout".
  named(text) {
    if (text === "rollout") return { rollout: true };
    const [layer, head] = text.split(".");
    const number = Number(layer) - this.data.first;
    if (!(number >= 0 && number < this.data.layers) || !head) return null;
    return { layer: number, head: head === "mean" ? head : Number(head) };
  }

  // Tokens ------------------------------------------------------------------------------------

  buildStrip() {
    const hides = this.data.hides;
    this.chips = this.rows.map((token, i) => {
      const chip = made("button", "chip", shownToken(token), {
        type: "button", role: "option", title: `${token.slice(0, 200)} (${i + 1})`,
      });
      chip.classList.toggle("hidden", this.data.hidden.includes(i));
      chip.onclick = () => this.pin(i);
      if (hides) {
        chip.ondblclick = () => this.hide(i);
        chip.onkeydown = (event) => event.key.toLowerCase() === "m" && this.hide(i);
      }
      return chip;
    });
    this.strip.replaceChildren(...this.chips);
    const how = { "mask token": "replace it by the mask", "no look": "let nobody look at it" }[hides];
    this.hint.textContent = `Click a token to follow what it looks at` +
      (how ? `; double-click it, or press M on it, to ${how} and see what changes.` : ".");
  }

  hide(i) {
    const hidden = new Set(this.data.hidden);
    if (!hidden.delete(i)) hidden.add(i);
    const places = [...hidden].sort((a, b) => a - b);
    this.tell("hidden", { text: this.data.text, places });
  }

  pin(row) {
    this.pinned = this.pinned === row ? null : row;
    this.point(this.pinned, null);
  }

  // Toolbar -----------------------------------------------------------------------------------

  buildBar() {
    const choice = (name, options, current, set) => {
      const group = made("span", "group", undefined, { role: "radiogroup", "aria-label": name });
      for (const [value, label] of options) {
        const button = made("button", "choice", label, {
          type: "button", role: "radio", "aria-checked": String(value === current),
        });
        button.onclick = () => {
          set(value);
          this.buildBar();
          this.draw();
        };
        group.append(button);
      }
      return group;
    };
    const share = made("label", "share", "Strongest links that hold ");
    const slider = made("input", "", undefined, {
      type: "range", min: "5", max: "100", step: "5", value: String(Math.round(this.share * 100)),
      "aria-label": "Per cent of each token's attention that is shown",
    });
    const percent = made("output", "", `${Math.round(this.share * 100)} %`);
    slider.oninput = () => {
      this.share = Number(slider.value) / 100;
      percent.textContent = `${slider.value} %`;
      this.draw();
    };
    share.append(slider, percent, " of each token's attention");
    const parts = [
      choice("Drawn as", [["heat", "Heatmap"], ["lines", "Lines"]], this.mode, (v) => (this.mode = v)),
      share,
    ];
    if (this.rolled) {
      const rollout = made("button", "choice", "Rollout", {
        type: "button", "aria-pressed": String(Boolean(this.picked?.rollout)),
        title: "Attention of all layers multiplied, residual connections included",
      });
      rollout.onclick = () => this.pick({ rollout: true });
      parts.push(rollout);
    }
    if (this.before) {
      const options = [["now", "Now"], ["before", "Before"], ["change", "Change"]];
      parts.push(choice("Shown", options, this.show, (v) => (this.show = v)));
    }
    if (this.data.total > this.data.layers) parts.push(this.layerPicker());
    this.bar.replaceChildren(...parts);
  }

  layerPicker() {
    const label = made("label", "share", "Layer ");
    const select = made("select", "");
    for (let layer = 0; layer < this.data.total; layer++) {
      select.append(made("option", "", String(layer + 1), { value: String(layer) }));
    }
    select.value = String(this.data.first);
    select.onchange = () => this.tell("layer", Number(select.value));
    label.append(select, ` of ${this.data.total} (one at a time: the text is long)`);
    return label;
  }

  // Which map ---------------------------------------------------------------------------------

  map(layer, head, codes = this.codes) {
    if (head !== "mean") return headMap(codes, this.shape, layer, head);
    const name = codes === this.codes ? "means" : "meansBefore";
    this[name] ??= [];
    return (this[name][layer] ??= meanMap(codes, this.shape, layer));
  }

  shown(layer, head) {
    if (this.show === "change") return difference(this.map(layer, head), this.map(layer, head, this.before));
    const codes = this.show === "before" ? this.before : this.codes;
    return strongest(this.map(layer, head, codes), this.shape, this.share);
  }

  chosen() {
    if (this.picked.rollout) {
      if (this.show === "change") return difference(this.rolled, this.rolledBefore);
      const codes = this.show === "before" ? this.rolledBefore : this.rolled;
      return strongest(codes, this.shape, this.share);
    }
    return this.shown(this.picked.layer, this.picked.head);
  }

  get signed() {
    return this.show === "change";
  }

  pick(picked) {
    this.picked = picked;
    this.buildBar();
    this.draw();
    const { layer, head } = picked;
    this.tell("picked", picked.rollout ? "rollout" : `${layer + this.data.first}.${head}`);
  }

  pickAt(x, y) {
    const { left, top, cell } = this.grid;
    const column = Math.floor((x - left) / cell), layer = Math.floor((y - top) / cell);
    if (column < 0 || layer < 0 || column > this.shape.heads || layer >= this.shape.layers) return;
    this.pick({ layer, head: column === this.shape.heads ? "mean" : column });
  }

  moveHead(event) {
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!move) return;
    event.preventDefault();
    const from = this.picked.rollout ? { layer: 0, head: 0 } : this.picked;
    const column = from.head === "mean" ? this.shape.heads : from.head;
    const layer = Math.min(this.shape.layers - 1, Math.max(0, from.layer + move[0]));
    const next = Math.min(this.shape.heads, Math.max(0, column + move[1]));
    this.pick({ layer, head: next === this.shape.heads ? "mean" : next });
  }

  // Links -------------------------------------------------------------------------------------

  pointAt(x, y) {
    if (this.mode === "heat") {
      const { x: left, y: top, cell } = this.where;
      const row = Math.floor((y - top) / cell), column = Math.floor((x - left) / cell);
      const inside = row >= 0 && row < this.shape.T && column < this.shape.S;
      if (inside) this.point(row, column >= 0 ? column : null);
      return;
    }
    const { y: top, step, middle } = this.where;
    const row = Math.floor((y - top) / step);
    if (x < middle && row >= 0 && row < this.shape.T) this.point(row, null);
  }

  moveLink(event) {
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!move) return;
    event.preventDefault();
    const row = Math.min(this.shape.T - 1, Math.max(0, (this.row ?? 0) + (this.row === null ? 0 : move[0])));
    const column = Math.min(this.shape.S - 1, Math.max(0, (this.column ?? 0) + (this.column === null ? 0 : move[1])));
    this.pinned = row;
    this.point(row, column);
  }

  point(row, column) {
    if (row === this.row && column === this.column) return;
    this.row = row;
    this.column = column;
    this.drawLarge();
  }

  tellLink(map) {
    const weight = (i) => (this.signed ? map[i] : WEIGHT[map[i]]);
    const name = (tokens, i) => `“${shownToken(tokens[i])}” (${i + 1})`;
    if (this.row === null) {
      this.info.textContent = this.shape.T > 1 ? "Point at a token, or choose one above." : "";
      return;
    }
    const start = this.row * this.shape.S;
    if (this.column !== null) {
      const value = weight(start + this.column);
      this.info.textContent = `${name(this.rows, this.row)} → ${name(this.columns, this.column)}: ` +
        `${this.signed && value > 0 ? "+" : ""}${value.toFixed(3)}`;
      return;
    }
    const order = this.columns.map((_, i) => i)
      .sort((a, b) => Math.abs(weight(start + b)) - Math.abs(weight(start + a))).slice(0, 3);
    this.info.textContent = `${name(this.rows, this.row)} looks most at ` +
      order.map((i) => `${name(this.columns, i)} ${weight(start + i).toFixed(2)}`).join(", ");
  }

  // Drawing -----------------------------------------------------------------------------------

  draw() {
    if (!this.codes || !this.root.clientWidth) return;
    this.colours = palette(this.root);
    this.ramp = ramp(this.colours);
    this.drawOverview();
    this.drawLarge();
    this.listChanges();
  }

  drawOverview() {
    const { heads, layers } = this.shape;
    const left = 30, top = 24, columns = heads + 1;
    const room = this.overviewRoom.clientWidth - left - 4;
    const cell = Math.max(14, Math.min(150, Math.floor(room / columns)));
    this.grid = { left, top, cell };
    const context = sized(this.overview, left + columns * cell + 2, top + layers * cell + 2);
    context.font = `11px ${this.colours.font}`;
    context.textBaseline = "middle";
    context.textAlign = "center";
    context.fillStyle = this.colours.text;
    for (let head = 0; head < columns; head++) {
      context.fillText(head === heads ? "mean" : head + 1, left + (head + 0.5) * cell, 12, cell);
    }
    const inner = cell - 3, pixels = Math.round(inner * Math.min(2, window.devicePixelRatio || 1));
    for (let layer = 0; layer < layers; layer++) {
      context.fillStyle = this.colours.text;
      context.fillText(layer + 1 + this.data.first, left / 2, top + (layer + 0.5) * cell);
      for (let column = 0; column < columns; column++) {
        this.thumbnail(context, layer, column === heads ? "mean" : column, pixels, {
          x: left + column * cell, y: top + layer * cell, width: inner, height: inner, thick: 0.7,
        });
      }
    }
  }

  thumbnail(context, layer, head, pixels, box) {
    const map = this.shown(layer, head), signed = this.show === "change";
    if (this.mode === "lines") {
      links(context, map, this.shape, box, this.colours, this.pinned, signed);
    } else {
      const colourOf = signed ? (v) => signedColour(v, this.colours) : (code) => this.ramp[code];
      place(context, picture(map, this.shape, pixels, pixels, colourOf), box.x, box.y, box.width, box.height);
    }
    const chosen = !this.picked.rollout && layer === this.picked.layer && head === this.picked.head;
    context.strokeStyle = chosen ? this.colours.chosen : this.colours.frame;
    context.lineWidth = chosen ? 2.5 : 1;
    context.strokeRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1);
  }

  drawLarge() {
    if (!this.codes) return;
    const map = this.chosen();
    const draw = this.mode === "heat" ? largeHeat : largeLines;
    const { shape, rows, columns, colours, row, column, signed } = this;
    const view = { shape, rows, columns, colours, row, column, signed, ramp: this.ramp };
    this.where = draw(this.large, view, map, this.scroll.clientWidth);
    const { layer, head } = this.picked;
    this.title.textContent = this.picked.rollout
      ? `Rollout over all layers${this.signed ? ": what changed" : ""}`
      : `Layer ${layer + 1 + this.data.first}, ${head === "mean" ? "mean of its heads" : `head ${head + 1}`}` +
        (this.signed ? ": what changed" : "");
    this.chips.forEach((chip, i) => {
      chip.classList.toggle("chosen", i === this.row);
      chip.setAttribute("aria-selected", String(i === this.row));
    });
    this.tellLink(map);
  }

  // The heads whose attention moved most when a token was hidden.
  listChanges() {
    if (!this.before) return this.changed.replaceChildren();
    const moved = [];
    for (let layer = 0; layer < this.shape.layers; layer++) {
      for (let head = 0; head < this.shape.heads; head++) {
        const far = distance(this.map(layer, head), this.map(layer, head, this.before), this.shape.T);
        moved.push({ layer, head, far });
      }
    }
    moved.sort((a, b) => b.far - a.far);
    const buttons = moved.slice(0, 5).map(({ layer, head, far }) => {
      const text = `layer ${layer + 1 + this.data.first} head ${head + 1}: ${(100 * far).toFixed(0)} %`;
      const button = made("button", "choice", text, { type: "button" });
      button.onclick = () => this.pick({ layer, head });
      return button;
    });
    this.changed.replaceChildren(made("span", "", "Attention that went elsewhere, most in: "), ...buttons);
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".attention");
  root.view ??= new AttentionView(root);
  root.view.take(component);
}
