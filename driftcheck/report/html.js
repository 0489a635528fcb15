// The HTML report works without this: it only filters, searches, copies and remembers light or dark.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  root.classList.add("js");

  const memory = {
    get() { try { return localStorage.getItem("driftcheck-theme"); } catch { return null; } },
    set(value) { try { localStorage.setItem("driftcheck-theme", value); } catch { /* a private window */ } },
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const theme = one("#theme");
  const named = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  const kept = memory.get();
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    memory.set(root.dataset.theme);
    named();
  });
  system.addEventListener("change", named);
  named();

  const search = one("#search");
  if (search) {
    const toggles = all(".toggle");
    const shown = one("#count");
    const nothing = one("#nothing");
    const groups = all(".group").map((element) => ({
      element,
      title: element.querySelector("h3").textContent.toLowerCase(),
      findings: all(".finding", element).map((finding) => ({ element: finding, text: null })),
    }));
    const total = groups.reduce((sum, group) => sum + group.findings.length, 0);

    const apply = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const off = new Set(toggles.filter((each) => each.ariaPressed === "false").map((each) => each.value));
      let count = 0;
      for (const group of groups) {
        let visible = 0;
        for (const finding of group.findings) {
          const { level, area } = finding.element.dataset;
          let fits = !off.has(level) && !off.has(area);
          if (fits && words.length) {
            finding.text ??= `${group.title} ${finding.element.textContent.toLowerCase()}`;
            fits = words.every((word) => finding.text.includes(word));
          }
          finding.element.hidden = !fits;
          visible += fits;
        }
        group.element.hidden = !visible;
        count += visible;
      }
      shown.textContent = count === total ? `${total} shown` : `${count} of ${total} shown`;
      nothing.hidden = count > 0;
    };
    let waiting;
    search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 90); });
    for (const toggle of toggles) {
      toggle.addEventListener("click", () => {
        toggle.ariaPressed = toggle.ariaPressed === "true" ? "false" : "true";
        apply();
      });
    }
    const reset = () => {
      search.value = "";
      for (const toggle of toggles) toggle.ariaPressed = "true";
      apply();
    };
    for (const button of all(".reset")) button.addEventListener("click", reset);
    one("#unfold").addEventListener("click", (event) => {
      const open = event.target.dataset.open !== "yes";
      event.target.dataset.open = open ? "yes" : "no";
      event.target.textContent = open ? "Fold all" : "Unfold all";
      for (const finding of all(".finding:not([hidden])")) finding.open = open;
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        search.focus();
      }
      if (event.key === "Escape" && event.target === search) reset();
    });
    const opened = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const finding = target && target.closest(".finding");
      if (!finding) return;
      if (finding.hidden) reset();
      finding.open = true;
      finding.scrollIntoView({ block: "start" });
      finding.querySelector("summary").focus({ preventScroll: true });
    };
    addEventListener("hashchange", opened);
    opened();
    apply();
  }

  addEventListener("beforeprint", () => { for (const each of all("details")) each.open = true; });

  const copied = async (text, code) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const range = document.createRange();
      range.selectNodeContents(code);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      return document.execCommand("copy");
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    const code = button.closest(".code").querySelector("code");
    const done = await copied(code.textContent, code);
    one("#said").textContent = done ? "Copied" : "Selected: copy it with the keyboard";
    button.textContent = done ? "Copied" : "Selected";
    setTimeout(() => { button.textContent = "Copy"; one("#said").textContent = ""; }, 1600);
  });
})();
