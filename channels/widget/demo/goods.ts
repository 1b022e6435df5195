/** What the made-up shop sells, and the questions worth asking its assistant. */

export type Language = "zh" | "en";
export type Text = Record<Language, string>;

export interface Good {
  name: Text;
  note: Text;
  price: string;
  /** Names a drawing in the style sheet and its paths here. */
  drawing: string;
}

export const QUESTIONS: Record<Language, string[]> = {
  zh: ["东西不想要了能退吗", "我的快递到哪了", "如何开具发票", "你是机器人吗", "转人工"],
  en: [
    "Can I return this?",
    "Where is my order?",
    "How do I get an invoice?",
    "Are you a robot?",
    "Talk to a human",
  ],
};

export const GOODS: Good[] = [
  {
    name: { zh: "柴烧手冲壶", en: "Wood-fired pour-over kettle" },
    note: { zh: "龙泉陶土，600 ml", en: "Longquan clay, 600 ml" },
    price: "¥268",
    drawing: "M22 30h36v30a10 10 0 0 1-10 10H32a10 10 0 0 1-10-10ZM58 36h8a8 8 0 0 1 0 20h-8M22 40 10 32v-6M32 22h16",
  },
  {
    name: { zh: "亚麻围裙", en: "Linen apron" },
    note: { zh: "水洗亚麻，可调肩带", en: "Washed linen, adjustable straps" },
    price: "¥159",
    drawing: "M30 12v14c-4 6-10 8-14 9v35h48V35c-4-1-10-3-14-9V12M30 12h20M28 46h24v14H28Z",
  },
  {
    name: { zh: "山茶花种子", en: "Camellia seeds" },
    note: { zh: "一包 12 粒，春播", en: "Pack of 12, sow in spring" },
    price: "¥18",
    drawing: "M40 70V40M40 52c-12 0-18-6-18-16 12 0 18 6 18 16ZM40 44c0-12 6-20 18-20 0 12-6 20-18 20Z",
  },
  {
    name: { zh: "竹编收纳篮", en: "Woven bamboo basket" },
    note: { zh: "安吉毛竹，手工编", en: "Anji bamboo, woven by hand" },
    price: "¥96",
    drawing: "M14 34h52l-6 34H20ZM22 34c0-22 36-22 36 0M17 46h46M19 57h42M31 34l3 34M49 34l-3 34",
  },
];
