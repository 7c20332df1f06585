// A workgroup's block of a product in shared memory: ROWS x COLUMNS results of DEPTH steps at a time.
//
// The workgroup is a square of SIDE x SIDE invocations; each keeps ROWS / SIDE x COLUMNS / SIDE results in registers.
// The including shader says what the operands' elements are: leftElement(row, step), rightElement(step, column).

const uint SIDE = 8;
const uint DEPTH = 8;
layout(constant_id = 5) const uint ROWS = 32;
layout(constant_id = 6) const uint COLUMNS = 32;
const uint TM = ROWS / SIDE;
const uint TN = COLUMNS / SIDE;

shared float left[DEPTH * ROWS];
shared float right[DEPTH * COLUMNS];
float sum[TM][TN];

float leftElement(uint row, uint step);
float rightElement(uint step, uint column);

/// The row and column, within the block, of this invocation's result (i, j).
uint blockRow(uint i) { return gl_LocalInvocationID.x / SIDE * TM + i; }
uint blockColumn(uint j) { return gl_LocalInvocationID.x % SIDE + j * SIDE; }

/// Sums over all steps into `sum`; every invocation of the workgroup must call it.
void multiply(uint steps) {
    const uint threads = SIDE * SIDE;
    [[unroll]] for (uint i = 0; i < TM; i++) [[unroll]] for (uint j = 0; j < TN; j++) sum[i][j] = 0.0;
    for (uint first = 0; first < steps; first += DEPTH) {
        barrier();
        for (uint e = gl_LocalInvocationID.x; e < DEPTH * ROWS; e += threads) {
            uint step = first + e / ROWS;
            left[e] = step < steps ? leftElement(e % ROWS, step) : 0.0;
        }
        for (uint e = gl_LocalInvocationID.x; e < DEPTH * COLUMNS; e += threads) {
            uint step = first + e / COLUMNS;
            right[e] = step < steps ? rightElement(step, e % COLUMNS) : 0.0;
        }
        barrier();
        for (uint k = 0; k < DEPTH; k++) {
            float v[TN];
            [[unroll]] for (uint j = 0; j < TN; j++) v[j] = right[k * COLUMNS + blockColumn(j)];
            [[unroll]] for (uint i = 0; i < TM; i++) {
                float l = left[k * ROWS + blockRow(i)];
                [[unroll]] for (uint j = 0; j < TN; j++) sum[i][j] += l * v[j];
            }
        }
    }
}
