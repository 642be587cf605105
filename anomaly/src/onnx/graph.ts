/**
 * Builds an ONNX model, step by step, in the order of computation. Field numbers are those of onnx.proto, of which this writes version 8:
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { InputError } from "../input-error.ts";
import { createMessage, type Message } from "./protobuf.ts";

const IR_VERSION = 8;

/** The name of a value that flows through the graph. */
export type Value = string;

/** Arrays that a graph can hold, and the number by which TensorProto calls their type. */
export type TensorValues = Float32Array | Float64Array | Int32Array | BigInt64Array;

/** What the numbers of a value are. */
export type ElementType = "float32" | "float64" | "int32" | "int64";

const ELEMENTS: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, float64: 11 };

/** A parameter of a node, by its type; `real` is of 32 bits. */
export type Attribute =
  | { readonly whole: number }
  | { readonly real: number }
  | { readonly text: string }
  | { readonly wholes: ArrayLike<number> }
  | { readonly reals: ArrayLike<number> }
  | { readonly texts: readonly string[] }
  | { readonly tensor: TensorValues; readonly shape: readonly number[] };

/** A size, or the name of one that is known only when the model runs, as "rows". */
export type Dimension = number | string;

/** What a node has beside its operator and inputs. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Of operators that are not ONNX's own, as "ai.onnx.ml". */
  readonly domain?: string;
  /** How many values it gives; one where left out. An output that nobody needs costs nothing. */
  readonly outputs?: number;
}

