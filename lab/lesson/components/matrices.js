// Draws tables of numbers. Labels hold what a student typed: they go through textContent only.

// In pixels: width of a cell, size of its type, gap between tables, a heading's letter, a digit.
const LEAST = 21, MOST = 52;
const SMALLEST = 10.5, LARGEST = 16;
const GAP = 8, LETTER = 6.6, DIGIT = 5.8;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function drawTable(table, choose) {
  const used = new Set(table.used.map((at) => at.join()));
  const box = element("figure", "box");
  box.dataset.key = table.key;
  const caption = element("figcaption");
  caption.append(element("strong", "", table.name), element("span", "made", table.made));
  const grid = element("table");
  grid.setAttribute("role", "grid");
  grid.setAttribute("aria-label", `${table.name}, ${table.made}. Arrow keys move.`);
  const top = element("tr");
  top.append(element("td", "corner"));
  table.columns.forEach((label) => {
    const head = element("th", "column");
    head.scope = "col";
    head.append(element("span", label.length > 2 ? "upright" : "", label));
    top.append(head);
  });
  grid.append(top);
  table.text.forEach((line, row) => {
    const tr = element("tr");
    const head = element("th", "row", table.rows[row]);
    head.scope = "row";
    tr.append(head);
    line.forEach((text, column) => {
      const cell = element("td", "cell", text);
      cell.dataset.share = table.paint[row][column] ?? "none";
      if (table.weights) cell.dataset.weight = "";
      if (used.has(`${row},${column}`)) cell.classList.add("used");
      const chosen = table.chosen && table.chosen[0] === row && table.chosen[1] === column;
      if (chosen) cell.classList.add("chosen");
      cell.setAttribute("aria-selected", chosen ? "true" : "false");
      cell.tabIndex = chosen || (!table.chosen && row === 0 && column === 0) ? 0 : -1;
      cell.title = `${table.name}: row ${table.rows[row]}, column ${table.columns[column]}`;
      cell.dataset.at = `${table.key} ${row} ${column}`;
      cell.onclick = () => choose(table.key, row, column);
      cell.onkeydown = (event) => {
        const [down, right] = {
          ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0],
        }[event.key] ?? [0, 0];
        if (down || right) {
          const next = grid.rows[1 + row + down]?.cells[1 + column + right];
          if (next?.classList.contains("cell")) next.focus();
          event.preventDefault();
        } else if (event.key === "Enter" || event.key === " ") {
          choose(table.key, row, column);
          event.preventDefault();
        }
      };
      tr.append(cell);
    });
    grid.append(tr);
  });
  box.append(caption, grid);
  return box;
}

// Each cell in the colour of its share of ink: from -1 to 1, or of weights from 0 to 1.
function paint(root) {
  const colours = palette(root);
  for (const cell of root.querySelectorAll("td.cell")) {
    const share = Number(cell.dataset.share);
    const ink = "weight" in cell.dataset ? colours.attention
      : share < 0 ? colours.negative : colours.positive;
    const fill = Number.isNaN(share) ? colours.missing
      : mixed(colours.background, ink, Math.abs(share));
    cell.style.background = `rgb(${fill})`;
    cell.style.color = readable(fill);
  }
}

// On one line if the cells can be wide enough for their numbers; labels of rows then stand once.
// The mask's table is one more: where that is too much, the line wraps.
function layOut(root, tables, mayBeOne = true) {
  const width = root.clientWidth;
  if (!width) return;
  // A presenter's page has larger type, and headings grow with it.
  const letter = (LETTER * parseFloat(getComputedStyle(document.documentElement).fontSize)) / 16;
  const letters = (list) => Math.max(...list.map((text) => text.length));
  const label = Math.min(140, letter * letters(tables.flatMap((table) => table.rows)) + 8);
  const least = tables.map((table) => Math.max(LEAST, DIGIT * letters(table.text.flat()) + 4));
  const taken = tables.reduce((sum, table, i) =>
    sum + Math.max(table.columns.length * least[i], letter * table.made.length), 0);
  const spare = (width - label - (GAP + 5) * tables.length) / taken;
  const oneLine = mayBeOne && spare >= 1;
  // Headings of equal height on one line, so that all rows stand level; else each as it needs.
  const heads = tables.map(({ columns }) => {
    const long = columns.filter((text) => text.length > 2);
    return long.length ? Math.min(110, letter * letters(long) + 6) : 16;
  });
  root.classList.toggle("wrapped", !oneLine);
  root.style.setProperty("--label", `${label}px`);
  const cells = tables.map((table, i) => {
    const fits = (width - label - 8) / table.columns.length;
    const stretch = oneLine ? spare : Math.min(1.4, Math.max(1, fits / least[i]));
    return Math.floor(Math.min(MOST, least[i] * stretch));
  });
  const grown = Math.min(...cells.map((cell, i) => cell / least[i]));
  const type = Math.max(SMALLEST, Math.min(LARGEST, 0.93 * SMALLEST * grown));
  root.style.setProperty("--type", `${type}px`);
  tables.forEach((table, i) => {
    const style = root.children[i].style;
    style.setProperty("--head", `${oneLine ? Math.max(...heads) : heads[i]}px`);
    style.setProperty("--cell", `${cells[i]}px`);
  });
  // Letters are estimated: where one line did not do after all, every table needs its labels.
  const feet = [...root.children].map((box) => Math.round(box.getBoundingClientRect().bottom));
  if (oneLine && new Set(feet).size > 1) layOut(root, tables, false);
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".matrices");
  const focused = parentElement.activeElement ?? parentElement.getRootNode().activeElement;
  const at = focused?.dataset?.at;
  const choose = (table, row, column) => setTriggerValue("chosen", { table, row, column });
  root.replaceChildren(...data.tables.map((table) => drawTable(table, choose)));
  if (at) root.querySelector(`[data-at="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
  root.parentElement.querySelector(".theme")?.remove();
  const probe = themeProbe(() => paint(root));
  probe.className = "theme";
  root.after(probe);
  paint(root);
  const resize = () => layOut(root, data.tables);
  const observer = new ResizeObserver(resize);
  observer.observe(root);
  resize();
  return () => observer.disconnect();
}
