/**
 * Forecasts of the `arima` package (ctsa compiled to WASM), fitted by its exact maximum likelihood:
 * in a folder of its own `npm install arima@0.2.8`, then `node .../arima-wasm.cjs .../fixtures/arima-statsmodels.json > .../fixtures/arima-wasm.json`.
 */
const { readFileSync } = require("node:fs");
const load = require("node:module").createRequire(`${process.cwd()}/`);
const ARIMA = load("arima");

const STEPS = 12;
const { cases } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const found = [];
for (const { name, order, seasonal, series, constant } of cases) {
  // It bridges gaps by the last value and fits a mean where nothing is differenced, so only such cases can be compared.
  if (series.includes(null) || (constant === null) !== order[1] + seasonal[1] > 0) continue;
  const [p, d, q] = order;
  const [P, D, Q, s] = seasonal;
  const model = new ARIMA({ p, d, q, P, D, Q, s, method: 0, optimizer: 6, verbose: false }).train(series);
  const [mean, variance] = model.predict(STEPS);
  model.destroy();
  found.push({ name, mean, variance });
}
const { version } = JSON.parse(readFileSync("node_modules/arima/package.json", "utf8"));
const versions = { node: process.versions.node, arima: version };
process.stdout.write(JSON.stringify({ madeBy: "anomaly/oracle/arima-wasm.cjs", versions, cases: found }));
