/** Keeps the newest message in sight, but never moves a reader who has scrolled up. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

const NEAR_END_PX = 56;
const NEAR_START_PX = 48;

interface ScrollOwner extends ReactiveControllerHost {
  readonly scroller: HTMLElement | null;
}

export class ScrollKeeper implements ReactiveController {
  /** True while the newest message is, and should stay, in sight. */
  atEnd = true;
  private height = 0;
  private firstKey: string | undefined;
  private watched: HTMLElement | null = null;
  /** Pictures that load, a keyboard that opens: the end must stay in sight. */
  private readonly sizes = new ResizeObserver(() => {
    if (this.atEnd) this.toEnd();
  });

  constructor(private readonly owner: ScrollOwner) {
    owner.addController(this);
  }

  /** Called with the key of the first message, so that older ones put in front keep the view still. */
  update(firstKey: string | undefined): void {
    const { scroller } = this.owner;
    if (!scroller) return;
    this.watch(scroller);
    if (this.atEnd) this.toEnd();
    else if (firstKey !== this.firstKey) scroller.scrollTop += scroller.scrollHeight - this.height;
    this.firstKey = firstKey;
    this.height = scroller.scrollHeight;
  }

  hostDisconnected(): void {
    this.sizes.disconnect();
    this.watched = null;
  }

  /** The reader scrolled. Returns true near the start, where older messages should be read. */
  scrolled(): boolean {
    const { scroller } = this.owner;
    if (!scroller) return false;
    const rest = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    const atEnd = rest < NEAR_END_PX;
    if (atEnd !== this.atEnd) {
      this.atEnd = atEnd;
      this.owner.requestUpdate();
    }
    return scroller.scrollTop < NEAR_START_PX;
  }

  toEnd(): void {
    const { scroller } = this.owner;
    if (!scroller) return;
    this.atEnd = true;
    scroller.scrollTop = scroller.scrollHeight;
  }

  private watch(scroller: HTMLElement): void {
    if (this.watched === scroller) return;
    this.watched = scroller;
    this.sizes.observe(scroller);
    for (const child of scroller.querySelectorAll(".items")) this.sizes.observe(child);
  }

  page(direction: 1 | -1): void {
    const { scroller } = this.owner;
    scroller?.scrollBy({ top: direction * scroller.clientHeight * 0.9 });
  }
}
