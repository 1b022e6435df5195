/** Small values of this widget in the browser's storage, which may be blocked. */

export class Keep {
  constructor(private readonly key: string) {}

  read(name: string): string | null {
    try {
      return localStorage.getItem(this.place(name));
    } catch {
      return null;
    }
  }

  /** A stored JSON list; empty if it is missing or broken. */
  readList<Part>(name: string): Part[] {
    try {
      const list: unknown = JSON.parse(this.read(name) ?? "[]");
      return Array.isArray(list) ? (list as Part[]) : [];
    } catch {
      return [];
    }
  }

  write(name: string, value: string | null): void {
    try {
      if (value === null || value === "") localStorage.removeItem(this.place(name));
      else localStorage.setItem(this.place(name), value);
    } catch {
      // Without storage the value lives as long as the page.
    }
  }

  private place(name: string): string {
    return `csb:${this.key}:${name}`;
  }
}
