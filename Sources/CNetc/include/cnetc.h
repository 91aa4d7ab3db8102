// The public face of the C kernels: plain structs, opcodes and tables of function pointers, no vector types.
#ifndef CNETC_H
#define CNETC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One instruction of a plan: 64 bytes, one cache line, no pointers. Operand k lies at `reg[k] + 4 * off[k]`; those of
/// a MAP from the ninth on are two words each, register and offset, behind its other words in the pool.
/// Outputs come first among the operands, then inputs.
typedef struct netc_instr {
  uint16_t op;      ///< index into a kernel table, see `NETC_OPCODES`
  uint8_t n;        ///< operands in use
  uint8_t flags;    ///< `NETC_CONTROL`, `NETC_SYNC`, `NETC_STATE`
  uint16_t parts;   ///< fixed split of the work, a function of shape only; 1 means the first thread alone
  uint16_t depth;   ///< loop depth
  uint8_t reg[8];   ///< address register of each operand
  uint32_t off[8];  ///< offset of each operand from its register, in 4-byte words
  uint32_t aux;     ///< first word in the pool
  uint32_t site;    ///< index into the plan's side table: node, source range, name
  uint32_t jump;    ///< target of control flow
  uint32_t cost;    ///< the planner's estimate, in 1/16 microsecond
} netc_instr;

enum {
  NETC_CONTROL = 1,  ///< the next instruction is the thread's `next`
  NETC_SYNC = 2,     ///< all threads meet after it
  NETC_STATE = 4,    ///< writes the persistent segment
  NETC_SYNC_BEFORE = 8  ///< all threads meet before it
};

enum {
  NETC_OPERANDS = 8,     ///< operands an instruction can address itself
  NETC_MAP_OPERANDS = 20,  ///< operands of a MAP
  NETC_REGISTERS = 64,   ///< address registers of a thread
  NETC_MAP_BLOCK = 512,  ///< elements a MAP program works on at a time
  NETC_MAP_RANK = 6,     ///< collapsed dimensions of a MAP
  NETC_MAP_REGISTERS = 112,  ///< operands, scalars and temporaries of a MAP together
  NETC_COPY_RANK = 8,    ///< dimensions of a COPY
  NETC_CONV_TILES = 32   ///< tiles of results that a tiled CONV transforms at a time
};

/// Bytes of scratch memory that each thread provides, aligned to 64.
#define NETC_SCRATCH_BYTES 4194304

/// Kinds of elements. `NETC_REAL` is float or double by the table a kernel is taken from.
enum { NETC_REAL = 0, NETC_INT32 = 1, NETC_BOOL = 2 };

/// Kinds of elements of a fed column.
enum {
  NETC_COLUMN_F32 = 0,
  NETC_COLUMN_F64 = 1,
  NETC_COLUMN_I32 = 2,
  NETC_COLUMN_I64 = 3,
  NETC_COLUMN_U8 = 4
};

/// A column of data in memory: `rows` rows of `width` elements, row r from element `offset + r * stride`.
typedef struct netc_column {
  const void *data;
  int64_t rows;
  int64_t width;
  int64_t offset;
  int64_t stride;  ///< `width`, less where rows are windows that overlap
  double scale;    ///< what a byte is multiplied by when it is fed as a real number
  int32_t kind;    ///< `NETC_COLUMN_F32` and its kind
} netc_column;

/// What all threads of a run share. The host writes it between calls; kernels write only what is said here.
typedef struct netc_context {
  const int32_t *pool;          ///< words that instructions point into by `aux`
  double *slots;                ///< host scalars in double: schedules, corrections, sizes; written by SCALAR
  double *accumulators;         ///< written by ACC
  const netc_column *columns;   ///< read by FEED
  const int32_t *permutation;   ///< row of each position of the epoch; null means row = position
  int64_t cursor;               ///< position in the epoch; advanced by NEXT
  int64_t step;                 ///< completed updates; part of a random counter
  uint64_t seed;                ///< part of every random key
  int32_t status;               ///< 0, or `NETC_NONFINITE` once a CHECK failed
  uint32_t status_site;         ///< `site` of the CHECK that failed first
} netc_context;

enum { NETC_NONFINITE = 1 };

