/** What the launcher loads on demand: the panel and everything in it. */

import { Composer } from "./composer.js";
import type { Host, Panel } from "./host.js";
import { PanelElement } from "./panel.js";

if (!customElements.get("csb-composer")) customElements.define("csb-composer", Composer);
if (!customElements.get("csb-panel")) customElements.define("csb-panel", PanelElement);

/** Puts a closed panel into the launcher's shadow root. */
export function mount(host: Host): Panel {
  const panel = new PanelElement(host);
  panel.setAttribute("theme", host.element.getAttribute("theme") ?? "auto");
  host.root.prepend(panel);
  panel.listen();
  return panel;
}
