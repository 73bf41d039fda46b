// The frame has an opaque origin ("allow-scripts" alone): what runs in it sees nothing of the app.
export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".sandbox");
  if (root.page === data.page) return;
  root.page = data.page;
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.setAttribute("title", data.title);
  frame.style.height = `${data.height}px`;
  frame.srcdoc = data.page;
  root.replaceChildren(frame);
}
