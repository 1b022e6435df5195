/** The one file a page loads: defines the element and answers `window.csb`. */

import { startApi } from "./api.js";
import { ChatElement } from "./element.js";

if (!customElements.get("csb-chat")) customElements.define("csb-chat", ChatElement);
startApi(document.currentScript as HTMLScriptElement | null);
