/**
 * The two products of small matrices that a recurrent network spends its time in. Each result is one sum in one order, however many rows are computed at once:
 * a row alone has the same bits as the row among others. Blocks of 2 x 4 sums stay in registers.
 */

/** C[r][n] += sum over k of A[r][k] B[n][k]: `rows` of A against `columns` rows of B, each of length `inner`. */
export function addRowProducts(
  c: Float64Array,
  cAt: number,
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  rows: number,
  columns: number,
  inner: number,
): void {
  let row = 0;
  for (; row + 1 < rows; row += 2) {
    const a0 = aAt + row * inner;
    const c0 = cAt + row * columns;
    let column = 0;
    for (; column + 3 < columns; column += 4) twoRows(c, c0 + column, columns, a, a0, b, bAt + column * inner, inner);
    for (; column < columns; column++) {
      oneSum(c, c0 + column, a, a0, b, bAt + column * inner, inner);
      oneSum(c, c0 + columns + column, a, a0 + inner, b, bAt + column * inner, inner);
    }
  }
  if (row === rows) return;
  const a0 = aAt + row * inner;
  const c0 = cAt + row * columns;
  let column = 0;
  for (; column + 3 < columns; column += 4) oneRow(c, c0 + column, a, a0, b, bAt + column * inner, inner);
  for (; column < columns; column++) oneSum(c, c0 + column, a, a0, b, bAt + column * inner, inner);
}

function twoRows(c: Float64Array, cAt: number, stride: number, a: Float64Array, aAt: number, b: Float64Array, bAt: number, inner: number): void {
  const next = cAt + stride;
  let s0 = c[cAt] as number;
  let s1 = c[cAt + 1] as number;
  let s2 = c[cAt + 2] as number;
  let s3 = c[cAt + 3] as number;
  let t0 = c[next] as number;
  let t1 = c[next + 1] as number;
  let t2 = c[next + 2] as number;
  let t3 = c[next + 3] as number;
  let i1 = aAt + inner;
  let k1 = bAt + inner;
  let k2 = k1 + inner;
  let k3 = k2 + inner;
  let k0 = bAt;
  for (let i0 = aAt, end = aAt + inner; i0 < end; i0++) {
    const x = a[i0] as number;
    const y = a[i1++] as number;
    const b0 = b[k0++] as number;
    const b1 = b[k1++] as number;
    const b2 = b[k2++] as number;
    const b3 = b[k3++] as number;
    s0 += x * b0;
    s1 += x * b1;
    s2 += x * b2;
    s3 += x * b3;
    t0 += y * b0;
    t1 += y * b1;
    t2 += y * b2;
    t3 += y * b3;
  }
  c[cAt] = s0;
  c[cAt + 1] = s1;
  c[cAt + 2] = s2;
  c[cAt + 3] = s3;
  c[next] = t0;
  c[next + 1] = t1;
  c[next + 2] = t2;
  c[next + 3] = t3;
}

function oneRow(c: Float64Array, cAt: number, a: Float64Array, aAt: number, b: Float64Array, bAt: number, inner: number): void {
  let s0 = c[cAt] as number;
  let s1 = c[cAt + 1] as number;
  let s2 = c[cAt + 2] as number;
  let s3 = c[cAt + 3] as number;
  let k0 = bAt;
  let k1 = bAt + inner;
  let k2 = k1 + inner;
  let k3 = k2 + inner;
  for (let i = aAt, end = aAt + inner; i < end; i++) {
    const x = a[i] as number;
    s0 += x * (b[k0++] as number);
    s1 += x * (b[k1++] as number);
    s2 += x * (b[k2++] as number);
    s3 += x * (b[k3++] as number);
  }
  c[cAt] = s0;
  c[cAt + 1] = s1;
  c[cAt + 2] = s2;
  c[cAt + 3] = s3;
}

function oneSum(c: Float64Array, cAt: number, a: Float64Array, aAt: number, b: Float64Array, bAt: number, inner: number): void {
  let sum = c[cAt] as number;
  for (let k = 0; k < inner; k++) sum += (a[aAt + k] as number) * (b[bAt + k] as number);
  c[cAt] = sum;
}

/** C[i][j] += sum over r of A[r][i] B[r][j]: `rows` rows, those of A of length `width`, those of B of length `columns`. */
export function addOuterProducts(
  c: Float64Array,
  cAt: number,
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  rows: number,
  width: number,
  columns: number,
): void {
  for (let i = 0; i + 1 < width; i += 2) {
    let j = 0;
    for (; j + 3 < columns; j += 4) outerBlock(c, cAt + i * columns + j, a, aAt + i, b, bAt + j, rows, width, columns);
    for (; j < columns; j++) {
      outerSum(c, cAt + i * columns + j, a, aAt + i, b, bAt + j, rows, width, columns);
      outerSum(c, cAt + (i + 1) * columns + j, a, aAt + i + 1, b, bAt + j, rows, width, columns);
    }
  }
  if (width % 2 === 0) return;
  const last = width - 1;
  for (let j = 0; j < columns; j++) outerSum(c, cAt + last * columns + j, a, aAt + last, b, bAt + j, rows, width, columns);
}

function outerBlock(
  c: Float64Array,
  cAt: number,
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  rows: number,
  width: number,
  columns: number,
): void {
  const next = cAt + columns;
  let s0 = c[cAt] as number;
  let s1 = c[cAt + 1] as number;
  let s2 = c[cAt + 2] as number;
  let s3 = c[cAt + 3] as number;
  let t0 = c[next] as number;
  let t1 = c[next + 1] as number;
  let t2 = c[next + 2] as number;
  let t3 = c[next + 3] as number;
  let i = aAt;
  let j = bAt;
  for (let row = 0; row < rows; row++) {
    const x = a[i] as number;
    const y = a[i + 1] as number;
    const b0 = b[j] as number;
    const b1 = b[j + 1] as number;
    const b2 = b[j + 2] as number;
    const b3 = b[j + 3] as number;
    s0 += x * b0;
    s1 += x * b1;
    s2 += x * b2;
    s3 += x * b3;
    t0 += y * b0;
    t1 += y * b1;
    t2 += y * b2;
    t3 += y * b3;
    i += width;
    j += columns;
  }
  c[cAt] = s0;
  c[cAt + 1] = s1;
  c[cAt + 2] = s2;
  c[cAt + 3] = s3;
  c[next] = t0;
  c[next + 1] = t1;
  c[next + 2] = t2;
  c[next + 3] = t3;
}

function outerSum(
  c: Float64Array,
  cAt: number,
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  rows: number,
  width: number,
  columns: number,
): void {
  let sum = c[cAt] as number;
  for (let row = 0; row < rows; row++) sum += (a[aAt + row * width] as number) * (b[bAt + row * columns] as number);
  c[cAt] = sum;
}

/** `target[c][r] = source[r][c]`. */
export function transpose(target: Float64Array, source: Float64Array, at: number, rows: number, columns: number): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) target[column * rows + row] = source[at + row * columns + column] as number;
}
