// Keeps a page of the preview up to date. The server compares what this page shows with its files
// and sends instructions; after an interruption of any length, it compares again.
(() => {
  "use strict";

  const script = document.currentScript;
  let token = script.dataset.token; // identifies what this page shows
  let build = script.dataset.build; // the server's id and the number of its last build
  // Whether a reload has replaced the page with the 404 page: the page was deleted in between.
  let lost = false;
  const host = document.querySelector("slugline-preview");
  const PLACE = "slugline-place"; // the scroll position before a reload
  const COLLAPSED = "slugline-collapsed"; // whether the overlay is collapsed

  // Storage may be disabled; then only the scroll position is lost.
  const stored = (storage, key) => { try { return window[storage].getItem(key); } catch { return null; } };
  const store = (storage, key, value) => { try { window[storage].setItem(key, value); } catch { /* as above */ } };

  // --- reload, which keeps the scroll position and open details ----------------------------------

  let leaving = false;
  const isMissing = () => token.startsWith("none-");

  // A <details> is identified by its id, or by its summary and a number.
  function detailsByName() {
    const found = new Map();
    for (const one of document.querySelectorAll("details")) {
      const label = one.id ? `#${one.id}` : (one.querySelector("summary")?.textContent ?? "").trim();
      let name = label;
      for (let n = 2; found.has(name); n++) name = `${label} ${n}`;
      found.set(name, one);
    }
    return found;
  }

  // `stale` is the token of the page when the server called it stale.
  // At the desk, what an editor has begun to type is worth more than what the last build found.
  const isTyped = (field) => "defaultValue" in field && field.value !== field.defaultValue;
  const typing = () => location.pathname.startsWith("/_desk/")
    && [...document.forms].some((form) => [...form.elements].some(isTyped));

  function reload(stale) {
    if (leaving || typing()) return;
    leaving = true;
    const details = [...detailsByName()].map(([name, one]) => [name, one.open]);
    const path = location.pathname + location.search;
    const wasHere = lost || !isMissing();
    store("sessionStorage", PLACE, JSON.stringify({ path, x: scrollX, y: scrollY, details, stale, wasHere }));
    history.scrollRestoration = "manual";
    location.reload();
  }

  function restore() {
    const kept = stored("sessionStorage", PLACE);
    if (!kept) return 0;
    try { sessionStorage.removeItem(PLACE); } catch { return 0; }
    const { path, x, y, details, stale, wasHere } = JSON.parse(kept);
    history.scrollRestoration = "auto";
    if (path !== location.pathname + location.search) return 0;
    lost = wasHere && isMissing();
    const now = detailsByName();
    for (const [name, open] of details) if (now.has(name)) now.get(name).open = open;
    const scroll = () => scrollTo({ left: x, top: y, behavior: "instant" });
    scroll();
    // Images that load late move the content below them. Scroll again, unless the reader has scrolled.
    let moved = false;
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"])
      addEventListener(kind, () => { moved = true; }, { once: true, passive: true });
    addEventListener("load", () => { if (!moved) scroll(); }, { once: true });
    // After a reload without effect, wait before the next one, to avoid an endless loop.
    return stale === token ? 3000 : 0;
  }

  // --- style sheets: swapped in place ------------------------------------------------------------

  const stylesheets = () =>
    [...document.querySelectorAll("link[rel~=stylesheet i]:not([data-slugline-old])")];

  // The old style sheet stays until the new one has loaded, so that the page is always styled.
  function swap(old, address) {
    const fresh = old.cloneNode();
    fresh.setAttribute("href", address);
    old.dataset.sluglineOld = "";
    const before = [old, ...(old.sluglineBefore ?? [])];
    fresh.sluglineBefore = before;
    fresh.addEventListener("load", () => { for (const one of before) one.remove(); fresh.sluglineBefore = []; });
    // The next build has deleted it, and will send another one.
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

  // --- files that the page has loaded ------------------------------------------------------------

  // The paths of images, scripts and style sheets, including those that other files load.
  function loaded() {
    const found = new Set();
    const add = (address) => {
      try {
        const url = new URL(address, document.baseURI);
        if (url.origin === location.origin && !url.pathname.startsWith("/_slugline/")) found.add(url.pathname);
      } catch { /* not a URL */ }
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
    // A file that a style sheet or a script loaded cannot be replaced separately.
    if (changed.some((path) => !linked.has(path))) return reload();
    for (const path of changed)
      swap(linked.get(path), `${path}?slugline=${encodeURIComponent(build)}`);
  }

  // After a restart, the server compares the page, but not the files that the page loaded without a
  // digest in their names.
  function greet(identity) {
    if (build.startsWith(`${identity}.`)) return;
    if ([...loaded()].some((path) => !/\.[0-9a-f]{10}\.\w+$/.test(path))) return reload();
    build = `${identity}.0`;
  }

  // --- overlay -----------------------------------------------------------------------------------

  // A browser without declarative shadow roots leaves the template in place.
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
    // One that is only about other, unpublished files does not open by itself.
    if (!overlay || overlay.classList.contains("quiet")) return;
    overlay.open = stored("localStorage", COLLAPSED) === null;
    overlay.addEventListener("toggle", () => {
      try {
        if (overlay.open) localStorage.removeItem(COLLAPSED);
        else localStorage.setItem(COLLAPSED, "yes");
      } catch { /* storage is disabled */ }
    });
  }

  function takeProblems(text) {
    if (!box || text === shown) return;
    const before = box.querySelector("summary .said")?.textContent;
    shown = text;
    const fresh = document.createElement("template");
    fresh.innerHTML = text; // the server escapes all text from files
    // If the page already shows it, keep the reader's position in it.
    if (fresh.content.textContent.trim() !== box.textContent.trim()) {
      box.replaceChildren(fresh.content);
      prepare();
    }
    const said = box.querySelector("summary .said")?.textContent ?? "";
    if (said || before) shadow.getElementById("status").textContent = said || "Errors fixed.";
    document.documentElement.toggleAttribute("data-slugline-failed", text !== "");
  }

  document.addEventListener("keydown", (event) => {
    const overlay = box?.querySelector("details[open]");
    if (event.key !== "Escape" || event.defaultPrevented || !overlay) return;
    const inside = shadow.activeElement;
    overlay.open = false;
    if (inside) overlay.querySelector("summary").focus();
  });

  // --- progress of the first build ---------------------------------------------------------------

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
  let heard = 0; // the time of the last message
  let retry = 0;

  function connect() {
    clearTimeout(retry);
    source?.close();
    if (leaving) return;
    heard = Date.now();
    const query = new URLSearchParams({ path: location.pathname, token, build, lost: lost ? "yes" : "" });
    source = new EventSource(`/_slugline/events?${query}`);
    for (const [name, take] of Object.entries(takers)) {
      source.addEventListener(name, (event) => {
        heard = Date.now();
        if (!leaving) take(JSON.parse(event.data));
      });
    }
    // Reconnect here, because the browser would repeat the first request with an old token.
    source.onerror = () => { source.close(); source = null; retry = setTimeout(connect, 700); };
  }

  function disconnect() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  // A browser allows six connections to a server for all tabs together, so a hidden tab closes its
  // connection and reconnects when it becomes visible.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") disconnect();
    else if (!source) connect();
  });
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  addEventListener("online", connect);
  // After the computer wakes up, the connection may be dead without an error.
  setInterval(() => { if (source && Date.now() - heard > 25000) connect(); }, 5000);

  const pause = restore();
  prepare();
  if (document.visibilityState !== "hidden") retry = setTimeout(connect, pause);
})();
