// Memory that a convolution's kernel adjoint reads later. Pixels of many channels lie far apart along the rows and
// images that a tile sums over, where hardware does not see what comes next; asking evenly, some lines in each segment
// of each tile, hides what a burst of them would wait for.

// Lines of rows of pixels.
typedef struct conv_ahead {
  const char *row, *pixel, *at, *end;  // the next line and the end of its pixel
  long down, across;                   // from one row and pixel to the next
  long rows, pixels, bytes;            // rows left, pixels of a row, bytes of a pixel
  long x;                              // pixels of this row before the next line's
} conv_ahead;

// Lines of `count` images of rows of pixels of `size` elements; none where those or images do not lie side by side.
INLINE conv_ahead conv_ahead_of(const REAL *x, const conv_strides *s, long count, long rows, long pixels, long size) {
  const long unit = (long)sizeof(REAL);
  conv_ahead h = {.row = (const char *)x, .down = s->axis[1] * unit, .across = s->axis[2] * unit};
  if (s->feature != 1 || (count > 1 && s->outer != rows * s->axis[1])) return h;
  h.rows = count * rows, h.pixels = pixels, h.bytes = size * unit;
  if (h.across == h.bytes) h.bytes *= pixels, h.pixels = 1;
  h.pixel = h.at = h.row, h.end = h.at + h.bytes;
  return h;
}

INLINE long conv_ahead_lines(const conv_ahead *h) { return h->rows * h->pixels * ((h->bytes + 63) / 64); }

// Asks for some lines.
INLINE void conv_ask(conv_ahead *h, long count) {
  for (; count > 0 && h->rows > 0; count--) {
    __builtin_prefetch(h->at, 0, 2);
    h->at += 64;
    if (h->at < h->end) continue;
    h->pixel += h->across;
    if (++h->x == h->pixels) {
      h->x = 0, h->rows--;
      h->pixel = h->row += h->down;
    }
    h->at = h->pixel, h->end = h->pixel + h->bytes;
  }
}
