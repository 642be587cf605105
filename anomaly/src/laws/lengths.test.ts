/** What belongs together has one length: else the message says which lengths there are, and what would be right. */
import { expect, it } from "vitest";
import {
  extractFeatures,
  type Feature,
  IsolationForest,
  LstmAutoencoder,
  MemberWeights,
  matrix,
  matrixOfRows,
  NoveltyDetector,
  OwnerAnswers,
  Pca,
  rankRootCauses,
  StreamBank,
  senSlope,
  symmetricEigen,
  timeToLimit,
} from "../index.ts";
import { InputError } from "../input-error.ts";
import { history } from "./testing/subject.ts";
import { twice } from "./testing/wholes.ts";

const two = Float64Array.of(1, 2);
const three = Float64Array.of(1, 2, 3);
const rows = twice(history((own) => own, 60));
const wide = matrix(4, 3);
const forest = IsolationForest.fit(rows, { trees: 2 });
const pca = Pca.fit(rows);
const network = LstmAutoencoder.fit(rows, { window: 4, hidden: 2, recent: 2, epochs: 1 });
const feature: Feature = { name: "a", unit: "s", promql: "a", kind: "gauge" };
const schema = { features: [feature], step: 1, window: 1 };

function tick(values: Float64Array, p: Float64Array, votes?: Uint8Array): void {
  const bank = new StreamBank();
  bank.pushTick(Uint32Array.of(bank.open(), bank.open()), values, 0, p, votes);
}

it.each<[string, number, number, () => unknown]>([
  ["a matrix of values", 6, 3, () => matrix(2, 3, three)],
  ["rows of a matrix", 2, 3, () => matrixOfRows([two, three])],
  ["times and values of timeToLimit", 2, 3, () => timeToLimit(two, three, { limit: 9 })],
  ["times and values of senSlope", 2, 3, () => senSlope(two, three, 0.9)],
  ["phases of senSlope", 3, 2, () => senSlope(three, three, 0.9, new Int32Array(2))],
  ["times and values of a novelty detector", 2, 3, () => new NoveltyDetector().score(three, two)],
  ["a tick with too few values", 2, 1, () => tick(new Float64Array(1), two)],
  ["a tick with too few places for p-values", 2, 1, () => tick(two, new Float64Array(1))],
  ["a tick with too few places for votes", 2, 1, () => tick(two, new Float64Array(2), new Uint8Array(1))],
  ["weights for the members of a bank", 6, 3, () => {
    const bank = new StreamBank();
    bank.setMemberWeights(bank.open(), three);
  }],
  ["p-values for members", 3, 2, () => new MemberWeights(2).update([1, 1, 1], true)],
  ["owners of series", 3, 2, () => new OwnerAnswers(1).combine(three, new Int32Array(2))],
  ["weights of series", 3, 2, () => new OwnerAnswers(1).combine(new Float64Array(3), new Int32Array(3), two)],
  ["columns of a forest", 3, 2, () => forest.score(wide)],
  ["a vector of a forest", 1, 2, () => forest.scoreOne(new Float64Array(1))],
  ["room for scores of a forest", 60, 2, () => forest.score(rows, two)],
  ["rows to update a forest with", 3, 2, () => forest.update(wide)],
  ["columns of a PCA", 3, 2, () => pca.pushRows(wide)],
  ["a vector of a PCA", 1, 2, () => pca.push(new Float64Array(1))],
  ["room for scores of a PCA", 60, 2, () => pca.squares(rows, two)],
  ["columns of an autoencoder", 3, 2, () => network.score(wide)],
  ["a row of an autoencoder's stream", 3, 2, () => network.stream().push(0, three)],
  ["rows to update an autoencoder with", 3, 2, () => network.update(wide)],
  ["a matrix that is not square", 4, 3, () => symmetricEigen(wide)],
  ["times and values of a feature", 2, 3, () => extractFeatures([{ name: "a", unit: "s", times: two, values: three }], schema, { from: 0, to: 9 })],
  [
    "samples during an incident",
    2,
    3,
    () => rankRootCauses({ times: two, series: [{ node: "web", metric: "latency", before: three, during: three }] }),
  ],
])("%s", (_, one, other, call) => {
  try {
    call();
    expect.unreachable("it was taken");
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message).toMatch(/give|needed/);
    for (const length of [one, other]) expect(message).toContain(String(length));
  }
}); // biome-ignore format: cases
