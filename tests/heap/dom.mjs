// The world "dom": a fresh jsdom window whose names become globals while one example runs.
import * as nodeTimers from "node:timers";
import { JSDOM, VirtualConsole } from "jsdom";

// Names that Node has too. An example must get the window's own: jsdom refuses an event or a signal of Node's.
const SHARED = [
  "AbortController", "AbortSignal", "CustomEvent", "DOMException", "Event", "EventTarget", "FormData", "MessageEvent",
  "navigator", "setTimeout", "clearTimeout", "setInterval", "clearInterval",
];
// Methods that a window inherits, and that pages call without "window.".
const INHERITED = ["addEventListener", "removeEventListener", "dispatchEvent"];

/** Opens a window, makes its names global, and returns the function that takes all of it back. */
export function enterDom(report) {
  const { window } = new JSDOM("<!doctype html><html><head></head><body></body></html>", {
    url: "http://localhost/",
    pretendToBeVisual: true,
    virtualConsole: new VirtualConsole().on("jsdomError", (error) => report(error.detail ?? error)),
  });
  const stopTimers = addTimers(window);
  addMissingParts(window);
  const restore = publish(window);
  return () => {
    window.close();
    restore();
    stopTimers();
  };
}

function publish(window) {
  const own = Object.getOwnPropertyNames(window).filter((name) => !name.startsWith("_") && !(name in globalThis));
  const names = new Set([...own, ...SHARED]);
  const descriptorOf = (name) => Object.getOwnPropertyDescriptor(globalThis, name);
  const before = new Map([...names, ...INHERITED].map((name) => [name, descriptorOf(name)]));
  for (const name of names) {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get: () => window[name],
      set: (value) => { window[name] = value; },
    });
  }
  for (const name of INHERITED) {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: window[name].bind(window) });
  }
  return () => before.forEach((descriptor, name) => {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else delete globalThis[name];
  });
}

// With and without "window." must be one set of timers. It cannot be jsdom's, which calls the global ones; and it is
// not Node's, whose timer objects hold their callbacks where a browser gives a number.
function addTimers(window) {
  const running = new Map();
  let last = 0;
  const start = (set, isOver) => (callback, delay, ...values) => {
    const id = ++last;
    const run = (...given) => {
      if (isOver) running.delete(id);
      callback(...given);
    };
    running.set(id, set(run, delay, ...values));
    return id;
  };
  const stop = (id) => {
    nodeTimers.clearTimeout(running.get(id));
    running.delete(id);
  };
  Object.assign(window, {
    setTimeout: start(nodeTimers.setTimeout, true),
    setInterval: start(nodeTimers.setInterval, false),
    clearTimeout: stop,
    clearInterval: stop,
  });
  return () => [...running.keys()].forEach(stop);
}

function addMissingParts(window) {
  window.ResizeObserver = observerClass((target) => ({ target, contentRect: target.getBoundingClientRect() }));
  window.IntersectionObserver = observerClass((target) => ({ target, isIntersecting: true, intersectionRatio: 1 }));
  window.matchMedia = matchMediaOf(window);
}

// jsdom has no ResizeObserver and no IntersectionObserver. A browser keeps an observer, and with it the callback, as
// long as something it observes is alive, even when no script holds the observer. The map says the same: target →
// observers, and no more than that, for an observer of an element that nobody holds dies with its element.
function observerClass(entryFor) {
  const observersOf = new WeakMap();
  return class {
    #callback;
    #targets = new Set();

    constructor(callback) {
      this.#callback = callback;
    }

    observe(target) {
      if (!observersOf.has(target)) observersOf.set(target, new Set());
      observersOf.get(target).add(this);
      this.#targets.add(target);
      // Browsers report a new target once, soon after.
      queueMicrotask(() => this.#targets.has(target) && this.#callback([entryFor(target)], this));
    }

    unobserve(target) {
      observersOf.get(target)?.delete(this);
      this.#targets.delete(target);
    }

    disconnect() {
      for (const target of [...this.#targets]) this.unobserve(target);
    }

    takeRecords() {
      return [];
    }
  };
}

// jsdom has no matchMedia. Each call gives a new list, and the document keeps a list as long as somebody listens to it.
function matchMediaOf(window) {
  const heard = new Set();

  class MediaQueryList extends window.EventTarget {
    #listeners = new Set();
    matches = false;

    constructor(media) {
      super();
      this.media = media;
    }

    addEventListener(type, listener, options) {
      super.addEventListener(type, listener, options);
      if (options?.signal?.aborted) return;
      this.#listeners.add(listener);
      heard.add(this);
      options?.signal?.addEventListener("abort", () => this.#forget(listener), { once: true });
    }

    removeEventListener(type, listener, options) {
      super.removeEventListener(type, listener, options);
      this.#forget(listener);
    }

    addListener(listener) {
      this.addEventListener("change", listener);
    }

    removeListener(listener) {
      this.removeEventListener("change", listener);
    }

    #forget(listener) {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) heard.delete(this);
    }
  }

  return (media) => new MediaQueryList(media);
}
