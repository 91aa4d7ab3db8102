// What all kernels of matrix products are given.
#ifndef NETC_GEMM_PRODUCT_H
#define NETC_GEMM_PRODUCT_H

#include "epilogue.h"
#include "gemm_tile.h"
#include "gemm_pack.h"

// Parts begin at multiples of so many columns; panels that are kept have so many or a multiple.
#define PRODUCT_COLUMNS 32

typedef struct matrix {
  const REAL *at;
  long row, column;
} matrix;

// One product of the batch, restricted to a part's rows and columns.
typedef struct product {
  long m, n, k;
  long rows;  // of all parts together
  matrix a, b;
  long panel;  // how far panels of B lie apart when it is packed already, else 0
  long width;  // columns of a panel
  long first;  // the column of B that the part begins with
  REAL *c;
  const REAL *bias;
  gemm_target target;
  int is_row;  // whether the vector of GEMV is A, whatever the part
  int is_narrow;  // whether the matrix of GEMV has at most LANES columns, whatever the part
  int is_far;  // whether A's rows lie side by side and are many: read across memory
  char *scratch;
  epilogue_fn epilogue;  // or null
  const REAL *factors;   // its element for C's first, or null
  REAL *second;          // likewise its second result
} product;

// Column j of the part in a packed B.
INLINE const REAL *panel_column(const product *p, long j) {
  j += p->first;
  return p->b.at + j / p->width * p->panel + j % p->width;
}

// Runs the epilogue, if any, over finished rows and columns of C from `c` on.
INLINE void product_finish(const product *p, REAL *c, long rows, long columns) {
  if (!p->epilogue) return;
  const long at = c - p->target.origin;
  p->epilogue(c, p->factors ? p->factors + at : c, p->second ? p->second + at : c, p->target.row, rows, columns);
}

// Whether rows or columns so far apart take each other's place in the caches.
INLINE int far_apart(long stride) { return stride * (long)sizeof(REAL) % 4096 == 0; }

// Whether copying rows of B first pays for so many tiles: rows take each other's place in the caches, half as often
// when they are half as far apart.
INLINE int copies_rows(long stride, long tiles) {
  return far_apart(stride) ? tiles >= 4 : far_apart(2 * stride) && tiles >= 16;
}

#endif
