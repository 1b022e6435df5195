/**
 * The launcher's look and the tokens everything inherits. Declarations on the host are important:
 * the page's own rules would win over them otherwise, even a harmless reset.
 */

export const LAUNCHER_STYLES = `
:host {
  all: initial !important;
  display: contents !important;
  --_color: var(--csb-color, var(--csb-theme, #1d4ed8));
  --_on-color: var(--csb-on-color, var(--csb-theme-on, #fff));
  --_z: var(--csb-z, 2147483000);
  --_x: var(--csb-offset-x, 20px);
  --_y: var(--csb-offset-y, 20px);
  --_launcher: var(--csb-launcher-size, 60px);
}
[hidden] { display: none !important; }
.launcher {
  all: unset;
  box-sizing: border-box;
  position: fixed;
  inset-block-end: calc(var(--_y) + env(safe-area-inset-bottom, 0px));
  inset-inline-end: calc(var(--_x) + env(safe-area-inset-right, 0px));
  z-index: var(--_z);
  display: grid;
  place-items: center;
  width: var(--_launcher);
  height: var(--_launcher);
  border-radius: 50%;
  background: var(--_color);
  color: var(--_on-color);
  cursor: pointer;
  box-shadow: 0 1px 2px rgb(15 23 42 / .16), 0 8px 24px rgb(15 23 42 / .22);
  transition: transform .16s ease, box-shadow .16s ease;
  -webkit-tap-highlight-color: transparent;
}
.launcher:hover { box-shadow: 0 2px 4px rgb(15 23 42 / .16), 0 12px 32px rgb(15 23 42 / .28); }
.launcher:active { transform: scale(.96); }
.launcher:focus-visible { outline: 3px solid var(--_color); outline-offset: 3px; box-shadow: 0 0 0 3px #fff, 0 8px 24px rgb(15 23 42 / .22); }
.icon {
  grid-area: 1 / 1;
  width: 28px;
  height: 28px;
  fill: none;
  stroke: currentColor;
  stroke-width: 2;
  stroke-linecap: round;
  stroke-linejoin: round;
  transition: transform .2s ease, opacity .2s ease;
}
.icon.chat { fill: currentColor; stroke: none; width: 30px; height: 30px; }
.icon.close { opacity: 0; transform: rotate(-60deg) scale(.6); }
:host([open]) .icon.close { opacity: 1; transform: none; }
:host([open]) .icon.chat { opacity: 0; transform: rotate(60deg) scale(.6); }
:host([open]) .badge { display: none; }
.badge {
  position: fixed;
  inset-block-end: calc(var(--_y) + var(--_launcher) - 18px + env(safe-area-inset-bottom, 0px));
  inset-inline-end: calc(var(--_x) - 4px + env(safe-area-inset-right, 0px));
  z-index: var(--_z);
  pointer-events: none;
  box-sizing: border-box;
  min-width: 22px;
  height: 22px;
  padding: 0 6px;
  border: 2px solid #fff;
  border-radius: 11px;
  background: #c81e1e;
  color: #fff;
  font: 600 12px/18px system-ui, sans-serif;
  text-align: center;
}
.trouble {
  all: unset;
  box-sizing: border-box;
  position: fixed;
  inset-block-end: calc(var(--_y) + var(--_launcher) + 12px);
  inset-inline-end: var(--_x);
  z-index: var(--_z);
  max-width: min(280px, calc(100vw - 2 * var(--_x)));
  padding: 12px 16px;
  border-radius: 12px;
  background: #1f2430;
  color: #fff;
  font: 14px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif;
  box-shadow: 0 8px 24px rgb(15 23 42 / .22);
}
:host([mode="page"]) :is(.launcher, .badge) { display: none; }
@media (max-width: 666px) { :host([open]) .launcher { display: none; } }
@media (prefers-reduced-motion: reduce) { .launcher, .icon { transition: none; } .launcher:active { transform: none; } }
@media (forced-colors: active) {
  .launcher, .badge, .trouble { border: 2px solid ButtonText; }
  .icon { stroke: ButtonText; }
  .icon.chat { fill: ButtonText; }
}
@media print { .launcher, .badge, .trouble { display: none; } }
`;