/// One thread's view of a run.
typedef struct netc_thread {
  char *reg[64];            ///< address registers: 0 persistent, 1 temporaries, 2 to 15 feeds, from 16 loops
  char *scratch;            ///< `NETC_SCRATCH_BYTES` bytes of its own, aligned to 64
  netc_context *context;
  const netc_instr *next;   ///< set by control instructions
  uint32_t id;              ///< 0 is the calling thread
} netc_thread;

/// A kernel: does part `part` of `i->parts` of one instruction. Parts write disjoint elements, in any order.
typedef void (*netc_fn)(netc_thread *t, const netc_instr *i, unsigned part);

/// Every opcode, in the order of the tables: name, kernel (or `netc_none` where the host does the work).
///
/// Words of `pool[aux...]` are int32; "real" is a double in two words, low first, rounded to the plan's type
/// where it is used; "slot" is an index into `slots`, or -1 for none. `[outer, n, inner]` is a dense array
/// seen as three axes. "split" says how parts divide the work: 0 by outer, 1 by inner.
///
/// | opcode | operands | aux words | parts |
/// |---|---|---|---|
/// | END LOOP ENDLOOP SCALAR | done by the host | see below | 1 |
/// | NEXT | none | batch | 1: cursor += batch |
/// | CHECK | x | count | 1: status = NETC_NONFINITE when a value of x is NaN or infinite |
/// | ACC | x | index, count, kind, weight (real), slot | 1: acc[index + j] += x[j] * weight * slots[slot] |
/// | FEED | y | column, batch, width, kind | rows: y[b] = column[permutation[cursor + b]] |
/// | COPY | y, x | element bytes, rank, y start, x start, dims[rank], y strides[rank], x strides[rank] | rows |
/// | FILL | y | kind, count, value (real; whole for int, 0 or 1 for bool), slot | elements |
/// | RANDOM | y, [offset] | count, key low, key high | elements, see below |
/// | GATHER | y, x, indices | batch, outer, axis, count, inner, element bytes | rows of y |
/// | SCATTER_ADD | y, indices, u | batch, outer, axis, count, inner, split, kind | 0: batch x outer, 1: inner |
/// | ARGMAX | y (int32), x | outer, n, inner, split, kind | split |
/// | ARGSORT | y (int32), x | outer, n, inner, split, descending | split |
/// | CUMSUM | y, x | outer, n, inner, split, reverse, exclusive, kind | split |
/// | MAP | outputs, inputs | see below | blocks |
/// | REDUCE | y, x | outer, n, inner, split, operation (0 sum, 1 max), kind, factor (real), slot, adds | split |
/// | SOFTMAX | y, x | rows, n, logarithm (0, 1), period | rows |
/// | SOFTMAX_ADJ | dx, y, dy | rows, n, logarithm, period | rows |
/// | NORM | y, x, [scale], [bias] | rows, n, centred, epsilon (real), scales, shifts | rows |
/// | NORM_ADJ | dx, [dscale], [dbias], [sums], x, dy, [scale], [added] | as NORM, then adds, three wants, see below | groups of rows |
/// | ADAM | w, m, v, g, w, m, v | count, decays, then 8 times real, slot | elements |
/// | XENT | [loss], [dx], x, labels, [d] | rows, n, mode, on (real), off (real), factor (real), slot | rows |
/// | IM2COL | y, x | see below | rows of y |
/// | WINDOW_SUM WINDOW_ARGMAX | y (REAL or int32), x | batch, then for each of four axes sizes, positions, windows, strides, dilations, low padding | rows of y |
/// | MAX_POOL | y, places (int32), x | as WINDOW_ARGMAX | rows of y |
/// | MAX_POOL_ADJ | dx, places, dy | as WINDOW_ARGMAX | batch |
/// | CONV_PACK | packed, kernel | see below | groups x blocks of features |
/// | CONV | y, [sums, squares], x, packed, [scale, shift], [bias] | see below | groups x images x planes x bands |
/// | CONV_KERNEL | sums, x, dy, [scale, shift] | see below | blocks x splits |
/// | CONV_UNPACK | dkernel, sums | see below | groups x blocks of features |
/// | DEPTHWISE | y, x, kernel | as CONV, see below | images x planes x rows |
/// | DEPTHWISE_KERNEL | dkernel, x, dy | as CONV, see below | taps x blocks of 16 groups |
/// | PACK_B | P, B | K, N, B row stride, B column stride, panel width | panels of P |
/// | GEMM GEMM_SMALL GEMV | C, [second], A, B, [bias], [D], [factors] | see below | batches x rows x columns |
///
/// LOOP: turns, windows, then for each: register, base register, start (bytes in two words), stride (likewise):
/// points the register `start` behind the base. ENDLOOP: windows, then for each: register, stride; while turns are
/// left it moves the registers and goes to `jump`. Every thread does this to its own registers.
///
/// Strides and starts count elements and may be negative in COPY. SCATTER_ADD adds to what y holds; an index
/// outside 0 ..< axis is skipped there and reads 0 in GATHER. ARGMAX takes the first of equals and the first
/// NaN before any number. ARGSORT is stable and puts NaN last. SOFTMAX_ADJ: dx = y * (dy - sum(dy * y)), or
/// dx = dy - exp(y) * sum(dy) with logarithm. With a period only the first r % period + 1 elements of row r count and the
/// rest of the result is 0.
///
/// REDUCE of reals: y = sum * factor * slots[slot], added to what y holds with `adds`. XENT: the bits of `mode` say
/// which of loss (1), dx (2) and d (4) there are; loss = -sum(q * log softmax(x)) and dx = d * factor * (softmax(x) - q)
/// of each row, with q = on at the label's place, 0 elsewhere, + off.
/// ADAM: numbers b1, c1, b2, c2, rate, k, eps, decay: m = b1 m + c1 g; v = b2 v + c2 g g; w -= rate m / (sqrt(k v) +
/// eps), + decay w with `decays`. Outputs may lie on inputs.
///
/// NORM: y = (x - mean) / sqrt(mean of (x - mean)^2 + epsilon) of each row, times scale, plus bias; mean is 0 unless
/// `centred`. NORM_ADJ: `rows, n, centred, epsilon (real), scales, adds`, then whether there are dscale, dbias and sums.
/// With y before scale and bias, r = 1 / sqrt(...) and g = dy scale: dx = r (g - mean g - y mean(g y)) + added, without
/// mean g unless `centred`. dscale, dbias and sums are sums over the rows of each group of 64 of dy y, dy and dx.
///
/// RANDOM: Philox4x32-10 with key (low, high half of (key ^ seed * 0x9E3779B97F4A7C15)) and counter (block low, block
/// high, step low, step high); element e = offset + position takes word e % 4 of block e / 4: y = (word >> 8) / 2^24,
/// in [0, 1), in both precisions. The key is the FNV-1a hash of the site's name.
///
/// MAP: `rank, outputs, operands, scalars, registers, micro-operations, tails, length, block, unit`, then `dims[rank]`,
/// then for each operand `kind, strides[rank]` (0 where it is broadcast), for each scalar `kind, value (real), slot` (the
/// value is multiplied by the slot), and for each micro-operation two words: `code | result << 16` and
/// `a | b << 8 | c << 16`, then for each tail `register, operand, columns`. Registers: operands, then scalars, then temporaries. An output must be written;
/// the program stores it when a block ends, or at once where its strides are dense. `block` elements are worked on at a
/// time: multiples of the last dimension when that is at most 512, so an operand that varies only there is loaded once;
/// where it is the last dimension, operands whose rows are dense are used in place. Parts are whole units of `unit`
/// elements, with tails a multiple of 64 rows.
/// In-place use (an output on an input's bytes) is allowed when both have the same strides. A tail is an output that
/// gives the sum of a register along each row of `length` elements of the index space, or with `columns` the sums over
/// the rows of each group of 64 rows.
///
/// IM2COL: `dims[9]` of y, which are group, outer, feature, then a and b of three axes; then for each axis
/// `a step`, `b step`, `size`, `spread`, `low`, three words each; then `x strides[6]` of group, outer, feature and
/// the axes, `y strides[9]`. y = x at (a * a step + b * b step - low) / spread on each axis, and 0 where that is
/// no element. WINDOW_ARGMAX gives the place among the four axes of the first greatest element under the window,
/// -1 where there is padding alone.
///
/// CONV and its kin: `groups, outer, channels, features`; by axis (three of them) `sizes, positions, windows, strides,
/// dilations, spreads, low padding`; `band`; `x strides[6]` and `y strides[6]` of group, outer, feature and the axes,
/// `kernel strides[6]` of group, channel, feature and the axes; `activation` (0 none, 1 relu), `blocks, splits, tiled`;
/// `prologue` of x (0 none, 1 x scale[channel] + shift[channel], 2 relu of that; padding is 0 after it); `statistics`
/// (1: sums and squares have a row for each unit, of y and of (y - the unit's mean)^2 by feature).
/// A packed kernel is `[group][phase][block of 16 features][tap][channel][16]`, see conv_axes.h; sums are `blocks` of
/// them, each of a part of the batch. Windows have at most 512 taps, and the rows that a band reads fit into scratch.
/// DEPTHWISE has one channel and one feature in each group; groups lie side by side in x and y.
///
/// GEMM: `M, N, K, A row stride, A column stride, B row stride, B column stride, C row stride, batch 0,
/// batch 1, A stride 0, A stride 1, B stride 0, B stride 1, C stride 0, C stride 1, alpha (real), alpha slot,
/// beta (real), beta slot, row parts, column parts, batch parts, operand of A (B is the next), operand of bias or 0,
/// operand of D or 0, panel stride of B or 0, epilogue or 0, operand of its factors or 0, panel width of B`;
/// C = epilogue(alpha A B + beta D + bias[column]). D, the factors and the second result lie as C does; D may be C.
/// GEMM packs blocks, GEMM_SMALL reads A and B in place, GEMV is for M = 1 or N = 1; all three take any strides and
/// give sums in the order of k, in blocks of 320, within a kernel, but for up to twelve columns behind the last 32 and
/// for GEMV: sums along rows of A, and four sums, each of every fourth k, where a matrix has at most a vector's columns. With
/// a panel stride B is what PACK_B wrote.
///
/// Epilogues: see NETC_EPILOGUES.
///
/// PACK_B writes B [K, N] as panels of `width` columns, a multiple of 32, [panel][K][column], filled up with zeros.
#define NETC_OPCODES(X) \
  X(END, netc_none)     \
  X(LOOP, netc_none)    \
  X(ENDLOOP, netc_none) \
  X(SCALAR, netc_none)  \
  X(NEXT, netc_next)    \
  X(CHECK, netc_check)  \
  X(ACC, netc_acc)      \
  X(FEED, netc_feed)    \
  X(COPY, netc_copy)    \
  X(FILL, netc_fill)    \
  X(RANDOM, netc_random) \
  X(GATHER, netc_gather) \
  X(SCATTER_ADD, netc_scatter_add) \
  X(ARGMAX, netc_argmax) \
  X(ARGSORT, netc_argsort) \
  X(CUMSUM, netc_cumsum) \
  X(MAP, netc_map)      \
  X(REDUCE, netc_reduce) \
  X(SOFTMAX, netc_softmax) \
  X(SOFTMAX_ADJ, netc_softmax_adj) \
  X(XENT, netc_xent)    \
  X(NORM, netc_norm)    \
  X(NORM_ADJ, netc_norm_adj) \
  X(ADAM, netc_adam)    \
  X(IM2COL, netc_im2col) \
  X(WINDOW_SUM, netc_window_sum) \
  X(WINDOW_ARGMAX, netc_window_argmax) \
  X(MAX_POOL, netc_max_pool) \
  X(MAX_POOL_ADJ, netc_max_pool_adj) \
  X(CONV_PACK, netc_conv_pack) \
  X(CONV, netc_conv)    \
  X(CONV_KERNEL, netc_conv_kernel) \
  X(CONV_UNPACK, netc_conv_unpack) \
  X(DEPTHWISE, netc_depthwise) \
  X(DEPTHWISE_KERNEL, netc_depthwise_kernel) \
  X(GEMM, netc_gemm)    \
  X(GEMM_SMALL, netc_gemm_small) \
  X(GEMV, netc_gemv) \
  X(PACK_B, netc_pack_b)

