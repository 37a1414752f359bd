// Stand-ins so that these examples can be type-checked without React and without your application.
// In a real project the types come from @types/react and from your own lib/session: do not copy this file.

declare module "react" {
  export function useState<T>(initial: T): [T, (value: T) => void];
  export function useEffect(effect: () => (() => void) | void, dependencies: readonly unknown[]): void;
}

declare module "@/lib/session" {
  export interface User {
    /** UUID. */
    id: string;
    isPremium: boolean;
  }
  /** Whoever your application has signed in; null for nobody. */
  export function currentUser(request: Request): Promise<User | null>;
}

declare namespace JSX {
  type Element = object;
  interface IntrinsicElements {
    audio: { src: string; controls?: boolean; preload?: "none" | "metadata" | "auto" };
    li: { key?: string; children?: unknown };
    ol: { children?: unknown };
    p: { role?: string; children?: unknown };
    progress: { value: number; max: number; "aria-label"?: string };
    section: { "aria-label"?: string; children?: unknown };
  }
}
