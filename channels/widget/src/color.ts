/** Readable colours from one brand colour: WCAG contrast on `#rrggbb` values. */

const READABLE = 4.5;
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
const DARK_PANEL: Rgb = [28, 31, 38];

type Rgb = [number, number, number];

/** The colours derived from a brand colour. */
export interface Palette {
  color: string;
  /** Text on the brand colour. */
  onColor: string;
  /** The brand colour as text on the light and on the dark panel. */
  textOnLight: string;
  textOnDark: string;
}

/** Derives what is readable; null if the value is not `#rgb` or `#rrggbb`. */
export function paletteOf(value: string): Palette | null {
  const color = parse(value.trim());
  if (!color) return null;
  const onColor = contrast(color, WHITE) >= READABLE ? WHITE : better(color);
  return {
    color: hex(color),
    onColor: hex(onColor),
    textOnLight: hex(readable(color, WHITE, BLACK)),
    textOnDark: hex(readable(color, DARK_PANEL, WHITE)),
  };
}

/** Contrast ratio of two colours, from 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function better(color: Rgb): Rgb {
  return contrast(color, BLACK) > contrast(color, WHITE) ? BLACK : WHITE;
}

/** Moves a colour towards another, only as far as it takes to be readable on the background. */
function readable(color: Rgb, background: Rgb, towards: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = color.map((part, at) => part + ((towards[at] ?? 0) - part) * share) as Rgb;
    if (contrast(mixed, background) >= READABLE + 0.3) return mixed;
  }
  return towards;
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function parse(value: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(value);
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(value);
  const parts = short ? short.slice(1).map((digit) => digit + digit) : long?.slice(1);
  return parts ? (parts.map((part) => parseInt(part, 16)) as Rgb) : null;
}

function hex(color: Rgb): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}