#define NETC_OPCODE_CASE(name, kernel) NETC_##name,
enum { NETC_OPCODES(NETC_OPCODE_CASE) NETC_OPCODE_COUNT };
#undef NETC_OPCODE_CASE

/// What a product does to its result x, with factors y: x <= 0 ? 0 : x, tanh x, 1 / (1 + exp(-x)),
/// y <= 0 ? 0 : x, (1 - y y) x, the activations gelu, x / (1 + exp(-x)), gelu's approximation by the logistic
/// function; with _SLOPE the second result is the activation's derivative at x. Each rounds as MAP does.
#define NETC_EPILOGUES(X) X(RECTIFY) X(TANH) X(LOGISTIC) X(GATE) X(TANH_FACTOR) \
  X(GELU) X(GELU_SLOPE) X(SILU) X(SILU_SLOPE) X(GELU_LOGISTIC) X(GELU_LOGISTIC_SLOPE)

#define NETC_EPILOGUE_CASE(name) NETC_EPILOGUE_##name,
enum { NETC_EPILOGUE_NONE, NETC_EPILOGUES(NETC_EPILOGUE_CASE) NETC_EPILOGUE_COUNT };
#undef NETC_EPILOGUE_CASE

/// Micro-operations of a MAP program. Names: R real, I int32, B bool (one byte, 0 or 1).
/// RNORMAL: 1 + erf(a / √2), twice the normal distribution function. RFNMA: c - a b. RRELU: 0 where a <= 0, else a. RGATE: 0 where a <= 0, else b.
/// RIOTA and IIOTA: a and b are registers of int scalars `inner` and `n`: position / inner % n.
#define NETC_MICRO_OPCODES(X) \
  X(RMOVE) X(IMOVE) X(BMOVE) \
  X(RNEG) X(RABS) X(RSIGN) X(RFLOOR) X(RSQRT) X(RRSQRT) \
  X(REXP) X(REXPM1) X(RLOG) X(RLOG1P) X(RTANH) X(RLOGISTIC) X(RERF) X(RNORMAL) \
  X(RSIN) X(RCOS) \
  X(RADD) X(RSUB) X(RMUL) X(RDIV) X(RPOW) X(RREM) X(RMAX) X(RMIN) X(RFMA) X(RFNMA) X(RRELU) X(RGATE) \
  X(REQ) X(RNE) X(RLT) X(RLE) X(RGT) X(RGE) X(RISFINITE) X(RSELECT) \
  X(INEG) X(IABS) X(ISIGN) X(IADD) X(ISUB) X(IMUL) X(IDIV) X(IREM) X(IPOW) X(IMAX) X(IMIN) \
  X(IEQ) X(INE) X(ILT) X(ILE) X(IGT) X(IGE) X(ISELECT) \
  X(BAND) X(BOR) X(BXOR) X(BNOT) X(BSELECT) \
  X(RTOI) X(RTOB) X(ITOR) X(ITOB) X(BTOR) X(BTOI) \
  X(RIOTA) X(IIOTA)

