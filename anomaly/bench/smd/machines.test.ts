import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { machinesIn } from "./machines.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "machines-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, rows: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `${rows.join("\n")}\n`);
  return file;
}

function machine(name: string, labels: readonly number[]): void {
  put(`${name}_train.csv`, ["1,2", "3,4"]);
  put(`${name}_test.csv`, labels.map((_, row) => `${row},${row * row}`)); // biome-ignore format: one line
  put(`${name}_test_label.csv`, labels.map(String));
}

const HEAD = "file,IForest,PCA,ts_len,anomaly_len,num_anomaly";

test("each machine is found in the published rows by its length and its labels, not by a name", () => {
  machine("first", [0, 1, 1, 0, 0, 1]);
  machine("second", [0, 0, 1, 1, 1, 0]);
  const published = put("rows.csv", [HEAD, "057_X_tr_3_1st_2.csv,0.1,0.2,6,3,1", "058_Y_tr_1_1st_1.csv,0.3,0.4,6,3,2"]);
  const found = machinesIn(folder, published, () => {});
  expect(found.map(({ name, prefix, published: own }) => [name, prefix, own.get("PCA")])).toEqual([
    ["first", 1, 0.4],
    ["second", 3, 0.2],
  ]);
  expect([...found[0]!.test.values.subarray(0, 6)]).toEqual([0, 0, 1, 1, 2, 4]);
  expect(found[0]!.history.rows).toBe(2);
});

test("a machine without a published row is left out, and that is said", () => {
  machine("stranger", [0, 1]);
  const said: string[] = [];
  expect(machinesIn(folder, put("rows.csv", [HEAD, "057_X_tr_3_1st_2.csv,0.1,0.2,6,3,1"]), (line) => said.push(line))).toEqual([]);
  expect(said).toEqual(["stranger has no published row: left out"]);
});

test("a published file that does not say how much is for training is refused", () => {
  expect(() => machinesIn(folder, put("rows.csv", [HEAD, "057_X.csv,0.1,0.2,6,3,1"]), () => {})).toThrow("_tr_N_");
});
