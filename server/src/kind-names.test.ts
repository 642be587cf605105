import { expect, it } from "vitest";
import { parseObject } from "./kind-names.ts";

it.each([
  ["deployment/shop/cart", "Deployment", "shop", "cart"],
  ["Deploy/shop/cart", "Deployment", "shop", "cart"],
  ["pods/shop/cart-1", "Pod", "shop", "cart-1"],
  ["node/worker-1", "Node", "", "worker-1"],
  ["no//worker-1", "Node", "", "worker-1"],
])("reads %s", (text, kind, namespace, name) => {
  expect(parseObject(text)).toEqual({ ok: true, ref: { kind, namespace, name } });
});

it.each([
  ["secret/shop/db", "not a kind"],
  ["deployment/cart", "write Deployment/NAMESPACE/NAME"],
  ["deployment/shop/", "write Deployment/NAMESPACE/NAME"],
  ["node/shop/worker-1", "write Node/NAME"],
  ["node", "write Node/NAME"],
  ["deployment/shop/cart/extra", "write Deployment/NAMESPACE/NAME"],
])("says what would be right instead of %s", (text, why) => {
  const parsed = parseObject(text);
  expect(parsed.ok).toBe(false);
  expect(!parsed.ok && parsed.why).toContain(why);
});
