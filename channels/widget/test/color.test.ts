import { expect, test } from "vitest";
import { contrast, paletteOf } from "../src/color.js";

type Rgb = Parameters<typeof contrast>[0];

const PANELS: Record<"textOnLight" | "textOnDark", Rgb> = {
  textOnLight: [255, 255, 255],
  textOnDark: [28, 31, 38],
};

function rgb(value: string): Rgb {
  return [1, 3, 5].map((at) => parseInt(value.slice(at, at + 2), 16)) as Rgb;
}

test.each(["#1d4ed8", "#ffcc00", "#ffffff", "#000000", "#777777", "#e11d48", "#0f0", "#22c55e"])(
  "every text made from %s has a contrast of 4.5 or more",
  (brand) => {
    const palette = paletteOf(brand);
    if (!palette) throw new Error("not a colour");
    expect(contrast(rgb(palette.color), rgb(palette.onColor))).toBeGreaterThanOrEqual(4.5);
    for (const [name, panel] of Object.entries(PANELS)) {
      const text = rgb(palette[name as keyof typeof PANELS]);
      expect(contrast(text, panel)).toBeGreaterThanOrEqual(4.5);
    }
  },
);

test("black on white is 21", () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBe(21);
});

test.each(["", "red", "#12", "url(x)", "#12345g"])("%j is no colour", (value) => {
  expect(paletteOf(value)).toBeNull();
});
