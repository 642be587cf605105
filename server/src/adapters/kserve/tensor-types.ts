/** Tensor data types of the Open Inference Protocol that hold numbers, and which numbers each can hold. */

interface NumberType {
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

const float = (most: number): NumberType => ({ least: -most, most, whole: false });
const int = (least: number, most: number): NumberType => ({ least, most, whole: true });

/** Of 64 bits only what JSON carries exactly. */
const TYPES: Readonly<Record<string, NumberType>> = {
  FP16: float(65_504),
  FP32: float(3.4028234663852886e38),
  FP64: float(Number.MAX_VALUE),
  INT8: int(-128, 127),
  INT16: int(-32_768, 32_767),
  INT32: int(-(2 ** 31), 2 ** 31 - 1),
  INT64: int(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  UINT8: int(0, 255),
  UINT16: int(0, 65_535),
  UINT32: int(0, 2 ** 32 - 1),
  UINT64: int(0, Number.MAX_SAFE_INTEGER),
};

export function isNumberType(datatype: string): boolean {
  return Object.hasOwn(TYPES, datatype);
}

/** Whether a tensor of this type can hold the number as it is. */
export function holds(datatype: string, value: number): boolean {
  const type = Object.hasOwn(TYPES, datatype) ? TYPES[datatype] : undefined;
  return type !== undefined && value >= type.least && value <= type.most && (!type.whole || Number.isInteger(value));
}
