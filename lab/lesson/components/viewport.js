// Tells the page whether its window is as narrow as a phone, when that is news.
export default function (component) {
  const { data, setStateValue } = component;
  const tell = () => {
    const narrow = window.innerWidth < 640;
    if (narrow !== data.narrow) {
      setStateValue("narrow", narrow);
    }
  };
  tell();
  window.addEventListener("resize", tell);
  return () => window.removeEventListener("resize", tell);
}
