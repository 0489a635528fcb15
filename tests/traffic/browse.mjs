// Opens the shop's page in a real Chromium and keeps what it sent as a HAR.
// node browse.mjs NODE_MODULES CHROMIUM BASE_URL HAR embed|attach|omit
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, executablePath, base, path, content] = process.argv.slice(2);
const { chromium } = createRequire(pathToFileURL(`${modules}/`))("playwright-core");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const context = await browser.newContext({ recordHar: { path, content } });
const page = await context.newPage();
await page.goto(`${base}/page`);
await page.waitForFunction(() => document.title === "done");
await page.evaluate(() => fetch("http://127.0.0.1:1/dead").catch(() => 0));
await context.close();
await browser.close();
