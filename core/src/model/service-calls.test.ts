import { expect, test } from "vitest";
import { viewOf } from "../testing/array-view.ts";
import { service } from "../testing/more-objects.ts";
import { container, template } from "../testing/objects.ts";
import type { Container } from "./kube.ts";
import { redactNamed } from "./redact.ts";
import { servicesCalled } from "./service-calls.ts";

const VIEW = viewOf([service("orders"), service("cart"), service("orders-db", { metadata: { namespace: "data" } })]);

function calls(over: Partial<Container>): readonly string[] {
  const { spec } = template({ containers: [container(over)] });
  return servicesCalled(spec, "shop", VIEW).map(({ service: { metadata }, where }) => `${metadata.namespace}/${metadata.name} by ${where}`);
}
const env = (name: string, value: string) => calls({ env: [{ name, value }] });

test.each([
  ["ORDERS_ADDR", "orders:8080", "shop/orders"],
  ["ORDERS", "http://orders/api?x=1", "shop/orders"],
  ["ORDERS", "http://orders.shop.svc.cluster.local:8080/x", "shop/orders"],
  ["ORDERS", "grpc://orders.shop.svc.cluster.local.", "shop/orders"],
  ["DB", "orders-db.data:5432", "data/orders-db"],
  ["DB", "jdbc:postgresql://orders-db.data:5432/x", "data/orders-db"],
  ["DB", "orders-db-0.orders-db.data.svc.cluster.local", "data/orders-db"],
  ["DB", "tcp://orders-db-1.orders-db.data:5432", "data/orders-db"],
  ["CART_HOST", "cart", "shop/cart"],
  ["REPO", "ssh://git@cart/x.git", "shop/cart"],
])("%s=%s calls %s", (name, value, called) => {
  expect(env(name, value)).toEqual([`${called} by env ${name}`]);
});

test.each([
  ["APP_NAME", "cart"],
  ["GREETING", "see orders: and cart, or http://"],
  ["ORDERS_ADDR", "payments:8080"],
  ["ORDERS_ADDR", "orders.example.com:443"],
  ["ORDERS_ADDR", "10.96.0.10:8080"],
  ["ORDERS_ADDR", "orders.other:8080"],
  ["ORDERS_ADDR", ""],
  ["IMAGE", "registry.test/cart:1"],
  ["BIG", `http://orders/${"x".repeat(5_000)}`],
  ["TOKEN_URL", redactNamed("TOKEN_URL", "http://u:p@orders/x")],
])("%s=%s calls nothing that is here", (name, value) => {
  expect(env(name, value)).toEqual([]);
});

test("of a URL with credentials the host is known, and only the host", () => {
  expect(env("DATABASE", redactNamed("DATABASE", "postgres://app:hunter2@orders-db.data/x"))).toEqual(["data/orders-db by env DATABASE"]);
});

test("arguments name Services by flags, by words and in a shell's command", () => {
  expect(calls({ args: ["--orders-addr=orders:8080", "--cart-host", "cart"] })).toEqual([
    "shop/orders by argument --orders-addr",
    "shop/cart by argument --cart-host",
  ]);
  expect(calls({ args: ["--mode", "cart"] })).toEqual([]);
  expect(calls({ command: ["sh", "-c", 'curl -f "http://orders:8080/x" && serve'] })).toEqual(["shop/orders by argument -c"]);
});

test("several in one value are all called, and each once by the first place that names it", () => {
  expect(env("BROKERS", "orders:9092,cart:9092,orders:9093")).toEqual(["shop/orders by env BROKERS", "shop/cart by env BROKERS"]);
});
