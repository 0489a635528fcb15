// Opens HTML reports in a real Chromium, uses them as people do, and prints what it saw as JSON.
// node page.mjs NODE_MODULES CHROMIUM FILE… ; judging is left to tests/report/test_browser.py.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , modules, executablePath, ...files] = process.argv;
const require = createRequire(join(modules, "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// Chromium will not start its sandbox as root, and containers have a small /dev/shm.
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

const opened = async (file, options = {}) => {
  // Only the tool that looks at the page, axe, has to be let in past its content security policy.
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const seen = { requests: [], console: [], errors: [], dialogs: 0 };
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("console", (message) => seen.console.push(message.text()));
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("dialog", (dialog) => { seen.dialogs += 1; dialog.dismiss(); });
  await page.goto(pathToFileURL(file).href);
  return { page, context, seen };
};

const visible = (page) => page.evaluate(() => {
  const shown = [...document.querySelectorAll(".finding")].filter((each) => !each.hidden && !each.closest(".group").hidden);
  return shown.map((each) => each.querySelector(".said").textContent);
});
const active = (page) => page.evaluate(() => {
  const { id, className, tagName, ariaLabel } = document.activeElement;
  return `${tagName.toLowerCase()}#${id}.${className.baseVal ?? className}[${ariaLabel ?? ""}]`;
});

const accessible = async (file, options) => {
  const { page, context } = await opened(file, { ...options, bypassCSP: true });
  await page.evaluate(() => {
    for (const each of [...document.querySelectorAll("details")].slice(0, 60)) each.open = true;
  });
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  await context.close();
  return found.violations.map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
};

const still = async (file) => {
  const { page, context, seen } = await opened(file);
  const state = await page.evaluate(() => {
    for (const each of [...document.querySelectorAll("details")].slice(0, 500)) each.open = true;
    return {
      hurt: window.hurt ?? null,
      scripts: document.scripts.length,
      findings: document.querySelectorAll(".finding").length,
      wider: document.documentElement.scrollWidth - innerWidth,
      title: document.title,
    };
  });
  await page.mouse.move(300, 300);
  await page.waitForTimeout(50);
  const hurt = await page.evaluate(() => window.hurt ?? null);
  await page.setViewportSize({ width: 360, height: 700 });
  const narrow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await context.close();
  return { ...state, hurt: state.hurt ?? hurt, narrow, ...seen };
};

const used = async (file) => {
  const { page, context, seen } = await opened(file, { permissions: ["clipboard-read", "clipboard-write"] });
  const out = { all: await visible(page) };
  await page.keyboard.press("Tab");
  out.first = await active(page);
  await page.keyboard.press("Enter");
  out.skipped = await active(page);
  await page.keyboard.press("/");
  out.slash = await active(page);
  await page.keyboard.type("orders qty");
  await page.waitForTimeout(200);
  out.searched = await visible(page);
  out.count = await page.textContent("#count");
  await page.keyboard.press("Escape");
  out.reset = await visible(page);
  await page.keyboard.type("nothing has this name");
  await page.waitForTimeout(200);
  out.nothing = await page.isVisible("#nothing");
  await page.keyboard.press("Escape");
  await page.click(".toggle.breaking");
  out.withoutBreaking = await visible(page);
  out.pressed = await page.getAttribute(".toggle.breaking", "aria-pressed");
  await page.click(".toggle.breaking");
  await page.click('.toggle[value="database"]');
  out.withoutDatabase = await visible(page);
  await page.click('.toggle[value="database"]');
  const link = page.locator("svg a").first();
  out.linkName = await link.locator("title").textContent();
  await link.focus();
  await page.keyboard.press("Enter");
  await page.waitForTimeout(100);
  out.opened = await page.evaluate(() => document.querySelector(".finding:target")?.open ?? false);
  out.focused = await active(page);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  out.focusIsSeen = outline !== "none";
  await page.click("#unfold");
  out.unfolded = await page.evaluate(() => [...document.querySelectorAll(".finding")].every((each) => each.open));
  await page.click(".copy");
  out.copied = await page.evaluate(() => navigator.clipboard.readText());
  out.said = await page.textContent("#said");
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  out.light = await background();
  await page.click("#theme");
  out.dark = await background();
  await page.reload();
  out.remembered = await background();
  await context.close();
  return { ...out, ...seen };
};

const scriptless = async (file) => {
  const { page, context } = await opened(file, { javaScriptEnabled: false });
  const out = {
    tools: await page.isVisible(".tools"),
    findings: await page.locator(".finding").count(),
    first: await page.locator(".finding > summary").first().isVisible(),
  };
  await context.close();
  return out;
};

const report = {};
for (const file of files) {
  report[file] = { still: await still(file) };
  if (file.endsWith("mixed.html")) {
    report[file].used = await used(file);
    report[file].scriptless = await scriptless(file);
  }
  if (!file.includes("hostile") && !file.includes("many")) {
    report[file].accessible = {
      light: await accessible(file, { colorScheme: "light" }),
      dark: await accessible(file, { colorScheme: "dark" }),
      narrow: await accessible(file, { colorScheme: "light", viewport: { width: 360, height: 700 } }),
    };
  }
}
console.log(JSON.stringify(report));
await browser.close();
