/** Keeps the full-screen panel above the on-screen keyboard. */

/** Follows the visible part of the page; returns the function that stops it. */
export function followViewport(element: HTMLElement): () => void {
  const viewport = window.visualViewport;
  if (!viewport) return () => undefined;
  const follow = () => {
    element.style.setProperty("--_visible", `${viewport.height}px`);
    element.style.setProperty("--_shift", `${viewport.offsetTop}px`);
  };
  follow();
  const ended = new AbortController();
  viewport.addEventListener("resize", follow, { signal: ended.signal });
  viewport.addEventListener("scroll", follow, { signal: ended.signal });
  return () => ended.abort();
}