#define NETC_MICRO_CASE(name) NETC_##name,
enum { NETC_MICRO_OPCODES(NETC_MICRO_CASE) NETC_MICRO_COUNT };
#undef NETC_MICRO_CASE

/// The kernels of an instruction set (`netc_detect_isa`) and type (0 float32, 1 float64), by opcode.
/// The caller may ask for any set up to the detected one; host opcodes have a null entry.
const netc_fn *netc_table(int isa, int type);

/// The best instruction set of this machine: 0 portable, 1 AVX2 with FMA, 2 AVX-512.
int netc_detect_isa(void);

/// How many processors the process may use.
int netc_processors(void);

/// Runs multiply-adds in registers, to measure the processor's limit; `sink` gives a factor and takes the result.
/// Returns the number of floating-point operations done.
uint64_t netc_multiply_add_probe(int isa, int type, uint64_t rounds, double *sink);

/// Reads `bytes` bytes (whole runs of eight vectors of them) `rounds` times, to measure what memory or a cache of that
/// size gives; `sink` as above. Returns the number of bytes read.
uint64_t netc_read_probe(int isa, const void *memory, uint64_t bytes, uint64_t rounds, double *sink);

/// The name of an opcode, or null.
const char *netc_opcode_name(int op);

/// The name of a MAP micro-operation, or null.
const char *netc_micro_name(int op);

/// The address registers of a thread: `NETC_REGISTERS` pointers.
static inline char **netc_registers(netc_thread *t) { return t->reg; }

/// Tells the processor that this is a waiting loop.
void netc_pause(void);

/// Turns denormal numbers off (reads and results count as 0) on this thread; returns the state to restore.
uint64_t netc_flush_denormals(void);

/// Restores the state that `netc_flush_denormals` returned.
void netc_restore_denormals(uint64_t state);

#ifdef __cplusplus
}
#endif

#endif