/** What is written into the file beside the graph. */
export interface ModelOptions {
  /** Version of the operators for each domain that the graph uses; ONNX's own is "". */
  readonly opset: Readonly<Record<string, number>>;
  /** Who wrote the file. */
  readonly producer: string;
  readonly producerVersion: string;
  /** What a reader may want to know, as text; kept in the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An ONNX model as it grows. */
export interface Graph {
  /** Declares an input and returns its value. */
  input(name: string, type: ElementType, shape: readonly Dimension[]): Value;
  /** Numbers that are part of the model. Throws InputError where the shape does not hold as many. */
  constant(name: string, values: TensorValues, shape: readonly number[]): Value;
  /** Computes; an empty input ("") is one that is left out. Returns the first output. */
  node(operator: string, inputs: readonly Value[], options?: NodeOptions): Value;
  /** As `node`, for operators with several outputs: returns them all. */
  nodes(operator: string, inputs: readonly Value[], options?: NodeOptions): readonly Value[];
  /** Declares that `value` is an output, and what it is called outside. */
  output(name: string, value: Value, type: ElementType, shape: readonly Dimension[]): void;
  /** The file. Throws InputError where there is no output. */
  model(options: ModelOptions): Uint8Array;
}

/** An empty graph; `name` is for people who look at it. */
export function createGraph(name: string): Graph {
  const nodes: Message[] = [];
  const constants: Message[] = [];
  const inputs: Message[] = [];
  const outputs: Message[] = [];
  const known = new Set<Value>([""]);
  const define = (value: Value): Value => {
    if (known.has(value)) throw new InputError(`the graph ${name} has two values "${value}": give each its own name`);
    known.add(value);
    return value;
  };
  const append = (operator: string, from: readonly Value[], to: readonly Value[], { attributes = {}, domain = "" }: NodeOptions): void => {
    const unknown = from.find((each) => !known.has(each));
    if (unknown !== undefined) throw new InputError(`${operator} reads "${unknown}", which the graph ${name} has not computed: append its node before`);
    nodes.push(nodeProto(operator, from, to, attributes, domain));
  };
  const self: Graph = {
    input(value, type, shape) {
      inputs.push(valueInfo(define(value), type, shape));
      return value;
    },
    constant(value, values, shape) {
      constants.push(tensorProto(values, shape, define(value)));
      return value;
    },
    node: (operator, from, options) => self.nodes(operator, from, options)[0] as Value,
    nodes(operator, from, options = {}) {
      const to = Array.from({ length: options.outputs ?? 1 }, (_, index) => `${operator}_${nodes.length}${index === 0 ? "" : `_${index}`}`);
      append(operator, from, to, options);
      return to.map(define);
    },
    output(value, from, type, shape) {
      append("Identity", [from], [value], {});
      outputs.push(valueInfo(define(value), type, shape));
    },
    model(options) {
      if (outputs.length === 0) throw new InputError(`the graph ${name} has no output: declare one with output()`);
      const graph = createMessage();
      for (const node of nodes) graph.message(1, node);
      graph.text(2, name);
      for (const constant of constants) graph.message(5, constant);
      for (const input of inputs) graph.message(11, input);
      for (const output of outputs) graph.message(12, output);
      return modelProto(graph, options).finish();
    },
  };
  return self;
}

function modelProto(graph: Message, { opset, producer, producerVersion, metadata = {} }: ModelOptions): Message {
  const model = createMessage().int(1, IR_VERSION).text(2, producer).text(3, producerVersion).message(7, graph);
  for (const [domain, version] of Object.entries(opset)) model.message(8, createMessage().text(1, domain).int(2, version));
  for (const [key, value] of Object.entries(metadata)) model.message(14, createMessage().text(1, key).text(2, value));
  return model;
}

function nodeProto(
  operator: string,
  from: readonly Value[],
  to: readonly Value[],
  attributes: NonNullable<NodeOptions["attributes"]>,
  domain: string,
): Message {
  const node = createMessage();
  for (const input of from) node.text(1, input);
  for (const output of to) node.text(2, output);
  node.text(3, to[0] as string).text(4, operator);
  for (const [key, attribute] of Object.entries(attributes)) node.message(5, attributeProto(key, attribute));
  return node.text(7, domain);
}

/** Last comes AttributeProto.AttributeType. */
function attributeProto(name: string, attribute: Attribute): Message {
  const message = createMessage().text(1, name);
  if ("real" in attribute) return message.float(2, attribute.real).int(20, 1);
  if ("whole" in attribute) return message.int(3, attribute.whole).int(20, 2);
  if ("text" in attribute) return message.text(4, attribute.text).int(20, 3);
  if ("tensor" in attribute) return message.message(5, tensorProto(attribute.tensor, attribute.shape, name)).int(20, 4);
  if ("reals" in attribute) {
    for (let index = 0; index < attribute.reals.length; index++) message.float(7, attribute.reals[index] as number);
    return message.int(20, 6);
  }
  if ("wholes" in attribute) {
    for (let index = 0; index < attribute.wholes.length; index++) message.int(8, attribute.wholes[index] as number);
    return message.int(20, 7);
  }
  for (const text of attribute.texts) message.text(9, text);
  return message.int(20, 8);
}

/** Numbers as raw bytes, which are little-endian by the format, as they are on every machine that runs JavaScript. */
function tensorProto(values: TensorValues, shape: readonly number[], name: string): Message {
  const size = shape.reduce((product, side) => product * side, 1);
  if (size !== values.length) throw new InputError(`"${name}" has ${values.length} values, its shape [${shape.join(", ")}] holds ${size}`);
  const message = createMessage();
  for (const side of shape) message.int(1, side);
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message.int(2, ELEMENTS[typeOf(values)]).text(8, name).bytes(9, raw);
}

function typeOf(values: TensorValues): ElementType {
  if (values instanceof Float32Array) return "float32";
  if (values instanceof Float64Array) return "float64";
  return values instanceof Int32Array ? "int32" : "int64";
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): Message {
  const sides = createMessage();
  for (const side of shape) sides.message(1, typeof side === "number" ? createMessage().int(1, side) : createMessage().text(2, side));
  const tensor = createMessage().int(1, ELEMENTS[type]).message(2, sides);
  return createMessage().text(1, name).message(2, createMessage().message(1, tensor));
}
