// Keeps a page of the preview as the files are. The server compares what this page shows with what
// it is to show, and says what to do; after a break, however long, it compares again.
(() => {
  "use strict";

  const script = document.currentScript;
  let token = script.dataset.token; // what this page shows
  let build = script.dataset.build; // the server's name and the number of its last build
  // Whether a page was here until a reload found none: it went between the news and the reload.
  let lost = false;
  const host = document.querySelector("slugline-preview");
  const PLACE = "slugline-place"; // where the reader was before a reload
  const COLLAPSED = "slugline-collapsed"; // whether the overlay is a pill in the corner

  // Storage may be forbidden; then places are not kept, and nothing else is lost.
  const stored = (storage, key) => { try { return window[storage].getItem(key); } catch { return null; } };
  const store = (storage, key, value) => { try { window[storage].setItem(key, value); } catch { /* as above */ } };

  // --- reload: the place on the page and the open details stay -----------------------------------

  let leaving = false;
  const isMissing = () => token.startsWith("none-");

  // A <details> is known by its id, or by what its summary says and which of these it is.
  function detailsByName() {
    const found = new Map();
    for (const one of document.querySelectorAll("details")) {
      const said = one.id ? `#${one.id}` : (one.querySelector("summary")?.textContent ?? "").trim();
      let name = said;
      for (let n = 2; found.has(name); n++) name = `${said} ${n}`;
      found.set(name, one);
    }
    return found;
  }

  // `told` is what the page showed when the server said that it shows something old.
  function reload(told) {
    if (leaving) return;
    leaving = true;
    const details = [...detailsByName()].map(([name, one]) => [name, one.open]);
    const path = location.pathname + location.search;
    const wasHere = lost || !isMissing();
    store("sessionStorage", PLACE, JSON.stringify({ path, x: scrollX, y: scrollY, details, told, wasHere }));
    history.scrollRestoration = "manual";
    location.reload();
  }

  function restore() {
    const kept = stored("sessionStorage", PLACE);
    if (!kept) return 0;
    try { sessionStorage.removeItem(PLACE); } catch { return 0; }
    const { path, x, y, details, told, wasHere } = JSON.parse(kept);
    history.scrollRestoration = "auto";
    if (path !== location.pathname + location.search) return 0;
    lost = wasHere && isMissing();
    const now = detailsByName();
    for (const [name, open] of details) if (now.has(name)) now.get(name).open = open;
    const scroll = () => scrollTo({ left: x, top: y, behavior: "instant" });
    scroll();
    // Pictures that come late move what is below them; who scrolls meanwhile is left alone.
    let moved = false;
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"])
      addEventListener(kind, () => { moved = true; }, { once: true, passive: true });
    addEventListener("load", () => { if (!moved) scroll(); }, { once: true });
    // A reload that brought nothing new is not tried again at once: it could go on for ever.
    return told === token ? 3000 : 0;
  }

  // --- style sheets: swapped in place ------------------------------------------------------------

  const stylesheets = () =>
    [...document.querySelectorAll("link[rel~=stylesheet i]:not([data-slugline-old])")];

  // The old style sheet stays until the new one has come, so that no frame is without.
  function swap(old, address) {
    const fresh = old.cloneNode();
    fresh.setAttribute("href", address);
    old.dataset.sluglineOld = "";
    const before = [old, ...(old.sluglineBefore ?? [])];
    fresh.sluglineBefore = before;
    fresh.addEventListener("load", () => { for (const one of before) one.remove(); fresh.sluglineBefore = []; });
    // It went again with the next build, which sends another one.
    fresh.addEventListener("error", () => { if (!("sluglineOld" in fresh.dataset)) reload(); });
    old.after(fresh);
  }

  function takeStyles(data) {
    const now = stylesheets();
    if (now.length !== data.addresses.length) return reload();
    token = data.token;
    now.forEach((link, n) => {
      if (link.getAttribute("href") !== data.addresses[n]) swap(link, data.addresses[n]);
    });
  }

  // --- what the page has loaded ------------------------------------------------------------------

  // Paths of pictures, scripts and style sheets, also of those that other files asked for.
  function loaded() {
    const found = new Set();
    const add = (address) => {
      try {
        const url = new URL(address, document.baseURI);
        if (url.origin === location.origin && !url.pathname.startsWith("/_slugline/")) found.add(url.pathname);
      } catch { /* no address */ }
    };
    for (const one of performance.getEntriesByType("resource")) add(one.name);
    for (const one of document.querySelectorAll("[src], link[rel~=icon i]")) add(one.currentSrc || one.src || one.href);
    return found;
  }

  function takeBuild(data) {
    build = data.build;
    const mine = loaded();
    const changed = data.loaded === null ? [...mine] : data.loaded.filter((path) => mine.has(path));
    const linked = new Map(stylesheets().map((link) => [new URL(link.href).pathname, link]));
    // One that only a style sheet or a script asked for cannot be exchanged by itself.
    if (changed.some((path) => !linked.has(path))) return reload();
    for (const path of changed)
      swap(linked.get(path), `${path}?slugline=${encodeURIComponent(build)}`);
  }

  // Another server: what it has is compared by the server, but for files that this page loaded
  // without a digest in their names.
  function greet(identity) {
    if (build.startsWith(`${identity}.`)) return;
    if ([...loaded()].some((path) => !/\.[0-9a-f]{10}\.\w+$/.test(path))) return reload();
    build = `${identity}.0`;
  }

  // --- overlay -----------------------------------------------------------------------------------

  // A browser that does not know templates as shadow roots has left one behind.
  const template = host?.querySelector("template");
  if (host && !host.shadowRoot && template) {
    host.attachShadow({ mode: "open" }).append(template.content);
    template.remove();
  }
  const shadow = host?.shadowRoot;
  const box = shadow?.getElementById("problems");
  let shown = null;

  function prepare() {
    const overlay = box?.querySelector("details");
    if (!overlay) return;
    overlay.open = stored("localStorage", COLLAPSED) === null;
    overlay.addEventListener("toggle", () => {
      try {
        if (overlay.open) localStorage.removeItem(COLLAPSED);
        else localStorage.setItem(COLLAPSED, "yes");
      } catch { /* forbidden: not remembered */ }
    });
  }

  function takeProblems(text) {
    if (!box || text === shown) return;
    const before = box.querySelector("summary .said")?.textContent;
    shown = text;
    const fresh = document.createElement("template");
    fresh.innerHTML = text; // the server has escaped all that comes from files
    // The page may have come with it; then the reader's place in it stays.
    if (fresh.content.textContent.trim() !== box.textContent.trim()) {
      box.replaceChildren(fresh.content);
      prepare();
    }
    const said = box.querySelector("summary .said")?.textContent ?? "";
    if (said || before) shadow.getElementById("status").textContent = said || "Mended.";
    document.documentElement.toggleAttribute("data-slugline-failed", text !== "");
  }

  document.addEventListener("keydown", (event) => {
    const overlay = box?.querySelector("details[open]");
    if (event.key !== "Escape" || event.defaultPrevented || !overlay) return;
    const inside = shadow.activeElement;
    overlay.open = false;
    if (inside) overlay.querySelector("summary").focus();
  });

  // --- the page that says how far the first build is ---------------------------------------------

  function takeProgress(data) {
    const bar = document.querySelector("[data-slugline-bar]");
    if (!bar) return;
    document.querySelector("[data-slugline-stage]").textContent = data.stage;
    document.querySelector("[data-slugline-count]").textContent =
      data.total ? `${data.done.toLocaleString("en")} of ${data.total.toLocaleString("en")}` : "";
    if (data.total) { bar.max = data.total; bar.value = data.done; } else bar.removeAttribute("value");
  }

  // --- the connection ----------------------------------------------------------------------------

  const takers = {
    hello: greet, reload: () => reload(token), styles: takeStyles, build: takeBuild, problems: takeProblems,
    progress: takeProgress, beat: () => {},
    go: (address) => { if (!leaving) { leaving = true; location.replace(address); } },
  };
  let source = null;
  let heard = 0; // when the server was heard last
  let retry = 0;

  function connect() {
    clearTimeout(retry);
    source?.close();
    if (leaving) return;
    heard = Date.now();
    const asked = new URLSearchParams({ path: location.pathname, token, build, lost: lost ? "yes" : "" });
    source = new EventSource(`/_slugline/events?${asked}`);
    for (const [name, take] of Object.entries(takers)) {
      source.addEventListener(name, (event) => {
        heard = Date.now();
        if (!leaving) take(JSON.parse(event.data));
      });
    }
    // By ourselves: the browser would ask again with what this page showed at first.
    source.onerror = () => { source.close(); source = null; retry = setTimeout(connect, 700); };
  }

  function disconnect() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  // A browser has six connections to a server for all its tabs together. So a tab that nobody
  // sees gives up its own, and asks anew when it is seen.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") disconnect();
    else if (!source) connect();
  });
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  addEventListener("online", connect);
  // After a sleep the connection may be dead without either side's knowledge.
  setInterval(() => { if (source && Date.now() - heard > 25000) connect(); }, 5000);

  const pause = restore();
  prepare();
  if (document.visibilityState !== "hidden") retry = setTimeout(connect, pause);
})();
