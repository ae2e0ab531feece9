// The dashboard's only script: the chosen theme before the first paint, then live pages. Without it every page works by links and forms.
(() => {
  "use strict";

  const root = document.documentElement;
  const themes = ["system", "light", "dark"];

  function storedTheme() {
    try {
      const value = localStorage.getItem("closedloop-theme");
      return themes.includes(value) ? value : "system";
    } catch {
      return "system";
    }
  }

  function applyTheme(theme) {
    if (theme === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
  }

  applyTheme(storedTheme());
  root.classList.add("js");

  function startTheme() {
    const button = document.getElementById("theme");
    const text = button.querySelector(".theme-text");
    let theme = storedTheme();
    const show = () => { text.textContent = "Theme: " + theme; };
    show();
    button.addEventListener("click", () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      applyTheme(theme);
      show();
      try { localStorage.setItem("closedloop-theme", theme); } catch { /* the choice lasts for this page */ }
    });
  }

  // --- Making one tree like another, so that what has the focus, is typed in or is scrolled stays as it is. ---

  const keyOf = node => node.nodeType === 1 ? node.id || node.getAttribute("data-key") : null;
  const isAlike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

  function morphAttributes(from, to) {
    for (const { name } of [...from.attributes]) {
      // What the reader opened stays open.
      if (!to.hasAttribute(name) && !(name === "open" && from.nodeName === "DETAILS")) from.removeAttribute(name);
    }
    for (const { name, value } of [...to.attributes]) {
      if (from.getAttribute(name) !== value) from.setAttribute(name, value);
    }
  }

  function morph(from, to) {
    if (from.nodeType !== 1) {
      if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
      return;
    }
    // What a reader has chosen or typed is not ours to change.
    if (from.matches("form")) return;
    morphAttributes(from, to);
    morphChildren(from, to);
  }

  function morphChildren(from, to) {
    const keyed = new Map();
    for (const child of from.childNodes) {
      const key = keyOf(child);
      if (key) keyed.set(key, child);
    }
    let at = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      const key = keyOf(wanted);
      let match = key ? keyed.get(key) : null;
      if (match && !isAlike(match, wanted)) match = null;
      if (!match && at && isAlike(at, wanted) && !key) match = at;
      if (!match) {
        from.insertBefore(document.importNode(wanted, true), at);
        continue;
      }
      if (match === at) at = at.nextSibling;
      else from.insertBefore(match, at);
      morph(match, wanted);
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
  }

  // --- Live ---

  const RELOAD_EVERY_MS = 30_000;
  const SILENT_AFTER_MS = 40_000;
  const SPACING_MS = 1_000;

  function startLive(address) {
    const sign = document.getElementById("live");
    const signText = sign.querySelector(".live-text");
    let source = null;
    let heardAt = 0;
    let readAt = performance.now();
    let isReading = false;
    let isStale = false;
    let timer = 0;

    function show(state, text) {
      if (sign.dataset.state === state) return;
      sign.dataset.state = state;
      signText.textContent = text;
    }

    async function read() {
      if (isReading) { isStale = true; return; }
      isReading = true;
      isStale = false;
      try {
        const response = await fetch(location.href, { headers: { "X-ClosedLoop-Fragment": "main" }, credentials: "same-origin", cache: "no-store", redirect: "error" });
        if (!response.ok) throw new Error(String(response.status));
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const wanted = page.getElementById("main");
        if (!wanted) throw new Error("no main part");
        // Nothing moves under the hands of somebody who fills in a form.
        const main = document.getElementById("main");
        if (!main.contains(document.activeElement) || !document.activeElement.closest("form")) morph(main, wanted);
        readAt = performance.now();
        document.dispatchEvent(new CustomEvent("closedloop:updated"));
      } catch {
        show("off", "Not live");
      } finally {
        isReading = false;
        if (isStale) schedule();
      }
    }

    function schedule() {
      if (timer) return;
      timer = setTimeout(() => { timer = 0; if (!document.hidden) read(); }, Math.max(0, SPACING_MS - (performance.now() - readAt)));
    }

    function heard() {
      heardAt = performance.now();
      show("live", "Live");
    }

    function open() {
      if (source || document.hidden) return;
      source = new EventSource(address);
      source.addEventListener("open", heard);
      source.addEventListener("alive", heard);
      source.addEventListener("changed", () => { heard(); schedule(); });
      source.addEventListener("error", () => {
        show("off", "Not live");
        // A refusal ends the stream for good: ask again later, while the page still reads itself now and then.
        if (source && source.readyState === EventSource.CLOSED) source = null;
      });
    }

    function close() {
      if (source) source.close();
      source = null;
      show("paused", "Paused");
    }

    document.addEventListener("visibilitychange", () => {
      if (document.hidden) { close(); return; }
      open();
      schedule();
    });
    addEventListener("pagehide", close);
    addEventListener("pageshow", open);
    setInterval(() => {
      if (document.hidden) return;
      if (performance.now() - heardAt > SILENT_AFTER_MS) show("off", "Not live");
      open();
      // Ages grow although nothing changes.
      if (performance.now() - readAt > RELOAD_EVERY_MS) schedule();
    }, 5_000);
    open();
  }

  document.addEventListener("DOMContentLoaded", () => {
    startTheme();
    const address = document.body.dataset.events;
    if (address && "EventSource" in window) startLive(address);
  });
})();
