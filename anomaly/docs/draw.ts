/** `make pictures`: draws every scene into anomaly/docs/images. */
import { writeFileSync } from "node:fs";
import { apiOf } from "./api-of.ts";
import { chartOf } from "./chart.ts";
import { SCENES } from "./scenes/index.ts";

for (const draw of SCENES) {
  const scene = draw();
  const file = new URL(`images/${scene.name}.svg`, import.meta.url);
  writeFileSync(file, chartOf(scene));
  console.log(`drawn: ${scene.name}.svg`);
}
writeFileSync(new URL("api.md", import.meta.url), apiOf(new URL("../src/index.ts", import.meta.url)));
console.log("written: api.md");
